//! Built images on the command line.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use careen_engine::{ImageInput, Images};
use careen_image_source::{Scheme, Selection, open as open_source};

use crate::args::CheckArguments;

/// Tells images from files among what is to be checked.
pub(crate) fn set_apart(arguments: &mut CheckArguments) {
    let is_image = |path: &PathBuf| path.to_str().is_some_and(|it| Scheme::of(it).is_some());
    // A file that is called so is meant where there is one.
    let (images, paths): (Vec<_>, Vec<_>) =
        arguments.paths.drain(..).partition(|path| is_image(path) && !path.exists());
    arguments.paths = paths;
    arguments.images =
        images.into_iter().filter_map(|it| it.into_os_string().into_string().ok()).collect();
}

/// Opens the images that were named.
pub(crate) fn open<'a>(arguments: &CheckArguments) -> Result<Images<'a>> {
    let mut inputs = Vec::new();
    for text in &arguments.images {
        let Some((scheme, place)) = Scheme::of(text) else { continue };
        let source =
            open_source(scheme, place).map_err(|error| anyhow!("cannot read `{text}`: {error}"))?;
        inputs.push(ImageInput { name: place.into(), source });
    }
    Ok(Images {
        inputs,
        selection: Selection { platform: arguments.platform.clone() },
        ..Images::default()
    })
}
