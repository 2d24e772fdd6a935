//! What platforms an image is there for.

use careen_image_model::oci::Image;

/// The platforms that a reference leads to images for, as `os/architecture` with the variant where
/// there is one; empty where that is not told.
pub(crate) fn of(image: &Image) -> Vec<String> {
    let mut all: Vec<String> = match &image.index {
        Some(index) => index.platforms.iter().map(ToString::to_string).collect(),
        None => of_config(image).into_iter().collect(),
    };
    all.dedup();
    all
}

fn of_config(image: &Image) -> Option<String> {
    let (os, architecture) = (image.config.text(&["os"])?, image.config.text(&["architecture"])?);
    Some(match image.config.text(&["variant"]) {
        Some(variant) => format!("{os}/{architecture}/{variant}"),
        None => format!("{os}/{architecture}"),
    })
}

/// Whether two platforms agree as far as both say: a variant that one leaves out is any.
pub(crate) fn agree(one: &str, other: &str) -> bool {
    fn parts(platform: &str) -> impl Iterator<Item = &str> {
        platform.split('/').map(|part| match part {
            "x86_64" | "x86-64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        })
    }
    parts(one).zip(parts(other)).all(|(one, other)| one.eq_ignore_ascii_case(other))
}
