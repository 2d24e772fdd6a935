//! From hits to findings: the object they are about, what they mask, and no more than a person can
//! read.

use careen_kube_model::ObjectView;
use careen_model::File;
use careen_rule::{Findings, Identity, ObjectPath};
use careen_text::Span;

use crate::hit::Hit;

/// Findings of one file; what goes beyond is counted and masked in the last of them.
pub(crate) const MOST: usize = 200;

/// Reports the hits of one file, which are in order and do not overlap.
pub(crate) fn report(file: &File, hits: Vec<Hit>, findings: &mut Findings) {
    let more = hits.len().saturating_sub(MOST);
    let mut hits = hits.into_iter();
    for index in 0..MOST {
        let Some(hit) = hits.next() else { return };
        let last = more > 0 && index + 1 == MOST;
        let by_name = hit.is_by_name();
        let mut sink = findings.sink(hit.rule, &file.source);
        if let Some(object) = object_at(file, hit.span, hit.field) {
            sink = sink.about(object);
        }
        let message = if last {
            format!("{}, and {more} more secrets stand in this file", hit.message)
        } else {
            hit.message
        };
        let finding = sink.report(hit.span, message);
        finding.severity(hit.severity).confidence(hit.confidence).evidence(hit.evidence);
        finding.secret(hit.secret);
        finding.secrets.extend(hit.value);
        if last {
            // It speaks for others, so who knows its own value does not know it: with another
            // number of them it is another finding.
            finding.evidence.push_str(&format!("+{more}"));
            for hit in hits.by_ref() {
                finding.secrets.push(hit.secret);
                finding.secrets.extend(hit.value);
            }
        } else {
            let text = file.source.slice(hit.secret);
            finding.about(hit.identity.unwrap_or_else(|| Identity::of(text)), by_name);
        }
    }
}

/// The object that a span of the file belongs to, with the container inside.
fn object_at(file: &File, span: Span, field: Option<String>) -> Option<ObjectPath> {
    let view = file.views().find(|view| view.root().definition_span().encloses(span))?;
    Some(ObjectPath {
        api_version: view.api_version().to_owned(),
        kind: view.kind().to_owned(),
        namespace: view.namespace().map(str::to_owned),
        name: view.name().to_owned(),
        container: container_at(view, span),
        field,
    })
}

fn container_at(view: ObjectView<'_>, span: Span) -> Option<String> {
    let mut containers = view.pod_templates().flat_map(careen_kube_model::PodTemplate::containers);
    let container = containers.find(|each| each.node.definition_span().encloses(span))?;
    Some(container.name.to_owned())
}
