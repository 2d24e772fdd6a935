//! Versions of TLS by the names that servers, libraries and manifests give them.

use std::fmt;

/// A version of SSL or TLS, in order of age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Protocol {
    Ssl2,
    Ssl3,
    Tls10,
    Tls11,
    Tls12,
    Tls13,
}

/// All versions, the oldest first.
const ALL: [Protocol; 6] = [
    Protocol::Ssl2,
    Protocol::Ssl3,
    Protocol::Tls10,
    Protocol::Tls11,
    Protocol::Tls12,
    Protocol::Tls13,
];

impl Protocol {
    /// The version behind a word: `TLSv1.2` (nginx, OpenSSL, Java), `TLSv1_2` (Envoy), `TLSV1_2`
    /// (Istio), `TLS_1_2` (clouds), `VersionTLS12` (Go, Kubernetes), `TLS12` (Prometheus), `1.2`
    /// (Contour). `TLSv1` and `TLS1` are 1.0. Words that are no version, such as `TLS_AUTO` or a
    /// variable of some tool, are nothing.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        let word = word.trim().trim_matches(['"', '\'']);
        if word.len() > 32 {
            return None;
        }
        match word {
            "1.0" => return Some(Self::Tls10),
            "1.1" => return Some(Self::Tls11),
            "1.2" => return Some(Self::Tls12),
            "1.3" => return Some(Self::Tls13),
            _ => {}
        }
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if !word.bytes().all(is_part) {
            return None;
        }
        let letters = word.chars().filter(char::is_ascii_alphanumeric);
        let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
        // Go's constants: `tls.VersionTLS12`.
        let plain = plain.split_once("version").map_or(plain.as_str(), |(_, version)| version);
        if let Some(number) = plain.strip_prefix("tls") {
            match number.strip_prefix('v').unwrap_or(number) {
                "1" | "10" => Some(Self::Tls10),
                "11" => Some(Self::Tls11),
                "12" => Some(Self::Tls12),
                "13" => Some(Self::Tls13),
                _ => None,
            }
        } else {
            let number = plain.strip_prefix("ssl")?;
            match number.strip_prefix('v').unwrap_or(number) {
                "2" | "20" => Some(Self::Ssl2),
                "3" | "30" => Some(Self::Ssl3),
                _ => None,
            }
        }
    }

    /// Whether nobody should speak it any more: everything before TLS 1.2 (RFC 8996, RFC 7568).
    pub(crate) const fn is_weak(self) -> bool {
        (self as u8) < (Self::Tls12 as u8)
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ssl2 => "SSL 2.0",
            Self::Ssl3 => "SSL 3.0",
            Self::Tls10 => "TLS 1.0",
            Self::Tls11 => "TLS 1.1",
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
        })
    }
}

/// A set of versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Protocols(u8);

impl Protocols {
    /// TLS 1.0 to 1.3: what `all` means to servers that know the word.
    const EVERY_TLS: Self = Self(0b11_1100);

    /// The versions that a list allows. Words stand between blanks, commas, colons or pipes. Signs
    /// are Apache's and Postfix's: `all -TLSv1`, `!SSLv3`, `+TLSv1.2`, `>=TLSv1.2`. A list that
    /// only takes away takes from all. Nothing where a word is a variable of some tool, or where
    /// no word is a version.
    pub(crate) fn of_list(list: &str) -> Option<Self> {
        let between = |found: char| found.is_whitespace() || matches!(found, ',' | ':' | '|' | ';');
        let mut allowed: Option<Self> = None;
        for word in list.split(between).filter(|word| !word.is_empty()) {
            if word.contains(['$', '{', '%']) {
                return None;
            }
            let (sign, name) = match word.trim_matches(['"', '\'']) {
                word if word.starts_with(">=") || word.starts_with("<=") => word.split_at(2),
                word if word.starts_with(['-', '!', '+']) => word.split_at(1),
                word => ("", word),
            };
            let set = if name.eq_ignore_ascii_case("all") {
                Self::EVERY_TLS
            } else {
                match (Protocol::parse(name), sign) {
                    (Some(least), ">=") => Self::those(|each| each >= least),
                    (Some(most), "<=") => Self::those(|each| each <= most),
                    (Some(version), _) => Self::those(|each| each == version),
                    (None, _) => continue,
                }
            };
            let before = allowed;
            allowed = Some(match sign {
                "-" | "!" => Self(before.unwrap_or(Self::EVERY_TLS).0 & !set.0),
                // Bounds narrow what was said before them.
                ">=" | "<=" => Self(before.map_or(set.0, |before| before.0 & set.0)),
                _ => Self(before.unwrap_or_default().0 | set.0),
            });
        }
        allowed
    }

    fn those(wanted: impl Fn(Protocol) -> bool) -> Self {
        ALL.into_iter()
            .filter(|each| wanted(*each))
            .fold(Self(0), |set, each| Self(set.0 | bit(each)))
    }

    /// The versions of the set, the oldest first.
    pub(crate) fn iter(self) -> impl Iterator<Item = Protocol> {
        ALL.into_iter().filter(move |each| self.0 & bit(*each) != 0)
    }

    /// The versions of the set that nobody should speak any more, the oldest first.
    pub(crate) fn weak(self) -> impl Iterator<Item = Protocol> {
        self.iter().filter(|each| each.is_weak())
    }
}

const fn bit(protocol: Protocol) -> u8 {
    1 << protocol as u8
}

/// Versions for a message: "TLS 1.0 and TLS 1.1".
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed<'a>(pub(crate) &'a [Protocol]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.0.len().saturating_sub(1);
        for (at, protocol) in self.0.iter().enumerate() {
            match at {
                0 => {}
                _ if at == last => f.write_str(" and ")?,
                _ => f.write_str(", ")?,
            }
            write!(f, "{protocol}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Listed, Protocol, Protocols};

    #[test]
    fn words_of_many_programs() {
        for (word, version) in [
            ("SSLv2", Protocol::Ssl2),
            ("SSLv3", Protocol::Ssl3),
            ("sslv3.0", Protocol::Ssl3),
            ("VersionSSL30", Protocol::Ssl3),
            ("TLSv1", Protocol::Tls10),
            ("TLSv1.0", Protocol::Tls10),
            ("TLS10", Protocol::Tls10),
            ("TLS1_0", Protocol::Tls10),
            ("VersionTLS10", Protocol::Tls10),
            ("TLSv1_1", Protocol::Tls11),
            ("TLSV1_1", Protocol::Tls11),
            ("VersionTLS11", Protocol::Tls11),
            ("tls.VersionTLS11", Protocol::Tls11),
            ("TLS_1_1", Protocol::Tls11),
            ("1.1", Protocol::Tls11),
            ("\"TLSv1.2\"", Protocol::Tls12),
            ("tls1.2", Protocol::Tls12),
            ("tlsv1.3", Protocol::Tls13),
            ("TLSv1_3", Protocol::Tls13),
        ] {
            assert_eq!(Protocol::parse(word), Some(version), "{word}");
        }
        for word in ["", "TLS", "TLS_AUTO", "TLSv2", "1", "12", "${TLS}", "tls-1.2-x", "DTLSv1.2"] {
            assert_eq!(Protocol::parse(word), None, "{word}");
        }
    }

    #[test]
    fn versions_before_1_2_are_weak() {
        assert!(Protocol::Ssl2.is_weak() && Protocol::Tls11.is_weak());
        assert!(!Protocol::Tls12.is_weak() && !Protocol::Tls13.is_weak());
    }

    #[test]
    fn lists_add_and_take_away() {
        let weak = |list: &str| {
            let weak: Option<Vec<_>> = Protocols::of_list(list).map(|set| set.weak().collect());
            weak.map(|weak| Listed(&weak).to_string())
        };
        for (list, said) in [
            ("TLSv1.2 TLSv1.3", ""),
            ("TLSv1 TLSv1.1 TLSv1.2", "TLS 1.0 and TLS 1.1"),
            ("SSLv3,TLSv1,TLSv1.1,TLSv1.2", "SSL 3.0, TLS 1.0 and TLS 1.1"),
            ("all -SSLv3", "TLS 1.0 and TLS 1.1"),
            ("all -SSLv3 -TLSv1 -TLSv1.1", ""),
            ("-all +TLSv1.2 +TLSv1.3", ""),
            ("!SSLv2, !SSLv3, !TLSv1", "TLS 1.1"),
            (">=TLSv1.2", ""),
            (">=TLSv1.1, <=TLSv1.2", "TLS 1.1"),
        ] {
            assert_eq!(weak(list).as_deref(), Some(said), "{list}");
        }
        for list in ["", "modern", "${PROTOCOLS}", "TLSv1 {{ .Values.protocols }}"] {
            assert_eq!(weak(list), None, "{list}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,80}") {
            let _ = Protocol::parse(&text);
            let _ = Protocols::of_list(&text);
        }
    }
}
