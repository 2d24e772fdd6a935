/// The moment of an RFC 3339 text, in Unix seconds; none where it is malformed. A fraction of a
/// second is left out. A time without a zone is in UTC, as some scanners write it.
#[must_use]
pub fn unix_seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let mut parts = date.split('-');
    let (year, month, day) =
        (number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let end = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at_checked(end)?;
    let clock = clock.split('.').next().unwrap_or_default();
    let mut parts = clock.split(':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let second = parts.next().map_or(Some(0), |second| number(second, 2))?;
    if hour > 23 || minute > 59 || second > 60 || parts.next().is_some() {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(seconds - offset(zone)?)
}

/// Seconds that a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.chars().next() {
        None | Some('Z' | 'z') => return Some(0),
        Some('+') => 1,
        Some('-') => -1,
        Some(_) => return None,
    };
    let digits: String = zone.chars().skip(1).filter(|it| *it != ':').collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    Some(sign * (number(hours, 2)? * 3_600 + number(minutes, 2)? * 60))
}

fn number(digits: &str, count: usize) -> Option<i64> {
    let plain = digits.len() == count && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

/// Days from 1970-01-01 to a day of the Gregorian calendar.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March have the leap day at their end.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::unix_seconds;

    #[test]
    fn moments() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-12-01T00:00:00Z", 1_796_083_200),
            ("2026-12-01T02:00:00.123456789+02:00", 1_796_083_200),
            ("2026-11-30T19:00:00-0500", 1_796_083_200),
            ("2000-02-29T00:00:00Z", 951_782_400),
            ("2026-12-01 00:00:00", 1_796_083_200),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
        ] {
            assert_eq!(unix_seconds(text), Some(seconds), "{text}");
        }
        for text in ["", "2026-12-01", "2026-13-01T00:00:00Z", "26-1-1T0:0:0Z", "T", "é-1-1T1:1Z"]
        {
            assert_eq!(unix_seconds(text), None, "{text}");
        }
    }
}
