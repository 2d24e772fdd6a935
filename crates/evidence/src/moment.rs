//! Times as reports write them.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Numbers from here on are milliseconds: as seconds they would be the year 5138.
const MILLISECONDS: f64 = 1e11;

/// Reads an ISO 8601 time with or without its zone, in Unix seconds. Without a zone it is UTC: most
/// tools that leave the zone out run where it is.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let mut text = text.trim().to_owned();
    let is_ascii_time = text.is_ascii() && text.len() >= 16 && text.len() <= 40;
    if !is_ascii_time {
        return None;
    }
    if text.as_bytes().get(10) == Some(&b' ') {
        text.replace_range(10..11, "T");
    }
    if text.as_bytes().get(16).is_none_or(|byte| *byte != b':') {
        text.insert_str(16, ":00");
    }
    // `+0100` as the standard's basic form has it.
    let colon = text.len().checked_sub(5).filter(|at| {
        matches!(text.as_bytes().get(*at), Some(b'+' | b'-'))
            && text[at + 1..].bytes().all(|byte| byte.is_ascii_digit())
    });
    if let Some(at) = colon.filter(|at| *at > 10) {
        text.insert(at + 3, ':');
    }
    let read = |text: &str| OffsetDateTime::parse(text, &Rfc3339).ok();
    let moment = read(&text).or_else(|| read(&format!("{text}Z")))?;
    Some(moment.unix_timestamp())
}

/// Reads a number of seconds or milliseconds since 1970.
#[allow(clippy::cast_possible_truncation, reason = "the range is checked before")]
pub(crate) fn of_number(number: f64) -> Option<i64> {
    let seconds = if number >= MILLISECONDS { number / 1000.0 } else { number };
    // Before 1980 is a counter or nothing, not a time.
    (3.2e8..MILLISECONDS).contains(&seconds).then_some(seconds as i64)
}

/// Keeps the earlier of two times.
pub(crate) fn earliest(kept: &mut Option<i64>, moment: Option<i64>) {
    if let Some(moment) = moment {
        *kept = Some(kept.map_or(moment, |kept| kept.min(moment)));
    }
}

#[cfg(test)]
mod tests {
    use super::{of_number, parse};

    #[test]
    fn times_have_several_forms() {
        let moment = Some(1_795_716_557);
        for text in [
            "2026-11-26T18:09:17Z",
            "2026-11-26T18:09:17",
            "2026-11-26 18:09:17",
            "2026-11-26T18:09:17.695836+00:00",
            "2026-11-26T19:09:17.5+0100",
            "2026-11-26T13:09:17-05:00",
        ] {
            assert_eq!(parse(text), moment, "{text}");
        }
        assert_eq!(parse("2026-11-26T18:09"), Some(1_795_716_540));
        for text in ["", "yesterday", "2026-11-26", "26.11.2026 18:09:17", "2026-13-26T18:09:17"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_seconds_or_milliseconds() {
        assert_eq!(of_number(1_795_716_557.0), Some(1_795_716_557));
        assert_eq!(of_number(1_795_716_557_966.0), Some(1_795_716_557));
        for number in [0.0, -5.0, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(of_number(number), None, "{number}");
        }
    }
}
