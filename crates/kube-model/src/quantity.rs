//! Kubernetes quantities (`100m`, `1.5Gi`, `1e3`), read exactly.
//!
//! The grammar is that of `k8s.io/apimachinery/pkg/api/resource`. Values are kept as whole
//! billionths, the finest step Kubernetes keeps, so that quantities compare without a float.

use std::fmt;

use careen_yaml::Node;

/// One unit in billionths.
const ONE: i128 = 1_000_000_000;
/// Kubernetes caps every quantity at 2⁶³ − 1 units.
const CAP: i128 = i64::MAX as i128 * ONE;
/// Longest text that is read; a longer one is no quantity that a person wrote.
const LONGEST: usize = 512;

/// An amount of a resource: CPU cores, bytes, pods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity {
    nanos: i128,
}

/// The text is no quantity; the API server would refuse the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityProblem {
    /// There is no number, or it has two points or a blank in it.
    Number,
    /// The number is followed by something that is no suffix, such as `GB` or `KI`.
    Suffix,
    /// The text is absurdly long.
    Length,
    /// The node is no scalar.
    Shape,
}

impl fmt::Display for QuantityProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Number => "it does not start with a number",
            Self::Suffix => {
                "its suffix is none of n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei"
            }
            Self::Length => "it is too long",
            Self::Shape => "it is neither a string nor a number",
        })
    }
}

impl std::error::Error for QuantityProblem {}

/// What a suffix multiplies with: 2 to one power times 10 to another.
#[derive(Clone, Copy)]
struct Scale {
    two: u32,
    ten: i64,
}

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self { nanos: 0 };

    /// A whole number of units.
    #[must_use]
    pub const fn units(units: i64) -> Self {
        Self { nanos: units as i128 * ONE }
    }

    /// A number of thousandths, such as of CPU cores.
    #[must_use]
    pub const fn millis(millis: i64) -> Self {
        Self { nanos: millis as i128 * (ONE / 1000) }
    }

    /// Reads a quantity. What is finer than a billionth is rounded away from zero, what is beyond
    /// 2⁶³ − 1 is capped, as Kubernetes does.
    ///
    /// # Errors
    ///
    /// When the text does not follow the grammar.
    pub fn parse(text: &str) -> Result<Self, QuantityProblem> {
        if text.len() > LONGEST {
            return Err(QuantityProblem::Length);
        }
        let (negative, rest) = match text.as_bytes().first() {
            Some(b'-') => (true, text.get(1..).unwrap_or_default()),
            Some(b'+') => (false, text.get(1..).unwrap_or_default()),
            _ => (false, text),
        };
        let number_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, suffix) = rest.split_at(number_end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
            return Err(QuantityProblem::Number);
        }
        let scale = scale_of(suffix).ok_or(QuantityProblem::Suffix)?;
        let nanos = scaled(whole, fraction, scale);
        Ok(Self { nanos: if negative { -nanos } else { nanos } })
    }

    /// Reads the quantity a node stands for. An unquoted number is one (`cpu: 2`), with the value
    /// YAML gives it.
    ///
    /// # Errors
    ///
    /// When the node is no scalar or its text is no quantity.
    pub fn of(node: Node<'_>) -> Result<Self, QuantityProblem> {
        if let Some(units) = node.as_i64() {
            return Ok(Self::units(units));
        }
        Self::parse(node.text().ok_or(QuantityProblem::Shape)?)
    }

    /// The amount in billionths of a unit.
    #[must_use]
    pub const fn nanos(self) -> i128 {
        self.nanos
    }

    /// The amount in thousandths of a unit, rounded away from zero.
    #[must_use]
    pub fn as_millis(self) -> i128 {
        round_up(self.nanos, ONE / 1000)
    }

    /// The amount in units (bytes, cores, pods), rounded away from zero.
    #[must_use]
    pub fn as_units(self) -> i128 {
        round_up(self.nanos, ONE)
    }

    /// Whether the amount is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.nanos == 0
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.nanos < 0
    }
}

fn round_up(nanos: i128, step: i128) -> i128 {
    let whole = nanos / step;
    if nanos % step == 0 { whole } else { whole + nanos.signum() }
}

fn scale_of(suffix: &str) -> Option<Scale> {
    let ten = |ten| Some(Scale { two: 0, ten });
    let two = |two| Some(Scale { two, ten: 0 });
    match suffix {
        "" => ten(0),
        "n" => ten(-9),
        "u" => ten(-6),
        "m" => ten(-3),
        "k" => ten(3),
        "M" => ten(6),
        "G" => ten(9),
        "T" => ten(12),
        "P" => ten(15),
        "E" => ten(18),
        "Ki" => two(10),
        "Mi" => two(20),
        "Gi" => two(30),
        "Ti" => two(40),
        "Pi" => two(50),
        "Ei" => two(60),
        _ => {
            let exponent = suffix.strip_prefix(['e', 'E'])?;
            // `1e+3` is fine, `1e` and `1e 3` are not; what does not fit 32 bits is garbage.
            ten(i64::from(exponent.parse::<i32>().ok()?))
        }
    }
}

/// `whole.fraction` times the scale, in billionths, rounded up and capped.
fn scaled(whole: &str, fraction: &str, scale: Scale) -> i128 {
    // Digits that are kept: with them and 2⁶⁰ the product stays below 2¹²⁷.
    let kept: usize = if scale.two > 0 { 20 } else { 37 };
    let mut mantissa: i128 = 0;
    let mut digits = 0;
    let mut ten = scale.ten + 9;
    let mut inexact = false;
    let places = whole.bytes().map(|byte| (byte, 0)).chain(fraction.bytes().map(|byte| (byte, -1)));
    for (byte, shift) in places {
        let digit = i128::from(byte.wrapping_sub(b'0'));
        if digits < kept {
            mantissa = mantissa * 10 + digit;
            digits += usize::from(mantissa > 0);
            ten += shift;
        } else {
            inexact |= digit > 0;
            ten += shift + 1;
        }
    }
    if mantissa == 0 {
        return 0;
    }
    mantissa <<= scale.two;
    let power = u32::try_from(ten.unsigned_abs()).ok().and_then(|ten| 10_i128.checked_pow(ten));
    let nanos = match (power, ten >= 0) {
        (Some(power), true) => mantissa.checked_mul(power).unwrap_or(CAP),
        (None, true) => CAP,
        (Some(power), false) => {
            let up = inexact || mantissa % power != 0;
            mantissa / power + i128::from(up)
        }
        (None, false) => 1,
    };
    nanos.min(CAP)
}

#[cfg(test)]
mod tests {
    use super::{CAP, ONE, Quantity, QuantityProblem};

    #[test]
    fn reads_the_whole_grammar() {
        for (text, nanos) in [
            ("0", 0),
            ("1", ONE),
            ("+1", ONE),
            ("-1", -ONE),
            ("100m", ONE / 10),
            ("0.5", ONE / 2),
            (".5", ONE / 2),
            ("5.", 5 * ONE),
            ("00100", 100 * ONE),
            ("1.5Gi", 3 * (1 << 29) * ONE),
            ("1Ki", 1024 * ONE),
            ("1Ei", (1 << 60) * ONE),
            ("1k", 1000 * ONE),
            ("1M", 1_000_000 * ONE),
            ("1E", 1_000_000_000_000_000_000 * ONE),
            ("1e3", 1000 * ONE),
            ("1E3", 1000 * ONE),
            ("1e-3", ONE / 1000),
            ("1.5e+1", 15 * ONE),
            ("1n", 1),
            ("1u", 1000),
            ("0.1n", 1),
            ("-0.1n", -1),
            ("1e-99", 1),
            ("0e99", 0),
            ("1000.0000000000000000000000000000000000000001", 1000 * ONE + 1),
            ("9223372036854775807", CAP),
            ("9223372036854775808", CAP),
            ("1e99", CAP),
            ("8Ei", CAP),
            ("99999999999999999999999999999999999999999999n", CAP),
        ] {
            assert_eq!(Quantity::parse(text).map(Quantity::nanos), Ok(nanos), "{text}");
        }
    }

    #[test]
    fn refuses_garbage() {
        use QuantityProblem::{Length, Number, Suffix};
        for (text, problem) in [
            ("", Number),
            ("-", Number),
            (".", Number),
            ("1.2.3", Number),
            ("Gi", Number),
            (" 1", Number),
            ("--1", Number),
            ("1 Gi", Suffix),
            ("1GB", Suffix),
            ("1gi", Suffix),
            ("1KI", Suffix),
            ("1K", Suffix),
            ("1e", Suffix),
            ("1e1.5", Suffix),
            ("1_000", Suffix),
            ("1i", Suffix),
            ("1ü", Suffix),
            ("1e99999999999", Suffix),
        ] {
            assert_eq!(Quantity::parse(text), Err(problem), "{text}");
        }
        assert_eq!(Quantity::parse(&"1".repeat(600)), Err(Length));
    }

    #[test]
    fn compares_across_suffixes() {
        let read = |text| Quantity::parse(text).unwrap();
        assert!(read("1G") < read("1Gi"));
        assert!(read("1000m") == read("1"));
        assert!(read("1025Mi") > read("1Gi"));
        assert_eq!(read("1m").as_units(), 1);
        assert_eq!(read("-1m").as_units(), -1);
        assert_eq!(read("0.25").as_millis(), 250);
        assert_eq!(Quantity::millis(250), read("250m"));
        assert!(read("0Gi").is_zero() && read("-1").is_negative());
    }
}
