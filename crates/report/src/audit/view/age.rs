//! Moments as people reckon with them: in days.

use careen_rule::{DAY, Date};

/// From this many days before its end on, a waiver is about to run out.
const SOON: i64 = 14;

/// `today`, `12 days ago`, `in 3 days`.
pub(super) fn ago(now: i64, then: i64) -> String {
    match days(then, now) {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        -1 => "tomorrow".to_owned(),
        days if days < 0 => format!("in {} days", days.unsigned_abs()),
        days => format!("{days} days ago"),
    }
}

/// `expires in 13 days (2026-12-09)`: the day is the last one that is covered.
pub(super) fn end(now: i64, expires: i64) -> String {
    let last = expires.saturating_sub(1);
    let date = Date(last);
    if expires <= now {
        return format!("expired {} ({date})", ago(now, last));
    }
    match days(now, last) {
        0 => format!("expires today ({date})"),
        1 => format!("expires tomorrow ({date})"),
        days => format!("expires in {days} days ({date})"),
    }
}

/// Whether it runs out within two weeks.
pub(super) fn is_soon(now: i64, expires: i64) -> bool {
    expires > now && days(now, expires.saturating_sub(1)) <= SOON
}

const fn days(from: i64, to: i64) -> i64 {
    to.div_euclid(DAY).saturating_sub(from.div_euclid(DAY))
}

#[cfg(test)]
mod tests {
    use careen_rule::DAY;

    use super::{ago, end, is_soon};

    /// 2026-11-26T12:00:00Z.
    const NOW: i64 = 1_795_694_400;
    const MIDNIGHT: i64 = NOW - DAY / 2;

    #[test]
    fn ages_are_days_of_the_calendar() {
        assert_eq!(ago(NOW, NOW), "today");
        assert_eq!(ago(NOW, MIDNIGHT - 1), "yesterday");
        assert_eq!(ago(NOW, NOW - 12 * DAY), "12 days ago");
        assert_eq!(ago(NOW, NOW + DAY), "tomorrow");
        assert_eq!(ago(NOW, NOW + 3 * DAY), "in 3 days");
    }

    #[test]
    fn the_last_day_is_covered() {
        assert_eq!(end(NOW, MIDNIGHT + DAY), "expires today (2026-11-26)");
        assert_eq!(end(NOW, MIDNIGHT + 2 * DAY), "expires tomorrow (2026-11-27)");
        assert_eq!(end(NOW, MIDNIGHT + 14 * DAY), "expires in 13 days (2026-12-09)");
        assert_eq!(end(NOW, MIDNIGHT), "expired yesterday (2026-11-25)");
        assert_eq!(end(NOW, NOW), "expired today (2026-11-26)");
    }

    #[test]
    fn two_weeks_are_soon() {
        assert!(is_soon(NOW, MIDNIGHT + 15 * DAY));
        assert!(!is_soon(NOW, MIDNIGHT + 16 * DAY));
        assert!(!is_soon(NOW, NOW), "it is over");
    }

    #[test]
    fn the_ends_of_time() {
        for then in [i64::MIN, i64::MAX] {
            assert!(!ago(NOW, then).is_empty() && !end(NOW, then).is_empty());
            let _ = is_soon(NOW, then);
        }
    }
}
