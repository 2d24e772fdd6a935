//! The literals from which Kustomize makes Secrets.

use careen_kube_model::{ObjectView, field, strings};
use careen_rule::{Confidence, redact};
use careen_text::Span;
use careen_yaml::Node;

use super::value::{Nature, nature};
use super::{Reading, cut, milder};
use crate::check::Find;
use crate::hit::{Hit, rank};

pub(super) fn read(reading: &mut Reading<'_, '_>, view: ObjectView<'_>) {
    let generators = view.at(&["secretGenerator"]);
    for generator in generators.iter().flat_map(Node::items) {
        let text = |key| field(generator, key).and_then(|node| node.text()).unwrap_or_default();
        let (name, secret_type) = (text("name"), text("type"));
        for (literal, node) in field(generator, "literals").into_iter().flat_map(strings) {
            if reading.takes(node.definition_span()) {
                let hit = judged(reading, name, secret_type, literal, node);
                reading.found.extend(hit);
            }
        }
    }
}

fn judged(
    reading: &Reading<'_, '_>,
    name: &str,
    secret_type: &str,
    literal: &str,
    node: Node<'_>,
) -> Option<Hit> {
    let (key, value) = literal.split_once('=')?;
    let (confidence, harmless) = match nature(key, value, secret_type, reading.context) {
        Nature::Secret(confidence) => (confidence, false),
        Nature::Harmless => (Confidence::Low, true),
        Nature::Public | Nature::Nothing => return None,
    };
    let key = cut(key);
    let at = node.derived()?.resolve(Span::of(literal.len() - value.len()..literal.len()));
    let message = format!("literal `{key}` of the generated Secret `{}` is committed", cut(name));
    let evidence = format!("{key} {}", redact(value, 0));
    let mut hit = Hit::new(Find::KubernetesSecret.rule()?, at, rank::FIELD, message, evidence);
    hit.confidence = confidence;
    if harmless {
        hit.severity = milder(hit.severity);
    }
    hit.field = Some("secretGenerator".to_owned());
    Some(hit)
}
