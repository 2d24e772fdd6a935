//! Literal `Authorization` values: `Basic` with a pair in base64, `Bearer` and its like with a
//! token, and headers that are named after what they hold, where they are written in literals.

use careen_rule::Confidence;

use crate::assign::{Class, classify, judge};
use crate::charset::{NAME, Set};
use crate::context::{Context, FileClass};
use crate::shape::{Match, starts_fresh};

static TOKEN: Set = Set::of("A-Za-z0-9._~+/=-");

/// A literal credential of an `Authorization` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Authorization {
    /// `Basic` or `Bearer`; nothing where the value is all there is.
    pub(crate) scheme: &'static str,
    /// The header, where it is not `Authorization`.
    pub(crate) header: Option<Match>,
    /// Where the credential stands.
    pub(crate) value: Match,
    /// How sure we are.
    pub(crate) confidence: Confidence,
}

/// Reads the credential after the end of a scheme's name that stands at `at`, `length` bytes long
/// with its blank.
pub(crate) fn read(
    text: &str,
    at: usize,
    length: usize,
    context: Context,
) -> Option<Authorization> {
    let bytes = text.as_bytes();
    let start = at.checked_sub(1)?;
    let from = at + length;
    let scheme = match bytes.get(start)? {
        b'b' | b'B' if length == "asic ".len() => "Basic",
        b'b' | b'B' => "Bearer",
        _ => return None,
    };
    // A header's value stands behind a quote, a colon or an `=`, perhaps with a blank.
    let head = bytes.get(..start)?;
    let head = head.get(head.len().saturating_sub(4)..)?.trim_ascii_end();
    if !starts_fresh(bytes, start) || !head.last().is_some_and(|byte| b"\"'`:=,(".contains(byte)) {
        return None;
    }
    let length = TOKEN.run(bytes.get(from..)?, 4_096);
    let value = text.get(from..from + length)?;
    let confidence = if scheme == "Basic" {
        judge_pair(value, context)?
    } else {
        let confidence = judge(value, Class::Secret, true, context)?;
        if value.len() < 16 {
            return None;
        }
        confidence
    };
    let value = Match { start: from, end: from + length };
    Some(Authorization { scheme, header: None, value, confidence })
}

/// Schemes of single vendors, whose credential follows as it is.
const SCHEMES: &[&str] = &[
    "Token",
    "token",
    "ApiKey",
    "Apikey",
    "apikey",
    "Api-Key",
    "Key",
    "SSWS",
    "GenieKey",
    "Splunk",
    "Klaviyo-API-Key",
    "Bot",
    "OAuth",
    "JWT",
    "Negotiate",
    "DeepL-Auth-Key",
    "sso-key",
];
/// What may stand between the name of the header and its value.
static BETWEEN: Set = Set::of("\"'`:=, \t\\");

/// Reads the value of an `Authorization` header whose name holds the literal at `at`, with a
/// scheme of some vendor or none; `Basic` and `Bearer` are read by themselves.
pub(crate) fn read_vendor(
    text: &str,
    at: usize,
    length: usize,
    context: Context,
) -> Option<Authorization> {
    let bytes = text.as_bytes();
    let from = at + length;
    let between = BETWEEN.run(bytes.get(from..)?, 24);
    let separated = text.get(from..from + between)?.contains([':', '=', ',']);
    let start = from + between;
    let word = NAME.run(bytes.get(start..)?, 24);
    let first = text.get(start..start + word)?;
    let scheme = SCHEMES.iter().find(|scheme| **scheme == first);
    if !separated || ["basic", "bearer"].iter().any(|each| first.eq_ignore_ascii_case(each)) {
        return None;
    }
    let mut value = start;
    if scheme.is_some() {
        value = start + word + 1;
        if bytes.get(start + word) != Some(&b' ') {
            return None;
        }
        // `Token token="…"` of Rails.
        let rest = text.get(value..)?;
        let quoted =
            ["token=\"", "token=\\\"", "token="].iter().find(|name| rest.starts_with(**name));
        value += quoted.map_or(0, |name| name.len());
    }
    let end = value + TOKEN.run(bytes.get(value..)?, 4_096);
    let credential = text.get(value..end)?;
    // Without a scheme it must be nothing but a token, to the end of its line or literal.
    let ends = bytes.get(end).is_none_or(|byte| b"\"'`\\\r\n".contains(byte));
    let least = if scheme.is_some() { 16 } else { 20 };
    if credential.len() < least || !ends {
        return None;
    }
    let confidence = judge(credential, Class::Secret, scheme.is_some(), context)?;
    let scheme = scheme.copied().unwrap_or_default();
    Some(Authorization { scheme, header: None, value: Match { start: value, end }, confidence })
}

/// Reads `X-Api-Key: value` inside of a literal of a language, where no name is assigned to. The
/// end of the header's name, with its colon and blank, is the literal at `at`.
pub(crate) fn read_named(
    text: &str,
    at: usize,
    length: usize,
    context: Context,
) -> Option<Authorization> {
    let bytes = text.as_bytes();
    if context.class != FileClass::Source {
        return None;
    }
    let end = at + length - ": ".len();
    let start = at - NAME.run_back(bytes.get(..at)?, 48);
    let opened = bytes.get(start.checked_sub(1)?).is_some_and(|byte| b"\"'`n".contains(byte));
    let from = at + length;
    let run = TOKEN.run(bytes.get(from..)?, 512);
    let closed = matches!(bytes.get(from + run), Some(b'"' | b'\'' | b'`' | b'\\'));
    let value = text.get(from..from + run)?;
    if !opened || !closed || value.len() < 16 {
        return None;
    }
    let class = classify(text.get(start..end)?)?;
    let confidence = judge(value, class, true, context)?;
    let header = Some(Match { start, end });
    let value = Match { start: from, end: from + run };
    Some(Authorization { scheme: "", header, value, confidence })
}

/// Judges the password of `user:password` in base64.
fn judge_pair(value: &str, context: Context) -> Option<Confidence> {
    judge(&password_of_pair(value)?, Class::Password, true, context)
}

/// The password of `user:password` in base64 (RFC 7617), if the two differ.
pub(crate) fn password_of_pair(value: &str) -> Option<String> {
    let bytes = data_encoding::BASE64_NOPAD.decode(value.trim_end_matches('=').as_bytes()).ok()?;
    let pair = String::from_utf8(bytes).ok()?;
    let (user, password) = pair.split_once(':')?;
    (!user.is_empty() && user != password).then(|| password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{read_named, read_vendor};
    use crate::context::{Context, FileClass};

    const SOURCE: Context = Context { class: FileClass::Source, fixture: false, now: 0 };
    const VALUE: &str = "9f3kWq7Lz2Vx8Rt5Bn1M";

    #[test]
    fn schemes_of_vendors() {
        for (head, tail, scheme) in [
            ("-H 'Authorization: Token ", "'", "Token"),
            ("\"Authorization\": \"ApiKey ", "\",", "ApiKey"),
            ("Set(\"Authorization\", \"SSWS ", "\")", "SSWS"),
            ("Authorization: Token token=\"", "\"", "Token"),
            ("Authorization: ", "\n", ""),
            ("headers['Authorization'] = '", "'", ""),
        ] {
            let head = head.replace("['Auth", "Auth").replace("']", "'");
            let text = format!("{head}{VALUE}{tail}");
            let at = text.find("uthorization").unwrap();
            let found = read_vendor(&text, at, "uthorization".len(), SOURCE);
            let found = found.unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.scheme, &text[found.value.start..found.value.end]), (scheme, VALUE));
        }
        for text in [
            format!("Authorization: Bearer {VALUE}"),
            format!("Authorization: Digest username=\"{VALUE}\""),
            format!("Authorization: AWS4-HMAC-SHA256 Credential={VALUE}"),
            format!("Authorization: Token ${{{VALUE}}}"),
            "Authorization: required for every request".to_owned(),
            "Authorization: Token YOUR-TOKEN-HERE-12345".to_owned(),
            "Authorization".to_owned(),
            "Authorization: é".to_owned(),
        ] {
            let at = text.find("uthorization").unwrap();
            assert_eq!(read_vendor(&text, at, "uthorization".len(), SOURCE), None, "{text}");
        }
    }

    #[test]
    fn headers_in_literals() {
        let find = |text: &str, class| {
            let at = text.find("-Key: ")?;
            let context = Context { class, ..SOURCE };
            read_named(text, at, "-Key: ".len(), context).map(|found| found.header.unwrap())
        };
        let text = format!("run(\"curl -H 'X-Api-Key: {VALUE}' https://x\")");
        let header = find(&text, FileClass::Source).unwrap();
        assert_eq!(&text[header.start..header.end], "X-Api-Key");
        assert_eq!(find(&text, FileClass::Config), None, "read as an assignment there");
        for text in ["'X-Api-Key: ", "-Key: ", "'Public-Key: 9f3kWq7Lz2Vx8Rt5Bn1M'", "é-Key: é"] {
            assert_eq!(find(text, FileClass::Source), None, "{text}");
        }
    }
}
