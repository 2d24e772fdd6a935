//! Cipher suites by their names, judged by the intermediate profile of Mozilla's TLS guidelines
//! 6.0: TLS 1.3, and for TLS 1.2 ephemeral elliptic curves with an AEAD.
//!
//! Names are OpenSSL's (`ECDHE-RSA-AES128-GCM-SHA256`) and IANA's, which Go and Java use
//! (`TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`). Lists in OpenSSL's language with groups and signs
//! are read in [`crate::cipher_list`].

use std::fmt;

/// What a suite is worth, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grade {
    /// In the intermediate profile, or as good: ECDHE with an AEAD, or of TLS 1.3.
    Good,
    /// No more in any profile: CBC, and Diffie-Hellman over finite fields.
    Old,
    /// Traffic that was recorded can be read by who gets the server's key later.
    NotForwardSecret,
    /// Encrypts or authenticates nothing, or so that it can be broken: NULL, anonymous, EXPORT,
    /// RC4, DES, 3DES, MD5.
    Broken,
}

/// A grade with its reason, which completes "…, which ": "is without forward secrecy".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) grade: Grade,
    pub(crate) why: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exchange {
    Ecdhe,
    Dhe,
    Ecdh,
    Dh,
    Rsa,
    /// Pre-shared keys, passwords and Kerberos.
    Other,
    /// Of TLS 1.3, which is always ephemeral.
    Tls13,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authentication {
    None,
    Rsa,
    Ecdsa,
    Dss,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encryption {
    None,
    Rc4,
    Rc2,
    Des,
    TripleDes,
    Idea,
    Seed,
    Camellia128,
    Camellia256,
    Aria128,
    Aria256,
    Aes128,
    Aes256,
    ChaCha20,
    Sm4,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mac {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    /// The cipher authenticates by itself: GCM, CCM, Poly1305.
    Gcm,
    Ccm,
    Poly1305,
}

/// A suite by its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Suite {
    pub(crate) exchange: Exchange,
    pub(crate) authentication: Authentication,
    pub(crate) encryption: Encryption,
    pub(crate) mac: Mac,
    pub(crate) export: bool,
}

/// Longer words are no names.
const LONGEST: usize = 64;

impl Suite {
    /// The suite of a name. Nothing where the word is no name of a suite, such as the name of a
    /// group (`HIGH`) or a variable of some tool.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        if name.len() > LONGEST {
            return None;
        }
        let name = name.to_ascii_uppercase();
        match name.strip_prefix("TLS_").or_else(|| name.strip_prefix("SSL_")) {
            Some(rest) => iana(rest),
            None => openssl(&name),
        }
    }

    /// What it is worth, and why.
    pub(crate) const fn judge(self) -> Judgement {
        let broken = match (self.encryption, self.authentication, self.mac) {
            (Encryption::None, ..) => Some("does not encrypt"),
            (_, Authentication::None, _) => Some("does not authenticate the server"),
            _ if self.export => Some("has a key of export strength"),
            (Encryption::Rc4, ..) => Some("uses RC4"),
            (Encryption::Rc2, ..) => Some("uses RC2"),
            (Encryption::Des, ..) => Some("uses DES"),
            (Encryption::TripleDes, ..) => Some("uses 3DES"),
            (Encryption::Idea, ..) => Some("uses IDEA"),
            (.., Mac::Md5) => Some("uses MD5"),
            _ => None,
        };
        if let Some(why) = broken {
            return Judgement { grade: Grade::Broken, why };
        }
        let aead = matches!(self.mac, Mac::Gcm | Mac::Ccm | Mac::Poly1305);
        let (grade, why) = match self.exchange {
            Exchange::Tls13 => (Grade::Good, "is in the intermediate profile"),
            Exchange::Ecdh | Exchange::Dh | Exchange::Rsa | Exchange::Other => {
                (Grade::NotForwardSecret, "is without forward secrecy")
            }
            Exchange::Dhe => (Grade::Old, "uses finite-field Diffie-Hellman"),
            Exchange::Ecdhe if !aead => (Grade::Old, "uses CBC"),
            Exchange::Ecdhe => (Grade::Good, "is in the intermediate profile"),
        };
        Judgement { grade, why }
    }
}

/// IANA's names without the first word.
fn iana(name: &str) -> Option<Suite> {
    let Some((exchange, cipher)) = name.split_once("_WITH_") else {
        let (encryption, mac) = cipher(&name.split('_').collect::<Vec<_>>())?;
        return matches!(mac, Mac::Gcm | Mac::Ccm | Mac::Poly1305).then_some(Suite {
            exchange: Exchange::Tls13,
            authentication: Authentication::Other,
            encryption,
            mac,
            export: false,
        });
    };
    let words: Vec<_> = cipher.split('_').collect();
    let (encryption, mac) = self::cipher(&words)?;
    let words: Vec<_> = exchange.split('_').collect();
    suite(&words, encryption, mac)
}

/// OpenSSL's names.
fn openssl(name: &str) -> Option<Suite> {
    let words: Vec<_> = name.split('-').collect();
    let is_cipher = |word: &&str| {
        ["AES", "CAMELLIA", "ARIA", "CHACHA20", "DES", "RC4", "RC2", "IDEA", "SEED", "NULL"]
            .iter()
            .any(|cipher| word.starts_with(cipher))
    };
    let at = words.iter().position(is_cipher)?;
    let (exchange, cipher) = words.split_at_checked(at)?;
    // One word alone is a group: `AES128`, `RC4`.
    if cipher.len() < 2 {
        return None;
    }
    let (encryption, mac) = self::cipher(cipher)?;
    suite(exchange, encryption, mac)
}

fn suite(exchange: &[&str], encryption: Encryption, mac: Mac) -> Option<Suite> {
    let has = |word: &str| exchange.contains(&word);
    let export = exchange.iter().any(|word| word.starts_with("EXP"));
    let known = |word: &&str| {
        word.starts_with("EXP")
            || [
                "ECDHE", "EECDH", "DHE", "EDH", "ECDH", "DH", "RSA", "PSK", "SRP", "KRB5", "ADH",
                "AECDH", "ANON", "ECDSA", "DSS", "DSA", "NULL", "SHA",
            ]
            .contains(word)
    };
    if !exchange.iter().all(|word| known(&word)) {
        return None;
    }
    let authentication = if has("ANON") || has("ADH") || has("AECDH") || has("NULL") {
        Authentication::None
    } else if has("ECDSA") {
        Authentication::Ecdsa
    } else if has("DSS") || has("DSA") {
        Authentication::Dss
    } else if has("PSK") || has("KRB5") || has("SRP") {
        Authentication::Other
    } else {
        Authentication::Rsa
    };
    let kind = if has("ECDHE") || has("EECDH") || has("AECDH") {
        Exchange::Ecdhe
    } else if has("DHE") || has("EDH") || has("ADH") {
        Exchange::Dhe
    } else if has("ECDH") {
        Exchange::Ecdh
    } else if has("DH") {
        Exchange::Dh
    } else if has("PSK") || has("KRB5") || has("SRP") {
        Exchange::Other
    } else {
        Exchange::Rsa
    };
    Some(Suite { exchange: kind, authentication, encryption, mac, export })
}

/// The words behind the key exchange: the cipher, its mode and the hash.
fn cipher(words: &[&str]) -> Option<(Encryption, Mac)> {
    let first = words.first()?;
    let has = |word: &str| words.contains(&word);
    let long = has("256") || first.ends_with("256");
    let encryption = match first.trim_end_matches(|letter: char| letter.is_ascii_digit()) {
        "AES" | "AESGCM" if long => Encryption::Aes256,
        "AES" | "AESGCM" => Encryption::Aes128,
        "CAMELLIA" if long => Encryption::Camellia256,
        "CAMELLIA" => Encryption::Camellia128,
        "ARIA" | "ARIAGCM" if long => Encryption::Aria256,
        "ARIA" | "ARIAGCM" => Encryption::Aria128,
        "CHACHA" => Encryption::ChaCha20,
        "SM" => Encryption::Sm4,
        "SEED" => Encryption::Seed,
        "IDEA" => Encryption::Idea,
        "NULL" => Encryption::None,
        "RC" if first.starts_with("RC2") => Encryption::Rc2,
        "RC" => Encryption::Rc4,
        "DES" if has("CBC3") => Encryption::TripleDes,
        "DES" => Encryption::Des,
        _ if *first == "3DES" => Encryption::TripleDes,
        _ => return None,
    };
    let mac = if has("GCM") {
        Mac::Gcm
    } else if words.iter().any(|word| word.starts_with("CCM")) {
        Mac::Ccm
    } else if encryption == Encryption::ChaCha20 {
        Mac::Poly1305
    } else {
        match *words.last()? {
            "MD5" => Mac::Md5,
            "SHA" | "SHA1" => Mac::Sha1,
            "SHA256" => Mac::Sha256,
            "SHA384" => Mac::Sha384,
            // `TLS_NULL_WITH_NULL_NULL`
            "NULL" => Mac::Md5,
            _ => return None,
        }
    };
    Some((encryption, mac))
}

/// A suite that should not be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Weak<'a> {
    pub(crate) name: &'a str,
    pub(crate) judgement: Judgement,
}

impl<'a> Weak<'a> {
    /// The suite of that name, if it is weak. Names that are not known are not judged.
    pub(crate) fn of(name: &'a str) -> Option<Self> {
        let judgement = Suite::parse(name)?.judge();
        (judgement.grade > Grade::Good).then_some(Self { name: name.trim(), judgement })
    }
}

impl fmt::Display for Weak<'_> {
    /// "`RC4-SHA`, which uses RC4"
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`, which {}", crate::names::Shown(self.name), self.judgement.why)
    }
}

/// The weakest of some suites: the first of those with the worst grade.
pub(crate) fn weakest<'a>(weak: impl IntoIterator<Item = Weak<'a>>) -> Option<Weak<'a>> {
    weak.into_iter().reduce(
        |worst, each| {
            if each.judgement.grade > worst.judgement.grade { each } else { worst }
        },
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Grade, Suite, Weak, weakest};

    fn grade(name: &str) -> Option<Grade> {
        Suite::parse(name).map(|suite| suite.judge().grade)
    }

    #[test]
    fn names_of_both_families() {
        for name in [
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_128_CCM_8_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CCM",
            "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-CHACHA20-POLY1305",
            "ecdhe-rsa-aes128-gcm-sha256",
            "ECDHE-ECDSA-AES128-CCM8",
        ] {
            assert_eq!(grade(name), Some(Grade::Good), "{name}");
        }
        for name in [
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
            "ECDHE-RSA-AES256-SHA384",
            "ECDHE-ECDSA-AES128-SHA",
            "DHE-RSA-AES256-GCM-SHA384",
            "DHE-RSA-CAMELLIA128-SHA",
        ] {
            assert_eq!(grade(name), Some(Grade::Old), "{name}");
        }
        for name in [
            "TLS_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA",
            "TLS_PSK_WITH_AES_128_GCM_SHA256",
            "AES128-SHA",
            "AES256-GCM-SHA384",
            "CAMELLIA256-SHA",
            "ECDH-ECDSA-AES128-SHA",
        ] {
            assert_eq!(grade(name), Some(Grade::NotForwardSecret), "{name}");
        }
        for name in [
            "TLS_NULL_WITH_NULL_NULL",
            "TLS_RSA_WITH_NULL_SHA256",
            "TLS_RSA_EXPORT_WITH_RC4_40_MD5",
            "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
            "SSL_RSA_WITH_DES_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
            "TLS_DH_anon_WITH_AES_128_CBC_SHA",
            "RC4-SHA",
            "RC4-MD5",
            "EXP-DES-CBC-SHA",
            "DES-CBC3-SHA",
            "EDH-RSA-DES-CBC3-SHA",
            "ECDHE-RSA-DES-CBC3-SHA",
            "ADH-AES128-SHA",
            "AECDH-NULL-SHA",
            "NULL-MD5",
            "IDEA-CBC-SHA",
        ] {
            assert_eq!(grade(name), Some(Grade::Broken), "{name}");
        }
        for word in ["", "HIGH", "AES128", "RC4", "TLS_", "TLS_FALLBACK_SCSV", "${CIPHER}", "a-b"] {
            assert_eq!(grade(word), None, "{word}");
        }
    }

    #[test]
    fn the_weakest_says_why() {
        let names = ["ECDHE-RSA-AES128-SHA", "RC4-SHA", "AES128-SHA", "DES-CBC3-SHA"];
        let worst = weakest(names.into_iter().filter_map(Weak::of)).unwrap();
        assert_eq!(worst.to_string(), "`RC4-SHA`, which uses RC4");
        assert_eq!(Weak::of("TLS_AES_128_GCM_SHA256"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,80}", words in "[A-Z0-9]{1,6}([-_][A-Z0-9]{1,6}){0,6}") {
            let _ = Suite::parse(&text);
            let _ = Suite::parse(&words);
            let _ = Suite::parse(&format!("TLS_{words}"));
        }
    }
}
