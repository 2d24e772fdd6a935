//! Lengths of time in words.

use std::fmt;

pub(crate) use careen_rule::{DAY, Date};

/// A length of time, shown in whole days, or in years from two years on: `11 days`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span(pub(crate) i64);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.0.max(0) / DAY;
        match days {
            0 => f.write_str("less than a day"),
            1 => f.write_str("1 day"),
            2..=729 => write!(f, "{days} days"),
            _ => write!(f, "{} years", days / 365),
        }
    }
}

/// Midnight of a day written as in RFC 3339 (`2027-03-15`), in Unix seconds, from 1970 on.
pub(crate) fn parse_day(text: &str) -> Option<i64> {
    let mut parts = text.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let fits = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && parts.next().is_none();
    if !fits {
        return None;
    }
    // Days since 1970-01-01 in the proleptic Gregorian calendar, with years that begin in March.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    Some((days - 719_468) * DAY)
}

#[cfg(test)]
mod tests {
    use super::{DAY, Date, Span, parse_day};

    #[test]
    fn lengths_are_whole() {
        assert_eq!(Span(i64::MIN).to_string(), "less than a day");
        assert_eq!(Span(DAY - 1).to_string(), "less than a day");
        assert_eq!(Span(DAY).to_string(), "1 day");
        assert_eq!(Span(11 * DAY).to_string(), "11 days");
        assert_eq!(Span(731 * DAY).to_string(), "2 years");
    }

    #[test]
    fn days_are_read_as_they_are_shown() {
        for day in ["1970-01-01", "2000-02-29", "2026-03-15", "2100-12-31"] {
            assert_eq!(Date(parse_day(day).unwrap()).to_string(), day);
        }
        for text in ["", "2026-3", "2026-13-01", "1969-01-01", "2026-01-01-01", "x-1-1"] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }
}
