//! What an untyped scalar means to Kubernetes.
//!
//! kubectl, Helm and the API server read YAML with go-yaml v2.4 through `sigs.k8s.io/yaml`. Its
//! table is YAML 1.1's, without base 60 and with Go's integer prefixes.

use crate::arena::Style;

/// A typed scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'t> {
    /// Not written, `~`, `null`, `Null`, `NULL`.
    Null,
    /// `true`, `yes`, `on`, `y` and their opposites, each in three spellings.
    Bool(bool),
    /// A whole number of 64 bits with sign.
    Int(i64),
    /// A whole number that needs all 64 bits.
    BigInt(u64),
    /// Any other number; whole numbers beyond 64 bits too.
    Float(f64),
    /// Everything else, timestamps included.
    Str(&'t str),
}

/// Types the text of a scalar by its style, as go-yaml v2.4 does without explicit tag.
#[must_use]
pub fn kubernetes_scalar(text: &str, style: Style) -> Scalar<'_> {
    if style == Style::Plain { plain(text) } else { Scalar::Str(text) }
}

/// As [`kubernetes_scalar`], with an explicit tag. A tag that does not fit leaves a string.
#[allow(clippy::cast_precision_loss, reason = "the tag asks for a float")]
pub(crate) fn resolve<'t>(text: &'t str, style: Style, tag: Option<&str>) -> Scalar<'t> {
    let Some(tag) = tag else { return kubernetes_scalar(text, style) };
    match (tag, plain(text)) {
        ("!!float", Scalar::Int(value)) => Scalar::Float(value as f64),
        ("!!float", Scalar::BigInt(value)) => Scalar::Float(value as f64),
        ("!!int", value @ (Scalar::Int(_) | Scalar::BigInt(_)))
        | ("!!float", value @ Scalar::Float(_))
        | ("!!bool", value @ Scalar::Bool(_))
        | ("!!null", value @ Scalar::Null) => value,
        _ => Scalar::Str(text),
    }
}

fn plain(text: &str) -> Scalar<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Scalar::Bool(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Scalar::Bool(false);
        }
        ".nan" | ".NaN" | ".NAN" => return Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Scalar::Float(f64::INFINITY);
        }
        "-.inf" | "-.Inf" | "-.INF" => return Scalar::Float(f64::NEG_INFINITY),
        _ => {}
    }
    let first = text.as_bytes().first().copied().unwrap_or_default();
    // Longer than any number worth reading; keeps hostile digits from costing time.
    let number = match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' if text.len() <= 400 => number(text, first),
        _ => None,
    };
    number.unwrap_or(Scalar::Str(text))
}

fn number(text: &str, first: u8) -> Option<Scalar<'static>> {
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte)) {
        return None;
    }
    let bare: std::borrow::Cow<'_, str> =
        if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    if first != b'.'
        && let Some(whole) = integer(&bare)
    {
        return Some(whole);
    }
    if !is_float(&bare) {
        return None;
    }
    bare.parse::<f64>().ok().filter(|value| value.is_finite()).map(Scalar::Float)
}

/// Go's `ParseInt` and `ParseUint` in base 0.
fn integer(text: &str) -> Option<Scalar<'static>> {
    let (negative, signed, digits) = match text.as_bytes().first()? {
        b'-' => (true, true, text.get(1..)?),
        b'+' => (false, true, text.get(1..)?),
        _ => (false, false, text),
    };
    let prefix = digits.get(..2).unwrap_or_default();
    let (radix, digits) = match prefix {
        "0x" | "0X" => (16, digits.get(2..)?),
        "0o" | "0O" => (8, digits.get(2..)?),
        "0b" | "0B" => (2, digits.get(2..)?),
        _ if digits.len() > 1 && digits.starts_with('0') => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    if !digits.bytes().next()?.is_ascii_alphanumeric() {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return 0i64.checked_sub_unsigned(value).map(Scalar::Int);
    }
    match i64::try_from(value) {
        Ok(value) => Some(Scalar::Int(value)),
        Err(_) if signed => None,
        Err(_) => Some(Scalar::BigInt(value)),
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let whole = digits(text);
    let mut rest = text.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix('.') {
        let count = digits(fraction);
        if whole + count == 0 {
            return false;
        }
        rest = fraction.get(count..).unwrap_or_default();
    } else if whole == 0 {
        return false;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let count = digits(exponent);
        return count > 0 && count == exponent.len();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::Scalar::{BigInt, Bool, Float, Int, Null, Str};
    use super::{Scalar, kubernetes_scalar, resolve};
    use crate::Style;

    /// What go-yaml v2.4 makes of plain text.
    const TABLE: &[(&str, Scalar<'static>)] = &[
        ("", Null),
        ("~", Null),
        ("null", Null),
        ("Null", Null),
        ("NULL", Null),
        ("nULL", Str("nULL")),
        ("y", Bool(true)),
        ("N", Bool(false)),
        ("yes", Bool(true)),
        ("Yes", Bool(true)),
        ("yEs", Str("yEs")),
        ("on", Bool(true)),
        ("OFF", Bool(false)),
        ("no", Bool(false)),
        ("True", Bool(true)),
        ("tRUE", Str("tRUE")),
        ("0", Int(0)),
        ("-0", Int(0)),
        ("12", Int(12)),
        ("+12", Int(12)),
        ("-12", Int(-12)),
        ("0777", Int(511)),
        ("-0777", Int(-511)),
        ("00123", Int(83)),
        ("0644", Int(420)),
        ("0899", Float(899.0)),
        ("0o17", Int(15)),
        ("0x1F", Int(31)),
        ("-0x1F", Int(-31)),
        ("0X1f", Int(31)),
        ("0b1", Int(1)),
        ("-0b101", Int(-5)),
        ("0x", Str("0x")),
        ("0b2", Str("0b2")),
        ("0xG", Str("0xG")),
        ("1_000", Int(1000)),
        ("1__0_", Int(10)),
        ("_1", Str("_1")),
        ("0_7", Int(7)),
        ("9223372036854775807", Int(i64::MAX)),
        ("-9223372036854775808", Int(i64::MIN)),
        ("9223372036854775808", BigInt(9_223_372_036_854_775_808)),
        ("18446744073709551615", BigInt(u64::MAX)),
        ("18446744073709551616", Float(18_446_744_073_709_551_616.0)),
        ("1.5", Float(1.5)),
        ("1.", Float(1.0)),
        (".5", Float(0.5)),
        ("-.5", Float(-0.5)),
        ("+.5", Float(0.5)),
        (".", Str(".")),
        ("-", Str("-")),
        ("+", Str("+")),
        ("--1", Str("--1")),
        ("+-1", Str("+-1")),
        ("1e3", Float(1000.0)),
        ("1E+3", Float(1000.0)),
        ("685.230_15e+03", Float(685_230.15)),
        ("1e", Str("1e")),
        ("1e999", Str("1e999")),
        ("1.2.3", Str("1.2.3")),
        (".inf", Float(f64::INFINITY)),
        ("-.Inf", Float(f64::NEG_INFINITY)),
        ("+.INF", Float(f64::INFINITY)),
        ("inf", Str("inf")),
        ("NaN", Str("NaN")),
        ("1:30", Str("1:30")),
        ("190:20:30", Str("190:20:30")),
        ("2024-01-01", Str("2024-01-01")),
        ("2001-12-14t21:59:43.10-05:00", Str("2001-12-14t21:59:43.10-05:00")),
        ("100m", Str("100m")),
        ("1Gi", Str("1Gi")),
        ("1d", Str("1d")),
        ("1f", Str("1f")),
        ("<<", Str("<<")),
        ("true ", Str("true ")),
    ];

    #[test]
    fn plain_text_as_kubernetes_reads_it() {
        for &(text, expected) in TABLE {
            assert_eq!(kubernetes_scalar(text, Style::Plain), expected, "{text:?}");
        }
        assert!(matches!(kubernetes_scalar(".NaN", Style::Plain), Float(nan) if nan.is_nan()));
    }

    #[test]
    fn any_other_style_is_text() {
        for style in [Style::SingleQuoted, Style::DoubleQuoted, Style::Literal, Style::Folded] {
            assert_eq!(kubernetes_scalar("true", style), Str("true"));
        }
    }

    #[test]
    fn tags_decide() {
        assert_eq!(resolve("1", Style::Plain, Some("!!str")), Str("1"));
        assert_eq!(resolve("1", Style::Plain, Some("!")), Str("1"));
        assert_eq!(resolve("1", Style::DoubleQuoted, Some("!!int")), Int(1));
        assert_eq!(resolve("1", Style::Plain, Some("!!float")), Float(1.0));
        assert_eq!(resolve("on", Style::SingleQuoted, Some("!!bool")), Bool(true));
        assert_eq!(resolve("x", Style::Plain, Some("!!int")), Str("x"));
        assert_eq!(resolve("12", Style::Plain, Some("!Ref")), Str("12"));
    }
}
