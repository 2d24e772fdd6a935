//! The manual as Markdown: a page a rule, and lists of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use careen_rule::Meta;

use crate::linters::Linters;
use crate::{config, detectors};

/// Writes `LINTER/RULE.md` for every rule, `LINTER.md` for every linter, and `SUMMARY.md`, the list of
/// both as mdBook reads it.
pub(crate) fn run(folder: &Path) -> Result<u8> {
    let linters = Linters::with(&detectors::load(&config::load(None, &[])?)?);
    let mut by_linter: BTreeMap<&str, Vec<&Meta>> = BTreeMap::new();
    for rule in careen_engine::rules(&linters.all()) {
        by_linter.entry(rule.linter()).or_default().push(rule);
    }
    let mut summary = String::new();
    for (linter, rules) in &by_linter {
        write(folder, &format!("{linter}.md"), &list(linter, rules))?;
        // Writing to a string cannot fail.
        let _ = writeln!(summary, "- [{linter}]({linter}.md)");
        for rule in rules {
            write(folder, &format!("{linter}/{}.md", rule.id), &page(rule))?;
            let _ = writeln!(summary, "  - [{0}]({linter}/{0}.md)", rule.id);
        }
    }
    write(folder, "SUMMARY.md", &summary)?;
    Ok(0)
}

fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    let path = folder.join(name);
    let shown = path.display();
    if let Some(above) = path.parent() {
        fs::create_dir_all(above).with_context(|| format!("cannot make {}", above.display()))?;
    }
    fs::write(&path, text).with_context(|| format!("cannot write {shown}"))
}

/// The rules of a linter, group by group.
fn list(linter: &str, rules: &[&Meta]) -> String {
    let mut groups: BTreeMap<&str, Vec<&Meta>> = BTreeMap::new();
    for rule in rules {
        groups.entry(rule.group()).or_default().push(rule);
    }
    let mut text = format!("# The rules of `{linter}`\n\n");
    let _ = writeln!(text, "{} rules. `*` marks those that must be asked for.", rules.len());
    for (group, rules) in groups {
        let _ = write!(text, "\n## {}\n\n", group.replace('_', "-"));
        text.push_str("| rule | severity | finds |\n| --- | --- | --- |\n");
        for rule in rules {
            let off = if rule.default { "" } else { " \\*" };
            let summary = rule.summary.replace('|', "\\|");
            let _ = writeln!(
                text,
                "| [{0}]({linter}/{0}.md){off} | {1} | {summary} |",
                rule.id, rule.severity
            );
        }
    }
    text
}

/// The page of a rule: what `careen explain` shows, with headings and links.
fn page(rule: &Meta) -> String {
    let mut text = format!("# {}\n\n", rule.id);
    let off = if rule.default { "" } else { " · off by default" };
    let _ = write!(
        text,
        "{}\n\n*{} · {} · severity {} · confidence {}{off}*\n\n{}\n",
        rule.headline(),
        rule.linter(),
        rule.group().replace('_', "-"),
        rule.severity,
        rule.confidence,
        rule.manual(),
    );
    if !rule.options.is_empty() {
        text.push_str("\n## Options\n\n");
        let _ = writeln!(text, "Below `rules: {{{}: …}}` in `careen.yaml`:\n", rule.id);
        for option in rule.options {
            let _ = writeln!(text, "* `{}`: {}", option.name, option.summary);
        }
    }
    let mut section = |title: &str, items: Vec<String>| {
        if !items.is_empty() {
            let _ = write!(text, "\n## {title}\n\n{}\n", items.join("\n"));
        }
    };
    let controls = rule.controls.iter();
    section("Answers", controls.map(|control| format!("* {}", control.title)).collect());
    let names = rule.aliases.iter().chain(rule.peers);
    section("Also known as", names.map(|name| format!("* `{name}`")).collect());
    let numbers = rule.cwe.iter();
    let weakness = |number: &u16| {
        format!("* [CWE-{number}](https://cwe.mitre.org/data/definitions/{number}.html)")
    };
    section("Weakness", numbers.map(weakness).collect());
    section("Accept it", vec![format!("`# careen: ignore[{}] reason` at its place.", rule.id)]);
    text
}
