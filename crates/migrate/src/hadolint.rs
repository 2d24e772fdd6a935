//! `.hadolint.yaml`.

use careen_rule::Severity;
use careen_yaml::Node;

use crate::Input;
use crate::model::{Scope, Value};
use crate::read::{MOST_ITEMS, Page};
use crate::work::Work;

const REGISTRIES: (&str, &str) = ("image-registry-not-allowed", "registries");
const REQUIRED: (&str, &str) = ("dockerfile-label-missing", "labels");
const ALLOWED: (&str, &str) = ("dockerfile-label-superfluous", "labels");

pub(crate) fn read(input: &Input, work: &mut Work<'_>) {
    work.runs_in_full(&["images"]);
    let page = Page::of(input, work);
    let Some(root) = page.root(work) else { return };
    let ignored = root.get("ignored").map(|list| page.words(list)).unwrap_or_default();
    for entry in root.entries() {
        let key = entry.key.text().unwrap_or_default();
        let origin = page.at(entry.key);
        let value = entry.value;
        let yes = value.as_bool() == Some(true);
        match key {
            "ignored" => {}
            "override" => overrides(&page, value, &ignored, work),
            "failure-threshold" => threshold(&page, value, work),
            "trustedRegistries" => {
                let words = page.words(value).into_iter().map(|(word, _)| word.to_owned());
                let words: Vec<_> = words.collect();
                if !words.is_empty() {
                    work.option(REGISTRIES, Value::Words(words), key, origin);
                }
            }
            "label-schema" => {
                let labels = labels(value);
                if !labels.is_empty() {
                    work.option(REQUIRED, Value::Map(labels), key, origin);
                }
            }
            "strict-labels" if yes => {
                let labels = root.get("label-schema").map(labels).unwrap_or_default();
                if labels.is_empty() {
                    let why = "without a schema it refuses every label, which no option says";
                    work.left(origin, key, why);
                } else {
                    work.option(ALLOWED, Value::Map(labels), key, origin);
                }
            }
            "strict-labels" | "no-fail" | "disable-ignore-pragma" if !yes => {
                work.taken(origin, key, "it is off, and changes nothing");
            }
            "no-fail" => {
                let why = "that a run never fails is an option of the command: `--exit-zero`";
                work.left(origin, key, why);
            }
            "disable-ignore-pragma" => {
                let why =
                    "Careen heeds hadolint's comments; `--show-suppressed` shows what they hide";
                work.left(origin, key, why);
            }
            "format" | "no-color" => {
                work.left(origin, key, "an option of the program, not of what is judged");
            }
            _ => work.left(origin, key, "hadolint has no such key, nor has Careen"),
        }
    }
    for (id, origin) in ignored {
        work.ignore(id, origin, Scope::default());
    }
}

/// Ignored is ignored, whatever else is said of a check.
fn overrides(page: &Page, node: Node<'_>, ignored: &[(&str, crate::Origin)], work: &mut Work<'_>) {
    for entry in node.entries() {
        let word = entry.key.text().unwrap_or_default();
        let Some(level) = level(word) else {
            let why = "its levels are error, warning, info and style";
            work.left(page.at(entry.key), word, why);
            continue;
        };
        for (id, origin) in page.words(entry.value) {
            if ignored.iter().any(|(out, _)| out.eq_ignore_ascii_case(id)) {
                work.left(origin, id, "the same file ignores it");
            } else {
                work.severity(id, level, word, origin);
            }
        }
    }
}

const fn level(word: &str) -> Option<Severity> {
    match word.as_bytes() {
        b"error" => Some(Severity::High),
        b"warning" => Some(Severity::Medium),
        b"info" => Some(Severity::Low),
        b"style" => Some(Severity::Info),
        _ => None,
    }
}

fn threshold(page: &Page, value: Node<'_>, work: &mut Work<'_>) {
    let word = value.text().unwrap_or_default();
    let what = format!("failure-threshold {word}");
    match level(word) {
        Some(level) => work.fail_on(level, &what, page.at(value)),
        None => {
            let why = "that a run never fails is an option of the command: `--exit-zero`";
            work.left(page.at(value), &what, why);
        }
    }
}

fn labels(node: Node<'_>) -> Vec<(String, String)> {
    let pairs = node.entries().take(MOST_ITEMS);
    pairs
        .filter_map(|entry| Some((entry.key.text()?.to_owned(), entry.value.text()?.to_owned())))
        .collect()
}
