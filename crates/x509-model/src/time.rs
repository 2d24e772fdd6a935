//! `UTCTime` and `GeneralizedTime` (X.680 §46, §47), read more widely than RFC 5280 §4.1.2.5 lets
//! them be written.

pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;

/// The first second of 2050, from when on dates are `GeneralizedTime`.
const YEAR_2050: i64 = 2_524_608_000;

/// A moment, with what RFC 5280 forbids of how it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Time {
    /// Unix seconds.
    pub(crate) seconds: i64,
    pub(crate) no_seconds: bool,
    pub(crate) fraction: bool,
    /// A zone other than `Z`, or none.
    pub(crate) zone: bool,
    /// `GeneralizedTime` for a year before 2050.
    pub(crate) early: bool,
}

impl Time {
    /// Reads a time; none where the text names no moment.
    pub(crate) fn read(tag: u8, text: &[u8]) -> Option<Self> {
        let mut digits = Digits(text);
        let year = match tag {
            UTC_TIME => {
                let year = digits.two()?;
                if year >= 50 { 1900 + year } else { 2000 + year }
            }
            GENERALIZED_TIME => digits.two()? * 100 + digits.two()?,
            _ => return None,
        };
        let (month, day, hour) = (digits.two()?, digits.two()?, digits.two()?);
        let mut time = Self::default();
        let minute = digits.two();
        let second = minute.and_then(|_| digits.two());
        time.no_seconds = second.is_none();
        let (minute, second) = (minute.unwrap_or(0), second.unwrap_or(0));
        if !(1..=12).contains(&month) || day < 1 || day > days_of(year, month) {
            return None;
        }
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        if matches!(digits.0.first(), Some(b'.' | b',')) && tag == GENERALIZED_TIME {
            time.fraction = true;
            digits.0 = digits.0.get(1..)?;
            let length = digits.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
            digits.0 = digits.0.get(length..)?;
        }
        let offset = digits.zone()?;
        time.zone = digits.0 != b"Z";
        let days = days_from_epoch(year, month, day);
        time.seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset;
        time.early = tag == GENERALIZED_TIME && time.seconds < YEAR_2050;
        Some(time)
    }
}

/// What is left of a time's text.
struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    /// The next two digits as a number; without them nothing is read.
    fn two(&mut self) -> Option<i64> {
        let (&[tens, ones], rest) = self.0.split_first_chunk::<2>()?;
        if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
            return None;
        }
        self.0 = rest;
        Some(i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    }

    /// Seconds east of Greenwich, of `Z`, `+0100`, or nothing, which is taken for `Z`.
    fn zone(&self) -> Option<i64> {
        let (sign, rest) = match self.0 {
            [] | [b'Z'] => return Some(0),
            [b'+', rest @ ..] => (1, rest),
            [b'-', rest @ ..] => (-1, rest),
            _ => return None,
        };
        let mut digits = Digits(rest);
        let (hours, minutes) = (digits.two()?, digits.two()?);
        (digits.0.is_empty() && hours <= 23 && minutes <= 59)
            .then_some(sign * (hours * 3600 + minutes * 60))
    }
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the Gregorian calendar, by counting years from March on.
const fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
        - 719_468
}

#[cfg(test)]
mod tests {
    use super::{GENERALIZED_TIME, Time, UTC_TIME};

    #[test]
    fn moments() {
        for (tag, text, seconds) in [
            (UTC_TIME, "700101000000Z", 0),
            (UTC_TIME, "500101000000Z", -631_152_000),
            (UTC_TIME, "491231235959Z", 2_524_607_999),
            (UTC_TIME, "261201000000Z", 1_796_083_200),
            (UTC_TIME, "2612010000Z", 1_796_083_200),
            (UTC_TIME, "261201013000+0130", 1_796_083_200),
            (GENERALIZED_TIME, "20261201000000.5Z", 1_796_083_200),
            (GENERALIZED_TIME, "99991231235959Z", 253_402_300_799),
            (GENERALIZED_TIME, "20240229000000Z", 1_709_164_800),
            (GENERALIZED_TIME, "2026120100", 1_796_083_200),
        ] {
            assert_eq!(Time::read(tag, text.as_bytes()).unwrap().seconds, seconds, "{text}");
        }
        for (tag, text) in [
            (UTC_TIME, "20261201000000Z"),
            (UTC_TIME, "261301000000Z"),
            (UTC_TIME, "260229000000Z"),
            (UTC_TIME, "261201240000Z"),
            (UTC_TIME, "261201000000.1Z"),
            (UTC_TIME, "261201000000+1"),
            (UTC_TIME, ""),
            (GENERALIZED_TIME, "20261201000000ZZ"),
            (0x13, "261201000000Z"),
        ] {
            assert_eq!(Time::read(tag, text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn what_rfc_5280_forbids() {
        let flaws = |tag, text: &str| {
            let time = Time::read(tag, text.as_bytes()).unwrap();
            (time.no_seconds, time.fraction, time.zone, time.early)
        };
        assert_eq!(flaws(UTC_TIME, "261201000000Z"), (false, false, false, false));
        assert_eq!(flaws(UTC_TIME, "2612010000Z"), (true, false, false, false));
        assert_eq!(flaws(UTC_TIME, "261201000000"), (false, false, true, false));
        assert_eq!(flaws(GENERALIZED_TIME, "20261201000000.5+0000"), (false, true, true, true));
        assert_eq!(flaws(GENERALIZED_TIME, "20500101000000Z"), (false, false, false, false));
    }
}
