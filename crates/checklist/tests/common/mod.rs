//! What the tests of this folder share.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use careen_text::Source;

/// A file of the repository.
pub(crate) fn file(path: &str) -> Arc<Source> {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    Source::new(path, fs::read_to_string(full).unwrap())
}

/// An item of the seed lists: its name, text and controls.
pub(crate) struct Seed {
    pub(crate) id: &'static str,
    pub(crate) text: &'static str,
    pub(crate) controls: Vec<&'static str>,
}

/// Every item of both lists, in order.
pub(crate) fn seeds() -> Vec<Seed> {
    let lines = include_str!("../seeds.tsv").lines().skip(1);
    lines
        .map(|line| {
            let mut fields = line.split('\t');
            let mut next = || fields.next().unwrap();
            Seed { id: next(), text: next(), controls: next().split(' ').collect() }
        })
        .collect()
}

/// Every control of `policies/controls`: its id and title.
pub(crate) fn controls() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/controls");
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names.iter().flat_map(|name| controls_of(&format!("policies/controls/{name}"))).collect()
}

fn controls_of(path: &str) -> Vec<(String, String)> {
    let source = file(path);
    let tree = careen_yaml::parse(&source, &careen_yaml::Limits::default());
    let root = tree.document(0).unwrap().root().unwrap();
    let text =
        |node: careen_yaml::Node<'_>, key: &str| node.get(key).unwrap().text().unwrap().to_owned();
    root.get("controls").unwrap().items().map(|it| (text(it, "id"), text(it, "title"))).collect()
}
