//! Lengths of time as Go writes them (`time.ParseDuration`): `2160h`, `90m`, `1h30m`.

use std::fmt;

use crate::date::DAY;

/// What a Certificate without `duration` asks for: 90 days, in seconds.
pub(crate) const DEFAULT_DURATION: i64 = 90 * DAY;

/// The whole seconds of a duration, toward zero. None where Go would refuse it: without a unit
/// (except for `0`), with days, or beyond 292 years.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0_i128;
    while !rest.is_empty() {
        let (nanoseconds, after) = part(rest)?;
        total = total.checked_add(nanoseconds)?;
        if total > i128::from(i64::MAX) {
            return None;
        }
        rest = after;
    }
    let whole = i64::try_from(total / 1_000_000_000).ok()?;
    Some(if negative { -whole } else { whole })
}

/// One number with its unit, in nanoseconds, and what follows.
fn part(text: &str) -> Option<(i128, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    let (number, mut rest) = text.split_at_checked(whole)?;
    let mut fraction = "";
    if let Some(after) = rest.strip_prefix('.') {
        (fraction, rest) = after.split_at_checked(digits(after))?;
    }
    if number.is_empty() && fraction.is_empty() {
        return None;
    }
    let end = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
    let (unit, after) = rest.split_at_checked(end)?;
    let unit: i128 = match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    };
    let number = if number.is_empty() { 0 } else { number.parse::<i64>().ok()?.into() };
    // More digits than nanoseconds have make no difference.
    let fraction = fraction.get(..fraction.len().min(15))?;
    let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    let fraction: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    Some((unit * number + unit * fraction / scale, after))
}

/// A length of time for a message: "90 days", "36 hours", "5 minutes", "30 seconds".
#[derive(Clone, Copy, Debug)]
pub(crate) struct Length(pub(crate) i64);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0;
        let (count, unit) = match seconds.abs() {
            0..120 => (seconds, "second"),
            120..7_200 => (seconds / 60, "minute"),
            7_200..172_800 if seconds % DAY != 0 => (seconds / 3_600, "hour"),
            _ => (seconds / DAY, "day"),
        };
        write!(f, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use super::{Length, seconds};

    #[test]
    fn durations_are_read_as_go_does() {
        for (text, expected) in [
            ("2160h", Some(7_776_000)),
            ("2160h0m0s", Some(7_776_000)),
            ("1h30m", Some(5_400)),
            ("1.5h", Some(5_400)),
            (".5m", Some(30)),
            ("-5m", Some(-300)),
            ("1500ms", Some(1)),
            ("0", Some(0)),
            ("90d", None),
            ("90", None),
            ("", None),
            ("-", None),
            ("h", None),
            (".h", None),
            ("1h ", None),
            ("2562048h", None),
            ("99999999999999999999h", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn lengths_are_told_in_fitting_units() {
        for (seconds, text) in [
            (7_776_000, "90 days"),
            (86_400, "1 day"),
            (129_600, "36 hours"),
            (300, "5 minutes"),
            (30, "30 seconds"),
            (-300, "-5 minutes"),
        ] {
            assert_eq!(Length(seconds).to_string(), text);
        }
    }
}
