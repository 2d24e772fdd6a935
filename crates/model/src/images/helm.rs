//! Values of Helm charts. By custom an image is a mapping with `repository` and `tag`, and with
//! `registry` and `digest` at times. An empty tag stands for the version of the application that
//! the chart is for, which is in another file.

use careen_yaml::{Kind, Node};

use super::{IMAGES_MAX, ImageHolder, NamedImage, Parts, short};

/// The images in values.
pub(super) fn collect<'a>(root: Node<'a>, images: &mut Vec<NamedImage<'a>>) {
    let mut path: Vec<&str> = Vec::new();
    for visit in root.walk() {
        if images.len() >= IMAGES_MAX {
            return;
        }
        path.truncate(visit.depth.saturating_sub(1));
        path.resize(visit.depth.saturating_sub(1), "");
        let key = visit.key.and_then(|key| key.text()).unwrap_or_default();
        if visit.depth > 0 {
            path.push(key);
        }
        if visit.aliased {
            continue;
        }
        if visit.node.kind() == Kind::Mapping {
            let parts = parts(visit.node, key);
            let holder = ImageHolder::HelmValues(path.join("."));
            images.extend(parts.and_then(|parts| NamedImage::of_parts(parts, holder)));
        } else if key == "image"
            && let Some(text) = short(visit.node).filter(|text| is_whole(text))
        {
            let holder = ImageHolder::HelmValues(path.join("."));
            images.push(NamedImage::of_node(visit.node, text.to_owned(), holder));
        }
    }
}

/// The parts of an image in a mapping that holds them.
fn parts<'a>(mapping: Node<'a>, key: &str) -> Option<Parts<'a>> {
    let repository = mapping.get("repository")?;
    let text = repository.text().filter(|text| !text.is_empty() && !text.contains("://"))?;
    let (tag, digest) = (mapping.get("tag"), mapping.get("digest"));
    let named = key.to_ascii_lowercase().ends_with("image");
    // A repository of git or of charts has neither.
    if !named && tag.is_none() && digest.is_none() || text.ends_with(".git") {
        return None;
    }
    Some(Parts { registry: mapping.get("registry"), repository, tag, digest })
}

/// Whether a text under `image` is a reference with its tag or digest, rather than a name to which
/// the template adds one.
fn is_whole(text: &str) -> bool {
    let last = text.rsplit('/').next().unwrap_or(text);
    last.contains([':', '@']) && !text.contains("://") && !text.contains(char::is_whitespace)
}
