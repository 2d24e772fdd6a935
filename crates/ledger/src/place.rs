//! A finding as it is looked up, and as it is written down.

use careen_rule::{Held, Meta};

use crate::baseline::{Entry, Key, Terms};

/// A finding, for the question whether it was accepted.
#[derive(Debug)]
pub struct Subject<'s> {
    /// The rule.
    pub rule: &'static Meta,
    /// The path as reported.
    pub path: &'s str,
    /// First and last line, from 1.
    pub lines: (u32, u32),
    /// The text of those lines.
    pub text: &'s str,
    /// What is secret in it, as it is written.
    pub secrets: &'s [&'s str],
    /// The secret it is about.
    pub held: Option<Held>,
    /// The semantic fingerprint, which does not count ordinals.
    pub fingerprint: &'s str,
}

/// A finding that may go into a baseline.
#[derive(Clone, Debug)]
pub struct Place {
    /// The rule.
    pub rule: &'static Meta,
    /// The path as reported.
    pub path: String,
    /// The object, as `Deployment/shop/api`.
    pub object: Option<String>,
    /// The container in it.
    pub container: Option<String>,
    /// What is wrong, wherever it stands.
    pub mark: String,
    /// The semantic fingerprint.
    pub fingerprint: String,
    /// The secret it is about.
    pub held: Option<Held>,
    /// The entry of the baseline that knows it, if there is one.
    pub entry: Option<usize>,
}

impl Place {
    /// What identifies the finding in a baseline with this salt.
    #[must_use]
    pub fn key(&self, salt: &[u8; 32]) -> Key {
        key(self.held, &self.fingerprint, salt)
    }

    /// The entry that a baseline gets for it.
    pub(crate) fn entry_with(&self, key: Key, terms: Terms) -> Entry {
        // A secret is known by its value, whatever stands around it.
        let by_value = matches!(key, Key::Value(_));
        Entry {
            rule: self.rule.id.to_owned(),
            path: self.path.clone(),
            key,
            count: 1,
            object: self.object.clone(),
            container: self.container.clone().filter(|_| !by_value),
            mark: (!by_value).then(|| self.mark.clone()),
            reason: terms.reason,
            owner: terms.owner,
            expires: terms.expires,
        }
    }
}

/// Of a secret its salted hash, so that it is the same wherever in the file it stands; else the
/// semantic fingerprint.
pub(crate) fn key(held: Option<Held>, fingerprint: &str, salt: &[u8; 32]) -> Key {
    match held {
        Some(held) => Key::Value(held.identity.salted(salt)),
        None => Key::Fingerprint(fingerprint.to_owned()),
    }
}
