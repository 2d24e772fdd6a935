//! What endoflife.date gives, in both versions of its API.

use careen_yaml::{Kind, Node};

use super::{EndOfLife, PRODUCTS_MAX, Product, RELEASES_MAX, Release, day};

/// Lays the data over what is known. False where nothing could be read.
pub(super) fn read(known: &mut EndOfLife, root: Node<'_>) -> bool {
    let as_of = ["generated_at", "last_modified"].iter().find_map(|key| root.get(key));
    let as_of = as_of.and_then(|day| day::parse(day.text()?));
    let mut any = false;
    match root.get("result") {
        Some(result) if result.kind() == Kind::Sequence => {
            for product in result.items().take(PRODUCTS_MAX) {
                any |= second(known, product, as_of);
            }
        }
        Some(result) => any |= second(known, result, as_of),
        None => {
            for entry in root.entries().take(PRODUCTS_MAX) {
                let Some(name) = entry.name() else { continue };
                if entry.value.kind() != Kind::Sequence {
                    continue;
                }
                let index = product(known, name, None);
                any |= releases(known, index, entry.value, as_of, first);
            }
        }
    }
    any
}

/// A product of the second version.
fn second(known: &mut EndOfLife, node: Node<'_>, as_of: Option<i64>) -> bool {
    let Some(name) = node.get("name").and_then(|name| name.text()) else { return false };
    let Some(list) = node.get("releases") else { return false };
    let index = product(known, name, Some(node));
    releases(known, index, list, as_of, |node, open| {
        let day = |key: &str| day::parse(node.get(key)?.text()?);
        let (eol, extended) = ends(day("eolFrom"), day("eoesFrom"), open);
        let name = node.get("name")?.text()?.to_owned();
        Some(Release { name, aliases: alias(node), eol, extended, as_of: None })
    })
}

/// A release of the first version.
fn first(node: Node<'_>, open: bool) -> Option<Release> {
    let day = |key: &str| day::parse(node.get(key)?.text()?);
    let (eol, extended) = ends(day("eol"), day("extendedSupport"), open);
    let name = node.get("cycle")?.text()?.to_owned();
    Some(Release { name, aliases: alias(node), eol, extended, as_of: None })
}

/// Where the extension is open to all it is the end.
fn ends(eol: Option<i64>, extended: Option<i64>, open: bool) -> (Option<i64>, Option<i64>) {
    match extended {
        Some(extended) if open => (Some(extended), None),
        _ => (eol, extended),
    }
}

/// `jammy` of `Jammy Jellyfish`.
fn alias(node: Node<'_>) -> Vec<String> {
    let codename = node.get("codename").filter(|it| !it.is_null()).and_then(|it| it.text());
    let word = codename.and_then(|codename| codename.split_whitespace().next());
    word.map(str::to_ascii_lowercase).into_iter().collect()
}

fn releases(
    known: &mut EndOfLife,
    product: usize,
    list: Node<'_>,
    as_of: Option<i64>,
    read: impl Fn(Node<'_>, bool) -> Option<Release>,
) -> bool {
    let open = known.products.get(product).is_some_and(|product| product.open_extension);
    let mut any = false;
    for node in list.items().take(RELEASES_MAX) {
        if let Some(release) = read(node, open) {
            known.put(product, Release { as_of, ..release });
            any = true;
        }
    }
    any
}

/// The product of that name; one that is not known yet is known by the Docker repositories among
/// its identifiers.
fn product(known: &mut EndOfLife, name: &str, node: Option<Node<'_>>) -> usize {
    if let Some(index) = known.foreign.get(name) {
        return *index;
    }
    let field = |key: &str| node?.get(key)?.text();
    let index = known.products.len();
    known.products.push(Product {
        title: field("label").unwrap_or(name).to_owned(),
        distribution: field("category") == Some("os"),
        ..Product::default()
    });
    known.foreign.insert(name.to_owned(), index);
    let identifiers = node.and_then(|node| node.get("identifiers"));
    for identifier in identifiers.iter().flat_map(Node::items).take(RELEASES_MAX) {
        let id = identifier.get("id").and_then(|id| id.text());
        if let Some(image) = id.and_then(|id| id.strip_prefix("pkg:docker/")) {
            known.name(image.split(['?', '@', '#']).next().unwrap_or(image), index, None);
        }
    }
    index
}
