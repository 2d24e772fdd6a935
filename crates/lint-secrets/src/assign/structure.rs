//! Whether the structure of YAML or JSON may lead from a name to a value that does not stand
//! beside it. Trees cost much more than text: only where this says so one is made.

/// How far behind a name its value may stand, in bytes.
const REACH: usize = 300;
/// How far before a name the field may start that it is the value of, in bytes.
const FIELD: usize = 64;

/// Whether the name at `start..end`, which is given no literal, is one of two fields, an option in
/// a list, or the name of a block or a mapping with a value.
pub(super) fn is_promised(bytes: &[u8], start: usize, end: usize) -> bool {
    let behind = bytes.get(end..(end + REACH).min(bytes.len())).unwrap_or_default();
    let closed = trimmed_quote(behind).trim_ascii_start();
    // `["--token", "…"]`, `- --token`.
    if bytes.get(start) == Some(&b'-') {
        return trimmed_quote(behind).first().is_some_and(|byte| b",\r\n".contains(byte));
    }
    let before = bytes.get(start.saturating_sub(REACH)..start).unwrap_or_default();
    let has_value = || holds_value(behind) || holds_value(before);
    if closed.starts_with(b":") {
        let rest = closed.get(1..).unwrap_or_default();
        return match rest.trim_ascii_start().first() {
            Some(b'|' | b'>' | b'&' | b'!') => true,
            _ if bytes.get(start..end) == Some(b"chpasswd") => true,
            _ => holds_value(behind),
        };
    }
    is_field(before) && has_value()
}

/// Whether `Key: …` is given something long enough for a key.
pub(super) fn holds_key(bytes: &[u8], end: usize) -> bool {
    let rest = bytes.get(end..(end + FIELD).min(bytes.len())).unwrap_or_default();
    let rest = trimmed_quote(rest).trim_ascii_start();
    let Some(rest) = rest.strip_prefix(b":") else { return false };
    let value = rest.trim_ascii_start();
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    let length = value.iter().take_while(|byte| byte.is_ascii_graphic() && **byte != b'"').count();
    length >= 16 && value.iter().take(length).any(u8::is_ascii_digit)
}

fn trimmed_quote(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\"").or_else(|| bytes.strip_prefix(b"'")).unwrap_or(bytes)
}

/// Whether there is a field with a name such as `value`.
fn holds_value(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, b"alue")
        .any(|at| bytes.get(at + 4..).map(trimmed_quote).is_some_and(|rest| rest.starts_with(b":")))
}

/// Whether the text ends in a field such as `name: `, of which the next word is the value.
fn is_field(before: &[u8]) -> bool {
    let from = before.len().saturating_sub(FIELD);
    let head = before.get(from..).unwrap_or_default();
    let head = head.strip_suffix(b"\"").or_else(|| head.strip_suffix(b"'")).unwrap_or(head);
    // A name may have other words in front: `//registry/:`, `auth.`.
    let Some(colon) = head.iter().rposition(|&byte| byte == b':') else { return false };
    let field = head.get(..colon).unwrap_or_default().trim_ascii_end();
    let field = field.strip_suffix(b"\"").or_else(|| field.strip_suffix(b"'")).unwrap_or(field);
    ["name", "Name", "key", "Key"].iter().any(|word| field.ends_with(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{holds_key, is_promised};

    fn promised(text: &str, name: &str) -> bool {
        let start = text.find(name).unwrap();
        is_promised(text.as_bytes(), start, start + name.len())
    }

    #[test]
    fn two_fields_options_and_blocks_promise_something() {
        for text in [
            "- value: a\n  name: TOKEN\n",
            "- name: TOKEN\n  x: y\n  value: a\n",
            "{\"ParameterKey\": \"TOKEN\", \"ParameterValue\": \"a\"}",
            "\"TOKEN\": {\"type\": \"x\", \"value\": \"a\"}",
            "TOKEN:\n  description: x\n  value: a\n",
            "TOKEN: |\n  a\n",
        ] {
            assert!(promised(text, "TOKEN"), "{text}");
        }
        assert!(promised("args: [\"--token\", \"a\"]", "--token"));
        assert!(promised("- --token\n- a\n", "--token"));
    }

    #[test]
    fn schemas_and_references_promise_nothing() {
        for text in [
            "\"TOKEN\": {\"type\": \"string\", \"description\": \"a value\"}",
            "- name: TOKEN\n  in: query\n",
            "TOKEN:\n  secretName: a\n",
            "name: TOKEN\n",
        ] {
            assert!(!promised(text, "TOKEN"), "{text}");
        }
        assert!(!promised("use --token to log in", "--token"));
        assert!(holds_key(b"Key: q8Rk2Lm5Tn7Vw9Xb", 3));
        assert!(!holds_key(b"Key: Name", 3));
    }
}
