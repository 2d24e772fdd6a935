use std::path::PathBuf;

use anyhow::{Result, bail};
use careen_lint_secrets::SecretsLinter;
use careen_rule::Meta;
use serde_json::{Value, json};

use crate::args::ListFormat;
use crate::linters::Linters;
use crate::{config, detectors};

/// Lists every rule.
pub(crate) fn run(format: ListFormat, peers: bool) -> Result<u8> {
    let linters = Linters::with(&detectors::load(&config::load(None, &[])?)?);
    let rules = careen_engine::rules(&linters.all());
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

/// Runs the examples of a user's detectors: those of the files that are named, or else of the
/// configuration. The exit code is 1 if one does not hold.
pub(crate) fn test(paths: &[PathBuf]) -> Result<u8> {
    let loaded = config::load(None, &[])?;
    let files = if paths.is_empty() { detectors::load(&loaded)? } else { detectors::read(paths)? };
    let count: usize = files.iter().map(|file| file.rules.len()).sum();
    if count == 0 {
        bail!(
            "there are no detectors to test: name their files, or list them below `detectors` in careen.yaml"
        );
    }
    let linter = SecretsLinter::with(&files);
    let mut out = String::new();
    let mut failures = 0;
    for rule in files.iter().flat_map(|file| &file.rules) {
        let failed = linter.disproved(rule);
        failures += failed.len();
        for failure in failed {
            out.push_str(&format!("{}: {failure}\n", rule.id));
        }
    }
    let examples: usize = files
        .iter()
        .flat_map(|file| &file.rules)
        .map(|rule| rule.find.len() + rule.leave.len())
        .sum();
    out.push_str(&format!("{count} detectors, {examples} examples, {failures} do not hold\n"));
    crate::print(out.as_bytes())?;
    Ok(u8::from(failures > 0))
}

fn options(rule: &Meta) -> Vec<Value> {
    let options = rule.options.iter();
    options.map(|option| json!({"name": option.name, "summary": option.summary})).collect()
}
