use std::path::Path;

use crate::docker_archive::DockerArchiveSource;
use crate::layout::LayoutSource;
use crate::source::{ImageSource, SourceError};

/// Where an image without a registry lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `oci:DIR[:REF]`.
    Oci,
    /// `oci-archive:FILE[:REF]`.
    OciArchive,
    /// `docker-archive:FILE[:REF]`.
    DockerArchive,
}

impl Scheme {
    /// The scheme in front of a text, and what follows it.
    #[must_use]
    pub fn of(text: &str) -> Option<(Self, &str)> {
        let (scheme, rest) = text.split_once(':')?;
        let scheme = match scheme {
            "oci" => Self::Oci,
            "oci-archive" => Self::OciArchive,
            "docker-archive" => Self::DockerArchive,
            _ => return None,
        };
        Some((scheme, rest))
    }
}

/// Opens the image at `place`: a path, and behind a colon or an `@` the image's name or digest
/// where there are several.
///
/// # Errors
///
/// Where there is no such image.
pub fn open(scheme: Scheme, place: &str) -> Result<Box<dyn ImageSource>, SourceError> {
    let (path, reference) = split(place);
    let path = Path::new(path);
    Ok(match scheme {
        Scheme::Oci => Box::new(LayoutSource::folder(path, reference)?),
        Scheme::OciArchive => Box::new(LayoutSource::archive(path, reference)?),
        Scheme::DockerArchive => DockerArchiveSource::open(path, reference)?,
    })
}

/// Path and reference. The path is all that exists, or else the longest part in front of a colon
/// or an `@` that does.
fn split(place: &str) -> (&str, Option<&str>) {
    if Path::new(place).exists() {
        return (place, None);
    }
    let mut ends = place.rmatch_indices([':', '@']).filter_map(|(at, _)| {
        let path = place.get(..at).filter(|path| !path.is_empty())?;
        Some((path, place.get(at + 1..)?))
    });
    match ends.find(|(path, _)| Path::new(path).exists()) {
        Some((path, reference)) => (path, Some(reference)),
        None => (place, None),
    }
}
