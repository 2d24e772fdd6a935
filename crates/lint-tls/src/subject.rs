//! Distinguished names as RFC 4514 writes them, taken apart again, and the names that generators of
//! certificates and authorities for tests leave in them: the table `policies/tls/generators.yaml`.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::Deserialize;

/// The attributes of a name, most specific first: `("CN", "shop.example.com")`.
pub(crate) fn attributes(name: &str) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let (attribute, after) = split(rest)?;
        rest = after;
        let (kind, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        Some((kind, unescaped(value)))
    })
}

/// The first attribute, and what follows the comma or plus sign behind it.
fn split(name: &str) -> Option<(&str, &str)> {
    if name.is_empty() {
        return None;
    }
    let mut escaped = false;
    for (at, character) in name.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' | '+' => return name.get(..at).zip(name.get(at + 1..)),
            _ => {}
        }
    }
    Some((name, ""))
}

fn unescaped(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let mut escaped = false;
    let keep = |character: &char| {
        let skip = *character == '\\' && !escaped;
        escaped = skip;
        !skip
    };
    Cow::Owned(value.chars().filter(keep).collect())
}

/// What a generator writes, and who that is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mark {
    /// `CN` or `O`.
    attribute: String,
    /// In lower case, where `*` stands for any text.
    value: String,
    /// For messages.
    pub(crate) by: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Marks {
    placeholders: Vec<Mark>,
    test_authorities: Vec<Mark>,
}

const TABLE: &str = include_str!("../../../policies/tls/generators.yaml");

static MARKS: LazyLock<Marks> = LazyLock::new(|| serde_yaml::from_str(TABLE).unwrap_or_default());

/// The generator whose default a name is, with the value.
pub(crate) fn placeholder(name: &str) -> Option<(&'static Mark, Cow<'_, str>)> {
    find(&MARKS.placeholders, name)
}

/// The authority for tests or development that has this name, with the value that tells.
pub(crate) fn test_authority(name: &str) -> Option<(&'static Mark, Cow<'_, str>)> {
    find(&MARKS.test_authorities, name)
}

fn find<'n>(marks: &'static [Mark], name: &'n str) -> Option<(&'static Mark, Cow<'n, str>)> {
    attributes(name).find_map(|(kind, value)| {
        let lower = value.to_lowercase();
        let fits = |mark: &&Mark| mark.attribute == kind && careen_rule::fits(&mark.value, &lower);
        marks.iter().find(fits).map(|mark| (mark, value))
    })
}

#[cfg(test)]
mod tests {
    use super::{Marks, TABLE, attributes, placeholder, test_authority};

    #[test]
    fn names_come_apart() {
        let parts = |name| attributes(name).map(|(a, b)| format!("{a}:{b}")).collect::<Vec<_>>();
        assert_eq!(
            parts("CN=web,O=Snake Oil\\, Ltd+OU=a\\\\b,C="),
            ["CN:web", "O:Snake Oil, Ltd", "OU:a\\b", "C:"]
        );
        assert!(parts("").is_empty());
        assert_eq!(parts("x"), ["x:"]);
    }

    #[test]
    fn the_table_can_be_read() {
        let read: Result<Marks, _> = serde_yaml::from_str(TABLE);
        let read = read.unwrap();
        for mark in read.placeholders.iter().chain(&read.test_authorities) {
            assert_eq!(mark.value, mark.value.to_lowercase());
            assert!(["CN", "O"].contains(&mark.attribute.as_str()) && !mark.by.is_empty());
        }
    }

    #[test]
    fn generators_and_authorities() {
        let by = |name| placeholder(name).map(|(mark, _)| mark.by.as_str());
        assert_eq!(by("CN=web,O=Internet Widgits Pty Ltd,ST=Some-State"), Some("`openssl req`"));
        assert_eq!(by("CN=TRAEFIK DEFAULT CERT"), Some("Traefik"));
        assert_eq!(by("CN=web,O=Acme Corporation"), None);
        let by = |name| test_authority(name).map(|(mark, _)| mark.by.as_str());
        assert_eq!(
            by("CN=(STAGING) Riddling Rhubarb R12,O=Let's Encrypt"),
            by("CN=Fake LE Intermediate X1")
        );
        assert_eq!(by("CN=mkcert a@b,OU=a@b,O=mkcert development CA"), Some("mkcert"));
        assert_eq!(by("CN=R12,O=Let's Encrypt,C=US"), None);
    }
}
