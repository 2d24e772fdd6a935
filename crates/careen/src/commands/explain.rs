use std::fmt::Write;

use anyhow::{Result, bail};
use careen_rule::Meta;
use careen_text::closest;

use crate::linters::Linters;
use crate::{config, detectors};

/// Shows the manual page of a rule.
pub(crate) fn run(name: &str) -> Result<u8> {
    let linters = Linters::with(&detectors::load(&config::load(None, &[])?)?);
    let rules = careen_engine::rules(&linters.all());
    let found: Vec<_> = rules.iter().filter(|rule| rule.is_called(name)).collect();
    if found.is_empty() {
        let hint = closest(name, rules.iter().map(|rule| rule.id))
            .map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
        bail!("no rule is called `{name}`{hint}; `careen rules` lists them");
    }
    let pages: Vec<_> = found.into_iter().map(|rule| page(rule)).collect();
    crate::print(pages.join("\n").as_bytes())?;
    Ok(0)
}

fn page(rule: &Meta) -> String {
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{}: {}", rule.id, rule.summary);
    let _ = writeln!(
        page,
        "{} · {} · severity {} · confidence {}{}\n",
        rule.linter(),
        rule.group().replace('_', "-"),
        rule.severity,
        rule.confidence,
        if rule.default { "" } else { " · off by default" }
    );
    let _ = writeln!(page, "{}\n", rule.prose());
    let _ = writeln!(page, "Remedy: {}", rule.remedy);
    for example in rule.examples() {
        let title = if example.has("bad") {
            "Bad"
        } else if example.has("good") {
            "Good"
        } else if example.language() == "recipe" {
            "Given certificates, which the examples name as ${name.crt} (times count from today)"
        } else if example.language() == "config" {
            "With `careen.yaml`"
        } else {
            "Given"
        };
        let file = example.value("file").map_or_else(String::new, |file| format!(" ({file})"));
        let _ = writeln!(page, "\n{title}{file}:\n");
        for line in example.shown().lines() {
            let _ = writeln!(page, "    {line}");
        }
    }
    let list = |page: &mut String, title: &str, items: &[&str]| {
        if !items.is_empty() {
            let _ = writeln!(page, "\n{title}:");
            for item in items {
                let _ = writeln!(page, "  {item}");
            }
        }
    };
    if !rule.options.is_empty() {
        let _ = writeln!(page, "\nOptions, below `rules: {{{}: …}}` in careen.yaml:", rule.id);
        for option in rule.options {
            let _ = writeln!(page, "  {}: {}", option.name, option.summary);
        }
    }
    let controls: Vec<_> = rule.controls.iter().map(|control| control.title).collect();
    list(&mut page, "Answers", &controls);
    list(&mut page, "Also known as", &[rule.aliases, rule.peers].concat());
    list(&mut page, "Read more", rule.references);
    page
}
