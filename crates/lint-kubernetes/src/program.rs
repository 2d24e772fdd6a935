//! Well-known programs, by the image of a container.

use careen_image_model::reference::{self, ImageRef};
use careen_kube_model::Container;
use careen_text::Span;

/// The image of a container, taken apart, and where it stands.
pub(crate) fn image_of(container: Container<'_>) -> Option<(ImageRef, Span)> {
    let node = container.image()?;
    let image = reference::parse(node.text()?).ok()?;
    Some((image, node.span()))
}

/// Whether the image's repository ends with one of these names, at a slash: mirrors put registries
/// and folders in front. The text of the image is looked at first, which costs next to nothing.
pub(crate) fn runs<'a>(container: Container<'a>, names: &[&str]) -> Option<(&'a str, Span)> {
    let node = container.image()?;
    let text = node.text()?;
    if !names.iter().any(|name| text.contains(name)) {
        return None;
    }
    let (image, span) = image_of(container)?;
    let repository = image.repository();
    let is = |name: &&str| {
        repository.strip_suffix(*name).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    names.iter().any(is).then_some((text, span))
}
