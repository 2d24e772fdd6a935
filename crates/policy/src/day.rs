//! Days as people write them.

use time::format_description::well_known::Iso8601;

const SECONDS_A_DAY: i64 = 86_400;

/// A day of the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Unix seconds at its end.
    end: i64,
}

impl Day {
    /// Reads `2027-03-01`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let calendar = |(at, byte): (usize, u8)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        if text.len() != 10 || !text.bytes().enumerate().all(calendar) {
            return None;
        }
        let date = time::Date::parse(text, &Iso8601::DATE).ok()?;
        Some(Self { end: date.midnight().assume_utc().unix_timestamp() + SECONDS_A_DAY })
    }

    /// Unix seconds at its end.
    #[must_use]
    pub const fn end(self) -> i64 {
        self.end
    }

    /// How many days of it are over at a moment, the one that has begun included; `None` while it
    /// lasts or lies ahead.
    #[must_use]
    pub fn days_since(self, now: i64) -> Option<i64> {
        (now >= self.end).then(|| (now - self.end) / SECONDS_A_DAY + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn days_end_at_midnight() {
        let day = Day::parse("2026-11-30").unwrap();
        assert_eq!(day.end(), 1_796_083_200);
        assert_eq!(day.days_since(1_796_083_199), None);
        assert_eq!(day.days_since(1_796_083_200), Some(1));
        assert_eq!(day.days_since(1_796_083_200 + 86_400), Some(2));
        for text in ["2027-02-30", "20270301", "2027-W05-1", "2027-3-1", "tomorrow", ""] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }
}
