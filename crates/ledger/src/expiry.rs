//! The last day that something holds.

use std::fmt;

use time::format_description::well_known::Iso8601;

const SECONDS_A_DAY: i64 = 86_400;

/// A day in UTC, written `2027-03-01`. What has it holds through that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiry {
    day: String,
    end: i64,
}

impl Expiry {
    /// Reads a day. None for what is written otherwise or is no day.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        end_of_day(text).map(|end| Self { day: text.to_owned(), end })
    }

    /// Whether it is over at this moment, in Unix seconds.
    #[must_use]
    pub const fn is_over(&self, now: i64) -> bool {
        now >= self.end
    }

    /// The day as it is written.
    #[must_use]
    pub fn day(&self) -> &str {
        &self.day
    }
}

impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.day)
    }
}

/// Unix seconds at the end of a `2027-03-01` day, UTC.
#[must_use]
pub fn end_of_day(date: &str) -> Option<i64> {
    let calendar = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    if date.len() != 10 || !date.bytes().enumerate().all(calendar) {
        return None;
    }
    let date = time::Date::parse(date, &Iso8601::DATE).ok()?;
    Some(date.midnight().assume_utc().unix_timestamp() + SECONDS_A_DAY)
}

#[cfg(test)]
mod tests {
    use super::Expiry;

    /// 2026-12-01T00:00:00Z.
    const NOW: i64 = 1_796_083_200;

    #[test]
    fn the_day_itself_counts() {
        assert!(Expiry::parse("2026-11-30").unwrap().is_over(NOW));
        assert!(!Expiry::parse("2026-12-01").unwrap().is_over(NOW));
        assert!(Expiry::parse("2026-12-01").unwrap().is_over(NOW + 86_400));
        for wrong in ["", "soon", "2026-02-30", "20261201", "2026-W49-2", "2026-12-1 "] {
            assert_eq!(Expiry::parse(wrong), None, "{wrong}");
        }
    }
}
