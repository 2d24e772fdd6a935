//! Private keys without the armour of PEM: JSON Web Keys, WireGuard, minisign and signify, Tor's
//! hidden services, the key files of Ethereum wallets.

use crate::charset::{BASE64, BASE64_BODY, Set, URL64_PADDED};
use crate::filler;
use crate::shape::{Match, starts_fresh};

/// How far a JSON Web Key is read in either direction, in bytes.
const REACH: usize = 4_096;
/// What may stand between a name and the value it is given.
static BETWEEN: Set = Set::of("\"'` \t=:\\");

/// A private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BareKey {
    /// `WireGuard private key`.
    pub(crate) noun: &'static str,
    /// Where the secret part stands.
    pub(crate) secret: Match,
    /// Whether a passphrase protects it.
    pub(crate) encrypted: bool,
}

/// Literals that lead here.
pub(crate) const ANCHORS: &[&str] = &[
    "kty\"",
    "kty'",
    "kty\\\"",
    "PrivateKey",
    "privateKey",
    "private_key",
    "private-key",
    "RWRTY0Iy",
    "RWQAAEIy",
    "RWRCSw",
    "ED25519-V3:",
    "\"cipherparams\"",
];

/// Reads the key that the literal at `at` leads to.
pub(crate) fn read(text: &str, at: usize, length: usize) -> Option<BareKey> {
    let literal = text.get(at..at + length)?;
    match literal {
        "RWRTY0Iy" => prefixed(text, at, 212, "minisign secret key", true),
        "RWQAAEIy" => prefixed(text, at, 212, "minisign secret key", false),
        "RWRCSw" => prefixed(text, at, 140, "signify secret key", !no_rounds(text, at)),
        "ED25519-V3:" => onion(text, at + length),
        "\"cipherparams\"" => keystore(text, at, length),
        _ if literal.starts_with("kty") => web_key(text, at),
        _ => wireguard(text, at, at + length),
    }
}

/// A key whose base64 starts in a fixed way and has a fixed length without padding.
fn prefixed(
    text: &str,
    at: usize,
    length: usize,
    noun: &'static str,
    encrypted: bool,
) -> Option<BareKey> {
    let bytes = text.as_bytes();
    let run = BASE64_BODY.run(bytes.get(at..)?, length + 1);
    let padding = bytes.get(at + run..)?.iter().take(2).take_while(|&&b| b == b'=').count();
    let secret = Match { start: at, end: at + run + padding };
    let real = starts_fresh(bytes, at)
        && run + padding == length
        && !filler::is_filler(text.get(at..at + run)?);
    real.then_some(BareKey { noun, secret, encrypted })
}

/// Whether a signify key says that its passphrase is stretched in no rounds: it has none.
fn no_rounds(text: &str, at: usize) -> bool {
    text.get(at + 6..at + 10).is_some_and(|rounds| rounds == "AAAA")
}

/// The expanded key of a hidden service, as the control port takes it.
fn onion(text: &str, from: usize) -> Option<BareKey> {
    let run = BASE64.run(text.as_bytes().get(from..)?, 90);
    let secret = Match { start: from, end: from + run };
    let value = text.get(from..from + run)?;
    let key = run >= 86 && !filler::is_filler(value);
    let noun = "key of a Tor hidden service";
    key.then_some(BareKey { noun, secret, encrypted: false })
}

/// `PrivateKey = …`: 32 bytes with the bits set as every key of Curve25519 has them.
fn wireguard(text: &str, at: usize, from: usize) -> Option<BareKey> {
    let bytes = text.as_bytes();
    let between = BETWEEN.run(bytes.get(from..)?, 16);
    let start = from + between;
    let assigned = text.get(from..start)?.contains(['=', ':']);
    if !assigned || !starts_fresh(bytes, at) || BASE64.run(bytes.get(start..)?, 45) != 44 {
        return None;
    }
    let value = text.get(start..start + 44)?;
    let key = data_encoding::BASE64.decode(value.as_bytes()).ok()?;
    let (first, last) = (key.first()?, key.last()?);
    let clamped = key.len() == 32 && first & 7 == 0 && last & 0xc0 == 0x40;
    let secret = Match { start, end: start + 44 };
    let real = clamped && !filler::is_filler(value);
    real.then_some(BareKey { noun: "WireGuard private key", secret, encrypted: false })
}

/// The key file of an Ethereum wallet (version 3): the key is encrypted.
fn keystore(text: &str, at: usize, length: usize) -> Option<BareKey> {
    let window = around(text, at, at + length, 1_500)?;
    let inside = text.get(window.start..window.end)?;
    if !(inside.contains("\"kdfparams\"") && inside.contains("\"mac\"")) {
        return None;
    }
    let secret = member(text, window, "ciphertext")?;
    let value = text.get(secret.start..secret.end)?;
    let hex = value.len() >= 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let noun = "key of an Ethereum wallet";
    (hex && !filler::is_filler(value)).then_some(BareKey { noun, secret, encrypted: true })
}

/// The keys that RFC 7515 to 7518 and 8037 print, by their beginnings.
const SAMPLES: &[&str] = &[
    "X4cTteJY_gn4FYPsXB8rd",
    "870MB6gfuTJ4HtUnUvYMy",
    "AyM1SysPpbyDfgZld3umj",
    "GawgguFyGrWKav7AX4VKU",
    "Eq5xpGnNCivDflJsRQBXH",
    "jpsQnnGQmL-YBIffH1136",
    "VI9FylGgYSHvp2MTqF4xK",
    "0_NxaRPUMQoAJt50Gz8Yi",
    "FAo6w9PhXpLtwyhCX1NyT",
    "nWGxne_9WmC6hEr0kuwsx",
    "bWUC9B-EFRIo8kpGfh0ZuyGPvMNKvYWNtB_ikiH9k20",
    "hJtXIZ2uSN5kbQfbtTNWb",
];

/// A JSON Web Key with a private member (RFC 7517): the object around `kty`.
fn web_key(text: &str, at: usize) -> Option<BareKey> {
    // One object is read once, however often it names its type.
    let before = text.as_bytes().get(opening(text, at, REACH)?..at)?;
    if memchr::memmem::find(before, b"kty").is_some() {
        return None;
    }
    let window = around(text, at, at + 4, REACH)?;
    let kind = member(text, window, "kty")?;
    let (noun, name, least) = match text.get(kind.start..kind.end)? {
        "RSA" => ("private JSON Web Key (RSA)", "d", 80),
        "EC" => ("private JSON Web Key (EC)", "d", 42),
        "OKP" => ("private JSON Web Key (OKP)", "d", 42),
        "oct" => ("symmetric JSON Web Key", "k", 22),
        _ => return None,
    };
    let secret = member(text, window, name)?;
    let value = text.get(secret.start..secret.end)?;
    let real = value.len() >= least
        && !SAMPLES.iter().any(|sample| value.starts_with(sample))
        && !filler::is_filler(value);
    real.then_some(BareKey { noun, secret, encrypted: false })
}

/// The innermost braces around `start..end`, as far as `reach` in either direction. Other braces
/// may be nested in them, a few deep.
fn around(text: &str, start: usize, end: usize, reach: usize) -> Option<Match> {
    let open = opening(text, start, reach)?;
    let bytes = text.as_bytes();
    let to = (end + reach).min(bytes.len());
    let mut depth = 0usize;
    for offset in memchr::memchr2_iter(b'{', b'}', bytes.get(end..to)?) {
        match bytes.get(end + offset) {
            Some(b'{') if depth < DEEPEST => depth += 1,
            Some(b'}') if depth == 0 => return Some(Match { start: open, end: end + offset }),
            Some(b'}') => depth -= 1,
            _ => return None,
        }
    }
    None
}

/// How deep braces may be nested beside the searched place.
const DEEPEST: usize = 4;

/// The brace before `start` that is not closed there.
fn opening(text: &str, start: usize, reach: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let low = start.saturating_sub(reach);
    let mut depth = 0usize;
    for offset in memchr::memchr2_iter(b'{', b'}', bytes.get(low..start)?).rev() {
        match bytes.get(low + offset) {
            Some(b'}') if depth < DEEPEST => depth += 1,
            Some(b'{') if depth == 0 => return Some(low + offset),
            Some(b'{') => depth -= 1,
            _ => return None,
        }
    }
    None
}

/// The value of a member of the object in `window`, if it is a string of base64: where it stands.
fn member(text: &str, window: Match, name: &str) -> Option<Match> {
    let bytes = text.as_bytes().get(..window.end)?;
    let mut from = window.start;
    loop {
        let found = memchr::memmem::find(bytes.get(from..)?, name.as_bytes())?;
        let at = from + found;
        from = at + name.len();
        let quote = |byte: Option<&u8>| matches!(byte, Some(b'"' | b'\''));
        let opened = quote(at.checked_sub(1).and_then(|before| bytes.get(before)));
        let closed = matches!(bytes.get(from), Some(b'"' | b'\'' | b'\\'));
        if !opened || !closed {
            continue;
        }
        let between = BETWEEN.run(bytes.get(from..)?, 32);
        let start = from + between;
        let length = URL64_PADDED.run(bytes.get(start..)?, REACH);
        let quoted = quote(bytes.get(start - 1));
        let ends = matches!(bytes.get(start + length), Some(b'"' | b'\'' | b'\\'));
        if quoted && ends && length > 0 && text.get(from..start)?.contains(':') {
            return Some(Match { start, end: start + length });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ANCHORS, read};

    /// Base64url of nothing in particular.
    const BODY: &str =
        "UCg8UmueVavB9koM7NGj7f71XTs16l0dnqG2JRpb0rQOI8rsIPNxgA4TI21ynR1o4FCWvZTd1xVM";

    fn found(text: &str) -> Option<(&'static str, String, bool)> {
        let key = ANCHORS.iter().find_map(|anchor| {
            text.match_indices(anchor).find_map(|(at, _)| read(text, at, anchor.len()))
        })?;
        let secret = text[key.secret.start..key.secret.end].to_owned();
        Some((key.noun, secret, key.encrypted))
    }

    #[test]
    fn web_keys_are_read_from_json_and_from_literals() {
        let ec = &BODY[..43];
        for (text, noun, secret) in [
            (
                format!("{{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\":\"{ec}\"}}"),
                "private JSON Web Key (EC)",
                ec,
            ),
            (
                format!("{{ \"d\" : \"{ec}\", \"kty\" : \"OKP\" }}"),
                "private JSON Web Key (OKP)",
                ec,
            ),
            (format!("{{'kty': 'oct', 'k': '{ec}'}}"), "symmetric JSON Web Key", ec),
            (
                format!("\"{{\\\"kty\\\":\\\"oct\\\",\\\"k\\\":\\\"{ec}\\\"}}\""),
                "symmetric JSON Web Key",
                ec,
            ),
            (
                format!(
                    "{{\"keys\":[{{\"kty\":\"RSA\",\"n\":\"x\"}},{{\"oth\":[{{\"r\":\"a\"}}],\"kty\":\"RSA\",\"d\":\"{BODY}{ec}\"}}]}}"
                ),
                "private JSON Web Key (RSA)",
                &format!("{BODY}{ec}"),
            ),
        ] {
            assert_eq!(found(&text), Some((noun, secret.to_owned(), false)), "{text}");
        }
        for text in [
            format!("{{\"kty\":\"EC\",\"x\":\"{ec}\",\"y\":\"{ec}\"}}"),
            "{\"kty\":\"EC\",\"d\":\"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE\"}".to_owned(),
            "{\"kty\":\"EC\",\"d\":\"...\"}".to_owned(),
            format!("\"kty\":\"EC\",\"d\":\"{ec}\""),
            "{\"kty\"".to_owned(),
            "{\"kty\":".to_owned(),
            format!("{{\"kty\":\"EC\",\"d\":{{\"x\":\"{ec}\"}}}}"),
        ] {
            assert_eq!(found(&text), None, "{text}");
        }
    }

    #[test]
    fn keys_of_other_tools() {
        // A key with its bits set right.
        let key = concat!("yAnz5TF+lXXJte14tji3zlMNq+hd2rYU", "IgJBgB3fBmk=");
        let text = format!("[Interface]\nPrivateKey = {key}\nListenPort = 51820\n");
        assert_eq!(found(&text), Some(("WireGuard private key", key.to_owned(), false)));
        let text = format!("privateKey: \"{}\"", key.replacen('y', "z", 1));
        assert_eq!(found(&text), None, "no key of Curve25519");
        let body = BODY.repeat(4);
        let minisign = format!("RWRTY0Iy{}", &body[..204]);
        assert_eq!(found(&minisign), Some(("minisign secret key", minisign.clone(), true)));
        let signify = format!("RWRCSwAAAAB{}==", &body[..127]);
        assert_eq!(found(&signify), Some(("signify secret key", signify.clone(), false)));
        assert_eq!(found("RWRCSwAAAAB"), None);
        let onion = format!("ADD_ONION ED25519-V3:{}==", &body[..86]);
        assert_eq!(found(&onion).unwrap().0, "key of a Tor hidden service");
        assert_eq!(found("ADD_ONION ED25519-V3:BEST"), None);
    }

    #[test]
    fn wallets_are_read_by_their_structure() {
        let hex = "3c1d9be27fa04586d2e1bb703c1d9be27fa04586d2e1bb703c1d9be27fa04586";
        let text = format!(
            "{{\"crypto\":{{\"cipher\":\"aes-128-ctr\",\"cipherparams\":{{\"iv\":\"ab\"}},\"ciphertext\":\"{hex}\",\"kdf\":\"scrypt\",\"kdfparams\":{{\"n\":2}},\"mac\":\"{hex}\"}}}}"
        );
        assert_eq!(found(&text), Some(("key of an Ethereum wallet", hex.to_owned(), true)));
        assert_eq!(found(&text.replace("\"mac\"", "\"tag\"")), None);
    }
}
