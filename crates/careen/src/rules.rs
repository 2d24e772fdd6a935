use anyhow::Result;
use careen_rule::Meta;
use serde_json::{Value, json};

use crate::args::ListFormat;
use crate::linters::LINTERS;

/// Lists every rule.
pub(crate) fn run(format: ListFormat, peers: bool) -> Result<u8> {
    let rules = careen_engine::rules(LINTERS);
    let mut out = String::new();
    match format {
        ListFormat::Text => {
            let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
            for rule in &rules {
                let severity = rule.severity.as_str();
                let off = if rule.default { "" } else { " (off by default)" };
                out.push_str(&format!(
                    "{:width$}  {severity:8}  {:10}  {}{off}\n",
                    rule.id,
                    rule.linter(),
                    rule.summary
                ));
                if peers && !rule.peers.is_empty() {
                    out.push_str(&format!("    {}\n", rule.peers.join(" ")));
                }
            }
            out.push_str(&format!("{} rules; `careen explain RULE` tells more\n", rules.len()));
        }
        ListFormat::Json => {
            let list: Vec<_> = rules
                .iter()
                .map(|rule| {
                    let controls: Vec<_> = rule.controls.iter().map(|control| control.id).collect();
                    json!({
                        "id": rule.id,
                        "aliases": rule.aliases,
                        "linter": rule.linter(),
                        "group": rule.group().replace('_', "-"),
                        "summary": rule.summary,
                        "remedy": rule.remedy,
                        "severity": rule.severity.as_str(),
                        "confidence": rule.confidence.as_str(),
                        "security": rule.security,
                        "cwe": rule.cwe,
                        "controls": controls,
                        "peers": rule.peers,
                        "references": rule.references,
                        "default": rule.default,
                        "fragments": rule.fragments,
                        "options": options(rule),
                    })
                })
                .collect();
            out = serde_json::to_string_pretty(&json!({ "rules": list }))?;
            out.push('\n');
        }
    }
    crate::print(out.as_bytes())?;
    Ok(0)
}

fn options(rule: &Meta) -> Vec<Value> {
    let options = rule.options.iter();
    options.map(|option| json!({"name": option.name, "summary": option.summary})).collect()
}
