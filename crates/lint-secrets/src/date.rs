//! Days in words, in UTC.

use std::fmt;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A moment in Unix seconds, shown as its day: `2026-12-01`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Date(pub(crate) i64);

impl fmt::Display for Date {
    /// Years begin in March here, so that the leap day is a year's last; 400 of them always have
    /// the same number of days.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ERA: i64 = 146_097;
        /// Days from 0000-03-01 to 1970-01-01.
        const EPOCH: i64 = 719_468;
        let days = self.0.div_euclid(DAY) + EPOCH;
        let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
        let year = (day - day / 1_460 + day / 36_524 - day / (ERA - 1)) / 365;
        let day_of_year = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
        let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        write!(f, "{:04}-{month:02}-{day_of_month:02}", era * 400 + year + next)
    }
}

/// A day written `YYYY-MM-DD`, `YYYYMMDD` or with a time behind it, in Unix seconds at midnight.
pub(crate) fn parse_day(text: &str) -> Option<i64> {
    let digits: String =
        text.chars().take(10).filter(char::is_ascii_digit).take(8).collect::<String>();
    if digits.len() != 8 {
        return None;
    }
    let part = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let days = of_era * 365 + of_era / 4 - of_era / 100 + day_of_year;
    Some((era * 146_097 + days - 719_468) * DAY)
}

#[cfg(test)]
mod tests {
    use super::{Date, parse_day};

    #[test]
    fn days_are_shown_and_read() {
        for (seconds, date) in [
            (0, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_709_164_800, "2024-02-29"),
            (1_796_083_200, "2026-12-01"),
        ] {
            assert_eq!(Date(seconds).to_string(), date);
            assert_eq!(parse_day(date), Some(seconds));
            assert_eq!(parse_day(&format!("{}T10:00:00Z", date.replace('-', ""))), Some(seconds));
        }
        for text in ["", "2026", "2026-13-01", "é", "2026-00-10"] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }
}
