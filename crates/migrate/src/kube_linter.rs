//! `.kube-linter.yaml`.

use careen_yaml::{Kind, Node};

use crate::Input;
use crate::glob::relative;
use crate::model::Scope;
use crate::read::{MOST_ITEMS, Page};
use crate::words::list;
use crate::work::Work;

pub(crate) fn read(input: &Input, work: &mut Work<'_>) {
    let page = Page::of(input, work);
    let Some(root) = page.root(work) else { return };
    for entry in root.entries() {
        match entry.key.text().unwrap_or_default() {
            "checks" => checks(&page, entry.value, work),
            "customChecks" => custom(&page, entry.value, work),
            key => {
                work.left(page.at(entry.key), key, "kube-linter has no such key, nor has Careen");
            }
        }
    }
}

fn checks(page: &Page, node: Node<'_>, work: &mut Work<'_>) {
    let yes = |key: &str| node.get(key).and_then(|value| value.as_bool()) == Some(true);
    let words = |key: &str| node.get(key).map(|list| page.words(list)).unwrap_or_default();
    let exclude = words("exclude");
    let mut include = words("include");
    // kube-linter lets `exclude` win.
    include.retain(|(id, _)| !exclude.iter().any(|(out, _)| out == id));
    if yes("addAllBuiltIn") || !yes("doNotAutoAddDefaults") {
        work.runs_in_full(&["kubernetes"]);
    }
    if yes("addAllBuiltIn") {
        if let Some(entry) = node.entry("addAllBuiltIn") {
            let origin = page.at(entry.key);
            let why = "no key adds to a profile the rules that are off by default; `profile: strict` \
                       has nearly all of them and stands in the file as a proposal";
            work.propose("profile: strict", "addAllBuiltIn", origin.clone());
            work.left(origin, "addAllBuiltIn", why);
        }
        work.besides(&include);
    } else if yes("doNotAutoAddDefaults") {
        if let Some(entry) = node.entry("doNotAutoAddDefaults") {
            let origin = page.at(entry.key);
            if include.is_empty() {
                let why = "it leaves kube-linter without a check; Careen would have nothing to look \
                           for in manifests: `ignore: [kubernetes]`, if that is meant";
                work.left(origin, "doNotAutoAddDefaults", why);
            } else {
                let how = "`select` names the rules for what `include` lists";
                work.taken(origin, "doNotAutoAddDefaults", how);
            }
        }
        work.only(&include, &["kubernetes"]);
    } else {
        work.besides(&include);
    }
    for (id, origin) in exclude {
        work.ignore(id, origin, Scope::default());
    }
    for (path, origin) in words("ignorePaths") {
        match relative(path) {
            Ok(glob) => {
                let how = format!(
                    "rules for Kubernetes are ignored in `{glob}`; secrets and \
                                   certificates, which kube-linter never looked for, are not"
                );
                work.taken(origin.clone(), path, how);
                let reason = Some("kube-linter did not look at these paths".to_owned());
                let scope = Scope { paths: vec![glob], reason, ..Scope::default() };
                let note = (origin, "ignorePaths".to_owned());
                work.ignore_names(vec!["kubernetes".to_owned()], scope, note);
            }
            Err(why) => work.left(origin, path, why),
        }
    }
    let known = ["addAllBuiltIn", "doNotAutoAddDefaults", "include", "exclude", "ignorePaths"];
    for entry in node.entries() {
        let key = entry.key.text().unwrap_or_default();
        if !known.contains(&key) {
            work.left(page.at(entry.key), key, "kube-linter has no such key, nor has Careen");
        }
    }
}

/// Checks of the user's own. Which rule is nearest, a template tells.
fn custom(page: &Page, node: Node<'_>, work: &mut Work<'_>) {
    if node.kind() != Kind::Sequence {
        return;
    }
    for check in node.items().take(MOST_ITEMS) {
        let text = |key: &str| check.get(key).and_then(|value| value.text()).unwrap_or_default();
        let name = format!("customChecks {}", text("name"));
        let template = text("template");
        let mut near = work.named("kube-linter", &format!("template:{template}"));
        if near.is_empty() {
            near = work.named("kube-linter", template);
        }
        let ids: Vec<_> = near.iter().map(|rule| rule.id).collect();
        let options = near.iter().find_map(|rule| Some((rule.id, rule.options.first()?.name)));
        let why = match (ids.is_empty(), options) {
            (true, _) => "checks of your own are not taken over, and no rule is near".to_owned(),
            (false, Some((rule, option))) => format!(
                "checks of your own are not taken over; the nearest is {}: say what you need as \
                 `rules: {{{rule}: {{{option}: …}}}}`",
                list(&ids)
            ),
            (false, None) => format!(
                "checks of your own are not taken over; the nearest is {}, without options",
                list(&ids)
            ),
        };
        work.left(page.at(check), &name, why);
    }
}
