//! The walk over an object along its definition.

use std::fmt::Write as _;

use careen_text::{Span, closest};
use careen_yaml::{Entry, Kind, Node, Scalar};

use super::report::{Defect, Problem, Report};
use super::scalar;
use super::table::{Field, Leaf, Table};
use crate::node::present;
use crate::version::KubernetesVersion;
use crate::view::ObjectView;

/// Violations of one object that are told.
const PROBLEMS: usize = 100;
/// Values nest this deep at most; only aliases that hold themselves nest deeper.
const DEPTH: usize = 256;
/// Values of one object that are looked at, aliases followed. What etcd stores has fewer.
const VALUES: usize = 200_000;

/// Checks an object whose kind has that definition.
pub(super) fn check(
    table: &'static Table,
    definition: u32,
    minor: u8,
    view: ObjectView<'_>,
) -> Report {
    let trail = Trail::default();
    let mut walk = Walk { table, minor, trail, is_status: false };
    walk.object(view.root(), definition, view.kind_span());
    Report { problems: walk.trail.problems, known: true }
}

/// One step down from a value.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// Where a walk is and what it found.
#[derive(Default)]
pub(super) struct Trail<'a> {
    pub(super) steps: Vec<Step<'a>>,
    pub(super) problems: Vec<Problem>,
    /// Values that were looked at.
    values: usize,
}

impl<'a> Trail<'a> {
    /// Goes a step down, unless a limit is reached.
    pub(super) fn down(&mut self, step: Step<'a>) -> bool {
        if self.steps.len() >= DEPTH || !self.spend(1) {
            return false;
        }
        self.steps.push(step);
        true
    }

    /// Counts work that is like looking at so many values; false when it was enough.
    pub(super) fn spend(&mut self, values: usize) -> bool {
        self.values = self.values.saturating_add(values);
        self.values <= VALUES && self.problems.len() < PROBLEMS
    }

    pub(super) fn up(&mut self) {
        self.steps.pop();
    }

    /// Notes a violation here, or of a field that should be here.
    pub(super) fn say(&mut self, span: Span, field: Option<&str>, defect: Defect) {
        if self.problems.len() < PROBLEMS {
            let path = self.path(field);
            self.problems.push(Problem { span, path, defect });
        }
    }

    fn path(&self, field: Option<&str>) -> String {
        let mut path = String::new();
        let last = field.map(Step::Key);
        for step in self.steps.iter().copied().chain(last) {
            match step {
                Step::Key(key) if path.is_empty() => path.push_str(key),
                Step::Key(key) => {
                    path.push('.');
                    path.push_str(key);
                }
                Step::Index(index) => {
                    let _ = write!(path, "[{index}]");
                }
            }
        }
        path
    }
}

struct Walk<'a> {
    table: &'static Table,
    minor: u8,
    trail: Trail<'a>,
    /// Inside `status`, which the API server decodes and then throws away.
    is_status: bool,
}

impl<'a> Walk<'a> {
    /// A mapping with fields. `place` is where a field that is missing would be added.
    fn object(&mut self, node: Node<'a>, definition: u32, place: Span) {
        if node.kind() != Kind::Mapping {
            let defect = Defect::Type { wanted: "a mapping", found: scalar::found(node) };
            return self.trail.say(node.span(), None, defect);
        }
        let table = self.table;
        let fields = table.fields(definition);
        let is_root = self.trail.steps.is_empty();
        for entry in node.entries() {
            let Some(name) = entry.name() else { continue };
            if !self.trail.down(Step::Key(name)) {
                return;
            }
            match find(fields, name, self.minor) {
                Ok(field) => {
                    self.is_status |= is_root && name == "status";
                    self.value(entry.value, field.outer, field, entry.key.span());
                    self.is_status &= !is_root;
                }
                Err(other) => self.unknown(entry, fields, other),
            }
            self.trail.up();
        }
        if self.is_status {
            return;
        }
        let required = fields.iter().filter(|field| field.required && field.minors.has(self.minor));
        for field in required {
            if node.get(field.name).and_then(present).is_none() {
                self.trail.say(place, Some(field.name), Defect::Missing);
            }
        }
    }

    fn unknown(&mut self, entry: Entry<'_>, fields: &[Field], other: Option<&Field>) {
        let elsewhere = other.map(|field| {
            let minor = |minor| KubernetesVersion::minor(u16::from(minor));
            (minor(field.minors.since), minor(field.minors.until))
        });
        let name = entry.name().unwrap_or_default();
        let known = fields.iter().filter(|field| field.minors.has(self.minor));
        let meant = match elsewhere {
            Some(_) => None,
            None => closest(name, known.map(|field| field.name)).map(str::to_owned),
        };
        self.trail.say(entry.key.span(), None, Defect::Unknown { meant, elsewhere });
    }

    /// A value of a field, with `outer` left of what is around its type.
    fn value(&mut self, node: Node<'a>, outer: &'static str, field: &'static Field, key: Span) {
        // Of a scalar the meaning is found out once: it is what costs.
        let scalar = node.scalar();
        if node.kind() == Kind::Scalar && matches!(scalar, None | Some(Scalar::Null)) {
            return;
        }
        match outer.split_at_checked(1) {
            Some(("[", inner)) => self.list(node, inner, field),
            Some((_, inner)) => self.mapping(node, inner, field),
            None => match field.leaf {
                Leaf::Object(definition) => self.object(node, definition, key),
                leaf => {
                    if let Some(defect) = scalar::check(node, scalar, leaf) {
                        self.trail.say(node.span(), None, defect);
                    } else if !field.values.is_empty() && !self.is_status {
                        self.word(node, field.values);
                    }
                }
            },
        }
    }

    fn list(&mut self, node: Node<'a>, inner: &'static str, field: &'static Field) {
        if node.kind() != Kind::Sequence {
            let defect = Defect::Type { wanted: "a list", found: scalar::found(node) };
            return self.trail.say(node.span(), None, defect);
        }
        for (index, item) in node.items().enumerate() {
            if !self.trail.down(Step::Index(index)) {
                return;
            }
            self.value(item, inner, field, place_in(item));
            self.trail.up();
        }
        if !field.keys.is_empty() && !self.is_status {
            self.twice(node, field.keys);
        }
    }

    fn mapping(&mut self, node: Node<'a>, inner: &'static str, field: &'static Field) {
        if node.kind() != Kind::Mapping {
            let defect = Defect::Type { wanted: "a mapping", found: scalar::found(node) };
            return self.trail.say(node.span(), None, defect);
        }
        if inner.is_empty() && field.leaf == Leaf::Any {
            return;
        }
        for entry in node.entries() {
            let name = entry.name().unwrap_or_default();
            if !self.trail.down(Step::Key(name)) {
                return;
            }
            self.value(entry.value, inner, field, entry.key.span());
            self.trail.up();
        }
    }

    /// A word that the field does not take. The empty one is absent.
    fn word(&mut self, node: Node<'_>, values: &str) {
        let Some(text) = node.text().filter(|text| !text.is_empty()) else { return };
        if values.split(',').all(|value| value != text) {
            let meant = closest(text, values.split(',')).map(str::to_owned);
            let values = values.split(',').map(str::to_owned).collect();
            self.trail.say(node.span(), None, Defect::Word { values, meant });
        }
    }

    /// Items of a list with one key.
    fn twice(&mut self, node: Node<'a>, keys: &'static str) {
        let Some(first) = keys.split(',').next() else { return };
        let mut items: Vec<(ItemKey<'a>, usize, Span)> = Vec::new();
        for (index, item) in node.items().enumerate() {
            let Some(key) = item_key(item, keys) else { continue };
            let span = item.get(first).map_or_else(|| item.span(), |node| node.span());
            items.push((key, index, span));
        }
        if items.len() < 2 {
            return;
        }
        items.sort_unstable_by_key(|item| (item.0, item.1));
        let mut start = 0;
        let mut found = Vec::new();
        for (at, item) in items.iter().enumerate() {
            match items.get(start) {
                Some(first) if at > start && first.0 == item.0 => {
                    found.push((item.1, item.2, first.2));
                }
                _ => start = at,
            }
        }
        found.sort_unstable();
        for (index, span, first) in found {
            if self.trail.down(Step::Index(index)) {
                self.trail.say(span, None, Defect::Twice { keys, first });
                self.trail.up();
            }
        }
    }
}

/// The texts of up to four fields.
type ItemKey<'a> = [&'a str; 4];

/// The key of an item; none where a part of it is not there.
fn item_key<'a>(item: Node<'a>, keys: &str) -> Option<ItemKey<'a>> {
    let mut found: ItemKey<'a> = Default::default();
    for (slot, key) in found.iter_mut().zip(keys.split(',')) {
        *slot = match item.get(key).and_then(present) {
            Some(node) => node.text()?,
            // The one key that has a default.
            None if key == "protocol" => "TCP",
            None => return None,
        };
    }
    Some(found)
}

/// Where a field that an item of a list lacks would be added: at its first key.
pub(super) fn place_in(item: Node<'_>) -> Span {
    item.entries().next().map_or_else(|| item.span(), |entry| entry.key.span())
}

/// The field of that name in that version; else the same field of another version.
fn find<'t>(fields: &'t [Field], name: &str, minor: u8) -> Result<&'t Field, Option<&'t Field>> {
    let from = fields.partition_point(|field| field.name < name);
    let rows = fields.get(from..).unwrap_or_default();
    let mut other = None;
    for field in rows.iter().take_while(|field| field.name == name) {
        if field.minors.has(minor) {
            return Ok(field);
        }
        other = Some(field);
    }
    Err(other)
}
