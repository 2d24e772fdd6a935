//! Values that stand for a secret without being one: fillers, templates, references, ciphertext.

use crate::charset::{BASE64, HEX};

/// Words that people write where a secret would go, lower case.
const STAND_INS: &[&str] = &[
    "example",
    "xxxx",
    "your",
    "placeholder",
    "redacted",
    "dummy",
    "changeme",
    "change-me",
    "change_me",
    "changeit",
    "replace",
    "insert",
    "todo",
    "fixme",
    "masked",
    "removed",
    "hidden",
    "sample",
    "notreal",
    "not-real",
    "not_real",
    "fake",
    "lorem",
    "foobar",
    "foo-bar",
    "foo_bar",
    "qwerty",
    "asdf",
    "deadbeef",
    "cafebabe",
    "<",
    "...",
    "…",
    "***",
    "____",
    "----",
    "????",
];

/// Whether `value` holds one of the words that mark a stand-in.
pub(crate) fn holds_stand_in(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    STAND_INS.iter().any(|word| lower.contains(word))
}

/// Whether `value` is a filler: few different characters, a run of one character, a sequence, or
/// a word that marks a stand-in.
pub(crate) fn is_filler(value: &str) -> bool {
    let bytes = value.as_bytes();
    let mut seen = [false; 256];
    let mut distinct = 0;
    let (mut same, mut rising, mut falling) = (1, 1, 1);
    let (mut most_same, mut most_sequence) = (1, 1);
    let mut before: Option<u8> = None;
    for &byte in bytes {
        if let Some(slot) = seen.get_mut(usize::from(byte)) {
            distinct += usize::from(!*slot);
            *slot = true;
        }
        if let Some(before) = before {
            let successor = byte == before.wrapping_add(1) || (before == b'9' && byte == b'0');
            same = if byte == before { same + 1 } else { 1 };
            rising = if successor { rising + 1 } else { 1 };
            falling = if byte == before.wrapping_sub(1) { falling + 1 } else { 1 };
            most_same = most_same.max(same);
            most_sequence = most_sequence.max(rising).max(falling);
        }
        before = Some(byte);
    }
    let long = bytes.len() >= 16;
    let monotone = distinct <= if long { 6 } else { 3 }.min(bytes.len());
    SAMPLES.contains(&value)
        || SAMPLE_UUIDS.iter().any(|start| value.starts_with(start))
        || monotone
        || most_same >= 6
        || most_sequence >= if long { 8 } else { 6 }
        || holds_stand_in(value)
}

/// Whether `value` is filled in later: a template, a substitution, a format string.
pub(crate) fn is_template(value: &str) -> bool {
    let bytes = value.as_bytes();
    let starts = |text: &str| value.starts_with(text);
    if starts("$") && bytes.get(1).is_some_and(|&byte| is_name_start(byte) || b"{(".contains(&byte))
    {
        // `$pring2024!` is a password; `$PASSWORD` and `$1` are not.
        let name = bytes.iter().skip(1).all(|&b| b.is_ascii_alphanumeric() || b == b'_');
        // `$name$`, a macro of monitoring systems.
        let bytes_inside = bytes.get(1..bytes.len() - 1).unwrap_or_default();
        let is_macro = value.ends_with('$')
            && bytes_inside.iter().all(|&b| b.is_ascii_alphanumeric() || b"_.".contains(&b));
        if name || is_macro || matches!(bytes.get(1), Some(b'{' | b'(')) {
            return true;
        }
    }
    let percent = starts("%(")
        || value.contains("%s")
        || value.contains("%d")
        || value.contains("%v")
        || (bytes.len() > 2 && starts("%") && value.ends_with('%'))
        || (bytes.len() > 2 && starts("__") && value.ends_with("__"))
        || (bytes.len() > 2 && starts("@") && value.ends_with('@'));
    percent
        || value.contains("${")
        || value.contains("$(")
        || value.contains("{{")
        || value.contains("}}")
        || value.contains("<%")
        || value.contains("#{")
        || (value.contains('{') && value.contains('}'))
        || (starts("<") && value.ends_with('>'))
        || (starts("[") && value.ends_with(']'))
        || value.contains("\\(")
}

/// Whether most of `value` is percent escapes, as in tests of URLs.
pub(crate) fn is_escaped(value: &str) -> bool {
    let escapes = value.split('%').skip(1).filter(|rest| {
        rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit())
    });
    let escapes = escapes.count();
    escapes >= 2 && escapes * 6 >= value.len()
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Credentials that standards print as samples.
const SAMPLES: &[&str] = &[
    // RFC 6749, RFC 6750, RFC 5849, RFC 7617.
    "czZCaGRSa3F0MzpnWDFmQmF0M2JW",
    "gX1fBat3bV",
    "mF_9.B5f-4.1JqM",
    "ad180jjd733klru7",
    "QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    "2YotnFZFEjr1zCsicMWpAA",
    "tGzv3JOkF0XG5Qx2TlKWIA",
    // RFC 5849.
    "hh5s93j4hdidpola",
    "hdhd0244k9j7ao03",
    "kkk9d7dh3k39sjv7",
    "nnch734d00sl2jdk",
    "pfkkdhi9sl3r4s00",
    "dpf43f3p2l4k3l03",
    "kd94hf93k423kf44",
    // RFC 2617, RFC 7616.
    "CircleOfLife",
    // The key of the emulator of Azure Storage, the same everywhere.
    concat!(
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50",
        "uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
    ),
];

/// How the UUIDs start that everybody prints.
const SAMPLE_UUIDS: &[&str] = &["550e8400-e29b-41d4-a716-4466", "123e4567-e89b-12d3-a456-4266"];

/// Beginnings of values that name a secret kept elsewhere.
const REFERENCES: &[&str] = &[
    "vault:",
    "op:",
    "arn:",
    "secretsmanager:",
    "ssm:",
    "env:",
    "env.",
    "ref+",
    "file:",
    "azurekeyvault",
    "gcpsm:",
    "awssm:",
    "secret:",
    "sm:",
    "keyvault",
    "@microsoft.keyvault",
    "projects/",
    "process.env",
    "os.environ",
    "os.getenv",
    "system.getenv",
    "getenv",
    "config.",
    "secrets.",
    "var.",
    "local.",
    "data.",
    "module.",
    "keyring:",
    "pass:",
    "kms:",
    "urn:",
    "k8s:",
    "conjur:",
    "akv:",
];

/// Beginnings of ciphertext and of one-way hashes: meant to be committed.
const SEALED: &[&str] = &[
    "ENC[",
    "ENC(",
    "{cipher}",
    "$ANSIBLE_VAULT",
    "vault:v",
    "!vault",
    "AQICAH",
    "secure:",
    "sops:",
    "$2a$",
    "$2b$",
    "$2x$",
    "$2y$",
    "$argon2",
    "$6$",
    "$7$",
    "$y$",
    "$gy$",
    "$5$",
    "$1$",
    "$apr1$",
    "$scrypt",
    "$pbkdf2",
    "pbkdf2",
    "{SHA}",
    "{SSHA}",
    "{bcrypt}",
    "{noop}",
    "{PLAIN}",
    "SCRAM-SHA-",
    "sha1:",
    "sha1-",
    "sha256:",
    "sha256-",
    "sha384-",
    "sha512-",
    "sha512:",
    "md5:",
    "md5-",
    "scrypt:",
    "bcrypt:",
    // What `openssl enc` writes: `Salted__` in base64.
    "U2FsdGVkX1",
    "-----BEGIN AGE",
    "age1",
    "pk_live_",
    "pk_test_",
    "sb_publishable_",
    "ssh-rsa ",
    "ssh-ed25519 ",
    "AAAAB3NzaC1",
];

/// Whether `value` names a secret that is kept elsewhere.
pub(crate) fn is_reference(value: &str) -> bool {
    REFERENCES.iter().any(|start| starts_with_ignoring_case(value, start))
}

/// Whether `value` is ciphertext, a one-way hash or a key that is meant to be public.
pub(crate) fn is_sealed(value: &str) -> bool {
    // A line of a password file: `user:` and a hash.
    let hash = value.split_once(':').map_or(value, |(_, hash)| hash);
    SEALED.iter().any(|start| value.starts_with(start) || hash.starts_with(start))
        || is_sealed_secret(value)
        || is_mysql_hash(value)
}

/// The ciphertext of a SealedSecret: long base64 that starts with the length of a wrapped key.
fn is_sealed_secret(value: &str) -> bool {
    value.len() > 300 && value.starts_with("Ag") && value.bytes().all(|byte| BASE64.has(byte))
}

/// What MySQL keeps of a password: `*` and the 40 hexadecimal digits of a hash.
fn is_mysql_hash(value: &str) -> bool {
    value.strip_prefix('*').is_some_and(|hash| hash.len() == 40 && hash.bytes().all(|b| HEX.has(b)))
}

fn starts_with_ignoring_case(value: &str, start: &str) -> bool {
    value.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::{is_filler, is_reference, is_sealed, is_template};

    #[test]
    fn fillers_are_told_from_random_text() {
        for value in [
            "xxxxxxxxxxxxxxxxxxxx",
            "0123456789abcdef",
            "aaaaaaaa",
            "yourTokenHere",
            "abababababababab",
        ] {
            assert!(is_filler(value), "{value}");
        }
        for value in ["q8Rk2Lm5Tn7Vw9Xb3Cd4", "hunter2", "S3cr3t!pw"] {
            assert!(!is_filler(value), "{value}");
        }
    }

    #[test]
    fn templates_references_and_ciphertext() {
        for value in [
            "${DB}",
            "$DB_PASSWORD",
            "$(cat x)",
            "{{ .Values.x }}",
            "<password>",
            "%s",
            "{0}",
            "__PW__",
            "$snmp_password1$",
        ] {
            assert!(is_template(value), "{value}");
        }
        assert!(!is_template("pa$$w0rd"));
        assert!(!is_template("$pring2024!"));
        assert!(is_reference("vault:secret/data/x#y"));
        assert!(is_sealed("ENC[AES256_GCM,data:abc]"));
        assert!(is_sealed("$2b$12$abcdefghijk"));
    }
}
