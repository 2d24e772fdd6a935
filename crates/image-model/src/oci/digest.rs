use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A digest such as `sha256:…`, whose algorithm is one of those that OCI registers and whose
/// digits are as many as it has, in lower case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest {
    text: Box<str>,
    colon: usize,
}

impl Digest {
    /// The digest with that text; none where it is malformed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (algorithm, hex) = text.split_once(':')?;
        let digits = match algorithm {
            "sha256" => 64,
            "sha384" => 96,
            "sha512" => 128,
            _ => return None,
        };
        let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (hex.len() == digits && hex.bytes().all(lower))
            .then(|| Self { text: text.into(), colon: algorithm.len() })
    }

    /// The SHA-256 digest with those 32 bytes.
    #[must_use]
    pub fn of_sha256(bytes: &[u8]) -> Option<Self> {
        use fmt::Write;
        let mut text = String::from("sha256:");
        for byte in bytes {
            let _ = write!(text, "{byte:02x}");
        }
        Self::parse(&text)
    }

    /// `sha256`, `sha384` or `sha512`.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        self.text.get(..self.colon).unwrap_or_default()
    }

    /// The digits.
    #[must_use]
    pub fn hex(&self) -> &str {
        self.text.get(self.colon + 1..).unwrap_or_default()
    }

    /// Algorithm, colon, digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The algorithm and the first twelve digits, for people.
    #[must_use]
    pub fn short(&self) -> &str {
        self.text.get(..self.colon + 13).unwrap_or(&self.text)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("a digest is malformed"))
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn malformed_digests_are_refused() {
        let digits = "0123456789abcdef".repeat(4);
        let good = Digest::parse(&format!("sha256:{digits}")).unwrap();
        assert_eq!((good.algorithm(), good.hex()), ("sha256", digits.as_str()));
        assert_eq!(good.short(), "sha256:0123456789ab");
        for bad in [
            "",
            "sha256:",
            "sha256:12",
            &digits,
            &format!("sha512:{digits}"),
            &format!("md5:{digits}"),
            &format!("sha256:{}", digits.to_uppercase()),
            &format!("sha256:../{}", &digits[3..]),
        ] {
            assert_eq!(Digest::parse(bad), None, "{bad}");
        }
    }
}
