//! Relations between the objects of a repository, indexed once per check.
//!
//! Manifests without a namespace agree with every namespace, and a repository holds bases and
//! overlays side by side: whatever is supplied anywhere counts as supplied. Rules decide what a
//! relation means.

mod charts;
pub(crate) mod keys;
mod makers;
mod mentions;
mod multimap;
mod names;
mod policies;
mod providers;
mod scalers;
mod service_names;
mod services;
mod workloads;

use careen_kube_model::field;
use careen_text::Span;
use careen_yaml::{Kind, Node, Style};

pub(crate) use charts::has_charts;
pub(crate) use makers::Makers;
pub(crate) use mentions::{Mention, Mentions};
pub(crate) use names::Names;
pub(crate) use policies::{Policies, Policy, Selects, directions};
pub(crate) use providers::Providers;
pub(crate) use scalers::Scalers;
pub(crate) use service_names::{Answer, ServiceNames};
pub(crate) use services::{backends, has_port, selector_of, shown_ports};
pub(crate) use workloads::{Workload, Workloads, is_complete};

/// Other places that one finding names; a reader needs an example, not all.
pub(crate) const RELATED: usize = 10;

/// The text of a scalar field that is there.
pub(crate) fn text<'a>(node: Node<'a>, key: &str) -> Option<&'a str> {
    field(node, key)?.text()
}

/// Where to point at a value on one line: the value itself, or the first entry of a block mapping.
pub(crate) fn short_span(node: Node<'_>) -> Span {
    if node.style() != Style::Block {
        return node.span();
    }
    match node.kind() {
        Kind::Mapping => node.entries().next().map_or_else(
            || node.span(),
            |entry| {
                let (key, value) = (entry.key.span(), entry.value.span());
                let is_short = entry.value.kind() == Kind::Scalar
                    && !matches!(entry.value.style(), Style::Literal | Style::Folded)
                    && value.start >= key.start;
                if is_short { Span::new(key.start, value.end) } else { key }
            },
        ),
        Kind::Sequence => node.items().next().map_or_else(
            || node.span(),
            |item| match item.kind() {
                Kind::Mapping => short_span(item),
                _ => item.span(),
            },
        ),
        Kind::Scalar => node.span(),
    }
}

/// A selector's equalities for a message: "`app: web`, `tier: db`".
pub(crate) fn pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    const SHOWN: usize = 5;
    let mut text = String::new();
    for (index, (key, value)) in pairs.enumerate() {
        if index == SHOWN {
            text.push_str(", …");
            break;
        }
        if index > 0 {
            text.push_str(", ");
        }
        text.push_str(&format!("`{key}: {value}`"));
    }
    text
}

#[cfg(test)]
mod tests;
