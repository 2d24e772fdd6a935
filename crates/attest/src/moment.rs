//! Days and times, as people write them.

use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime};

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// When something begins: `2026-11-25T10:00:00Z`, or the first second of `2026-11-25` in UTC.
pub(crate) fn start(text: &str) -> Option<i64> {
    instant(text).or_else(|| midnight(text))
}

/// The first second after it: of `2026-11-25T10:00:00Z` that second itself, of `2026-11-25` the
/// midnight in UTC at its end.
pub(crate) fn end(text: &str) -> Option<i64> {
    instant(text).or_else(|| midnight(text).map(|start| start + DAY))
}

fn instant(text: &str) -> Option<i64> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    Some(moment.unix_timestamp())
}

fn midnight(text: &str) -> Option<i64> {
    let calendar = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    if text.len() != 10 || !text.bytes().enumerate().all(calendar) {
        return None;
    }
    let date = Date::parse(text, &Iso8601::DATE).ok()?;
    Some(date.midnight().assume_utc().unix_timestamp())
}

/// A moment in words: `2026-11-25T10:00:00Z`.
pub(crate) fn show(at: i64) -> String {
    OffsetDateTime::from_unix_timestamp(at)
        .ok()
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_else(|| format!("second {at}"))
}

/// An end in words: a day where it is the end of one.
pub(crate) fn show_end(end: i64) -> String {
    if end.rem_euclid(DAY) != 0 {
        return show(end);
    }
    let day = show(end - DAY);
    day.strip_suffix("T00:00:00Z").map_or_else(|| show(end), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{end, show, show_end, start};

    #[test]
    fn days_hold_until_midnight() {
        assert_eq!(start("2026-12-01"), Some(1_796_083_200));
        assert_eq!(end("2026-11-30"), Some(1_796_083_200));
        for time in ["2026-12-01T00:00:00Z", "2026-12-01T02:00:00+02:00"] {
            assert_eq!((start(time), end(time)), (Some(1_796_083_200), Some(1_796_083_200)));
        }
        for text in ["", "soon", "2026-02-30", "2026-W05-1", "2026-12-01T00:00:00", "20261201"] {
            assert_eq!((start(text), end(text)), (None, None), "{text}");
        }
    }

    #[test]
    fn what_is_shown_is_read_again() {
        for at in [0, 1_796_083_200, 1_796_083_201, -1, 951_782_400] {
            assert_eq!(start(&show(at)), Some(at));
            assert_eq!(end(&show_end(at)), Some(at));
        }
        assert_eq!(show_end(1_796_083_200), "2026-11-30");
        assert!(!show(i64::MAX).is_empty() && !show_end(i64::MIN + 86_400).is_empty());
    }
}
