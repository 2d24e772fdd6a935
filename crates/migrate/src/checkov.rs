//! `.checkov.yaml` and `.checkov.baseline`.

use careen_rule::Severity;
use careen_yaml::Node;

use crate::Input;
use crate::glob::{of_regex, relative};
use crate::model::{Origin, Scope};
use crate::read::{MOST_ITEMS, Page};
use crate::work::Work;

/// What Checkov looks at and Careen does too.
const COVERED: [&str; 3] = ["images", "kubernetes", "secrets"];

pub(crate) fn read(input: &Input, work: &mut Work<'_>) {
    let page = Page::of(input, work);
    let Some(root) = page.root(work) else { return };
    let words = |key: &str| root.get(key).map(|list| page.words(list)).unwrap_or_default();
    let checks: Vec<_> = words("check")
        .into_iter()
        .filter(|(word, origin)| {
            let is_check = level(word).is_none();
            if !is_check {
                work.left(
                    origin.clone(),
                    word,
                    "severities of Checkov come from its vendor's platform",
                );
            }
            is_check
        })
        .collect();
    if checks.is_empty() {
        work.runs_in_full(&COVERED);
    } else {
        work.only(&checks, &COVERED);
    }
    for entry in root.entries() {
        let key = entry.key.text().unwrap_or_default();
        let origin = page.at(entry.key);
        let value = entry.value;
        match key {
            "check" => {}
            "skip-check" => {
                for (id, origin) in page.words(value) {
                    if level(id).is_some() {
                        let why = "severities of Checkov come from its vendor's platform; Careen's \
                                   are its own";
                        work.left(origin, id, why);
                    } else {
                        work.ignore(id, origin, Scope::default());
                    }
                }
            }
            "skip-path" => {
                for (path, origin) in page.words(value) {
                    skip_path(path, origin, work);
                }
            }
            "soft-fail-on" => soft(&page.words(value), work),
            "hard-fail-on" => hard(&page.words(value), work),
            "soft-fail" if value.as_bool() == Some(true) => {
                let why = "that a run never fails is an option of the command: `--exit-zero`";
                work.left(origin, key, why);
            }
            "framework" | "skip-framework" => frameworks(key, &page.words(value), work),
            "baseline" => {
                let why = "`careen migrate` reads the baseline too: name it on the command line if \
                           it is not `.checkov.baseline`";
                work.left(origin, key, why);
            }
            "external-checks-dir" | "external-checks-git" | "run-all-external-checks" => {
                work.left(origin, key, "checks of your own are not taken over");
            }
            "skip-resources-without-violations"
            | "directory"
            | "file"
            | "output"
            | "quiet"
            | "compact"
            | "soft-fail" => {
                work.left(origin, key, "an option of the program, not of what is judged");
            }
            _ => work.left(origin, key, "Careen has no such key"),
        }
    }
}

fn level(word: &str) -> Option<Severity> {
    match word {
        "LOW" => Some(Severity::Low),
        "MEDIUM" => Some(Severity::Medium),
        "HIGH" => Some(Severity::High),
        "CRITICAL" => Some(Severity::Critical),
        _ => None,
    }
}

/// A path is a pattern that fits anywhere in the path of a file.
fn skip_path(path: &str, origin: Origin, work: &mut Work<'_>) {
    let safe = |glob: String| relative(&glob).is_ok().then_some(glob);
    match of_regex(path).and_then(safe) {
        Some(glob) => work.exclude(&glob, "skip-path", origin),
        None => {
            let why = "it is a regular expression that no glob says; write one below `exclude`";
            work.left(origin, path, why);
        }
    }
}

/// What fails softly is shown and does not fail: it is `info`. A level is all up to it.
fn soft(words: &[(&str, Origin)], work: &mut Work<'_>) {
    for (word, origin) in words {
        match level(word) {
            Some(Severity::Low) => {
                work.fail_on(Severity::Medium, "soft-fail-on LOW", origin.clone());
            }
            Some(Severity::Medium) => {
                work.fail_on(Severity::High, "soft-fail-on MEDIUM", origin.clone());
            }
            Some(Severity::High) => {
                work.fail_on(Severity::Critical, "soft-fail-on HIGH", origin.clone());
            }
            Some(_) => {
                let why = "that a run never fails is an option of the command: `--exit-zero`";
                work.left(origin.clone(), word, why);
            }
            None => work.severity(word, Severity::Info, "soft-fail-on", origin.clone()),
        }
    }
}

fn hard(words: &[(&str, Origin)], work: &mut Work<'_>) {
    for (word, origin) in words {
        match level(word) {
            Some(level) => work.fail_on(level, &format!("hard-fail-on {word}"), origin.clone()),
            None => {
                let why = "a rule fails from `fail-on` on; to have this one fail, give it a level \
                           below `severity`";
                work.left(origin.clone(), word, why);
            }
        }
    }
}

fn frameworks(key: &str, words: &[(&str, Origin)], work: &mut Work<'_>) {
    for (word, origin) in words {
        let linter = match *word {
            "kubernetes" | "helm" | "kustomize" => Some("kubernetes"),
            "dockerfile" => Some("images"),
            "secrets" => Some("secrets"),
            _ => None,
        };
        let what = format!("{key} {word}");
        match (key, linter) {
            ("skip-framework", Some(linter)) => {
                let line = format!("ignore: [{linter}]");
                work.propose(line, &what, origin.clone());
                let why = "leaving all of it out is for you to decide: it stands in the file as a \
                           proposal";
                work.left(origin.clone(), &what, why);
            }
            ("framework", Some(_)) => {
                work.taken(origin.clone(), &what, "Careen tells by the file itself what it is");
            }
            _ if *word == "all" => {
                work.taken(origin.clone(), &what, "Careen tells by the file itself what it is");
            }
            ("skip-framework", None) => {
                work.taken(origin.clone(), &what, "Careen does not look at it");
            }
            _ => work.left(origin.clone(), &what, "Careen does not look at it"),
        }
    }
}

/// `{"failed_checks": [{"file", "findings": [{"resource", "check_ids"}]}]}`.
pub(crate) fn baseline(input: &Input, work: &mut Work<'_>) {
    let page = Page::of(input, work);
    let Some(root) = page.root(work) else { return };
    let Some(files) = root.get("failed_checks") else { return };
    for file in files.items().take(MOST_ITEMS) {
        let path = file.get("file").and_then(|node| node.text()).unwrap_or_default();
        let path = match relative(path.trim_start_matches('/')) {
            Ok(path) => crate::glob::literal(&path),
            Err(why) => {
                work.left(page.at(file), path, why);
                continue;
            }
        };
        for finding in file.get("findings").into_iter().flat_map(|list| list.items()) {
            accepted(&page, &path, finding, work);
        }
    }
}

fn accepted(page: &Page, path: &str, finding: Node<'_>, work: &mut Work<'_>) {
    let resource = finding.get("resource").and_then(|node| node.text()).unwrap_or_default();
    let Some(ids) = finding.get("check_ids") else { return };
    let scope = Scope {
        paths: vec![path.to_owned()],
        objects: object(resource),
        reason: Some("known to the baseline of Checkov".to_owned()),
        expires: None,
    };
    for (id, origin) in page.words(ids) {
        work.ignore(id, origin, scope.clone());
    }
}

/// `Deployment.shop.web` is the object; a missing namespace is written as `default`. What is no
/// object, such as an instruction of a Dockerfile, is told by its path alone.
fn object(resource: &str) -> Vec<String> {
    let mut parts = resource.splitn(3, '.');
    let (Some(kind), Some(namespace), Some(name)) = (parts.next(), parts.next(), parts.next())
    else {
        return Vec::new();
    };
    let is_kind = kind.starts_with(|c: char| c.is_ascii_uppercase())
        && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_name = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._:".contains(&it))
    };
    if !is_kind || !is_name(namespace) || !is_name(name) {
        return Vec::new();
    }
    let mut objects = vec![format!("{kind}/{namespace}/{name}")];
    if namespace == "default" {
        objects.push(format!("{kind}/{name}"));
    }
    objects
}

#[cfg(test)]
mod tests {
    use super::object;

    #[test]
    fn resources_are_objects_or_nothing() {
        assert_eq!(object("Deployment.shop.web"), ["Deployment/shop/web"]);
        assert_eq!(object("Pod.default.a.b"), ["Pod/default/a.b", "Pod/a.b"]);
        for none in ["/Dockerfile.RUN", "aws_s3_bucket.this", "", "Pod.a.*", "/Dockerfile."] {
            assert_eq!(object(none), [""; 0], "{none}");
        }
    }
}
