//! `trivy.yaml`, `.trivyignore` and `.trivyignore.yaml`.

use std::sync::Arc;

use careen_yaml::Node;

use crate::Input;
use crate::glob::relative;
use crate::model::{Origin, Scope};
use crate::names::trivy_id;
use crate::read::{MOST_ITEMS, Page};
use crate::words::date;
use crate::work::Work;

/// What Trivy looks at and Careen does too.
const COVERED: [&str; 3] = ["images", "kubernetes", "secrets"];
/// Characters of a reason.
const MOST_REASON: usize = 400;

pub(crate) fn read(input: &Input, work: &mut Work<'_>) {
    work.runs_in_full(&COVERED);
    let page = Page::of(input, work);
    let Some(root) = page.root(work) else { return };
    for entry in root.entries() {
        let key = entry.key.text().unwrap_or_default();
        let origin = page.at(entry.key);
        match key {
            "severity" => severities(&page.words(entry.value), origin, work),
            "scan" => scan(&page, entry.value, work),
            // Older versions had these at the top.
            "skip-dirs" | "skip-files" => skip(key, &page.words(entry.value), work),
            "ignorefile" => {
                let why = "`careen migrate` reads the file too: name it on the command line if it is \
                           not called `.trivyignore` or `.trivyignore.yaml`";
                work.left(origin, key, why);
            }
            "ignore-policy" => work.left(origin, key, "policies in Rego are not taken over"),
            "secret" => {
                let why = "kinds of secrets of your own go below `detectors` in careen.yaml";
                work.left(origin, key, why);
            }
            "exit-code" => {
                let why = "Careen ends with 1 if there are findings; `--exit-zero` is an option of \
                           the command";
                work.left(origin, key, why);
            }
            _ => work.left(origin, key, "an option of the program, not of what is judged"),
        }
    }
}

/// Trivy shows these levels only; Careen shows all and can fail on some.
fn severities(words: &[(&str, Origin)], origin: Origin, work: &mut Work<'_>) {
    let levels = ["LOW", "MEDIUM", "HIGH", "CRITICAL"];
    let least = words
        .iter()
        .filter_map(|(word, _)| levels.iter().position(|level| level.eq_ignore_ascii_case(word)))
        .min();
    match least.and_then(|at| levels.get(at)) {
        None | Some(&"LOW") => work.taken(origin, "severity", "all levels are shown anyway"),
        Some(level) => {
            let line = format!("fail-on: {}", level.to_ascii_lowercase());
            work.propose(line, "severity", origin.clone());
            let why = "Trivy hides what is milder, Careen shows it; what fails a run is proposed in \
                       the file as `fail-on`";
            work.left(origin, "severity", why);
        }
    }
}

fn scan(page: &Page, node: Node<'_>, work: &mut Work<'_>) {
    for entry in node.entries() {
        let key = entry.key.text().unwrap_or_default();
        let origin = page.at(entry.key);
        let words = page.words(entry.value);
        match key {
            "skip-dirs" | "skip-files" => skip(key, &words, work),
            "scanners" | "security-checks" => {
                let has = |names: &[&str]| words.iter().any(|(word, _)| names.contains(word));
                if !has(&["secret"]) {
                    work.propose("ignore: [secrets]", key, origin.clone());
                    let why = "Trivy did not look for secrets; leaving them out is proposed in the \
                               file";
                    work.left(origin.clone(), "scanners without secret", why);
                }
                if !has(&["misconfig", "config"]) {
                    work.propose("ignore: [kubernetes, images]", key, origin.clone());
                    let why = "Trivy did not look at configuration; leaving it out is proposed in \
                               the file";
                    work.left(origin.clone(), "scanners without misconfig", why);
                }
                for (word, origin) in words {
                    match word {
                        "secret" | "misconfig" | "config" => {
                            work.taken(origin, word, "Careen looks at it");
                        }
                        _ => work.left(
                            origin,
                            word,
                            "Careen reads reports of scanners and does not look for it itself",
                        ),
                    }
                }
            }
            _ => work.left(origin, key, "an option of the program, not of what is judged"),
        }
    }
}

fn skip(key: &str, words: &[(&str, Origin)], work: &mut Work<'_>) {
    for (path, origin) in words {
        match relative(path) {
            Ok(glob) => work.exclude(&glob, key, origin.clone()),
            Err(why) => work.left(origin.clone(), path, why),
        }
    }
}

/// A line an id, with `exp:DATE` after it; a comment above is the reason of what follows up to an
/// empty line.
pub(crate) fn ignore_file(input: &Input, work: &mut Work<'_>) {
    work.runs_in_full(&COVERED);
    let path: Arc<str> = input.path.as_str().into();
    let mut reason: Vec<&str> = Vec::new();
    let mut fresh = false;
    for (number, line) in (1..).zip(input.text.lines()).take(MOST_ITEMS) {
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() {
            reason.clear();
            fresh = false;
            continue;
        }
        if let Some(comment) = line.strip_prefix('#') {
            if !fresh {
                reason.clear();
            }
            fresh = true;
            reason.push(comment.trim_start_matches('#').trim());
            continue;
        }
        fresh = false;
        let origin = Origin { path: Arc::clone(&path), line: number };
        let (line, beside) = match line.split_once(" #") {
            Some((line, comment)) => (line, comment.trim()),
            None => (line, ""),
        };
        let mut words = line.split_whitespace();
        let Some(id) = words.next() else { continue };
        let mut scope = Scope::default();
        let said = reason.join(" ");
        scope.reason = sentence(if beside.is_empty() { &said } else { beside });
        match words.next().map(|word| word.strip_prefix("exp:").and_then(date)) {
            None => {}
            Some(Some(day)) => scope.expires = Some(day),
            Some(None) => {
                work.left(
                    origin,
                    id,
                    "what follows the id is no `exp:` with a date like 2027-03-01",
                );
                continue;
            }
        }
        accept(id, origin, scope, work);
    }
}

/// Lists of ids by scanner, with `paths`, `expired_at` and `statement`.
pub(crate) fn ignore_yaml(input: &Input, work: &mut Work<'_>) {
    work.runs_in_full(&COVERED);
    let page = Page::of(input, work);
    let Some(root) = page.root(work) else { return };
    for entry in root.entries() {
        let section = entry.key.text().unwrap_or_default();
        if !matches!(section, "vulnerabilities" | "misconfigurations" | "secrets" | "licenses") {
            work.left(page.at(entry.key), section, "Trivy has no such list, nor has Careen");
            continue;
        }
        for item in entry.value.items().take(MOST_ITEMS) {
            let text = |key: &str| item.get(key).and_then(|node| node.text()).unwrap_or_default();
            let (id, origin) = (text("id"), page.at(item));
            if section == "licenses" {
                let why = "what licences are refused says the option `forbidden` of \
                           `license-forbidden`";
                work.left(origin, id, why);
                continue;
            }
            let mut scope = Scope { reason: sentence(text("statement")), ..Scope::default() };
            if let Some(expires) = item.get("expired_at") {
                let Some(day) = expires.text().and_then(date) else {
                    work.left(origin, id, "`expired_at` is no date like 2027-03-01");
                    continue;
                };
                scope.expires = Some(day);
            }
            if let Some(paths) = item.get("paths") {
                for (path, place) in page.words(paths) {
                    match relative(path) {
                        Ok(glob) => scope.paths.push(glob),
                        Err(why) => work.left(place, path, why),
                    }
                }
                // Without its paths the item would hold everywhere.
                if scope.paths.is_empty() {
                    work.left(origin, id, "none of its paths could be taken over");
                    continue;
                }
            }
            accept(id, origin, scope, work);
        }
    }
}

/// Misconfigurations have ids of Trivy; the names of its secrets are those of Gitleaks, as far as
/// both know a secret.
fn accept(id: &str, origin: Origin, scope: Scope, work: &mut Work<'_>) {
    let id = trivy_id(id);
    if work.named("trivy", &id).is_empty() {
        let secrets = work.named("gitleaks", &id);
        if !secrets.is_empty() {
            return work.ignore_rules(&id, &secrets, origin, scope);
        }
    }
    work.ignore(&id, origin, scope);
}

fn sentence(text: &str) -> Option<String> {
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: String = text.chars().filter(|c| !c.is_control()).take(MOST_REASON).collect();
    (!text.is_empty()).then_some(text)
}
