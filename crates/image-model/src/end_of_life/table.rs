//! The form of the built-in table.

use careen_yaml::Node;

use super::{EndOfLife, PRODUCTS_MAX, Product, RELEASES_MAX, Release, day};
use crate::reference;

/// Lays the table over what is known. False where nothing could be read.
pub(super) fn read(known: &mut EndOfLife, root: Node<'_>) -> bool {
    let as_of = root.get("as_of").and_then(day_of);
    let Some(products) = root.get("products") else { return false };
    let mut any = false;
    for entry in products.entries().take(PRODUCTS_MAX) {
        let Some(name) = entry.name() else { continue };
        let index = product(known, name, entry.value);
        let cycles = entry.value.get("cycles");
        for cycle in cycles.iter().flat_map(Node::entries).take(RELEASES_MAX) {
            let Some(name) = cycle.name() else { continue };
            let release = Release {
                name: name.to_owned(),
                aliases: words(cycle.value.get("aliases")),
                eol: cycle.value.get("eol").and_then(day_of),
                extended: cycle.value.get("extended").and_then(day_of),
                as_of,
            };
            known.put(index, release);
        }
        any = true;
    }
    any
}

fn product(known: &mut EndOfLife, name: &str, node: Node<'_>) -> usize {
    let foreign = node.get("api").and_then(|api| api.text()).unwrap_or(name);
    if let Some(index) = known.foreign.get(foreign) {
        return *index;
    }
    let flag = |key: &str| node.get(key).and_then(|it| it.as_bool()).unwrap_or_default();
    let index = known.products.len();
    known.products.push(Product {
        title: node.get("title").and_then(|it| it.text()).unwrap_or(name).to_owned(),
        distribution: flag("distribution"),
        rolling: flag("rolling"),
        open_extension: flag("open_extension"),
        words: words(node.get("words")),
        releases: Vec::new(),
    });
    known.foreign.insert(foreign.to_owned(), index);
    for id in words(node.get("os")) {
        known.systems.entry(id).or_default().push(index);
    }
    let images = node.get("images");
    for image in images.iter().flat_map(Node::items).filter_map(|item| item.text()) {
        known.name(image, index, None);
    }
    for entry in images.iter().flat_map(Node::entries) {
        if let Some(image) = entry.name() {
            let release = entry.value.text().filter(|text| !text.is_empty());
            known.name(image, index, release.map(str::to_owned));
        }
    }
    index
}

impl EndOfLife {
    /// Notes that a repository, or all below it, holds a product.
    pub(super) fn name(&mut self, image: &str, product: usize, release: Option<String>) {
        let (path, below) = match image.strip_suffix("/*") {
            Some(path) => (path, "/*"),
            None => (image, ""),
        };
        if let Ok(reference) = reference::parse(path) {
            let key = format!("{}{below}", reference.name());
            self.images.entry(key).or_default().push((product, release));
        }
    }
}

fn words(list: Option<Node<'_>>) -> Vec<String> {
    let items = list.iter().flat_map(Node::items).filter_map(|item| item.text());
    items.map(str::to_owned).collect()
}

fn day_of(node: Node<'_>) -> Option<i64> {
    day::parse(node.text()?)
}
