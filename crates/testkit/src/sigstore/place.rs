use std::collections::BTreeMap;

use careen_image_model::oci::{Descriptor, Digest};
use careen_image_source::MemorySource;
use serde_json::{Value, json};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// An image in a repository.
#[derive(Clone, Debug)]
pub struct Image {
    /// Its digest.
    pub digest: Digest,
    /// Its manifest.
    pub bytes: Vec<u8>,
    /// How it is pointed at.
    pub descriptor: Descriptor,
}

/// A layer of a manifest of signatures.
#[derive(Clone, Debug)]
pub struct Layer {
    /// What kind of bytes they are.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// What is noted about them.
    pub annotations: BTreeMap<String, String>,
}

impl Layer {
    /// A layer without annotations.
    #[must_use]
    pub fn new(media_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let annotations = BTreeMap::new();
        Self { media_type: media_type.to_owned(), bytes: bytes.into(), annotations }
    }

    /// A bundle.
    #[must_use]
    pub fn bundle(bundle: &Value) -> Self {
        Self::new("application/vnd.dev.sigstore.bundle.v0.3+json", bundle.to_string())
    }

    /// A payload of simple signing with the annotations that sign it.
    #[must_use]
    pub fn simple_signing(payload: &[u8], annotations: BTreeMap<String, String>) -> Self {
        let media_type = "application/vnd.dev.cosign.simplesigning.v1+json".to_owned();
        Self { media_type, bytes: payload.to_vec(), annotations }
    }

    /// An envelope with the annotations that sign it.
    #[must_use]
    pub fn envelope((bytes, annotations): (Vec<u8>, BTreeMap<String, String>)) -> Self {
        let media_type = "application/vnd.dsse.envelope.v1+json".to_owned();
        Self { media_type, bytes, annotations }
    }
}

/// Puts an image with that configuration into a repository.
pub fn image(source: &mut MemorySource, config: &Value) -> Image {
    let config = pushed(source, CONFIG, config.to_string().into_bytes());
    let manifest = json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [],
    });
    document(source, MANIFEST, &manifest)
}

/// Puts an index of manifests into a repository.
pub fn index(source: &mut MemorySource, manifests: &[Descriptor]) -> Image {
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests });
    document(source, INDEX, &index)
}

/// Puts a manifest with those layers into a repository, which refers to an image if one is given.
pub fn attach(
    source: &mut MemorySource,
    subject: Option<&Image>,
    artifact_type: &str,
    layers: &[Layer],
) -> Image {
    let config = pushed(source, EMPTY, b"{}".to_vec());
    let layers: Vec<Descriptor> = layers
        .iter()
        .map(|layer| {
            let mut one = pushed(source, &layer.media_type, layer.bytes.clone());
            one.annotations = layer.annotations.clone();
            one
        })
        .collect();
    let mut manifest = json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": artifact_type,
        "config": config, "layers": layers,
    });
    if let Some(subject) = subject {
        manifest["subject"] = serde_json::to_value(&subject.descriptor).expect("a descriptor");
    }
    document(source, MANIFEST, &manifest)
}

/// Puts a manifest with those layers where cosign looks for it: `suffix` is `sig`, `att` or `sbom`.
pub fn attach_tag(
    source: &mut MemorySource,
    subject: &Digest,
    suffix: &str,
    layers: &[Layer],
) -> Image {
    let manifest = attach(source, None, "", layers);
    let tag = format!("{}-{}.{suffix}", subject.algorithm(), subject.hex());
    source.set_tag(&tag, manifest.digest.clone());
    manifest
}

fn pushed(source: &mut MemorySource, media_type: &str, bytes: Vec<u8>) -> Descriptor {
    source.push(media_type, bytes).expect("SHA-256 is known")
}

fn document(source: &mut MemorySource, media_type: &str, value: &Value) -> Image {
    let bytes = value.to_string().into_bytes();
    let descriptor = source.push_document(media_type, bytes.clone()).expect("SHA-256 is known");
    Image { digest: descriptor.digest.clone(), bytes, descriptor }
}
