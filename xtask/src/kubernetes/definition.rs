//! One definition over all versions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::validation::Validation;

/// A set of minor versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Minors(u64);

impl Minors {
    pub(super) fn add(&mut self, minor: u8) {
        self.0 |= 1 << minor;
    }

    fn has(self, minor: u8) -> bool {
        self.0 & (1 << minor) != 0
    }

    /// The unbroken ranges it is made of.
    pub(super) fn ranges(self) -> Vec<Self> {
        let mut ranges = Vec::new();
        let mut range = Self::default();
        for minor in 0..64 {
            if self.has(minor) {
                range.add(minor);
            } else if range != Self::default() {
                ranges.push(std::mem::take(&mut range));
            }
        }
        ranges
    }
}

impl fmt::Display for Minors {
    /// From the first to the last.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = 63 - self.0.leading_zeros().min(63);
        write!(formatter, "{}-{last}", self.0.trailing_zeros())
    }
}

/// What a type is made of.
#[derive(Default)]
pub(super) struct Definition {
    pub(super) minors: Minors,
    /// (`apiVersion`, kind) of objects that are of this type.
    pub(super) kinds: BTreeMap<(String, String), Minors>,
    /// (name, type) of its fields.
    pub(super) fields: BTreeMap<(String, String), Field>,
    /// Fields that must be there. The newest version that has a field decides: schemas are
    /// corrected in time, while the API stays what it was.
    pub(super) required: BTreeSet<String>,
}

/// A field of one type.
#[derive(Default)]
pub(super) struct Field {
    pub(super) shape: String,
    pub(super) minors: Minors,
    /// Fields that tell the items of a list apart.
    pub(super) keys: Vec<String>,
    /// The words it takes.
    pub(super) values: Vec<String>,
}

impl Definition {
    /// Adds the fields of one version; returns the full names of the definitions they use.
    pub(super) fn add(
        &mut self,
        minor: u8,
        name: &str,
        schema: &Value,
        validation: &Validation,
    ) -> Result<Vec<String>> {
        self.minors.add(minor);
        let mut targets = Vec::new();
        let none = serde_json::Map::new();
        let fields = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
        let package = name.rsplit_once('.').map_or("", |(package, _)| package);
        let required = list(schema, "required");
        for (field, schema) in fields {
            let mut shape = Shape { package, validation, targets: &mut targets };
            let shape = shape.of(schema).with_context(|| format!("{name}.{field}"))?;
            let row = self.fields.entry((field.clone(), shape.clone())).or_default();
            row.shape = shape;
            row.minors.add(minor);
            // The newest version decides here too: a list without keys is only not checked.
            row.keys = keys(schema);
            row.values = validation.values(name, field);
            if required.contains(field) && !validation.is_optional(name, field) {
                self.required.insert(field.clone());
            } else {
                self.required.remove(field);
            }
        }
        Ok(targets)
    }
}

/// The keys of a list that the API server treats as a mapping.
fn keys(schema: &Value) -> Vec<String> {
    let is_map = schema.get("x-kubernetes-list-type").and_then(Value::as_str) == Some("map");
    if is_map { list(schema, "x-kubernetes-list-map-keys") } else { Vec::new() }
}

fn list(schema: &Value, key: &str) -> Vec<String> {
    let items = schema.get(key).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

struct Shape<'a> {
    /// The package of the definition: names from it are written without it.
    package: &'a str,
    validation: &'a Validation,
    targets: &'a mut Vec<String>,
}

impl Shape<'_> {
    fn of(&mut self, schema: &Value) -> Result<String> {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let full = reference.rsplit('/').next().unwrap_or_default();
            return Ok(self.named(full));
        }
        // A type is a word, or the word and `null`.
        let word = match schema.get("type") {
            Some(Value::Array(words)) => words.first().and_then(Value::as_str),
            Some(word) => word.as_str(),
            None => None,
        };
        let format = schema.get("format").and_then(Value::as_str);
        Ok(match (word, format) {
            (Some("string"), Some("date-time")) => "t".to_owned(),
            (Some("string"), None | Some("byte")) => "s".to_owned(),
            (Some("boolean"), None) => "b".to_owned(),
            (Some("integer"), Some("int32")) => "i".to_owned(),
            (Some("integer"), Some("int64")) => "l".to_owned(),
            (Some("number"), Some("double")) => "n".to_owned(),
            (Some("array"), None) => {
                format!("[{}", self.of(schema.get("items").context("a list of what?")?)?)
            }
            (Some("object"), None) => match schema.get("additionalProperties") {
                Some(values) => format!("{{{}", self.of(values)?),
                None => "{*".to_owned(),
            },
            _ => bail!("a type of no known form: {word:?} {format:?}"),
        })
    }

    fn named(&mut self, full: &str) -> String {
        let name = short(full);
        match name.as_str() {
            "resource.Quantity" => return "q".to_owned(),
            "intstr.IntOrString" => return "p".to_owned(),
            "meta.v1.Time" | "meta.v1.MicroTime" => return "t".to_owned(),
            _ if self.validation.is_any(&name) => return "*".to_owned(),
            _ => {}
        }
        self.targets.push(full.to_owned());
        let own = name.strip_prefix(self.package).and_then(|rest| rest.strip_prefix('.'));
        format!("@{}", own.unwrap_or(&name))
    }
}

/// A definition's name from its package on: `io.k8s.api.core.v1.Pod` is `core.v1.Pod`.
pub(super) fn short(full: &str) -> String {
    let parts: Vec<_> = full.split('.').collect();
    // `v1` or the like is the last but one; some types of the machinery have no version.
    let is_versioned = parts.iter().rev().nth(1).is_some_and(|part| {
        part.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    let kept = if is_versioned { 3 } else { 2 };
    parts.get(parts.len().saturating_sub(kept)..).unwrap_or_default().join(".")
}

#[cfg(test)]
mod tests {
    use super::{Minors, short};

    #[test]
    fn names_are_shortened() {
        assert_eq!(short("io.k8s.api.core.v1.Pod"), "core.v1.Pod");
        assert_eq!(short("io.k8s.apimachinery.pkg.apis.meta.v1.Time"), "meta.v1.Time");
        assert_eq!(short("io.k8s.apimachinery.pkg.api.resource.Quantity"), "resource.Quantity");
    }

    #[test]
    fn versions_are_ranges() {
        let mut minors = Minors::default();
        for minor in [25, 26, 28] {
            minors.add(minor);
        }
        let ranges: Vec<_> = minors.ranges().iter().map(ToString::to_string).collect();
        assert_eq!(ranges, ["25-26", "28-28"]);
    }
}
