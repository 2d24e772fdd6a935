//! Suppressions in annotations of objects.

use careen_model::File;
use careen_rule::{Edit, SuppressionKind};
use careen_yaml::edit::remove_entry;

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
        // A Pod's template is the object itself.
        let templates = view.pod_templates().filter(|template| !template.is_object());
        let of_pods = templates.filter_map(|template| template.annotations().node());
        let of_unknown = view.at(&TEMPLATE).filter(|_| view.workload().is_none());
        let all = own.into_iter().chain(of_pods).chain(of_unknown);
        for (annotations, entry) in
            all.flat_map(|node| node.entries().map(move |entry| (node, entry)))
        {
            let key = entry.key.text().unwrap_or_default();
            let Some(name) = key.strip_prefix(ANNOTATION) else { continue };
            let text = if entry.value.is_null() { "" } else { entry.value.text().unwrap_or("") };
            take(Found {
                kind: SuppressionKind::Annotation,
                said: entry.key.span().cover(entry.value.definition_span()),
                directive: reason_of(text, now).map(|(reason, dated)| Directive {
                    whole_file: false,
                    names: vec![name.into()],
                    reason,
                    dated,
                }),
                covers,
                source: None,
                foreign: false,
                needed: false,
                removal: remove_entry(annotations, key)
                    .map(|edit| Edit { span: edit.span, text: edit.text }),
            });
        }
    }
}
