use std::time::Duration;

use time::PrimitiveDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// Nobody waits longer for one attempt: a registry that asks for more is given up.
pub(crate) const LONGEST: Duration = Duration::from_secs(60);
/// How long the first pause is where the registry does not say.
const FIRST: Duration = Duration::from_millis(500);
/// The form of dates that HTTP wants (RFC 9110, section 5.6.7).
const HTTP_DATE: &[BorrowedFormatItem<'static>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);

/// How long to wait before attempt `next` (the second is the first that waits).
pub(crate) fn backoff(next: u32) -> Duration {
    let doublings = next.saturating_sub(2).min(6);
    FIRST.saturating_mul(1 << doublings).min(LONGEST)
}

/// What a `Retry-After` header asks for: seconds, or the time until a date.
pub(crate) fn retry_after(value: &str, now: i64) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a long time.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = PrimitiveDateTime::parse(value, HTTP_DATE).ok()?.assume_utc();
    let left = date.unix_timestamp().saturating_sub(now);
    Some(Duration::from_secs(u64::try_from(left).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{LONGEST, backoff, retry_after};

    const NOW: i64 = 1_796_083_200;

    #[test]
    fn pauses_double_up_to_a_bound() {
        assert_eq!(backoff(2), Duration::from_millis(500));
        assert_eq!(backoff(3), Duration::from_secs(1));
        assert_eq!(backoff(4), Duration::from_secs(2));
        assert!(backoff(u32::MAX) <= LONGEST);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(retry_after("7", NOW), Some(Duration::from_secs(7)));
        assert_eq!(retry_after(&"9".repeat(99), NOW), Some(Duration::from_secs(u64::MAX)));
        let date = "Tue, 01 Dec 2026 00:00:30 GMT";
        assert_eq!(retry_after(date, NOW), Some(Duration::from_secs(30)));
        let past = "Mon, 30 Nov 2026 00:00:00 GMT";
        assert_eq!(retry_after(past, NOW), Some(Duration::ZERO));
        for bad in ["", "-1", "soon", "1.5", "Tue, 01 Dec 2026"] {
            assert_eq!(retry_after(bad, NOW), None, "{bad}");
        }
    }
}
