//! Contacts in YAML and JSON: a list of mappings with a role, or a mapping from roles.

use careen_yaml::{Kind, Node, Tree};

use super::Contact;

/// How deep contacts are looked for.
const DEPTH: usize = 6;
/// The most contacts that are kept.
const MOST: usize = 5_000;
/// Keys whose value says the role.
const ROLE: [&str; 6] = ["role", "roles", "title", "function", "responsibility", "for"];
/// Keys whose value says when, not who.
const OTHER: [&str; 6] = ["hours", "timezone", "time_zone", "notes", "reviewed", "schedule"];

/// The contacts, in order.
pub(super) fn contacts(tree: &Tree) -> Vec<Contact> {
    let mut found = Vec::new();
    for root in tree.documents().filter_map(|document| document.root()) {
        visit(root, "", DEPTH, &mut found);
    }
    found
}

fn visit(node: Node<'_>, role: &str, depth: usize, found: &mut Vec<Contact>) {
    if depth == 0 || found.len() >= MOST {
        return;
    }
    match node.kind() {
        Kind::Sequence => {
            for item in node.items() {
                visit(item, role, depth - 1, found);
            }
        }
        Kind::Mapping => {
            let own = ROLE.iter().find_map(|key| node.get(key)).map(texts);
            let role = own.as_ref().map_or(role.to_owned(), |own| own.join(" "));
            let parts: Vec<String> = node
                .entries()
                .filter(|entry| {
                    let name = entry.name().unwrap_or_default();
                    !ROLE.contains(&name) && !OTHER.contains(&name)
                })
                .filter(|entry| own.is_some() || entry.value.kind() != Kind::Mapping)
                .flat_map(|entry| texts(entry.value))
                .collect();
            found.push(Contact { span: head(node), role: role.clone(), parts });
            if own.is_none() {
                for entry in node.entries() {
                    let key = entry.name().unwrap_or_default();
                    // `name`, `phone` and the like are parts of one contact.
                    let is_part = super::LABELS.contains(&key.to_lowercase().as_str());
                    if !is_part {
                        visit(entry.value, &format!("{role} {key}"), depth - 1, found);
                    }
                }
            }
        }
        Kind::Scalar => {
            let parts = vec![node.text().unwrap_or_default().to_owned()];
            found.push(Contact { span: node.span(), role: role.to_owned(), parts });
        }
    }
}

/// The scalars of a value, or of the list or mapping that it is.
fn texts(node: Node<'_>) -> Vec<String> {
    let below = node.items().chain(node.entries().map(|entry| entry.value));
    let all = std::iter::once(node).chain(below);
    all.filter_map(|each| each.text()).filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

/// The first entry of a mapping, which stands for all of it.
fn head(node: Node<'_>) -> careen_text::Span {
    let first = node.entries().next();
    first.map_or_else(|| node.span(), |entry| entry.key.span().cover(entry.value.span()))
}
