//! References within a description.

use careen_yaml::{Kind, Node};

use super::{Api, is_extension};
use crate::place::cut;

/// How deep references are looked for.
const DEPTH: usize = 100;
/// The most nodes that are visited; aliases make more of few.
const NODES: usize = 500_000;
/// Values that are data and no part of the description.
const DATA: [&str; 5] = ["example", "examples", "default", "enum", "const"];

/// Tells the references that lead nowhere.
pub(super) fn check(api: &mut Api<'_>) {
    // With an `$id` a schema has a base of its own.
    if api.root.source().text().contains("$id") {
        return;
    }
    let mut left = NODES;
    let mut found = Vec::new();
    collect(api.root, DEPTH, &mut left, &mut found);
    for node in found {
        let Some(text) = node.text() else { continue };
        if is_local(text) && target(api.root, text).is_none() {
            let message = format!("`{}` leads nowhere", cut(text));
            api.tell(node.span(), format!("$ref {}", cut(text)), message);
        }
    }
}

/// Whether a reference leads to a place in the same file.
fn is_local(text: &str) -> bool {
    text == "#" || text.starts_with("#/")
}

fn collect<'t>(node: Node<'t>, depth: usize, left: &mut usize, found: &mut Vec<Node<'t>>) {
    if depth == 0 || *left == 0 {
        return;
    }
    *left -= 1;
    match node.kind() {
        Kind::Scalar => {}
        Kind::Sequence => {
            for item in node.items() {
                collect(item, depth - 1, left, found);
            }
        }
        Kind::Mapping => {
            for entry in node.entries() {
                let name = entry.name().unwrap_or_default();
                if name == "$ref" && entry.value.kind() == Kind::Scalar {
                    found.push(entry.value);
                } else if !is_extension(name) && !DATA.contains(&name) {
                    collect(entry.value, depth - 1, left, found);
                }
            }
        }
    }
}

/// Where a JSON pointer such as `#/components/schemas/Order` leads.
pub(super) fn target<'t>(root: Node<'t>, reference: &str) -> Option<Node<'t>> {
    let pointer = reference.strip_prefix('#')?;
    if pointer.is_empty() {
        return Some(root);
    }
    let decoded = crate::links::percent_decoded(pointer.strip_prefix('/')?)?;
    decoded.split('/').try_fold(root, |node, part| {
        let key = part.replace("~1", "/").replace("~0", "~");
        match node.kind() {
            Kind::Sequence => node.items().nth(key.parse().ok()?),
            _ => node.get(&key),
        }
    })
}
