//! Values given to secret-like names by structure: environment variables of containers and keys of
//! ConfigMaps.

use careen_kube_model::{Container, ObjectView};
use careen_yaml::Node;

use super::{Reading, cut, trimmed};
use crate::assign::{Class, classify, judge};
use crate::check::Find;
use crate::hit::{Hit, rank};
use crate::inside::{read_inside, unpacked};
use crate::tree::name_of;
use careen_rule::{Confidence, redact};
use careen_text::{Derived, decode_base64};

pub(super) fn read(reading: &mut Reading<'_, '_>, view: ObjectView<'_>) {
    if view.is("", "ConfigMap") {
        for entry in view.at(&["data"]).iter().flat_map(Node::entries) {
            let Some(key) = entry.key.text() else { continue };
            if !reading.takes(entry.value.definition_span()) {
                continue;
            }
            if let Some((class, confidence)) = judged(reading, key, entry.value) {
                let message =
                    |noun| format!("`{}` of {} holds a literal {noun}", cut(key), view.display());
                let field = format!("data.{}", cut(key));
                add(reading, key, class, confidence, entry.value, field, message);
            }
            file(reading, view, "data", key, entry.value.derived());
        }
        for entry in view.at(&["binaryData"]).iter().flat_map(Node::entries) {
            let Some(key) = entry.key.text() else { continue };
            if reading.takes(entry.value.definition_span()) {
                let decoded = entry.value.derived().and_then(|value| decode_base64(&value).ok());
                file(reading, view, "binaryData", key, decoded);
            }
        }
        return;
    }
    for container in view.pod_templates().flat_map(careen_kube_model::PodTemplate::containers) {
        variables(reading, container);
    }
}

/// Reads a value of a ConfigMap as the file it becomes.
fn file(
    reading: &mut Reading<'_, '_>,
    view: ObjectView<'_>,
    list: &str,
    key: &str,
    value: Option<Derived>,
) {
    let Some(value) = value else { return };
    let text = value.text().unwrap_or_default().trim();
    let json = text.starts_with(['{', '[']);
    let name = name_of(key, json);
    let mut hits = Vec::new();
    if json || text.contains('\n') || name.as_str() == key {
        hits = read_inside(&value, &name, reading.context, reading.budget);
    }
    if hits.is_empty() {
        hits = unpacked(&value, &name, reading.context, reading.budget);
    }
    for mut hit in hits {
        hit.locate(&format!(" in `{}` of {}", cut(key), view.display()));
        hit.field = Some(format!("{list}.{}", cut(key)));
        reading.found.push(hit);
    }
}

fn variables(reading: &mut Reading<'_, '_>, container: Container<'_>) {
    for variable in container.env() {
        let (name, Some(value)) = (variable.name, variable.value) else { continue };
        if !reading.takes(value.definition_span()) {
            continue;
        }
        let Some((class, confidence)) = judged(reading, name, value) else { continue };
        let message =
            |noun| format!("{} sets `{}` to a literal {noun}", container.display(), cut(name));
        let field = format!("env.{}", cut(name));
        add(reading, name, class, confidence, value, field, message);
    }
}

/// What the name promises and how sure the value makes us, where it is a secret.
fn judged(reading: &Reading<'_, '_>, name: &str, value: Node<'_>) -> Option<(Class, Confidence)> {
    let class = classify(name.trim_matches(['-', '.']))?;
    let text = value.text()?;
    if value.tag().is_some_and(|tag| tag == "!vault") {
        return None;
    }
    let confidence = judge(text.trim(), class, true, reading.context)?;
    Some((class, confidence))
}

fn add(
    reading: &mut Reading<'_, '_>,
    name: &str,
    class: Class,
    confidence: Confidence,
    value: Node<'_>,
    field: String,
    message: impl Fn(&'static str) -> String,
) {
    let (find, noun) = match class {
        Class::Password => (Find::Password, "password"),
        Class::Secret => (Find::Secret, "secret"),
    };
    let (Some(rule), Some(derived)) = (find.rule(), value.derived()) else { return };
    let shown = redact(value.text().unwrap_or_default().trim(), 0);
    let evidence = format!("{} {shown}", cut(name));
    let mut hit = Hit::new(rule, trimmed(&derived), rank::FIELD, message(noun), evidence);
    hit.confidence = confidence;
    hit.field = Some(field);
    reading.found.push(hit);
}
