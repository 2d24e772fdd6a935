//! Suppressions in annotations of objects.

use careen_model::File;
use careen_rule::SuppressionKind;

use super::Found;
use super::directive::{Directive, reason_of};

/// How an annotation that suppresses begins.
const ANNOTATION: &str = "careen.dev/ignore.";
/// Where kinds whose pods we do not know have annotations too.
const TEMPLATE: [&str; 4] = ["spec", "template", "metadata", "annotations"];

pub(super) fn read(file: &File, now: i64, take: &mut dyn FnMut(Found<'_>)) {
    if !file.source.text().contains(ANNOTATION) {
        return;
    }
    for view in file.views() {
        let covers = view.root().span();
        let own = view.annotations().node();
        let of_pods = match view.pod_template() {
            // A Pod's template is the object itself.
            Some(template) if template.path_prefix().is_empty() => None,
            Some(template) => template.annotations().node(),
            None => view.at(&TEMPLATE),
        };
        for entry in [own, of_pods].into_iter().flatten().flat_map(|node| node.entries()) {
            let key = entry.key.text().unwrap_or_default();
            let Some(name) = key.strip_prefix(ANNOTATION) else { continue };
            let text = if entry.value.is_null() { "" } else { entry.value.text().unwrap_or("") };
            take(Found {
                kind: SuppressionKind::Annotation,
                said: entry.key.span().cover(entry.value.definition_span()),
                directive: reason_of(text, now).map(|reason| Directive {
                    whole_file: false,
                    names: vec![name.into()],
                    reason,
                }),
                covers,
                foreign: false,
            });
        }
    }
}
