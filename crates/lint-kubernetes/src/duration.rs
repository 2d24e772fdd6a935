//! Durations as Go and its tools write them.

/// The seconds of a duration such as `1h30m`, `90s` or `0.5h`; none where it is none. A sign of plus
/// may stand in front.
pub(crate) fn seconds(text: &str) -> Option<f64> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    let mut seconds = 0.0_f64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(end);
        let number: f64 = number.parse().ok()?;
        let end = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        seconds += number
            * match unit {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 0.001,
                "us" | "µs" | "μs" | "ns" => 0.0,
                _ => return None,
            };
        rest = tail;
    }
    Some(seconds)
}

/// The same for messages: `10m`, `1h30m`, `45s`.
pub(crate) fn shown(seconds: f64) -> String {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and a duration is never negative here"
    )]
    let whole = seconds as u64;
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    let mut text = String::new();
    for (number, unit) in [(hours, 'h'), (minutes, 'm'), (rest, 's')] {
        if number > 0 {
            text.push_str(&format!("{number}{unit}"));
        }
    }
    if text.is_empty() { "no time".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::{seconds, shown};

    #[test]
    fn durations_are_read_and_shown() {
        for (text, expected) in [
            ("10m", Some(600.0)),
            ("1h30m", Some(5400.0)),
            ("+0.5h", Some(1800.0)),
            ("45s", Some(45.0)),
            ("", None),
            ("10", None),
            ("ten", None),
            ("5d", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
        assert_eq!(shown(5400.0), "1h30m");
        assert_eq!(shown(0.0), "no time");
    }
}
