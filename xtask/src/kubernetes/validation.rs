//! What the published schemas do not say: `policies/kubernetes/validation.yaml`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde::Deserialize;

/// The file, with a memory of what was asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Validation {
    /// Words a field takes.
    values: BTreeMap<String, Vec<String>>,
    /// Fields that need not be there.
    optional: BTreeSet<String>,
    /// Types that take anything.
    any: BTreeSet<String>,
    #[serde(skip)]
    used: RefCell<BTreeSet<String>>,
}

impl Validation {
    pub(super) fn read(text: &str) -> Result<Self> {
        Ok(serde_yaml::from_str(text)?)
    }

    /// The words the field takes; empty for any.
    pub(super) fn values(&self, definition: &str, field: &str) -> Vec<String> {
        let names = names(definition, Some(field));
        let found = names.iter().find_map(|name| self.values.get_key_value(name));
        found.map(|(name, values)| self.using(name, values.clone())).unwrap_or_default()
    }

    /// Whether the API server does without the field.
    pub(super) fn is_optional(&self, definition: &str, field: &str) -> bool {
        self.lists(&self.optional, &names(definition, Some(field)))
    }

    /// Whether the type takes anything.
    pub(super) fn is_any(&self, definition: &str) -> bool {
        self.lists(&self.any, &names(definition, None))
    }

    /// Names in the file that nothing asked for.
    pub(super) fn unused(&self) -> Vec<&str> {
        let used = self.used.borrow();
        let all = self.values.keys().chain(&self.optional).chain(&self.any);
        all.map(String::as_str).filter(|name| !used.contains(*name)).collect()
    }

    fn lists(&self, set: &BTreeSet<String>, names: &[String]) -> bool {
        names.iter().any(|name| set.contains(name) && self.using(name, true))
    }

    fn using<T>(&self, name: &str, value: T) -> T {
        self.used.borrow_mut().insert(name.to_owned());
        value
    }
}

/// The names something goes by: as it is, and with `*` for the version.
fn names(definition: &str, field: Option<&str>) -> [String; 2] {
    let field = field.map(|field| format!(".{field}")).unwrap_or_default();
    let any = match definition.split('.').collect::<Vec<_>>().as_slice() {
        [package, _, name] => format!("{package}.*.{name}{field}"),
        _ => String::new(),
    };
    [format!("{definition}{field}"), any]
}
