//! Days as people and programs write them, in UTC.

use careen_rule::DAY;

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
    use super::parse_day;
    use careen_rule::Date;

    #[test]
    fn days_are_read_as_they_are_shown() {
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
