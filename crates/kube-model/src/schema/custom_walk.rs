//! The walk over a custom resource along its structural schema.
//!
//! The schema is read where it stands, in the tree of the definition. What it can say and this
//! does not check is taken as fulfilled: `allOf` and its like, `format`, CEL rules.

use std::collections::HashMap;

use careen_text::{Span, closest};
use careen_yaml::{Kind, Node, Scalar};
use regex::{Regex, RegexBuilder};

use super::report::{Defect, Problem};
use super::scalar::found;
use super::walk::{Step, Trail, place_in};
use crate::node::{field, items, present, text};
use crate::view::ObjectView;

/// Memory that one pattern may take once it is compiled, in bytes.
const PATTERN: usize = 1 << 20;
/// Patterns that are kept.
const PATTERNS: usize = 1000;
/// Fields and words that are compared with one value.
const WORDS: usize = 1000;

/// Patterns by their text; none where one does not compile.
#[derive(Debug, Default)]
pub(super) struct Patterns<'a>(HashMap<&'a str, Option<Regex>>);

impl<'a> Patterns<'a> {
    fn get(&mut self, text: &'a str) -> Option<&Regex> {
        if self.0.len() >= PATTERNS && !self.0.contains_key(text) {
            return None;
        }
        let compile = || RegexBuilder::new(text).size_limit(PATTERN).build().ok();
        self.0.entry(text).or_insert_with(compile).as_ref()
    }
}

/// What the object violates of a schema.
pub(super) fn check<'a>(
    view: ObjectView<'a>,
    schema: Node<'a>,
    preserves: bool,
    patterns: &mut Patterns<'a>,
) -> Vec<Problem> {
    let mut walk = Walk { trail: Trail::default(), preserves, patterns };
    walk.object(view.root(), schema, view.kind_span());
    walk.trail.problems
}

struct Walk<'a, 'p> {
    trail: Trail<'a>,
    preserves: bool,
    patterns: &'p mut Patterns<'a>,
}

impl<'a> Walk<'a, '_> {
    /// A value, with the place where what it lacks would be added.
    fn value(&mut self, node: Node<'a>, schema: Node<'a>, place: Span) {
        let Some(node) = present(node) else { return };
        let is_either = flag(schema, "x-kubernetes-int-or-string");
        let wanted = text(schema, "type").unwrap_or_default();
        let (words, fits) = match wanted {
            _ if is_either => {
                let fits = is_whole(node) || matches!(node.scalar(), Some(Scalar::Str(_)));
                ("a whole number or a string", fits)
            }
            "object" => ("a mapping", node.kind() == Kind::Mapping),
            "array" => ("a list", node.kind() == Kind::Sequence),
            "string" => ("a string", matches!(node.scalar(), Some(Scalar::Str(_)))),
            "boolean" => ("a boolean", matches!(node.scalar(), Some(Scalar::Bool(_)))),
            "integer" => ("a whole number", is_whole(node)),
            "number" => ("a number", node.as_f64().is_some()),
            _ => ("", true),
        };
        if !fits {
            let defect = Defect::Type { wanted: words, found: found(node) };
            return self.trail.say(node.span(), None, defect);
        }
        match node.kind() {
            Kind::Mapping => self.object(node, schema, place),
            Kind::Sequence => self.list(node, schema),
            Kind::Scalar => self.scalar(node, schema),
        }
    }

    fn object(&mut self, node: Node<'a>, schema: Node<'a>, place: Span) {
        let is_root = self.trail.steps.is_empty();
        let is_resource = is_root || flag(schema, "x-kubernetes-embedded-resource");
        let properties = field(schema, "properties");
        let others = field(schema, "additionalProperties");
        let is_open = self.preserves
            || properties.is_none()
            || others.is_some()
            || flag(schema, "x-kubernetes-preserve-unknown-fields");
        for entry in node.entries() {
            let Some(name) = entry.name() else { continue };
            if is_resource && matches!(name, "apiVersion" | "kind" | "metadata") {
                continue;
            }
            if !self.trail.down(Step::Key(name)) {
                return;
            }
            let property = properties.and_then(|properties| properties.get(name));
            match property.or(others) {
                Some(schema) if schema.kind() == Kind::Mapping => {
                    self.value(entry.value, schema, entry.key.span());
                }
                Some(_) => {}
                None if is_open => {}
                None => {
                    let known = properties.into_iter().flat_map(|node| node.entries());
                    let known = known.take(WORDS).filter_map(|entry| entry.name());
                    let meant = closest(name, known).map(str::to_owned);
                    let defect = Defect::Unknown { meant, elsewhere: None };
                    self.trail.say(entry.key.span(), None, defect);
                }
            }
            self.trail.up();
        }
        for name in items(schema, "required").filter_map(|name| name.text()) {
            if !self.trail.spend(1) {
                return;
            }
            let has_default = || {
                let property = properties.and_then(|properties| field(properties, name));
                property.is_some_and(|property| field(property, "default").is_some())
            };
            if field(node, name).is_none() && !has_default() {
                self.trail.say(place, Some(name), Defect::Missing);
            }
        }
        let count = || node.entries().count();
        self.count(node, schema, ["minProperties", "maxProperties"], "entry", "entries", &count);
    }

    fn list(&mut self, node: Node<'a>, schema: Node<'a>) {
        let count = || node.items().count();
        self.count(node, schema, ["minItems", "maxItems"], "item", "items", &count);
        if let Some(schema) = field(schema, "items").filter(|node| node.kind() == Kind::Mapping) {
            for (index, item) in node.items().enumerate() {
                if !self.trail.down(Step::Index(index)) {
                    return;
                }
                self.value(item, schema, place_in(item));
                self.trail.up();
            }
        }
        if text(schema, "x-kubernetes-list-type") == Some("map") {
            let keys: Vec<_> =
                items(schema, "x-kubernetes-list-map-keys").filter_map(|key| key.text()).collect();
            self.twice(node, &keys);
        }
    }

    fn twice(&mut self, node: Node<'a>, keys: &[&str]) {
        let Some(first) = keys.first() else { return };
        let mut seen = std::collections::HashSet::new();
        for (index, item) in node.items().enumerate() {
            let key: Option<Vec<_>> =
                keys.iter().map(|key| field(item, key).and_then(|node| node.text())).collect();
            let Some(key) = key else { continue };
            if !seen.insert(key) && self.trail.down(Step::Index(index)) {
                let span = item.get(first).map_or_else(|| item.span(), |node| node.span());
                let bound = format!("another item has the same `{}`", keys.join(","));
                self.trail.say(span, None, Defect::Bound(bound));
                self.trail.up();
            }
        }
    }

    fn scalar(&mut self, node: Node<'a>, schema: Node<'a>) {
        let Some(scalar) = node.scalar() else { return };
        if let Some(words) = field(schema, "enum").filter(|words| words.kind() == Kind::Sequence)
            && words.items().nth(WORDS).is_none()
            && words.items().all(|word| !word.scalar().is_some_and(|word| is_same(word, scalar)))
        {
            let texts = || words.items().filter_map(|word| word.text());
            let meant = node.text().and_then(|text| closest(text, texts())).map(str::to_owned);
            let values = texts().take(20).map(str::to_owned).collect();
            return self.trail.say(node.span(), None, Defect::Word { values, meant });
        }
        let bound = match scalar {
            Scalar::Str(value) => self.text_bound(value, schema),
            _ => node.as_f64().and_then(|value| number_bound(value, schema)),
        };
        if let Some(bound) = bound {
            self.trail.say(node.span(), None, Defect::Bound(bound));
        }
    }

    fn text_bound(&mut self, value: &str, schema: Node<'a>) -> Option<String> {
        if let Some(least) = size(schema, "minLength").filter(|least| *least > 0)
            && value.chars().take(least).count() < least
        {
            return Some(format!(
                "it has fewer than {}",
                counted(least, "character", "characters")
            ));
        }
        if let Some(most) = size(schema, "maxLength")
            && value.len() > most
            && value.chars().count() > most
        {
            return Some(format!("it has more than {}", counted(most, "character", "characters")));
        }
        let pattern = text(schema, "pattern")?;
        // A long text that aliases repeat is work.
        if !self.trail.spend(value.len() / 64) {
            return None;
        }
        let regex = self.patterns.get(pattern)?;
        (!regex.is_match(value)).then(|| "it does not match the pattern of the field".to_owned())
    }

    fn count(
        &mut self,
        node: Node<'a>,
        schema: Node<'a>,
        bounds: [&str; 2],
        one: &str,
        many: &str,
        count: &dyn Fn() -> usize,
    ) {
        let [least, most] = bounds.map(|bound| size(schema, bound));
        let count = if least.is_some() || most.is_some() { count() } else { return };
        let bound = if let Some(least) = least.filter(|least| count < *least) {
            format!("it has fewer than {}", counted(least, one, many))
        } else if let Some(most) = most.filter(|most| count > *most) {
            format!("it has more than {}", counted(most, one, many))
        } else {
            return;
        };
        self.trail.say(node.span(), None, Defect::Bound(bound));
    }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn number_bound(value: f64, schema: Node<'_>) -> Option<String> {
    let bound = |key| field(schema, key).and_then(|node| Some((node.as_f64()?, node.text()?)));
    if let Some((least, text)) = bound("minimum") {
        if flag(schema, "exclusiveMinimum") && value <= least {
            return Some(format!("it is not more than {text}"));
        }
        if value < least {
            return Some(format!("it is less than {text}"));
        }
    }
    if let Some((most, text)) = bound("maximum") {
        if flag(schema, "exclusiveMaximum") && value >= most {
            return Some(format!("it is not less than {text}"));
        }
        if value > most {
            return Some(format!("it is more than {text}"));
        }
    }
    None
}

fn flag(schema: Node<'_>, key: &str) -> bool {
    field(schema, key).and_then(|node| node.as_bool()) == Some(true)
}

fn size(schema: Node<'_>, key: &str) -> Option<usize> {
    usize::try_from(field(schema, key)?.as_i64()?).ok()
}

fn is_whole(node: Node<'_>) -> bool {
    match node.scalar() {
        Some(Scalar::Int(_) | Scalar::BigInt(_)) => true,
        Some(Scalar::Float(value)) => value.fract() == 0.0,
        _ => false,
    }
}

/// Whether two scalars are one JSON value.
fn is_same(a: Scalar<'_>, b: Scalar<'_>) -> bool {
    #[allow(clippy::cast_precision_loss, reason = "JSON has no other numbers")]
    let number = |scalar| match scalar {
        Scalar::Int(value) => Some(value as f64),
        Scalar::BigInt(value) => Some(value as f64),
        Scalar::Float(value) => Some(value),
        _ => None,
    };
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}
