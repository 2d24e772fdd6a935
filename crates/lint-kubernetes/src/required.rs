//! Labels and annotations that a user's configuration asks for.

use careen_kube_model::{Labels, ObjectView, field};
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, fits};
use careen_text::Span;

use crate::place::cut;
use crate::relations::short_span;

/// Kinds that the option `kinds` limits a rule to.
pub(crate) const KINDS: RuleOption = RuleOption {
    name: "kinds",
    kind: OptionKind::Words,
    summary: "Kinds the rule looks at, with `*` for any text; without it, all but lists and \
              configuration of tools.",
};

/// Whether the user wants objects of this kind to be judged.
pub(crate) fn is_asked_for(view: ObjectView<'_>, rule: &str, context: &Context) -> bool {
    let kinds = context.options.words(rule, KINDS.name);
    kinds.is_empty() || kinds.iter().any(|kind| fits(kind, view.kind()))
}

/// Reports entries that are missing from the metadata of an object, or have another value.
pub(crate) fn check(
    view: ObjectView<'_>,
    noun: &str,
    list: &str,
    entries: Labels<'_>,
    wanted: &[(String, String)],
    out: &mut Sink<'_>,
) {
    for (name, pattern) in wanted {
        match entries.get_node(name) {
            None => {
                let message = format!("{} has no {noun} `{}`", view.display(), cut(name));
                out.report(place(view, list), message).evidence(cut(name));
            }
            Some(node) => {
                let value = entries.get(name).unwrap_or_default();
                if value.is_empty() || !fits(pattern, value) {
                    let wanted = if pattern.is_empty() { "some text" } else { cut(pattern) };
                    let message = format!(
                        "{noun} `{}` of {} is `{}`, where `{wanted}` is asked for",
                        cut(name),
                        view.display(),
                        cut(value)
                    );
                    out.report(node.span(), message).evidence(cut(name));
                }
            }
        }
    }
}

/// The key of the nearest parent there is.
fn place(view: ObjectView<'_>, list: &str) -> Span {
    let Some(metadata) = view.metadata() else { return view.kind_span() };
    match metadata.entry(list).filter(|_| field(metadata, list).is_some()) {
        Some(entry) => entry.key.span(),
        None => match view.root().entry("metadata") {
            Some(entry) => entry.key.span(),
            None => short_span(metadata),
        },
    }
}
