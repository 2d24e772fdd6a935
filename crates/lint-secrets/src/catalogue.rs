//! Every rule of this linter: those written in Rust, those compiled from `policies/detectors`, and
//! those that a user brings.

use careen_detectors::{Detector, Detectors};
use careen_rule::{Confidence, Meta, Rule, Severity, control};

use crate::charset::Set;
use crate::check::Check;
use crate::judges;
use crate::rules;
use crate::shape::{Anchor, Part, Shape};

include!(concat!(env!("OUT_DIR"), "/detectors.rs"));

/// The rules that careen brings, in no order.
pub(crate) fn own() -> impl Iterator<Item = &'static Rule<Check>> {
    rules::ALL.iter().copied().chain(DETECTORS)
}

/// The rules of a user's detectors. Rules live as long as the process: detectors are read once.
pub(crate) fn brought(detectors: &[Detectors]) -> Vec<&'static Rule<Check>> {
    let rules = detectors.iter().flat_map(|file| &file.rules);
    rules.map(|detector| &*Box::leak(Box::new(rule(detector)))).collect()
}

fn rule(detector: &Detector) -> Rule<Check> {
    let shapes: Vec<Shape> = detector.forms.iter().map(shape).collect();
    let module = format!("careen_lint_secrets::rules::own::{}", detector.id.replace('-', "_"));
    Rule {
        meta: Meta {
            id: keep(&detector.id),
            aliases: keep_all(&detector.covers),
            peers: keep_all(&detector.peers),
            summary: keep(&detector.summary),
            docs: keep(&detector.manual()),
            remedy: keep(&detector.remedy),
            severity: detector.severity,
            confidence: detector.confidence,
            security: true,
            cwe: Vec::leak(detector.weaknesses()),
            controls: &[control::SECRETS_NOT_IN_REPO],
            references: keep_all(&detector.references),
            default: detector.default,
            module: keep(&module),
            ..Meta::DEFAULT
        },
        check: Check::Token(Vec::leak(shapes)),
    }
}

fn shape(form: &careen_detectors::DetectorForm) -> Shape {
    let parts = form.form.parts().iter().map(|part| match part {
        careen_detectors::Part::Is(text) => Part::Is(keep(text)),
        careen_detectors::Part::Of(class, least, most) => {
            Part::Of(Box::leak(Box::new(Set::of(class))), *least, *most)
        }
    });
    let near: Vec<&'static str> = form.near.iter().map(|word| keep(word)).collect();
    Shape {
        kind: keep(&form.kind),
        anchor: match form.form.anchor() {
            Some(anchor) if near.is_empty() => Anchor::Literal(anchor.part),
            _ => Anchor::Near(Vec::leak(near)),
        },
        parts: Vec::leak(parts.collect()),
        judge: form.judge.as_deref().and_then(judges::named).unwrap_or(judges::plain),
        confidence: form.confidence,
        severity: form.severity,
    }
}

fn keep(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

fn keep_all(texts: &[String]) -> &'static [&'static str] {
    Vec::leak(texts.iter().map(|text| keep(text)).collect())
}

#[cfg(test)]
mod tests {
    use super::own;
    use crate::judges;

    #[test]
    fn every_judge_of_the_schema_is_there() {
        for (name, _) in careen_detectors::JUDGES {
            assert!(judges::named(name).is_some(), "{name}");
        }
        assert!(judges::named("magic").is_none());
    }

    #[test]
    fn ids_and_aliases_name_one_rule() {
        let mut names: Vec<&str> = own()
            .flat_map(|rule| rule.meta.aliases.iter().copied().chain([rule.meta.id]))
            .collect();
        names.sort_unstable();
        let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
