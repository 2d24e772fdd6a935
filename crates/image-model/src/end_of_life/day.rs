//! Days as Unix seconds.

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// Midnight UTC of the day that `text` begins with, such as `2026-11-20`, in Unix seconds.
pub(super) fn parse(text: &str) -> Option<i64> {
    let mut fields = text.get(..10)?.split('-');
    let mut field = |len: usize| {
        let text = fields.next().filter(|text| text.len() == len)?;
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i64>().ok())?
    };
    let (year, month, day) = (field(4)?, field(2)?, field(2)?);
    if !(1..=12).contains(&month) || !(1..=month_len(year, month)).contains(&day) {
        return None;
    }
    // Years that begin in March have their leap day at the end; their months repeat 31, 30, 31,
    // 30, 31.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 719,468 days lie between 0000-03-01 and 1970-01-01.
    Some((365 * year + leap_days + day_of_year - 719_468) * DAY)
}

fn month_len(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
