use std::fmt;
use std::str::FromStr;

/// How much a finding hurts in production.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing breaks.
    Info,
    /// Untidy; hurts in rare circumstances.
    Low,
    /// Hurts when something else goes wrong too.
    Medium,
    /// Hurts by itself sooner or later.
    High,
    /// Hurts now, or hands the system to an attacker.
    Critical,
}

impl Severity {
    /// All levels, mildest first.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word users write and read.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// `steps` levels milder, not below [`Severity::Info`].
    #[must_use]
    pub fn lowered(self, steps: usize) -> Self {
        let at = Self::ALL.iter().position(|&level| level == self).unwrap_or(0);
        Self::ALL.get(at.saturating_sub(steps)).copied().unwrap_or(Self::Info)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|level| level.as_str().eq_ignore_ascii_case(text)).ok_or_else(
            || format!("`{text}` is no severity: use critical, high, medium, low or info"),
        )
    }
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// A hint: look before you act.
    Low,
    /// Usually right.
    Medium,
    /// Almost always right.
    High,
    /// Follows from the file alone.
    Certain,
}

impl Confidence {
    /// All levels, least sure first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Certain];

    /// The word users write and read.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Certain => "certain",
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Severity;

    #[test]
    fn words_round_trip_and_levels_are_ordered() {
        for level in Severity::ALL {
            assert_eq!(level.as_str().parse(), Ok(level));
        }
        assert!(Severity::Critical > Severity::High);
        assert_eq!(Severity::High.lowered(2), Severity::Low);
        assert_eq!(Severity::Low.lowered(9), Severity::Info);
        assert!("severe".parse::<Severity>().is_err());
    }
}
