//! Kustomizations, which replace images by name.

use careen_kube_model::{ObjectView, field};
use careen_yaml::Node;

use super::{IMAGES_MAX, ImageHolder, NamedImage, Parts};

/// The images that a Kustomization puts in place of others.
pub(super) fn collect<'a>(view: ObjectView<'a>, images: &mut Vec<NamedImage<'a>>) {
    if !view.object.is_kustomize() {
        return;
    }
    for item in field(view.root(), "images").iter().flat_map(Node::items) {
        if images.len() >= IMAGES_MAX {
            return;
        }
        let Some(name) = field(item, "name") else { continue };
        let new_name = field(item, "newName").filter(|name| name.text() != Some(""));
        let parts = Parts {
            registry: None,
            repository: new_name.unwrap_or(name),
            tag: field(item, "newTag"),
            digest: field(item, "digest"),
        };
        let holder = ImageHolder::Kustomization(name.text().unwrap_or_default());
        images.extend(NamedImage::of_parts(parts, holder));
    }
}
