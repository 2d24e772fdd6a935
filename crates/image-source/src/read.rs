use std::collections::BTreeSet;
use std::sync::Arc;

use careen_image_model::oci::{
    CONFIG_MAX, Descriptor, Digest, Document, Evidence, Image, ImageConfig, ImageProblem, Index,
    IndexFacts, Layer, LayerText, Manifest, Platform, parse_document,
};
use careen_image_model::reference;
use careen_text::Source;

use crate::source::{ImageSource, SourceError};

/// Indexes inside of indexes.
const DEPTH_MAX: usize = 4;

/// Which image of several is meant.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The platform, as `os/architecture` or `os/architecture/variant`. An index without it gives
    /// its first image.
    pub platform: String,
}

impl Default for Selection {
    fn default() -> Self {
        Self { platform: "linux/amd64".to_owned() }
    }
}

/// An image of which all but its layers was read.
#[derive(Debug)]
pub struct Prepared {
    /// How reports call it.
    pub name: Arc<str>,
    /// What it is called in a registry, where that is known.
    pub reference: Option<String>,
    /// The digest of the manifest, where it is known.
    pub digest: Option<Digest>,
    /// The index it was chosen from.
    pub index: Option<(IndexFacts, Box<Index>)>,
    /// The manifest.
    pub manifest: Manifest,
    /// The text of the manifest.
    pub manifest_source: Arc<Source>,
    /// The configuration.
    pub config: ImageConfig,
}

impl Prepared {
    /// The part of what is kept of all layers that one of them may have, whichever is read first:
    /// half goes to all alike, half by how large they are.
    pub(crate) fn share(&self, at: usize, kept: usize) -> usize {
        let layers = &self.manifest.layers;
        let size = |layer: &Descriptor| u128::from(layer.size);
        let total = layers.iter().map(size).sum::<u128>().max(1);
        let own = layers.get(at).map_or(0, size);
        let half = kept / 2;
        let by_size = half as u128 * own / total;
        half / layers.len().max(1) + usize::try_from(by_size).unwrap_or(half)
    }
}

/// Finds the image in a source and reads its manifest and its configuration. `name` is how
/// reports call it.
///
/// # Errors
///
/// Where they are not to be had or malformed.
pub fn prepare(
    source: &dyn ImageSource,
    name: &Arc<str>,
    selection: &Selection,
) -> Result<Prepared, SourceError> {
    let root = source.root()?;
    let mut digest = root.digest;
    let mut bytes = root.bytes;
    let mut index = None;
    for _ in 0..DEPTH_MAX {
        let document = parse_document(&bytes);
        match document.map_err(|error| SourceError::Malformed(error.to_string()))? {
            Document::Schema1 => {
                return Err(SourceError::Unsupported(
                    "the manifest is of Docker's retired schema 1".to_owned(),
                ));
            }
            Document::Index(found) => {
                let entry = choose(&found, &selection.platform)?.clone();
                bytes = source.document(&entry.digest)?;
                let platforms = found.images().filter_map(|one| one.platform.clone()).collect();
                let chosen = entry.digest.clone();
                // The outermost one is what was deployed.
                if index.is_none() {
                    index = Some((IndexFacts { digest, entry, platforms }, found));
                }
                digest = Some(chosen);
            }
            Document::Manifest(manifest) => {
                let config = source.whole(&manifest.config, CONFIG_MAX)?;
                let path = |file: &str| format!("{name}!{file}");
                let config = Source::from_bytes(path("config.json"), config);
                let manifest_source = Source::from_bytes(path("manifest.json"), bytes);
                return Ok(Prepared {
                    name: Arc::clone(name),
                    reference: root.reference,
                    digest,
                    index,
                    manifest: *manifest,
                    manifest_source: Arc::new(manifest_source),
                    config: ImageConfig::parse(&Arc::new(config)),
                });
            }
        }
    }
    Err(SourceError::Malformed("indexes stand in indexes without end".to_owned()))
}

/// Puts an image together.
#[must_use]
pub fn finish(
    prepared: Prepared,
    layers: Vec<Layer>,
    mut texts: Vec<LayerText>,
    evidence: Evidence,
) -> Image {
    // Of two entries with one path in a layer, the later one is what a container sees.
    let mut seen = BTreeSet::new();
    texts.reverse();
    texts.retain(|text| seen.insert((text.layer, text.path.clone())));
    texts.reverse();
    let mut problems = Vec::new();
    let (listed, configured) = (prepared.manifest.layers.len(), prepared.config.diff_ids().len());
    // An artifact that is no image lists no layers.
    if configured > 0 && listed != configured {
        problems.push(ImageProblem::LayerCount { manifest: listed, config: configured });
    }
    Image {
        reference: prepared.reference.and_then(|text| reference::parse(&text).ok()),
        name: prepared.name,
        digest: prepared.digest,
        index: prepared.index.map(|(facts, _)| facts),
        manifest: prepared.manifest,
        manifest_source: prepared.manifest_source,
        config: prepared.config,
        layers,
        texts,
        evidence,
        problems,
    }
}

fn choose<'i>(index: &'i Index, wanted: &str) -> Result<&'i Descriptor, SourceError> {
    let is_wanted = |platform: &Platform| {
        platform.to_string() == wanted
            || format!("{}/{}", platform.os, platform.architecture) == wanted
    };
    let images: Vec<_> = index.images().collect();
    let meant = images.iter().find(|one| one.platform.as_ref().is_some_and(is_wanted));
    let first = images.first().or(index.manifests.first().as_ref()).copied();
    meant
        .copied()
        .or(first)
        .ok_or_else(|| SourceError::NotFound("an image in the index".to_owned()))
}
