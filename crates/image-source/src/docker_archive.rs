use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use careen_image_model::oci::{CONFIG_MAX, DOCUMENT_MAX, Descriptor, Digest, Manifest};
use serde::Deserialize;

use crate::layout::LayoutSource;
use crate::source::{Blob, ImageSource, Root, SourceError, absent};
use crate::store::Store;
use crate::verify::digest_of;

const CONFIG_TYPE: &str = "application/vnd.docker.container.image.v1+json";
const LAYER_TYPE: &str = "application/vnd.docker.image.rootfs.diff.tar";

/// What `docker save` wrote before Docker 25, and `podman save` and `skopeo copy docker-archive:`
/// still write: layers as they are unpacked, without the manifest that a registry had.
#[derive(Debug)]
pub struct DockerArchiveSource {
    store: Store,
    manifest: Vec<u8>,
    reference: Option<String>,
    /// Where what a digest stands for lies in the archive.
    names: BTreeMap<Digest, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Saved {
    config: String,
    #[serde(default)]
    repo_tags: Option<Vec<String>>,
    #[serde(default)]
    layers: Vec<String>,
}

#[derive(Deserialize)]
struct Config {
    rootfs: RootFs,
}

#[derive(Deserialize)]
struct RootFs {
    diff_ids: Vec<Digest>,
}

impl DockerArchiveSource {
    /// Opens an archive. One that holds an OCI layout too is read as such, which keeps the digest.
    ///
    /// # Errors
    ///
    /// Where it is no such archive, or not one image is meant.
    pub fn open(path: &Path, reference: Option<&str>) -> Result<Box<dyn ImageSource>, SourceError> {
        let store = Store::tar(path)?;
        if store.has("oci-layout") && store.has("index.json") {
            return Ok(Box::new(LayoutSource::new(store, reference)?));
        }
        Ok(Box::new(Self::read(store, reference)?))
    }

    fn read(store: Store, reference: Option<&str>) -> Result<Self, SourceError> {
        let bytes = small(&store, "manifest.json", DOCUMENT_MAX).map_err(|error| match error {
            SourceError::NotFound(_) => SourceError::Malformed(
                "it is no archive of `docker save`: there is no `manifest.json` in it".to_owned(),
            ),
            other => other,
        })?;
        let malformed = |name: &str| SourceError::Malformed(format!("`{name}` is malformed"));
        let images: Vec<Saved> =
            serde_json::from_slice(&bytes).map_err(|_| malformed("manifest.json"))?;
        let saved = choose(&images, reference)?;
        let config = small(&store, &saved.config, CONFIG_MAX)?;
        let parsed: Config =
            serde_json::from_slice(&config).map_err(|_| malformed(&saved.config))?;
        let mut names = BTreeMap::new();
        let config_digest = digest_of("sha256", &config).ok_or_else(|| malformed(&saved.config))?;
        names.insert(config_digest.clone(), saved.config.clone());
        let mut layers = Vec::new();
        for (at, name) in saved.layers.iter().enumerate() {
            let (_, size) = store.open(name)?;
            // What is stored is the unpacked layer, mostly.
            let named = || digest_of("sha256", format!("{at} {name}").as_bytes());
            // Of two files with one digest, one would never be looked at.
            let is_free = |digest: &&Digest| names.get(*digest).is_none_or(|known| known == name);
            let digest = parsed.rootfs.diff_ids.get(at).filter(is_free).cloned().or_else(named);
            let digest = digest.ok_or_else(|| malformed("manifest.json"))?;
            names.insert(digest.clone(), name.clone());
            layers.push(descriptor(LAYER_TYPE, digest, size));
        }
        let manifest = Manifest {
            media_type: "application/vnd.docker.distribution.manifest.v2+json".to_owned(),
            artifact_type: None,
            config: descriptor(CONFIG_TYPE, config_digest, config.len() as u64),
            layers,
            subject: None,
            annotations: BTreeMap::new(),
        };
        let manifest = serde_json::to_vec(&manifest).map_err(|_| malformed("manifest.json"))?;
        let reference = saved.repo_tags.as_ref().and_then(|tags| tags.first().cloned());
        Ok(Self { store, manifest, reference, names })
    }
}

impl ImageSource for DockerArchiveSource {
    fn root(&self) -> Result<Root, SourceError> {
        Ok(Root { digest: None, bytes: self.manifest.clone(), reference: self.reference.clone() })
    }

    fn raw_document(&self, digest: &Digest) -> Result<Vec<u8>, SourceError> {
        Err(SourceError::NotFound(format!("manifest `{digest}`")))
    }

    fn raw_blob(&self, descriptor: &Descriptor) -> Result<Blob<'_>, SourceError> {
        let name = self.names.get(&descriptor.digest);
        let name = name.ok_or_else(|| SourceError::NotFound(descriptor.digest.to_string()))?;
        Ok(self.store.open(name)?.0)
    }

    fn tag(&self, _: &str) -> Result<Option<Digest>, SourceError> {
        Ok(None)
    }

    fn referrers(&self, _: &Digest) -> Result<Vec<Descriptor>, SourceError> {
        Ok(Vec::new())
    }

    fn keeps_evidence(&self) -> bool {
        false
    }

    fn keeps_digests(&self) -> bool {
        false
    }
}

fn descriptor(media_type: &str, digest: Digest, size: u64) -> Descriptor {
    Descriptor {
        media_type: media_type.to_owned(),
        digest,
        size,
        urls: Vec::new(),
        annotations: BTreeMap::new(),
        artifact_type: None,
        platform: None,
    }
}

fn small(store: &Store, name: &str, most: u64) -> Result<Vec<u8>, SourceError> {
    let (reader, size) = store.open(name)?;
    if size > most {
        return Err(SourceError::TooLarge { most });
    }
    let mut bytes = Vec::new();
    reader
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| SourceError::Io(format!("`{name}` could not be read: {error}")))?;
    Ok(bytes)
}

fn choose<'s>(images: &'s [Saved], reference: Option<&str>) -> Result<&'s Saved, SourceError> {
    let tags = |saved: &'s Saved| saved.repo_tags.iter().flatten();
    let names = || -> Vec<String> {
        images.iter().flat_map(tags).take(20).map(|tag| format!("`{tag}`")).collect()
    };
    match (reference, images) {
        (Some(reference), _) => {
            let exact = images.iter().find(|saved| tags(saved).any(|tag| tag == reference));
            let end = format!(":{reference}");
            let mut tagged = images.iter().filter(|it| tags(it).any(|tag| tag.ends_with(&end)));
            match (exact.or_else(|| tagged.next()), tagged.next()) {
                (Some(_), Some(_)) if exact.is_none() => Err(SourceError::Several(names())),
                (Some(one), _) => Ok(one),
                (None, _) => Err(absent(reference, &names())),
            }
        }
        (None, [one]) => Ok(one),
        (None, []) => Err(SourceError::NotFound("an image".to_owned())),
        (None, _) => Err(SourceError::Several(names())),
    }
}
