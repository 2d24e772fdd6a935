//! Bake files. They name images as build contexts, `docker-image://…`; their `tags` are the names
//! of what is built.

use careen_text::Span;
use careen_yaml::Node;

use super::{DOCKER_IMAGE, IMAGES_MAX, ImageHolder, NamedImage, Place, of_context};

/// The images of a bake file in JSON.
pub(super) fn collect<'a>(root: Node<'a>, images: &mut Vec<NamedImage<'a>>) {
    let targets = root.get("target");
    let contexts = targets.iter().flat_map(Node::entries).flat_map(|target| {
        let contexts = target.value.get("contexts");
        let entries = contexts.map(|contexts| contexts.entries()).into_iter().flatten();
        entries.map(move |context| (target.name().unwrap_or_default(), context.value))
    });
    // Contexts without images count too: through aliases one mapping may stand in many targets.
    for (target, context) in contexts.take(IMAGES_MAX) {
        images.extend(of_context(context, ImageHolder::BakeTarget(target)));
    }
}

/// The images of a bake file in HCL: the strings that are build contexts of that scheme.
pub(super) fn of_text(text: &str) -> Vec<NamedImage<'_>> {
    let mut images = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.trim_start();
        let comment = code.starts_with('#') || code.starts_with("//");
        let quoted = line.match_indices(DOCKER_IMAGE).filter(|_| !comment);
        for (at, scheme) in quoted {
            let from = at + scheme.len();
            let opened = line.get(..at).is_some_and(|before| before.ends_with('"'));
            let Some(len) = line.get(from..).and_then(|rest| rest.find('"')) else { continue };
            let reference = line.get(from..from + len).unwrap_or_default();
            if opened && images.len() < IMAGES_MAX {
                let span = Span::of(start + from..start + from + len);
                let holder = ImageHolder::BakeTarget("");
                images.push(NamedImage::new(reference.to_owned(), holder, Place::Text(span)));
            }
        }
        start += line.len();
    }
    images
}
