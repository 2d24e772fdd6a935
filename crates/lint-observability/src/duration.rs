//! Durations as Prometheus writes them: `1h30m`.

/// What is wrong with a duration, in words that follow it.
pub(crate) fn problem(text: &str) -> Option<&'static str> {
    const UNITS: [&str; 7] = ["y", "w", "d", "h", "m", "s", "ms"];
    if text == "0" {
        return None;
    }
    if text.is_empty() {
        return Some("is empty");
    }
    let (mut rest, mut before) = (text, None);
    while !rest.is_empty() {
        let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if unit.len() == rest.len() {
            return Some("is no duration, which is whole numbers with units, such as `1h30m`");
        }
        let letters = unit.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(unit.len());
        let (unit, after) = unit.split_at(letters);
        if unit.is_empty() {
            return Some("lacks a unit: `ms`, `s`, `m`, `h`, `d`, `w` or `y`");
        }
        let Some(at) = UNITS.iter().position(|known| *known == unit) else {
            return Some("has a unit that is none of `ms`, `s`, `m`, `h`, `d`, `w`, `y`");
        };
        if before.is_some_and(|before| at <= before) {
            return Some("has its units out of order: the largest comes first, each once");
        }
        before = Some(at);
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn durations() {
        for text in ["0", "5m", "1h30m", "1y2w3d4h5m6s7ms", "15s"] {
            assert_eq!(problem(text), None, "{text}");
        }
        for text in ["", "5", "m", "5 m", "1.5h", "30m1h", "5m5m", "5min", "-5m", "5M", "ü"] {
            assert!(problem(text).is_some(), "{text}");
        }
    }
}
