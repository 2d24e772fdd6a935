//! What a suppression must say, so that it holds.

use careen_yaml::Node;

use crate::place::Place;

/// What the configuration says a suppression must say. What it leaves open, the profile says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demands {
    /// Whether it says why.
    pub reason: Option<(bool, Place)>,
    /// Whether it says who answers for it.
    pub owner: Option<(bool, Place)>,
    /// Whether it says until when it holds.
    pub expiry: Option<(bool, Place)>,
}

impl Demands {
    pub(crate) fn read(value: Option<Node<'_>>) -> Self {
        let demand = |key| {
            let value = value?.get(key)?;
            Some((value.text() == Some("required"), Place::of(value)))
        };
        Self { reason: demand("reason"), owner: demand("owner"), expiry: demand("expiry") }
    }

    pub(crate) fn over(self, base: Self) -> Self {
        Self {
            reason: self.reason.or(base.reason),
            owner: self.owner.or(base.owner),
            expiry: self.expiry.or(base.expiry),
        }
    }

    /// What holds over what the profile asks for.
    #[must_use]
    pub fn resolve(&self, profile: Requirements) -> Requirements {
        let of = |demand: &Option<(bool, Place)>, else_: bool| {
            demand.as_ref().map_or(else_, |(required, _)| *required)
        };
        Requirements {
            reason: of(&self.reason, profile.reason),
            owner: of(&self.owner, profile.owner),
            expiry: of(&self.expiry, profile.expiry),
        }
    }
}

/// What a suppression must say, so that it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// Why.
    pub reason: bool,
    /// Who answers for it.
    pub owner: bool,
    /// Until when.
    pub expiry: bool,
}

impl Requirements {
    /// What is asked for and not said, as a list for a message; `None` if nothing is.
    #[must_use]
    pub fn lacking(self, reason: bool, owner: bool, expiry: bool) -> Option<String> {
        let all = [
            (self.reason && !reason, "a reason"),
            (self.owner && !owner, "an owner"),
            (self.expiry && !expiry, "a last day"),
        ];
        let lacking: Vec<_> = all.iter().filter(|(is, _)| *is).map(|(_, what)| *what).collect();
        match lacking.as_slice() {
            [] => None,
            [rest @ .., last] if !rest.is_empty() => {
                Some(format!("{} and {last}", rest.join(", ")))
            }
            _ => Some(lacking.concat()),
        }
    }
}

/// Who answers for a suppression that has a reason and nothing else: the first word like `@team`.
#[must_use]
pub fn owner_in(reason: &str) -> Option<&str> {
    let words = reason.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'));
    words
        .filter_map(|word| word.strip_prefix('@'))
        .map(|name| name.trim_end_matches(['.', ':']))
        .find(|name| name.starts_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::{Requirements, owner_in};

    #[test]
    fn what_is_lacking_is_listed() {
        let all = Requirements { reason: true, owner: true, expiry: true };
        assert_eq!(all.lacking(true, true, true), None);
        assert_eq!(all.lacking(false, true, true).as_deref(), Some("a reason"));
        assert_eq!(all.lacking(false, true, false).as_deref(), Some("a reason and a last day"));
        let three = "a reason, an owner and a last day";
        assert_eq!(all.lacking(false, false, false).as_deref(), Some(three));
        assert_eq!(Requirements::default().lacking(false, false, false), None);
    }

    #[test]
    fn owners_are_words_with_an_at_sign() {
        for (reason, owner) in [
            ("until the gateway is in (@acme/payments)", Some("acme/payments")),
            ("@shop: needs it", Some("shop")),
            ("ask a@example.com", None),
            ("@ home", None),
            ("", None),
        ] {
            assert_eq!(owner_in(reason), owner, "{reason}");
        }
    }
}
