use careen_rule::{DAY, Date};

/// 9999-12-31T23:59:59Z: RFC 3339 has four digits for a year.
const LAST: i64 = 253_402_300_799;
/// 0000-01-01T00:00:00Z.
const FIRST: i64 = -62_167_219_200;

/// A moment in Unix seconds as RFC 3339 in UTC, such as `2026-11-22T00:00:00Z`. Moments before the
/// year 0 or after 9999 are shown as the first or last one that can be written.
pub(crate) fn rfc3339(seconds: i64) -> String {
    let seconds = seconds.clamp(FIRST, LAST);
    let second = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", Date(seconds))
}

/// A moment as people read it: `2026-11-22 00:00:00 UTC`.
pub(crate) fn moment(seconds: i64) -> String {
    rfc3339(seconds).replace('T', " ").replace('Z', " UTC")
}

#[cfg(test)]
mod tests {
    use super::{moment, rfc3339};

    #[test]
    fn known_moments() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(-1), "1969-12-31T23:59:59Z");
        assert_eq!(rfc3339(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(951_868_800), "2000-03-01T00:00:00Z");
        assert_eq!(rfc3339(4_107_542_400), "2100-03-01T00:00:00Z");
        assert_eq!(rfc3339(1_795_305_845), "2026-11-22T00:04:05Z");
        assert_eq!(moment(1_795_305_845), "2026-11-22 00:04:05 UTC");
        assert_eq!(rfc3339(1_798_761_599), "2026-12-31T23:59:59Z");
    }

    #[test]
    fn the_ends_of_time() {
        assert_eq!(rfc3339(i64::MAX), "9999-12-31T23:59:59Z");
        assert_eq!(rfc3339(i64::MIN), "0000-01-01T00:00:00Z");
    }

    #[test]
    fn days_follow_each_other() {
        let mut last = rfc3339(-86_400 * 400);
        for day in -399..200_000 {
            let next = rfc3339(day * 86_400);
            assert!(last < next, "{last} {next}");
            last = next;
        }
    }
}
