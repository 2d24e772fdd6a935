use std::sync::Arc;

use careen_text::Source;

use super::{
    Accounts, Descriptor, Digest, Evidence, ImageConfig, Layer, Manifest, Merged, OsRelease,
    Platform,
};
use crate::ImageRef;

/// A built image with everything that was read of it.
#[derive(Debug)]
pub struct Image {
    /// How reports call it: `dist/app.tar`, `registry.example.com/app@sha256:…`.
    pub name: Arc<str>,
    /// What it is called in a registry, where that is known.
    pub reference: Option<ImageRef>,
    /// The digest of the manifest. An archive of `docker save` does not keep it.
    pub digest: Option<Digest>,
    /// The index it was chosen from.
    pub index: Option<IndexFacts>,
    /// The manifest.
    pub manifest: Manifest,
    /// The text of the manifest; of an archive of `docker save`, of its `manifest.json`.
    pub manifest_source: Arc<Source>,
    /// The configuration.
    pub config: ImageConfig,
    /// The layers, lowest first; empty where only the configuration was asked for.
    pub layers: Vec<Layer>,
    /// Files of the layers that say what the system is: accounts, release, package databases.
    pub texts: Vec<LayerText>,
    /// What was found about who built it and what is in it.
    pub evidence: Evidence,
    /// What is wrong with it.
    pub problems: Vec<ImageProblem>,
}

/// The index that an image was chosen from.
#[derive(Clone, Debug)]
pub struct IndexFacts {
    /// Its digest.
    pub digest: Option<Digest>,
    /// How it points at the image.
    pub entry: Descriptor,
    /// The platforms of all images in it.
    pub platforms: Vec<Platform>,
}

/// A file of a layer that is kept.
#[derive(Clone, Debug)]
pub struct LayerText {
    /// Index of the layer.
    pub layer: usize,
    /// The path from the root on.
    pub path: Box<str>,
    /// The text.
    pub source: Arc<Source>,
}

/// Something wrong with an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageProblem {
    /// Bytes are not those that their digest names; one sentence fragment.
    Digest(String),
    /// The configuration lists other layers than the manifest.
    LayerCount {
        /// How many the manifest has.
        manifest: usize,
        /// How many the configuration has.
        config: usize,
    },
}

impl Image {
    /// What a container sees.
    #[must_use]
    pub fn merged(&self) -> Merged<'_> {
        Merged::of(&self.layers)
    }

    /// The text that a program gets which opens a path, if it is among those that are kept.
    #[must_use]
    pub fn text(&self, merged: &Merged<'_>, path: &str) -> Option<&LayerText> {
        let (layer, entry) = merged.resolve(path)?;
        self.texts.iter().find(|text| text.layer == layer && text.path == entry.path)
    }

    /// What the system says it is.
    #[must_use]
    pub fn os_release(&self, merged: &Merged<'_>) -> Option<OsRelease> {
        let paths = ["etc/os-release", "usr/lib/os-release"];
        let text = paths.into_iter().find_map(|path| self.text(merged, path))?;
        Some(OsRelease::parse(&text.source))
    }

    /// The entries of `/etc/passwd`, `/etc/group` or `/etc/shadow`.
    #[must_use]
    pub fn accounts(&self, merged: &Merged<'_>, path: &str) -> Option<Accounts> {
        self.text(merged, path).map(|text| Accounts::parse(&text.source))
    }

    /// Whether the layers were asked for.
    #[must_use]
    pub fn has_layers(&self) -> bool {
        !self.layers.is_empty()
    }

    /// Bytes that a pull transfers: the layers as they are stored.
    #[must_use]
    pub fn stored(&self) -> u64 {
        self.manifest.layers.iter().map(|layer| layer.size).fold(0, u64::saturating_add)
    }
}
