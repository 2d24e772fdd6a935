//! Whether a scalar is what a field takes, as the API server's JSON decoder has it.

use careen_yaml::{Kind, Node, Scalar};

use super::report::Defect;
use super::table::Leaf;
use crate::quantity::{Quantity, QuantityProblem};

/// Longer texts are no quantity and no time that a person wrote.
const LONGEST: usize = 128;

/// What stands at a node, for a message.
pub(super) fn found(node: Node<'_>) -> &'static str {
    match node.kind() {
        Kind::Mapping => "a mapping",
        Kind::Sequence => "a list",
        Kind::Scalar => match node.scalar() {
            Some(Scalar::Bool(_)) => "a boolean",
            Some(Scalar::Int(_) | Scalar::BigInt(_) | Scalar::Float(_)) => "a number",
            Some(Scalar::Null) | None => "nothing",
            Some(Scalar::Str(_)) => "a string",
        },
    }
}

/// The violation of a value that is there and no object, with its meaning where it is a scalar.
pub(super) fn check(node: Node<'_>, scalar: Option<Scalar<'_>>, leaf: Leaf) -> Option<Defect> {
    let (wanted, fits) = match leaf {
        Leaf::Any | Leaf::Object(_) => return None,
        Leaf::Text => ("a string", matches!(scalar, Some(Scalar::Str(_)))),
        Leaf::Bool => ("a boolean", matches!(scalar, Some(Scalar::Bool(_)))),
        Leaf::Int32 => return whole(node, scalar, i64::from(i32::MIN)..=i64::from(i32::MAX)),
        Leaf::Int64 => return whole(node, scalar, i64::MIN..=i64::MAX),
        Leaf::Number => ("a number", is_number(scalar)),
        Leaf::Time => match scalar {
            Some(Scalar::Str(text)) if is_time(text) => return None,
            Some(Scalar::Str(_)) => {
                let (wanted, found) = ("a time like `2006-01-02T15:04:05Z`", "another string");
                return Some(Defect::Type { wanted, found });
            }
            _ => ("a time like `2006-01-02T15:04:05Z`", false),
        },
        Leaf::Quantity => match scalar {
            Some(Scalar::Str(text)) => {
                // The API server takes blanks around a quantity. Nobody writes many.
                let text = if text.len() <= LONGEST { text.trim() } else { text };
                return Quantity::parse(text).err().map(Defect::Quantity);
            }
            _ if is_number(scalar) => return Quantity::of(node).err().map(Defect::Quantity),
            _ => return Some(Defect::Quantity(QuantityProblem::Shape)),
        },
        Leaf::IntOrString => match scalar {
            Some(Scalar::Str(_)) => return None,
            Some(Scalar::Int(value)) => {
                ("a whole number of 32 bits or a string", i32::try_from(value).is_ok())
            }
            Some(Scalar::Float(value)) => {
                ("a whole number or a string", value.fract() == 0.0 && value.abs() < 2e9)
            }
            _ => ("a whole number or a string", false),
        },
    };
    (!fits).then(|| Defect::Type { wanted, found: found(node) })
}

fn is_number(scalar: Option<Scalar<'_>>) -> bool {
    matches!(scalar, Some(Scalar::Int(_) | Scalar::BigInt(_) | Scalar::Float(_)))
}

/// A whole number in that range. `3.0` and `1e3` are: JSON writes them without a fraction.
#[allow(clippy::cast_possible_truncation, reason = "the bounds are checked before")]
fn whole(
    node: Node<'_>,
    scalar: Option<Scalar<'_>>,
    range: std::ops::RangeInclusive<i64>,
) -> Option<Defect> {
    let value = match scalar {
        Some(Scalar::Int(value)) => Some(value),
        Some(Scalar::Float(value)) if value.fract() == 0.0 && value.abs() < 9e18 => {
            Some(value as i64)
        }
        _ => None,
    };
    match value {
        Some(value) if range.contains(&value) => None,
        Some(_) => Some(Defect::Type { wanted: "one of 32 bits", found: "a larger number" }),
        None => {
            let found = match scalar {
                Some(Scalar::Float(_)) => "a fraction",
                Some(Scalar::BigInt(_)) => "a number that is too large",
                _ => found(node),
            };
            Some(Defect::Type { wanted: "a whole number", found })
        }
    }
}

/// A time as Go's RFC 3339 has it: `2006-01-02T15:04:05Z`, with a fraction and a zone if wanted.
pub(super) fn is_time(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to).filter(|part| part.bytes().all(|b| b.is_ascii_digit()));
        digits.and_then(|digits| digits.parse::<u32>().ok())
    };
    let within = |from, to, low, high| number(from, to).is_some_and(|n| (low..=high).contains(&n));
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    let is_clock = marks.iter().all(|&(at, mark)| bytes.get(at) == Some(&mark))
        && within(0, 4, 0, 9999)
        && within(5, 7, 1, 12)
        && within(8, 10, 1, days(number(0, 4), number(5, 7)))
        && within(11, 13, 0, 23)
        && within(14, 16, 0, 59)
        && within(17, 19, 0, 59);
    let Some(rest) = text.get(19..).filter(|_| is_clock) else { return false };
    let zone = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == fraction.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    let [sign, hour @ .., _, _, _] = zone.as_bytes() else { return zone == "Z" };
    matches!(sign, b'+' | b'-')
        && hour.len() == 2
        && zone.len() == 6
        && zone.as_bytes().get(3) == Some(&b':')
        && zone.get(1..3).is_some_and(|hour| hour.bytes().all(|b| b.is_ascii_digit()))
        && zone.get(4..6).is_some_and(|minute| minute.bytes().all(|b| b.is_ascii_digit()))
}

fn days(year: Option<u32>, month: Option<u32>) -> u32 {
    let year = year.unwrap_or_default();
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        Some(2) if is_leap => 29,
        Some(2) => 28,
        Some(4 | 6 | 9 | 11) => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::is_time;

    #[test]
    fn times_are_those_of_go() {
        for text in [
            "2006-01-02T15:04:05Z",
            "2024-02-29T23:59:59.999999Z",
            "2024-12-31T00:00:00+01:00",
            "2024-12-31T00:00:00.5-11:30",
        ] {
            assert!(is_time(text), "{text}");
        }
        for text in [
            "",
            "2024-01-01",
            "2023-02-29T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01t00:00:00z",
            "2024-01-01 00:00:00Z",
            "2024-01-01T00:00:00",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00+1:00",
            "2024-01-01T00:00:00+01:00x",
            "2024-13-01T00:00:00Z",
            "2024-01-01T00:00:00üZ",
            "üüüüüüüüüüüüüüüüüüüüüü",
        ] {
            assert!(!is_time(text), "{text}");
        }
    }
}
