use std::fmt;
use std::str::FromStr;

/// What unit a bare number has, as a record says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Of times.
    Seconds,
    /// Of times.
    Milliseconds,
    /// Of shares, between 0 and 1.
    Ratio,
    /// Of shares, between 0 and 100.
    Percent,
}

impl Scale {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Seconds, Self::Milliseconds, Self::Ratio, Self::Percent];

    /// The word users write.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Ratio => "ratio",
            Self::Percent => "percent",
        }
    }

    /// All words, for messages.
    #[must_use]
    pub fn words() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scale {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|scale| scale.as_str() == word).ok_or(())
    }
}
