//! The configuration of Polaris: severities of checks, and exemptions.

use careen_rule::Severity;
use careen_yaml::Node;

use crate::Input;
use crate::model::Scope;
use crate::read::{MOST_ITEMS, Page};
use crate::work::Work;

pub(crate) fn read(input: &Input, work: &mut Work<'_>) {
    let page = Page::of(input, work);
    let Some(root) = page.root(work) else { return };
    if let Some(checks) = root.get("checks") {
        levels(&page, checks, work);
    }
    for entry in root.entries() {
        let key = entry.key.text().unwrap_or_default();
        let origin = page.at(entry.key);
        match key {
            "checks" => {}
            "exemptions" => {
                for item in entry.value.items().take(MOST_ITEMS) {
                    exemption(&page, item, work);
                }
            }
            "customChecks" => {
                for custom in entry.value.entries().take(MOST_ITEMS) {
                    let name = format!("customChecks {}", custom.key.text().unwrap_or_default());
                    let why = "checks of your own in JSON schema are not taken over; rules with \
                               options (`careen explain RULE`) cover labels, annotations and \
                               registries";
                    work.left(page.at(custom.key), &name, why);
                }
            }
            "disallowExemptions" | "disallowConfigExemptions" | "disallowAnnotationExemptions" => {
                let why = "Careen shows what was suppressed with `--show-suppressed`; it has no key \
                           that forbids it";
                work.left(origin, key, why);
            }
            "displayName" | "mutations" | "kubeContext" | "kubeconfig" => {
                work.left(origin, key, "an option of the program, not of what is judged");
            }
            _ => work.left(origin, key, "Careen has no such key"),
        }
    }
}

fn levels(page: &Page, checks: Node<'_>, work: &mut Work<'_>) {
    let mut ignored = Vec::new();
    for entry in checks.entries().take(MOST_ITEMS) {
        let id = entry.key.text().unwrap_or_default();
        let origin = page.at(entry.key);
        match entry.value.text().unwrap_or_default() {
            word @ ("danger" | "error") => {
                work.runs(id, &origin);
                work.severity(id, Severity::High, word, origin);
            }
            "warning" => {
                work.runs(id, &origin);
                work.severity(id, Severity::Medium, "warning", origin);
            }
            "ignore" => ignored.push((id, origin)),
            _ => work.left(origin, id, "its severity is none of danger, warning and ignore"),
        }
    }
    // After all that is wanted is known.
    for (id, origin) in ignored {
        work.ignore(id, origin, Scope::default());
    }
}

/// `namespace`, `controllerNames` (beginnings of names), `rules`.
fn exemption(page: &Page, item: Node<'_>, work: &mut Work<'_>) {
    let origin = page.at(item);
    let words = |key: &str| item.get(key).map(|list| page.words(list)).unwrap_or_default();
    if item.get("containerNames").is_some() {
        let why = "it is for single containers, and `ignore` knows objects only; a comment in the \
                   manifest does: `# careen: ignore[RULE] reason`";
        return work.left(origin, "exemption", why);
    }
    let namespace = item.get("namespace").and_then(|node| node.text()).unwrap_or_default();
    let names = words("controllerNames");
    if namespace.is_empty() && names.is_empty() {
        return work.left(origin, "exemption", "it names neither a namespace nor controllers");
    }
    let plain = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._".contains(&it))
    };
    if !(namespace.is_empty() || plain(namespace)) || !names.iter().all(|(name, _)| plain(name)) {
        return work.left(origin, "exemption", "it holds what is no name of an object");
    }
    let place = |name: &str| match namespace {
        "" => format!("*/{name}"),
        _ => format!("*/{namespace}/{name}"),
    };
    let objects = if names.is_empty() {
        vec![place("*")]
    } else {
        // Polaris compares the beginning.
        names.iter().map(|(name, _)| place(&format!("{name}*"))).collect()
    };
    let reason = Some("exempt in the configuration of Polaris".to_owned());
    let scope = Scope { objects, reason, ..Scope::default() };
    let rules = words("rules");
    if rules.is_empty() {
        work.taken(origin.clone(), "exemption", "ignored are all rules that Polaris has too");
        let note = (origin, "exemption from all checks".to_owned());
        return work.ignore_names(vec!["polaris:*".to_owned()], scope, note);
    }
    for (id, origin) in rules {
        let found = work.resolve(id, &origin);
        if !found.is_empty() {
            work.exempt(id, &found, origin, scope.clone());
        }
    }
}
