//! What the structure of any YAML or JSON adds to the plain text: names and values in pairs, lists
//! of words, and texts within texts.

mod arguments;
mod pairs;
mod texts;

pub(crate) use texts::name_of;

use careen_model::{File, FileKind};
use careen_rule::{Confidence, redact};
use careen_text::Span;
use careen_yaml::{Kind, Limits, Node, Tree, Visit};

use crate::assign::{Class, judge};
use crate::check::Find;
use crate::context::Context;
use crate::decode::Budget;
use crate::files;
use crate::hit::{Hit, join, rank};
use crate::scan::Notes;

/// Larger files are read as text only, unless they hold manifests, in bytes.
const LARGEST: usize = 8 << 20;
/// Nodes of a file that are looked at.
const MOST_NODES: usize = 2_000_000;
/// Keys under which schemas describe values instead of holding them.
const SCHEMAS: &[&str] = &[
    "properties",
    "patternProperties",
    "schemas",
    "openAPIV3Schema",
    "definitions",
    "$defs",
    "securitySchemes",
    "variables_schema",
];

/// Adds what the tree of a file shows. A tree is made only where the text promises something.
pub(crate) fn refine(
    file: &File,
    context: Context,
    notes: &Notes,
    budget: &mut Budget<'_>,
    hits: &mut Vec<Hit>,
) {
    let text = file.source.text();
    let known = matches!(file.kind, FileKind::Yaml | FileKind::Json);
    let made;
    let tree = match &file.tree {
        Some(tree) => tree,
        None => {
            let wanted = (known && notes.promised) || files::wants_tree(file);
            if !wanted
                || text.len() > LARGEST
                || file.template.is_some()
                || careen_yaml::is_templated(text).is_some()
            {
                return;
            }
            made = careen_yaml::parse(&file.source, &Limits::default());
            &made
        }
    };
    join(read(tree, context, budget), hits);
}

fn read(tree: &Tree, context: Context, budget: &mut Budget<'_>) -> Vec<Hit> {
    let mut pass = Pass { context, budget, found: Vec::new(), nodes: 0 };
    for document in tree.documents() {
        if let Some(root) = document.root() {
            pass.document(root);
        }
    }
    pass.found
}

/// One pass over the documents of a file.
struct Pass<'b, 'a> {
    context: Context,
    budget: &'b mut Budget<'a>,
    found: Vec<Hit>,
    nodes: usize,
}

impl Pass<'_, '_> {
    fn document(&mut self, root: Node<'_>) {
        if files::document(root, self.context, &mut self.found) {
            return;
        }
        let mut keys: Vec<&str> = Vec::new();
        // What stands deeper than this is left out.
        let mut floor = usize::MAX;
        for visit in root.walk() {
            self.nodes += 1;
            if self.nodes > MOST_NODES {
                return;
            }
            if visit.depth > floor || visit.aliased {
                continue;
            }
            floor = usize::MAX;
            keys.truncate(visit.depth);
            let parent = keys.last().copied().unwrap_or("");
            let key = visit.key.and_then(|key| key.text()).unwrap_or("");
            keys.push(key);
            if is_left_out(visit, key) {
                floor = visit.depth;
                continue;
            }
            match visit.node.kind() {
                Kind::Mapping => pairs::read(self, key, visit.node),
                Kind::Sequence => arguments::read(self, visit.node),
                Kind::Scalar => texts::read(self, parent, key, visit.node),
            }
        }
    }

    /// Adds a value that is given to a name, where it may be a secret.
    fn named(&mut self, name: &str, class: Class, value: Node<'_>) {
        let Some(text) = value.text() else { return };
        if value.tag() == Some("!vault") {
            return;
        }
        let Some(confidence) = judge(text.trim(), class, true, self.context) else { return };
        let Some(derived) = value.derived() else { return };
        let hit = assigned(name, class, confidence, text.trim(), derived.whole());
        self.found.extend(hit);
    }
}

/// Secrets and ConfigMaps are read as what they are, and schemas hold no values.
fn is_left_out(visit: Visit<'_>, key: &str) -> bool {
    if visit.node.kind() != Kind::Mapping {
        return false;
    }
    let text = |key| visit.node.get(key).and_then(|node| node.text());
    if matches!(text("kind"), Some("Secret" | "ConfigMap")) && text("apiVersion") == Some("v1") {
        return true;
    }
    SCHEMAS.contains(&key)
        && visit.node.entries().take(8).any(|entry| {
            ["type", "$ref", "description", "properties", "oneOf", "anyOf", "allOf"]
                .iter()
                .any(|word| entry.value.get(word).is_some())
        })
}

/// The hit for a literal that is given to a name.
fn assigned(
    name: &str,
    class: Class,
    confidence: Confidence,
    value: &str,
    at: Span,
) -> Option<Hit> {
    let (find, noun) = match class {
        Class::Password => (Find::Password, "password"),
        Class::Secret => (Find::Secret, "secret"),
    };
    let name = crate::manifest::cut(name);
    let message = format!("`{name}` is assigned a literal {noun}");
    let evidence = format!("{name} {}", redact(value, 0));
    let mut hit = Hit::new(find.rule()?, at, rank::NODE, message, evidence);
    hit.confidence = confidence;
    Some(hit)
}
