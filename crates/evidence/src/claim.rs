use std::fmt;

use crate::Measure;
use crate::measure::Unit;

/// How a measure is compared with a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// At most.
    AtMost,
    /// Less than.
    Below,
    /// At least.
    AtLeast,
    /// More than.
    Above,
    /// Exactly.
    Equals,
}

/// What is asked of a measure: `p99<=500ms`, `error-rate<=0.1%`, `line-coverage>=80%`, `failures=0`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Claim {
    /// What is measured.
    pub measure: Measure,
    /// How it is compared.
    pub relation: Relation,
    /// With what, in the unit of [`Measure`].
    pub bound: f64,
}

const SIGNS: [(&str, Relation); 5] = [
    ("<=", Relation::AtMost),
    (">=", Relation::AtLeast),
    ("<", Relation::Below),
    (">", Relation::Above),
    ("=", Relation::Equals),
];

impl Claim {
    /// Reads a claim; blanks around its parts do not matter.
    ///
    /// # Errors
    ///
    /// What is wrong, in one sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let found =
            SIGNS.iter().filter_map(|(sign, relation)| Some((text.find(sign)?, sign, relation)));
        // `<=` stands before `<` in the list, and both stand at the same place.
        let Some((at, sign, relation)) = found.min_by_key(|(at, ..)| *at) else {
            return Err(format!("`{text}` compares nothing: write `p99<=500ms`"));
        };
        let (name, bound) = (&text[..at], &text[at + sign.len()..]);
        let name = name.trim();
        let measure = name.parse::<Measure>().map_err(|()| {
            let known = Measure::ALL.map(Measure::as_str);
            match careen_text::closest(name, known) {
                Some(near) => format!("no measure is called `{name}` (did you mean `{near}`?)"),
                None => format!("no measure is called `{name}`"),
            }
        })?;
        let bound = value(bound.trim(), measure)?;
        Ok(Self { measure, relation: *relation, bound })
    }

    /// Whether a value is as claimed.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        match self.relation {
            Relation::AtMost => value <= self.bound,
            Relation::Below => value < self.bound,
            Relation::AtLeast => value >= self.bound,
            Relation::Above => value > self.bound,
            Relation::Equals => (value - self.bound).abs() < f64::EPSILON,
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = SIGNS.iter().find(|(_, relation)| *relation == self.relation);
        let sign = sign.map_or("?", |(sign, _)| sign);
        write!(f, "{} {sign} {}", self.measure, self.measure.show(self.bound))
    }
}

fn value(text: &str, measure: Measure) -> Result<f64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = (&text[..digits], text[digits..].trim());
    let number: f64 = number.parse().map_err(|_| format!("`{text}` is no number"))?;
    match (measure.unit(), unit) {
        (Unit::Ratio, "%") => Ok(number / 100.0),
        (Unit::Ratio, "") if number <= 1.0 => Ok(number),
        (Unit::Ratio, _) => Err(format!("`{measure}` is a share: write `80%`, not `{text}`")),
        (Unit::Milliseconds, "ms" | "") | (Unit::Count, "") => Ok(number),
        (Unit::Milliseconds, "s") => Ok(number * 1000.0),
        (Unit::Milliseconds, _) => {
            Err(format!("`{measure}` is a time: write `500ms`, not `{text}`"))
        }
        (Unit::Count, _) => Err(format!("`{measure}` has no unit: write a number, not `{text}`")),
    }
}

/// Reads `14d`, `12h`, `30m`, `4w` as seconds.
///
/// # Errors
///
/// What is wrong, in one sentence.
pub fn duration(text: &str) -> Result<i64, String> {
    let wrong = || format!("`{text}` is no length of time: write `14d`, `12h` or `30m`");
    let last = text.chars().next_back().ok_or_else(wrong)?;
    let unit = match last {
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return Err(wrong()),
    };
    let number: i64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    if !(1..=100_000).contains(&number) {
        return Err(wrong());
    }
    Ok(number * unit)
}

#[cfg(test)]
mod tests {
    use super::{Claim, duration};

    #[test]
    fn claims_compare_measures_with_bounds() {
        let claim = Claim::parse("p99<=500ms").unwrap();
        assert!(claim.holds(500.0) && !claim.holds(500.1));
        assert_eq!(claim.to_string(), "p99 <= 500 ms");
        let claim = Claim::parse("error-rate < 0.1%").unwrap();
        assert!(claim.holds(0.0009) && !claim.holds(0.001));
        let claim = Claim::parse("line-coverage>=80%").unwrap();
        assert_eq!(claim, Claim::parse("line-coverage>=0.8").unwrap());
        assert!(Claim::parse("failures=0").unwrap().holds(0.0));
        assert!(Claim::parse("p99<=2s").unwrap().holds(2000.0));
    }

    #[test]
    fn what_is_no_claim_says_why() {
        for (text, part) in [
            ("p99", "compares nothing"),
            ("p98<=1ms", "did you mean"),
            ("p99<=fast", "no number"),
            ("line-coverage>=80", "write `80%`"),
            ("failures=0ms", "no unit"),
        ] {
            let error = Claim::parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("14d"), Ok(1_209_600));
        assert_eq!(duration("30m"), Ok(1_800));
        for text in ["", "14", "d", "-1d", "0d", "9999999d", "3µ"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
