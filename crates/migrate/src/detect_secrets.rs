//! `.secrets.baseline`. At the root of a repository `careen check` reads it itself.

use careen_yaml::Node;

use crate::Input;
use crate::glob::of_regex;
use crate::model::{Origin, Scope};
use crate::read::{MOST_ITEMS, Page};
use crate::work::Work;

pub(crate) fn read(input: &Input, work: &mut Work<'_>) {
    work.runs_in_full(&["secrets"]);
    let page = Page::of(input, work);
    let Some(root) = page.root(work) else { return };
    let results = root.entry("results");
    let count: usize = results
        .map(|entry| entry.value.entries().map(|file| file.value.items().count()).sum())
        .unwrap_or_default();
    let origin = results.map_or_else(|| page.at(root), |entry| page.at(entry.key));
    let what = format!("{count} known secret{}", if count == 1 { "" } else { "s" });
    if input.at_root {
        let how = "`careen check` reads the file itself, its filters too: keep it";
        return work.honoured(origin, &what, how);
    }
    let why = "`careen check` reads hashes from `.secrets.baseline` at the root of the repository: \
               put the file there, or run `careen baseline create`";
    work.left(origin, &what, why);
    for filter in root.get("filters_used").into_iter().flat_map(|list| list.items()) {
        let name = filter.get("path").and_then(|node| node.text()).unwrap_or_default();
        if name.ends_with("should_exclude_file")
            && let Some(pattern) = filter.get("pattern")
        {
            files(&page, pattern, work);
        }
    }
    // Before version 1.
    if let Some(pattern) = root.at(&["exclude", "files"]).filter(|node| !node.is_null()) {
        files(&page, pattern, work);
    }
}

fn files(page: &Page, node: Node<'_>, work: &mut Work<'_>) {
    let one = node.text().map(|text| (text, page.at(node)));
    let many = node.items().filter_map(|item| Some((item.text()?, page.at(item))));
    let patterns: Vec<(&str, Origin)> = one.into_iter().chain(many).take(MOST_ITEMS).collect();
    for (pattern, origin) in patterns {
        let Some(glob) = of_regex(pattern) else {
            let why = "it is a regular expression that no glob says; write an item of `ignore` with \
                       `paths`";
            work.left(origin, pattern, why);
            continue;
        };
        let how = format!("secrets are ignored in `{glob}`");
        work.taken(origin.clone(), pattern, how);
        let reason = Some("detect-secrets did not look at these files".to_owned());
        let scope = Scope { paths: vec![glob], reason, ..Scope::default() };
        let note = (origin, "filter of files".to_owned());
        work.ignore_names(vec!["secrets".to_owned()], scope, note);
    }
}
