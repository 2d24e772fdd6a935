use std::fmt;

use serde_json::Value;

/// The name of an object, with its namespace if it has one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    pub(crate) namespace: String,
    pub(crate) name: String,
}

impl Name {
    pub(crate) fn new(namespace: &str, name: &str) -> Self {
        Self { namespace: word(namespace), name: word(name) }
    }

    pub(super) fn of(object: &Value) -> Option<Self> {
        let metadata = object.get("metadata")?;
        let text = |key: &str| metadata.get(key).and_then(Value::as_str);
        let name = text("name").filter(|name| !name.is_empty())?;
        Some(Self::new(text("namespace").unwrap_or_default(), name))
    }

    /// Another object in the same namespace.
    pub(crate) fn beside(&self, name: &str) -> Self {
        Self { namespace: self.namespace.clone(), name: word(name) }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() {
            f.write_str(&self.name)
        } else {
            write!(f, "{}/{}", self.namespace, self.name)
        }
    }
}

/// A name or reason out of a dump: no longer than a name can be, and nothing that moves a cursor.
pub(crate) fn word(text: &str) -> String {
    let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().take(253).map(clean).collect()
}
