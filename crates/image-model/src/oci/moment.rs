/// The moment of an RFC 3339 text (section 5.6), in Unix seconds; none where it is anything else. A
/// fraction of a second is left out. A blank may stand in place of the `T`, which the RFC allows
/// and `date --rfc-3339` writes.
#[must_use]
pub fn rfc3339_seconds(text: &str) -> Option<i64> {
    read(text).filter(|read| read.is_exact).map(|read| read.seconds)
}

/// As [`rfc3339_seconds`], of what scanners write too: without seconds, with a zone without colon,
/// or without a zone, which is UTC then.
#[must_use]
pub fn unix_seconds(text: &str) -> Option<i64> {
    read(text.trim()).map(|read| read.seconds)
}

struct Moment {
    seconds: i64,
    /// Whether nothing of what the RFC asks for was left out.
    is_exact: bool,
}

fn read(text: &str) -> Option<Moment> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let mut parts = date.split('-');
    let (year, month, day) =
        (number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    if parts.next().is_some() || !(1..=days_of(year, month)?).contains(&day) {
        return None;
    }
    let end = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at_checked(end)?;
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (clock, None),
    };
    if fraction.is_some_and(|it| it.is_empty() || !it.bytes().all(|it| it.is_ascii_digit())) {
        return None;
    }
    let mut parts = clock.split(':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let second = parts.next();
    let is_exact = second.is_some() && !zone.is_empty() && (zone.len() == 1 || zone.contains(':'));
    let second = second.map_or(Some(0), |second| number(second, 2))?;
    // A leap second is the sixtieth.
    if hour > 23 || minute > 59 || second > 60 || parts.next().is_some() {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(Moment { seconds: seconds - offset(zone)?, is_exact })
}

/// Seconds that a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    let (sign, digits) = match zone.split_at_checked(1) {
        None if zone.is_empty() => return Some(0),
        Some(("Z" | "z", "")) => return Some(0),
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = digits.split_at_checked(2)?;
    let hours = number(hours, 2)?;
    let minutes = number(minutes.strip_prefix(':').unwrap_or(minutes), 2)?;
    (hours < 24 && minutes < 60).then(|| sign * (hours * 3_600 + minutes * 60))
}

fn number(digits: &str, count: usize) -> Option<i64> {
    let plain = digits.len() == count && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

/// How many days a month has.
const fn days_of(year: i64, month: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => Some(29),
        2 => Some(28),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
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
    use super::{rfc3339_seconds, unix_seconds};

    #[test]
    fn moments() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-12-01T00:00:00Z", 1_796_083_200),
            ("2026-12-01T02:00:00.123456789+02:00", 1_796_083_200),
            ("2026-12-01t01:30:00+01:30", 1_796_083_200),
            ("2026-11-30 23:00:00-01:00", 1_796_083_200),
            ("2000-02-29T00:00:00Z", 951_782_400),
            ("2016-12-31T23:59:60z", 1_483_228_800),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
        ] {
            assert_eq!(rfc3339_seconds(text), Some(seconds), "{text}");
            assert_eq!(unix_seconds(text), Some(seconds), "{text}");
        }
        for (text, seconds) in [
            ("2026-11-30T19:00:00-0500", 1_796_083_200),
            ("2026-12-01 00:00:00", 1_796_083_200),
            ("2026-12-01T00:00Z", 1_796_083_200),
            (" 2026-12-01T00:00:00Z\n", 1_796_083_200),
        ] {
            assert_eq!(unix_seconds(text), Some(seconds), "{text}");
            assert_eq!(rfc3339_seconds(text), None, "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2026-12-01",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-11-31T00:00:00Z",
            "2026-12-01T24:00:00Z",
            "2026-12-01T00:00:00.Z",
            "2026-12-01T00:00:00.5é",
            "2026-12-01T00:00:00Zulu",
            "2026-12-01T00:00:00é",
            "2026-12-01T00:00:00+24:00",
            "2026-12-01T00:00:00+99999999999999999999:00",
            "+026-12-01T00:00:00Z",
            "26-1-1T0:0:0Z",
            "T",
            "é-1-1T1:1Z",
        ] {
            assert_eq!(unix_seconds(text), None, "{text}");
        }
    }
}
