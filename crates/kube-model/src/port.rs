//! Fields that are a number or a string, such as ports and percentages.

use careen_yaml::{Node, Scalar};

/// A number or a name: `targetPort: 8080` or `targetPort: http`. A quoted number is a name to the
/// API server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntOrString<'a> {
    /// An unquoted integer.
    Int(i64),
    /// A string.
    String(&'a str),
}

impl<'a> IntOrString<'a> {
    /// Reads a node; none where it is neither.
    #[must_use]
    pub fn of(node: Node<'a>) -> Option<Self> {
        match node.scalar()? {
            Scalar::Int(number) => Some(Self::Int(number)),
            Scalar::Str(text) => Some(Self::String(text)),
            _ => None,
        }
    }

    /// The integer, where it is one.
    #[must_use]
    pub const fn int(self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(number),
            Self::String(_) => None,
        }
    }

    /// The whole percents of a string such as `25%`.
    #[must_use]
    pub fn percent(self) -> Option<u32> {
        match self {
            Self::Int(_) => None,
            Self::String(text) => text.strip_suffix('%')?.parse().ok(),
        }
    }

    /// The absolute number of `total` it stands for: `maxUnavailable` rounds down, `maxSurge` and
    /// a budget's `minAvailable` round up.
    #[must_use]
    pub fn scaled(self, total: i64, round_up: bool) -> Option<i64> {
        let Some(percent) = self.percent() else {
            return self.int();
        };
        let hundredths = total.checked_mul(i64::from(percent))?;
        let extra = if round_up { 99 } else { 0 };
        Some(hundredths.checked_add(extra)?.div_euclid(100))
    }
}

#[cfg(test)]
mod tests {
    use super::IntOrString;
    use crate::testing::{root, tree};

    #[test]
    fn numbers_are_typed_as_kubernetes_does() {
        let tree = tree("[8080, http, '8080', 25%, 1.5, [], 0x50, ~]");
        let read: Vec<_> = root(&tree).items().map(IntOrString::of).collect();
        use IntOrString::{Int, String};
        assert_eq!(
            read,
            [
                Some(Int(8080)),
                Some(String("http")),
                Some(String("8080")),
                Some(String("25%")),
                None,
                None,
                Some(Int(80)),
                None
            ]
        );
    }

    #[test]
    fn percentages_scale() {
        let quarter = IntOrString::String("25%");
        assert_eq!(quarter.percent(), Some(25));
        assert_eq!(quarter.scaled(3, false), Some(0));
        assert_eq!(quarter.scaled(3, true), Some(1));
        assert_eq!(IntOrString::Int(2).scaled(9, true), Some(2));
        assert_eq!(IntOrString::String("all").scaled(9, true), None);
    }
}
