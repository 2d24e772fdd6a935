//! Private keys in armour: PEM of every kind, OpenSSH, PGP, PuTTY, in files and in literals.

use crate::shape::Match;

/// The least and the most base64 characters of a key's body that is taken for real.
const LEAST_BODY: usize = 60;
const MOST_BODY: usize = 40_000;
/// How far around a key a Google service account names itself.
const ACCOUNT_REACH: usize = 1_500;

/// A private key in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PrivateKey<'t> {
    /// The first line of its armour.
    pub(crate) head: Match,
    /// All of it.
    pub(crate) all: Match,
    /// `RSA PRIVATE KEY`.
    pub(crate) label: &'t str,
    /// Whether a passphrase protects it.
    pub(crate) encrypted: bool,
    /// Whether it stands in the key file of a Google service account.
    pub(crate) service_account: bool,
}

/// Reads the private key whose armour starts at `at`.
pub(crate) fn read(text: &str, at: usize) -> Option<PrivateKey<'_>> {
    let rest = text.get(at..)?;
    if rest.starts_with("PuTTY") {
        return read_putty(text, at);
    }
    let label = rest.strip_prefix("-----BEGIN ")?;
    let label = label.get(..label.bytes().take(64).position(|byte| byte == b'-')?)?;
    let pgp = label == "PGP PRIVATE KEY BLOCK";
    if !(pgp || label.ends_with("PRIVATE KEY")) {
        return None;
    }
    let head = Match { start: at, end: at + 11 + label.len() + 5 };
    let after = text.get(head.end..)?;
    if !text.get(..head.end)?.ends_with("-----") {
        return None;
    }
    let next = memchr::memmem::find(after.as_bytes(), b"-----");
    let (body, closed) = match next {
        Some(next) => (after.get(..next)?, after.get(next..)?.starts_with("-----END")),
        None => (after, false),
    };
    let key = Body::of(body);
    if key.count < LEAST_BODY || key.distinct < 16 || key.foreign || !(closed || key.count >= 200) {
        return None;
    }
    let tail = if closed { "-----END -----".len() + label.len() } else { 0 };
    let end = (head.end + body.len() + tail).min(text.len());
    let end = if text.is_char_boundary(end) { end } else { head.end + body.len() };
    let openssh = label.starts_with("OPENSSH");
    let encrypted = label.starts_with("ENCRYPTED")
        || body.contains("ENCRYPTED")
        || (openssh && !body.contains("b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"));
    Some(PrivateKey {
        head,
        all: Match { start: at, end },
        label,
        encrypted,
        service_account: near(text, at, end, "service_account"),
    })
}

/// What the body of a key is made of.
struct Body {
    count: usize,
    distinct: usize,
    /// Whether something stands in it that no key holds.
    foreign: bool,
}

impl Body {
    fn of(body: &str) -> Self {
        let mut seen = [false; 256];
        let mut made = Self { count: 0, distinct: 0, foreign: false };
        let mut skip = false;
        for &byte in body.as_bytes().iter().take(MOST_BODY) {
            if skip {
                skip = false;
                continue;
            }
            match byte {
                b'\\' => skip = true,
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'+' => {
                    made.count += 1;
                    if let Some(slot) = seen.get_mut(usize::from(byte)) {
                        made.distinct += usize::from(!*slot);
                        *slot = true;
                    }
                }
                b'{' | b'<' | b'(' | b'}' | b'@' => made.foreign = true,
                _ => {}
            }
        }
        made.foreign |= body.contains("...") || body.contains("REDACTED");
        made
    }
}

/// Whether `word` stands close around a key.
fn near(text: &str, start: usize, end: usize, word: &str) -> bool {
    let bytes = text.as_bytes();
    let before = bytes.get(start.saturating_sub(ACCOUNT_REACH)..start).unwrap_or_default();
    let after = bytes.get(end..(end + ACCOUNT_REACH).min(bytes.len())).unwrap_or_default();
    let finder = memchr::memmem::Finder::new(word);
    finder.find(before).is_some() || finder.find(after).is_some()
}

/// The head and the body of a PuTTY key are looked for no further than this, in bytes.
const PUTTY_REACH: usize = 6_000;

fn read_putty(text: &str, at: usize) -> Option<PrivateKey<'_>> {
    let bytes = text.as_bytes();
    let window = |from: usize| bytes.get(from..(from + PUTTY_REACH).min(bytes.len()));
    let head = window(at)?;
    let line = head.iter().take(80).position(|&byte| byte == b'\n' || byte == b'\r')?;
    let private = memchr::memmem::find(head, b"Private-Lines:")?;
    let body = window(at + private)?;
    let stop = at + private + memchr::memmem::find(body, b"Private-MAC:")?;
    let key = Body::of(text.get(at + private..stop)?);
    if key.count < LEAST_BODY || key.distinct < 16 {
        return None;
    }
    let settings = text.get(at..at + private)?;
    Some(PrivateKey {
        head: Match { start: at, end: at + line },
        all: Match { start: at, end: stop },
        label: "PuTTY private key",
        encrypted: settings.contains("Encryption: ") && !settings.contains("Encryption: none"),
        service_account: false,
    })
}

#[cfg(test)]
mod tests {
    use super::read;

    /// Base64 of nothing in particular, long enough for a key.
    const BODY: &str = "MIIEpAIBAAKCAQEAUCg8UmueVavB9koM7NGj7f71XTs16l0dnqG2JRpb0rQOI8rsIPNxgA4TI21ynR1o4FCWvZTd1xVM";

    fn armoured(label: &str, body: &str) -> String {
        format!("x = \"-----BEGIN {label}-----\\n{body}\\n-----END {label}-----\"")
    }

    #[test]
    fn keys_of_every_kind_are_read_and_protection_is_seen() {
        for (label, body, encrypted) in [
            ("PRIVATE KEY", BODY.to_owned(), false),
            ("RSA PRIVATE KEY", BODY.to_owned(), false),
            ("EC PRIVATE KEY", BODY.to_owned(), false),
            ("ENCRYPTED PRIVATE KEY", BODY.to_owned(), true),
            ("RSA PRIVATE KEY", format!("Proc-Type: 4,ENCRYPTED\n\n{BODY}"), true),
            ("PGP PRIVATE KEY BLOCK", BODY.to_owned(), false),
            ("OPENSSH PRIVATE KEY", format!("b3BlbnNzaC1rZXktdjEAAAAABG5vbmU{BODY}"), false),
            ("OPENSSH PRIVATE KEY", format!("b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni{BODY}"), true),
        ] {
            let text = armoured(label, &body);
            let key = read(&text, 5).unwrap();
            assert_eq!((key.label, key.encrypted), (label, encrypted));
            assert_eq!(&text[key.all.end..], "\"");
        }
        let putty = format!(
            "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nPrivate-Lines: 1\n{BODY}\nPrivate-MAC: 00\n"
        );
        assert!(!read(&putty, 0).unwrap().encrypted);
    }

    #[test]
    fn public_keys_and_stand_ins_are_no_private_keys() {
        for text in [
            armoured("PUBLIC KEY", BODY),
            armoured("CERTIFICATE", BODY),
            armoured("PRIVATE KEY", "..."),
            armoured("PRIVATE KEY", "<your key>"),
            armoured("PRIVATE KEY", &"A".repeat(100)),
            format!("-----BEGIN PRIVATE KEY-----{BODY}"),
        ] {
            let at = text.find("-----BEGIN").unwrap();
            assert_eq!(read(&text, at), None, "{text}");
        }
    }
}
