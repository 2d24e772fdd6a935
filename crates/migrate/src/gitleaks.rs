//! `.gitleaks.toml` and `.gitleaksignore`.
//!
//! Under their usual names at the root of a repository `careen check` reads both itself; what it
//! does not heed there is said here.

use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use crate::Input;
use crate::glob::of_regex;
use crate::model::{Origin, Scope};
use crate::read::MOST_ITEMS;
use crate::words::list;
use crate::work::Work;

/// Turns offsets into places.
struct Places<'a> {
    path: Arc<str>,
    text: &'a str,
}

impl Places<'_> {
    fn at(&self, span: &std::ops::Range<usize>) -> Origin {
        let before = self.text.get(..span.start).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        Origin { path: Arc::clone(&self.path), line: u32::try_from(line).unwrap_or(u32::MAX) }
    }
}

pub(crate) fn read(input: &Input, work: &mut Work<'_>) {
    work.runs_in_full(&["secrets"]);
    let places = Places { path: input.path.as_str().into(), text: &input.text };
    let table = match DeTable::parse(&input.text) {
        Ok(table) => table,
        Err(error) => {
            // The error's own text quotes the file.
            let origin = places.at(&error.span().unwrap_or_default());
            return work.left(origin, "the file", "it is no TOML from this line on");
        }
    };
    for (key, value) in table.get_ref() {
        let name = key.get_ref().as_ref();
        let origin = places.at(&key.span());
        match name {
            "title" | "minVersion" | "description" => {}
            "extend" => extend(&places, value.get_ref(), work),
            "allowlist" | "allowlists" => {
                for (list, origin) in tables(&places, value.get_ref(), &origin) {
                    allowlist(input, list, origin, &[], work);
                }
            }
            "rules" => {
                for (rule, origin) in tables(&places, value.get_ref(), &origin) {
                    custom(input, &places, rule, &origin, work);
                }
            }
            _ => work.left(origin, name, "Gitleaks has no such key, nor has Careen"),
        }
    }
}

/// A table, or the tables of an array, with their places.
fn tables<'t, 'i>(
    places: &Places<'_>,
    value: &'t DeValue<'i>,
    origin: &Origin,
) -> Vec<(&'t DeTable<'i>, Origin)> {
    match value {
        DeValue::Table(table) => vec![(table, origin.clone())],
        DeValue::Array(array) => array
            .iter()
            .take(MOST_ITEMS)
            .filter_map(|item| Some((item.get_ref().as_table()?, places.at(&item.span()))))
            .collect(),
        _ => Vec::new(),
    }
}

fn words<'t>(table: &'t DeTable<'_>, key: &str) -> Vec<&'t str> {
    let value = table.get(key).map(toml::Spanned::get_ref);
    match value {
        Some(DeValue::Array(array)) => {
            array.iter().take(MOST_ITEMS).filter_map(|item| item.get_ref().as_str()).collect()
        }
        Some(value) => value.as_str().into_iter().collect(),
        None => Vec::new(),
    }
}

fn extend(places: &Places<'_>, value: &DeValue<'_>, work: &mut Work<'_>) {
    let Some(table) = value.as_table() else { return };
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        match name {
            "useDefault" => {}
            "disabledRules" => {
                let Some(array) = value.get_ref().as_array() else { continue };
                for item in array.iter().take(MOST_ITEMS) {
                    if let Some(id) = item.get_ref().as_str() {
                        work.ignore(id, places.at(&item.span()), Scope::default());
                    }
                }
            }
            "path" | "url" => {
                let why = "the file it builds on is not read: name it on the command line too";
                work.left(places.at(&key.span()), name, why);
            }
            _ => {
                let why = "Gitleaks has no such key, nor has Careen";
                work.left(places.at(&key.span()), name, why);
            }
        }
    }
}

/// What is allowed. `rules` are those it is for, beside those that it names.
fn allowlist(
    input: &Input,
    table: &DeTable<'_>,
    origin: Origin,
    rules: &[&str],
    work: &mut Work<'_>,
) {
    if input.at_root {
        let how = "`careen check` reads the file itself: keep it, or move what it allows to \
                   careen.yaml by hand";
        return work.honoured(origin, "allowlist", how);
    }
    let has = |key: &str| table.contains_key(key);
    let all = words(table, "condition").first().is_some_and(|it| it.eq_ignore_ascii_case("and"));
    let others = ["regexes", "stopwords", "stopWords", "commits"].iter().any(|key| has(key));
    if others {
        let why = "what it allows by content or commit is read by `careen check` only from \
                   `.gitleaks.toml` at the root of the repository: put the file there";
        work.left(origin.clone(), "allowlist", why);
        if all {
            return;
        }
    }
    let mut names: Vec<String> = Vec::new();
    for id in words(table, "targetRules").iter().chain(rules) {
        names.extend(work.resolve(id, &origin).iter().map(|rule| rule.id.to_owned()));
    }
    if names.is_empty() {
        if has("targetRules") || !rules.is_empty() {
            return;
        }
        names.push("secrets".to_owned());
    }
    let mut globs = Vec::new();
    for pattern in words(table, "paths") {
        match of_regex(pattern) {
            Some(glob) => globs.push(glob),
            None => {
                let why = "it is a regular expression that no glob says; write an item of `ignore` \
                           with `paths`";
                work.left(origin.clone(), pattern, why);
            }
        }
    }
    if globs.is_empty() {
        return;
    }
    let reason = words(table, "description").first().map(|it| (*it).to_owned());
    let reason = reason.unwrap_or_else(|| "allowed in the configuration of Gitleaks".to_owned());
    work.taken(origin.clone(), "allowlist", "its paths are ignored");
    let scope = Scope { paths: globs, reason: Some(reason), ..Scope::default() };
    work.ignore_names(names, scope, (origin, "allowlist".to_owned()));
}

/// A rule: one of the user's own, or more about one of Gitleaks.
fn custom(
    input: &Input,
    places: &Places<'_>,
    table: &DeTable<'_>,
    origin: &Origin,
    work: &mut Work<'_>,
) {
    let id = words(table, "id").first().copied().unwrap_or_default();
    for key in ["allowlist", "allowlists"] {
        if let Some(value) = table.get(key) {
            let origin = places.at(&value.span());
            for (list, origin) in tables(places, value.get_ref(), &origin) {
                allowlist(input, list, origin, &[id], work);
            }
        }
    }
    if !["regex", "path", "entropy"].iter().any(|key| table.contains_key(*key)) {
        return;
    }
    let known = work.named("gitleaks", id);
    let ids: Vec<_> = known.iter().map(|rule| rule.id).collect();
    let what = format!("rule {id}");
    let why = if ids.is_empty() {
        "regular expressions, entropy and keywords are not taken over; a kind of secret of your own \
         goes below `detectors` in careen.yaml"
            .to_owned()
    } else {
        format!("Careen knows it as {} and reads it in its own way", list(&ids))
    };
    work.left(origin.clone(), &what, why);
}

/// Fingerprints. They name lines, which an item of `ignore` cannot.
pub(crate) fn ignore_file(input: &Input, work: &mut Work<'_>) {
    let origin = Origin { path: input.path.as_str().into(), line: 1 };
    let lines = input.text.lines().map(str::trim);
    let count = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).count();
    let what = format!("{count} fingerprint{}", if count == 1 { "" } else { "s" });
    if input.at_root {
        let how = "`careen check` reads the file itself: keep it";
        work.honoured(origin, &what, how);
    } else {
        let why = "`careen check` reads fingerprints from `.gitleaksignore` at the root of the \
                   repository: put the file there, or run `careen baseline create`";
        work.left(origin, &what, why);
    }
}
