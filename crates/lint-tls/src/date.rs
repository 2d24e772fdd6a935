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

#[cfg(test)]
mod tests {
    use super::{DAY, Span};

    #[test]
    fn lengths_are_whole() {
        assert_eq!(Span(i64::MIN).to_string(), "less than a day");
        assert_eq!(Span(DAY - 1).to_string(), "less than a day");
        assert_eq!(Span(DAY).to_string(), "1 day");
        assert_eq!(Span(11 * DAY).to_string(), "11 days");
        assert_eq!(Span(731 * DAY).to_string(), "2 years");
    }
}
