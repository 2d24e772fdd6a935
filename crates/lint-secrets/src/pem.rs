//! Private keys in armour: PEM of every kind, OpenSSH, PGP, PuTTY, in files and in literals.

use crate::charset::BASE64_BODY;
use crate::checksum;
use crate::shape::{Match, Verdict, starts_fresh};

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
    let ssh2 = rest.starts_with(SSH2);
    let head = if ssh2 { SSH2_DASHES } else { "-----" };
    let label = rest.strip_prefix(head)?.strip_prefix(if ssh2 { " BEGIN " } else { "BEGIN " })?;
    let label = label.get(..label.bytes().take(64).position(|byte| byte == b'-')?)?.trim_end();
    let seed = label.ends_with("NKEY SEED");
    if !(seed || label == "PGP PRIVATE KEY BLOCK" || label.ends_with("PRIVATE KEY")) {
        return None;
    }
    let open = rest.find(label)? + label.len() + usize::from(ssh2) + head.len();
    let head = Match { start: at, end: at + open };
    let after = text.get(head.end..)?;
    if !text.get(..head.end)?.ends_with(if ssh2 { SSH2_DASHES } else { "-----" }) {
        return None;
    }
    let next = memchr::memmem::find(after.as_bytes(), SSH2_DASHES.as_bytes());
    let (body, closed) = match next {
        Some(next) => {
            let tail = after.get(next..)?.trim_start_matches('-').trim_start();
            (after.get(..next)?, tail.starts_with("END"))
        }
        None => (after, false),
    };
    if seed {
        return nkey_seed(text, head, body, label);
    }
    let key = Body::of(body);
    let long = key.count >= 200 && key.longest >= LONG_LINE;
    if key.count < LEAST_BODY || key.distinct < 16 || key.foreign || !(closed || long) {
        return None;
    }
    let end =
        head.end + body.len() + if closed { tail_length(after.get(body.len()..)?) } else { 0 };
    let openssh = label.starts_with("OPENSSH");
    let encrypted = label.contains("ENCRYPTED")
        // Bound to the chip that made it.
        || label.starts_with("TSS2")
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

/// How the older form of SSH writes its armour (RFC 4716).
const SSH2: &str = "---- BEGIN ";
const SSH2_DASHES: &str = "----";

/// The length of a line such as `-----END RSA PRIVATE KEY-----` at the start of `tail`.
fn tail_length(tail: &str) -> usize {
    let open = tail.bytes().take_while(|&byte| byte == b'-').count();
    let inner = |byte: &u8| *byte == b' ' || byte.is_ascii_alphanumeric();
    let rest = tail.as_bytes().get(open..).unwrap_or_default();
    let label = rest.iter().take(80).take_while(|byte| inner(byte)).count();
    let rest = rest.get(label..).unwrap_or_default();
    open + label + rest.iter().take(open).take_while(|&&byte| byte == b'-').count()
}

/// The seed of a NATS user or account in its armour.
fn nkey_seed<'t>(
    text: &'t str,
    head: Match,
    body: &'t str,
    label: &'t str,
) -> Option<PrivateKey<'t>> {
    let seed = body.split_whitespace().next()?;
    if !seed.starts_with('S') || checksum::nats(seed) != Verdict::Proven {
        return None;
    }
    let end = head.end + body.find(seed)? + seed.len();
    let all = Match { start: head.start, end };
    text.get(all.start..all.end)?;
    Some(PrivateKey { head, all, label, encrypted: false, service_account: false })
}

/// The least length of a line of base64 in a key whose end is missing.
const LONG_LINE: usize = 48;

/// What the body of a key is made of.
struct Body {
    count: usize,
    distinct: usize,
    /// The longest run of base64.
    longest: usize,
    /// Whether something stands in it that no key holds.
    foreign: bool,
}

impl Body {
    fn of(body: &str) -> Self {
        let mut seen = [false; 256];
        let mut made = Self { count: 0, distinct: 0, longest: 0, foreign: false };
        let mut skip = false;
        let mut run = 0;
        let mut before = b' ';
        for &byte in body.as_bytes().iter().take(MOST_BODY) {
            if skip {
                skip = false;
                run = 0;
                continue;
            }
            match byte {
                b'\\' => skip = true,
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'+' => {
                    made.count += 1;
                    run += 1;
                    made.longest = made.longest.max(run);
                    if let Some(slot) = seen.get_mut(usize::from(byte)) {
                        made.distinct += usize::from(!*slot);
                        *slot = true;
                    }
                }
                // Lines may be appended by calls.
                b'(' if before.is_ascii_lowercase() => run = 0,
                b'{' | b'<' | b'(' | b'}' | b'@' => made.foreign = true,
                _ => run = 0,
            }
            before = byte;
        }
        made.foreign |= body.contains("...") || body.contains("REDACTED");
        made
    }
}

/// A private key in armour that is written in base64 as a whole.
pub(crate) struct Packed {
    /// All of it.
    pub(crate) all: Match,
    /// `RSA PRIVATE KEY`.
    pub(crate) label: String,
    /// Whether a passphrase protects it.
    pub(crate) encrypted: bool,
}

/// Reads the base64 that starts with the armour of a key at `at`.
pub(crate) fn read_packed(text: &str, at: usize) -> Option<Packed> {
    let bytes = text.as_bytes();
    if !starts_fresh(bytes, at) {
        return None;
    }
    let length = BASE64_BODY.run(bytes.get(at..)?, MOST_BODY);
    let padding = bytes.get(at + length..)?.iter().take(2).take_while(|&&b| b == b'=').count();
    let whole = text.get(at..at + length - length % 4)?;
    let decoded = data_encoding::BASE64.decode(whole.as_bytes()).ok()?;
    let decoded = String::from_utf8_lossy(&decoded);
    let start = decoded.find("-----BEGIN ")?;
    // A certificate may stand before its key.
    let mut armour = decoded.get(start..)?;
    for _ in 0..8 {
        if let Some(key) = read(armour, 0) {
            let all = Match { start: at, end: at + length + padding };
            return Some(Packed { all, label: key.label.to_owned(), encrypted: key.encrypted });
        }
        let next = armour.get(5..)?.find("-----BEGIN ")?;
        armour = armour.get(5 + next..)?;
    }
    None
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
    // Code that writes such files names no algorithm here.
    let algorithm = text.get(at..at + line)?.split_once(": ")?.1.trim_start();
    if !algorithm.starts_with("ssh-") && !algorithm.starts_with("ecdsa-") {
        return None;
    }
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
    use super::{read, read_packed};

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

    #[test]
    fn keys_in_literals_of_many_languages() {
        let (head, tail) = BODY.split_at(48);
        for text in [
            format!(
                "\"-----BEGIN EC PRIVATE KEY-----\\n\" +\n  \"{head}\\n\" +\n  \"{tail}\\n\" +\n  \"-----END EC PRIVATE KEY-----\""
            ),
            format!(
                "'-----BEGIN EC PRIVATE KEY-----\\n' .\n'{head}' .\n'{tail}' .\n'-----END EC PRIVATE KEY-----'"
            ),
            format!(
                "a.append(\"-----BEGIN EC PRIVATE KEY-----\");\na.append(\"{head}\");\na.append(\"{tail}\");\na.append(\"-----END EC PRIVATE KEY-----\");"
            ),
            format!(
                "[\"-----BEGIN EC PRIVATE KEY-----\", \"{head}\", \"{tail}\", \"-----END EC PRIVATE KEY-----\"]"
            ),
            format!(
                "key: |\r\n    -----BEGIN EC PRIVATE KEY-----\r\n    {head}\r\n    {tail}\r\n    -----END EC PRIVATE KEY-----\r\n"
            ),
            format!(
                "# -----BEGIN EC PRIVATE KEY-----\n# {head}\n# {tail}\n# -----END EC PRIVATE KEY-----"
            ),
            format!("-----BEGIN EC PRIVATE KEY----- {head} {tail} -----END EC PRIVATE KEY-----"),
        ] {
            let at = text.find("-----BEGIN").unwrap();
            let key = read(&text, at).unwrap_or_else(|| panic!("{text}"));
            assert!(text[key.all.start..key.all.end].ends_with("-----END EC PRIVATE KEY-----"));
        }
    }

    #[test]
    fn rarer_armour() {
        let text = format!(
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: \"a\"\n{BODY}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----\n"
        );
        let key = read(&text, 0).unwrap();
        assert_eq!((key.label, key.encrypted), ("SSH2 ENCRYPTED PRIVATE KEY", true));
        assert_eq!(
            &text[key.head.start..key.head.end],
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----"
        );
        assert_eq!(&text[key.all.end..], "\n");
        assert!(read(&armoured("TSS2 PRIVATE KEY", BODY), 5).unwrap().encrypted);
        let seed = concat!("SUACSSL3UAHUDXKFSNVUZRF5UHP", "MWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY");
        let text =
            format!("-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n");
        let key = read(&text, 0).unwrap();
        assert!(text[key.all.start..key.all.end].ends_with("CU3VY"));
        assert_eq!(read(&text.replace("CU3VY", "CU3VZ"), 0), None);
    }

    #[test]
    fn prose_about_armour_is_no_key() {
        let prose = "and then come many lines of base64 that hold the key itself, ".repeat(9);
        let text = format!("starts with -----BEGIN PRIVATE KEY----- {prose}");
        assert_eq!(read(&text, text.find("-----").unwrap()), None);
        let text = format!("-----BEGIN PRIVATE KEY-----\n{BODY}\n{BODY}\n{BODY}\n");
        assert!(read(&text, 0).is_some(), "its end is cut off");
    }

    #[test]
    fn armour_in_base64() {
        let armour = format!("-----BEGIN CERTIFICATE-----\n{BODY}\n-----END CERTIFICATE-----\n");
        let key = format!("-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIVATE KEY-----\n");
        for inner in [key.clone(), format!("{armour}{key}")] {
            let text = format!("k: {}\n", data_encoding::BASE64.encode(inner.as_bytes()));
            let found = read_packed(&text, 3).unwrap();
            assert_eq!((found.label.as_str(), &text[found.all.end..]), ("PRIVATE KEY", "\n"));
        }
        let text = data_encoding::BASE64.encode(armour.as_bytes());
        assert!(read_packed(&text, 0).is_none());
    }
}
