//! `.kube-score.yml`: `enable`, `enable-all`, `disable`, `disable-all`.

use crate::Input;
use crate::model::Scope;
use crate::read::Page;
use crate::work::Work;

pub(crate) fn read(input: &Input, work: &mut Work<'_>) {
    let page = Page::of(input, work);
    let Some(root) = page.root(work) else { return };
    let mut disabled = Vec::new();
    if root.get("enable").is_none_or(|list| page.words(list).is_empty()) {
        work.runs_in_full(&["kubernetes"]);
    }
    for entry in root.entries() {
        let key = entry.key.text().unwrap_or_default();
        let origin = page.at(entry.key);
        let words = page.words(entry.value);
        match key {
            // A list of checks stands for all there are.
            "enable" => work.only(&words, &["kubernetes"]),
            "disable" | "ignored-checks" | "ignore-test" => disabled.extend(words),
            "optional" | "enable-optional-test" => work.besides(&words),
            "enable-all" | "disable-all" if entry.value.as_bool() != Some(true) => {
                work.taken(origin, key, "it is off, and changes nothing");
            }
            "enable-all" => {
                let why = "no key adds to a profile the rules that are off by default; `profile: \
                           strict` has nearly all of them and stands in the file as a proposal";
                work.propose("profile: strict", key, origin.clone());
                work.left(origin, key, why);
            }
            "disable-all" => {
                let why = "it leaves kube-score without a check; `ignore: [kubernetes]` would do the \
                           same, if that is meant";
                work.left(origin, key, why);
            }
            _ => work.left(origin, key, "kube-score has no such key, nor has Careen"),
        }
    }
    for (id, origin) in disabled {
        work.ignore(id, origin, Scope::default());
    }
}
