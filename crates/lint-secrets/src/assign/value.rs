//! Whether a value that is given to a secret-like name is a secret.

use careen_rule::Confidence;

use super::key::Class;
use super::weak::is_weak;
use crate::context::{Context, FileClass};
use crate::filler;
use crate::words;

/// Ends of file names.
const FILE_ENDS: &[&str] = &[
    ".pem",
    ".key",
    ".crt",
    ".json",
    ".yaml",
    ".yml",
    ".txt",
    ".js",
    ".ts",
    ".html",
    ".py",
    ".go",
    ".rs",
    ".php",
    ".java",
    ".env",
    ".conf",
    ".cfg",
    ".ini",
    ".xml",
    ".toml",
    ".properties",
    ".com",
    ".org",
    ".io",
    ".net",
    ".local",
    ".sh",
    ".md",
    ".jks",
    ".p12",
    ".pfx",
    ".keystore",
    ".enc",
    ".gpg",
    ".asc",
    ".sql",
    ".log",
    ".vue",
    ".svg",
    ".png",
];

/// What a value is made of.
struct Makeup {
    lower: usize,
    upper: usize,
    digits: usize,
    /// Punctuation that joins words: `_-./:`.
    joints: usize,
    /// Any other punctuation.
    marks: usize,
    /// Times the kind of character changes from one to the next.
    changes: usize,
}

fn makeup(value: &str) -> Makeup {
    let mut made = Makeup { lower: 0, upper: 0, digits: 0, joints: 0, marks: 0, changes: 0 };
    let mut before = None;
    for byte in value.bytes() {
        let kind = match byte {
            b'a'..=b'z' => &mut made.lower,
            b'A'..=b'Z' => &mut made.upper,
            b'0'..=b'9' => &mut made.digits,
            b'_' | b'-' | b'.' | b'/' | b':' => &mut made.joints,
            _ => &mut made.marks,
        };
        *kind += 1;
        let kind = (byte.is_ascii_lowercase(), byte.is_ascii_uppercase(), byte.is_ascii_digit());
        made.changes += usize::from(before.is_some_and(|before| before != kind));
        before = Some(kind);
    }
    made
}

/// How sure we are that `value` is a secret, or nothing if it is none.
pub(crate) fn judge(
    value: &str,
    class: Class,
    quoted: bool,
    context: Context,
) -> Option<Confidence> {
    let least = if class == Class::Password { 6 } else { 10 };
    if value.len() < least || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    if filler::is_template(value)
        || filler::is_reference(value)
        || filler::is_sealed(value)
        || filler::is_filler(value)
        || filler::is_escaped(value)
        || is_something_else(value)
    {
        return None;
    }
    let made = makeup(value);
    let confidence = match class {
        Class::Password => password(value, &made, quoted),
        Class::Secret => machine_made(value, &made),
    }?;
    match context.class {
        FileClass::Docs if confidence < Confidence::High => None,
        FileClass::Docs => Some(Confidence::Low),
        _ if context.fixture => Some(lowered(confidence)),
        _ => Some(confidence),
    }
}

fn lowered(confidence: Confidence) -> Confidence {
    match confidence {
        Confidence::Certain => Confidence::High,
        Confidence::High => Confidence::Medium,
        _ => Confidence::Low,
    }
}

/// Paths, addresses, names of files, types, calls, numbers, dates: values with a meaning.
fn is_something_else(value: &str) -> bool {
    let bytes = value.as_bytes();
    let first = bytes.first().copied().unwrap_or(b' ');
    let lower = value.to_ascii_lowercase();
    value.contains("://")
        || value.contains("::")
        || value.contains("->")
        || value.contains("=>")
        || (first == b'/'
            && bytes.iter().filter(|&&byte| byte == b'/').count() > 1
            && words::coverage(value) > 40)
        || ["./", "../", "~/", "--", "\\", "#{", "(", "--"]
            .iter()
            .any(|start| value.starts_with(start))
        || value.ends_with(':')
        || (value.contains('(') && value.contains(')') && words::coverage(value) > 50)
        || (value.contains('[') && value.contains(']') && words::coverage(value) > 50)
        || is_list(value)
        || FILE_ENDS.iter().any(|end| lower.ends_with(end))
        || bytes.iter().all(|byte| byte.is_ascii_digit() || b".-:/,+TZ".contains(byte))
}

/// Whether short numbers and short words follow each other, as in limits and schedules:
/// `20/m/ip,5/m/key`.
fn is_list(value: &str) -> bool {
    let pure = |part: &str| {
        part.len() <= 4
            && (part.bytes().all(|byte| byte.is_ascii_digit())
                || part.bytes().all(|byte| byte.is_ascii_lowercase()))
    };
    let parts = value.split(|letter: char| !letter.is_ascii_alphanumeric());
    value.contains('/') && parts.clone().all(pure) && parts.count() >= 4
}

fn password(value: &str, made: &Makeup, quoted: bool) -> Option<Confidence> {
    let letters = made.lower + made.upper;
    if letters == 0 || is_weak(value) {
        return None;
    }
    let coverage = words::coverage(value);
    if made.digits == 0 && made.marks == 0 {
        // Letters and joints only: names, prose and identifiers look like this.
        let odd = irregular(value, made) && coverage < 35 && value.len() >= 8;
        return odd.then_some(Confidence::Medium);
    }
    if made.marks == 0 && made.joints > 0 && (coverage >= 60 || made.joints * 2 > letters) {
        return None;
    }
    if made.digits == 0 {
        // `Save!` is a label, `pa$$word` is not.
        let inner = value.trim_end_matches(|letter: char| letter.is_ascii_punctuation());
        let marked = inner.bytes().any(|byte| b"!@#$%^&*~".contains(&byte));
        return (marked && coverage < 90 && !value.contains("()")).then_some(Confidence::Medium);
    }
    let strong = value.len() >= 8 && (made.marks > 0 || made.changes >= 3) && coverage < 60;
    if strong {
        return Some(Confidence::High);
    }
    (quoted || made.digits < letters * 3).then_some(Confidence::Medium)
}

fn machine_made(value: &str, made: &Makeup) -> Option<Confidence> {
    let letters = made.lower + made.upper;
    if is_weak(value) || is_prose_in_base64(value) {
        return None;
    }
    let coverage = words::coverage(value);
    if made.digits == 0 {
        let odd = made.lower > 3 && made.upper > 3 && irregular(value, made);
        return (odd && value.len() >= 16 && coverage < 30).then_some(Confidence::Medium);
    }
    if letters < 3 || coverage >= 50 || is_identifier(value, made) {
        return None;
    }
    if value.len() >= 16 && made.digits >= 2 && coverage < 35 && !is_uuid(value) {
        return Some(Confidence::High);
    }
    (made.changes >= 4).then_some(Confidence::Medium)
}

/// Whether the value is base64 of words, as people make it for samples.
fn is_prose_in_base64(value: &str) -> bool {
    let bytes = value.trim_end_matches('=').as_bytes();
    let decoded = data_encoding::BASE64_NOPAD.decode(bytes).unwrap_or_default();
    let text = std::str::from_utf8(&decoded).unwrap_or_default().trim();
    let printable = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    text.len() >= 6
        && text.bytes().all(printable)
        && (filler::is_filler(text) || is_weak(text) || words::coverage(text) >= 70)
}

/// Whether letters follow each other as they do in no word: cases change within a run, or five
/// consonants stand together.
fn irregular(value: &str, made: &Makeup) -> bool {
    let consonant = |byte: u8| byte.is_ascii_alphabetic() && !b"aeiouyAEIOUY".contains(&byte);
    let mut run = 0;
    let mut most = 0;
    for byte in value.bytes() {
        run = if consonant(byte) { run + 1 } else { 0 };
        most = most.max(run);
    }
    (made.lower > 0 && made.upper > 0 && made.changes * 3 > value.len()) || most >= 6
}

/// Whether the value is three or more words with few digits at their ends, as names of functions
/// and resources are.
fn is_identifier(value: &str, made: &Makeup) -> bool {
    let one_case = made.lower == 0 || made.upper == 0;
    let part_is_word = |part: &str| {
        let letters = part.bytes().take_while(u8::is_ascii_alphabetic).count();
        letters > 0 && part.bytes().skip(letters).all(|byte| byte.is_ascii_digit())
    };
    one_case
        && made.marks == 0
        && made.joints >= 2
        && made.digits <= 4
        && value.split(['_', '-', '.', '/', ':']).all(part_is_word)
}

fn is_uuid(value: &str) -> bool {
    value.len() == 36
        && value.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
