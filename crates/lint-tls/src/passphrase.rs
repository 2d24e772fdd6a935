//! Passphrases by the names that they go by.

use careen_text::Span;

/// Longer values are no passphrases.
const LONGEST: usize = 256;
/// Longer lines are data.
const LONGEST_LINE: usize = 1_024;

/// Whether a name is that of a passphrase of a key or key store: "keyPassphrase",
/// "keystore-password", "SSL_KEY_PASSWORD"; with `alone`, also "password" and nothing else.
pub(crate) fn is_passphrase(name: &str, alone: bool) -> bool {
    if name.len() > LONGEST {
        return false;
    }
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    let word = ["passphrase", "password", "passwd", "pass", "pwd"]
        .into_iter()
        .find(|word| name.contains(word));
    let Some(word) = word else { return false };
    let rest = name.replacen(word, "", 1);
    // What holds the name of a file or of a Secret is not the passphrase.
    if ["file", "path", "secret", "ref", "env", "name"].iter().any(|word| rest.ends_with(word)) {
        return false;
    }
    let of_key = ["key", "tls", "ssl", "cert", "store", "pem", "p12", "pfx", "jks", "pkcs12"];
    word == "passphrase"
        || (alone && rest.is_empty())
        || of_key.iter().any(|thing| rest.contains(thing))
}

/// Whether a value is a passphrase rather than nothing, a variable, a template, or encrypted.
pub(crate) fn is_given(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    let template = |byte: &u8| b"${}<>()".contains(byte);
    (1..=LONGEST).contains(&value.len())
        && !value.iter().any(template)
        && !value.starts_with(b"ENC[")
        && ![&b"null"[..], b"~", b"true", b"false", b"\"\"", b"''"].contains(&value)
}

/// A setting in a line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    pub(crate) name: &'a str,
    /// The value without quotes.
    pub(crate) span: Span,
}

/// The lines that give a passphrase of a key: `name: value`, `name = value`, `"name": "value",`.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let begin = start;
        start += line.len();
        if line.len() > LONGEST_LINE {
            return None;
        }
        let (name, value) = line.split_once([':', '='])?;
        let name = name.trim().trim_start_matches("- ").trim_matches(['"', '\'']);
        if name.starts_with(['#', ';', '/']) || !is_passphrase(name, false) {
            return None;
        }
        let plain = value.trim().trim_end_matches(',');
        let quoted = ['"', '\''].into_iter().find_map(|quote| {
            let rest = plain.strip_prefix(quote)?;
            rest.find(quote).and_then(|end| rest.get(..end))
        });
        let plain = quoted.unwrap_or_else(|| plain.split(" #").next().unwrap_or(plain).trim());
        if !is_given(plain.as_bytes()) {
            return None;
        }
        let at = begin + line.len() - value.len() + value.find(plain)?;
        Some(Line { name, span: Span::of(at..at + plain.len()) })
    })
}

#[cfg(test)]
mod tests {
    use super::{is_given, is_passphrase, lines};

    #[test]
    fn names_tell_passphrases() {
        for name in ["passphrase", "keyPassphrase", "tls-key-password", "KEYSTORE_PASS", "ssl.pwd"]
        {
            assert!(is_passphrase(name, false), "{name}");
        }
        for name in ["password", "databasePassword", "bypass", "tlsKeyPasswordFile", "tls.key", ""]
        {
            assert!(!is_passphrase(name, false), "{name}");
        }
        assert!(is_passphrase("password", true) && !is_passphrase("dbPassword", true));
    }

    #[test]
    fn values_that_are_given() {
        assert!(is_given(b"changeit") && is_given(b" x\n"));
        for value in [&b""[..], b"  ", b"${X}", b"{{ .Values.x }}", b"<your password>", b"ENC[x]"] {
            assert!(!is_given(value));
        }
        assert!(!is_given(&[b'x'; 300]));
    }

    #[test]
    fn lines_of_settings() {
        let text = "a: b\nkeyPass: 'se#cret' # why\n\"tlsKeyPassword\": \"x y\",\n# keyPass: no\n\
                    key_pass = z\nkeyPass: \"\"\nkeyPass: {{ x }}\n";
        let found: Vec<_> = lines(text)
            .map(|line| (line.name, &text[line.span.start as usize..line.span.end as usize]))
            .collect();
        let wanted = [("keyPass", "se#cret"), ("tlsKeyPassword", "x y"), ("key_pass", "z")];
        assert_eq!(found, wanted);
    }
}
