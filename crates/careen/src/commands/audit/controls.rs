//! `careen audit controls`: what is asked for, and what decides it.

use std::fmt::Write as _;

use anyhow::Result;
use careen_audit::{Decider, Definition, definitions};
use serde_json::json;

use crate::args::ListFormat;

pub(super) fn run(format: ListFormat) -> Result<u8> {
    let definitions = definitions();
    let text = match format {
        ListFormat::Json => {
            let list: Vec<_> = definitions.iter().map(described).collect();
            let value = json!({ "schema": "careen-controls/1", "controls": list });
            serde_json::to_string_pretty(&value)? + "\n"
        }
        ListFormat::Text => definitions.iter().fold(String::new(), |mut text, it| {
            let _ = writeln!(text, "{}  ({})", it.id, it.owner);
            let _ = writeln!(text, "    {}.", it.title);
            if let Some(subject) = it.applies {
                let _ = writeln!(text, "    where there is a {subject}");
            }
            let _ = writeln!(text, "    {}", told(&it.decider));
            text
        }),
    };
    crate::print(text.as_bytes())?;
    Ok(0)
}

fn described(definition: &Definition) -> serde_json::Value {
    json!({
        "id": definition.id,
        "title": definition.title,
        "why": definition.why,
        "owner": definition.owner,
        "applies": definition.applies.map(|subject| subject.to_string()),
        "decided_by": told(&definition.decider),
        "rules": definition.decider.rules().collect::<Vec<_>>(),
    })
}

/// A decider in words.
fn told(decider: &Decider) -> String {
    match decider {
        Decider::Rules(set) => {
            let mut text = format!("rules over every {}", set.over);
            if !set.also.is_empty() {
                let _ = write!(text, " (also {})", set.also.join(", "));
            }
            text
        }
        Decider::Evidence(wanted) => {
            let classes: Vec<_> = wanted.classes.iter().map(|class| class.as_str()).collect();
            let claims: Vec<_> = wanted.claims.iter().map(ToString::to_string).collect();
            let mut text = format!("evidence: {}", classes.join(" or "));
            if !wanted.suites.is_empty() {
                let _ = write!(text, " ({})", wanted.suites.join(" or "));
            }
            let _ = write!(text, ", {}", claims.join(", "));
            text + &age(wanted.max_age)
        }
        Decider::Cluster { probe, max_age } => {
            format!("the cluster: {probe:?}{}", age(Some(*max_age)))
        }
        Decider::Git(probe) => format!("Git: {probe:?}"),
        Decider::SignOff { role, max_age, .. } => {
            format!("a sign-off as {role}{}", age(*max_age))
        }
        Decider::All(parts) => joined(parts, "; and "),
        Decider::Any(parts) => joined(parts, "; or "),
    }
}

fn joined(parts: &[Decider], with: &str) -> String {
    parts.iter().map(told).collect::<Vec<_>>().join(with)
}

fn age(seconds: Option<i64>) -> String {
    const DAY: i64 = 86_400;
    seconds.map_or_else(String::new, |seconds| format!(", at most {} days old", seconds / DAY))
}
