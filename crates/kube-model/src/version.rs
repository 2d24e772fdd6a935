use std::fmt;
use std::str::FromStr;

/// A minor version of Kubernetes 1, such as 1.33.
///
/// It decides which API versions exist, which fields they have, what the Pod Security Standards
/// ask for and which defaults the API server sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KubernetesVersion(u16);

impl KubernetesVersion {
    /// The oldest version whose API is known.
    pub const OLDEST: Self = Self(25);
    /// The newest version whose API is known.
    pub const NEWEST: Self = Self(37);

    /// The version 1.`minor`, known or not.
    #[must_use]
    pub const fn minor(minor: u16) -> Self {
        Self(minor)
    }

    /// Whether this is 1.`minor` or later.
    #[must_use]
    pub const fn is_at_least(self, minor: u16) -> bool {
        self.0 >= minor
    }

    /// The number after `1.`.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.0)
    }
}

/// Reads `1.33`, `v1.33` and `1.33.4`.
impl FromStr for KubernetesVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix('v').unwrap_or(text);
        let mut parts = digits.split('.');
        let minor = match (parts.next(), parts.next().map(str::parse::<u16>)) {
            (Some("1"), Some(Ok(minor))) => Self(minor),
            _ => return Err("a version of Kubernetes is written like `1.33`".to_owned()),
        };
        if parts.count() > 1 {
            return Err("a version of Kubernetes is written like `1.33`".to_owned());
        }
        if minor < Self::OLDEST || minor > Self::NEWEST {
            let (oldest, newest) = (Self::OLDEST, Self::NEWEST);
            return Err(format!("Kubernetes {minor} is not known: use {oldest} to {newest}"));
        }
        Ok(minor)
    }
}

#[cfg(test)]
mod tests {
    use super::KubernetesVersion;

    #[test]
    fn versions_are_read_as_they_are_written() {
        for text in ["1.33", "v1.33", "1.33.4", "v1.33.0"] {
            assert_eq!(text.parse(), Ok(KubernetesVersion::minor(33)), "{text}");
        }
        for text in ["", "1", "33", "2.33", "1.x", "1.24", "1.99", "1.33.1.1"] {
            assert!(text.parse::<KubernetesVersion>().is_err(), "{text}");
        }
    }
}
