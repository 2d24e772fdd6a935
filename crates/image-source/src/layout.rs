use std::path::Path;
use std::sync::OnceLock;

use careen_image_model::oci::{DOCUMENT_MAX, Descriptor, Digest, Document, Index, parse_document};
use serde::Deserialize;

use crate::memory::subject_of;
use crate::source::{Blob, ImageSource, Root, SourceError, absent, read_document};
use crate::store::Store;
use crate::verify::digest_of;

const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// What containerd and Docker call an image in full.
const FULL_NAME: &str = "io.containerd.image.name";
/// What `cosign save` calls the manifests it writes.
const KIND: &str = "kind";
/// Bytes of all blobs that are looked at for manifests that refer to others.
const REFERRERS_MAX: u64 = 64 << 20;

/// An OCI image layout (OCI image specification 1.1), in a folder or in an archive.
#[derive(Debug)]
pub struct LayoutSource {
    store: Store,
    index: Index,
    root: Descriptor,
    /// Subject, and what refers to it.
    referrers: OnceLock<Vec<(Digest, Descriptor)>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Marker {
    image_layout_version: String,
}

impl LayoutSource {
    /// The layout in a folder, and in it the image with that reference, tag or digest; without
    /// one, the only image.
    ///
    /// # Errors
    ///
    /// Where there is no layout, or not one such image in it.
    pub fn folder(path: &Path, reference: Option<&str>) -> Result<Self, SourceError> {
        Self::new(Store::folder(path)?, reference)
    }

    /// The same in a tar archive.
    ///
    /// # Errors
    ///
    /// As [`LayoutSource::folder`].
    pub fn archive(path: &Path, reference: Option<&str>) -> Result<Self, SourceError> {
        Self::new(Store::tar(path)?, reference)
    }

    pub(crate) fn new(store: Store, reference: Option<&str>) -> Result<Self, SourceError> {
        let malformed = |name: &str| SourceError::Malformed(format!("`{name}` is malformed"));
        let marker = small(&store, "oci-layout").map_err(|error| match error {
            SourceError::NotFound(_) => SourceError::Malformed(
                "it is no OCI layout: there is no `oci-layout` in it".to_owned(),
            ),
            other => other,
        })?;
        let marker: Marker =
            serde_json::from_slice(&marker).map_err(|_| malformed("oci-layout"))?;
        if !marker.image_layout_version.starts_with("1.") {
            return Err(SourceError::Unsupported(
                "the layout is of a version other than 1".to_owned(),
            ));
        }
        let bytes = small(&store, "index.json")?;
        let index = match parse_document(&bytes) {
            Ok(Document::Index(index)) => *index,
            _ => return Err(malformed("index.json")),
        };
        let root = choose(&index, reference)?.clone();
        Ok(Self { store, index, root, referrers: OnceLock::new() })
    }

    /// What `cosign save` wrote instead of a tag under which a registry has signatures: they
    /// follow the image that they are about, and are about no image inside of an index.
    fn saved(&self, tag: &str) -> Option<&Descriptor> {
        let (about, suffix) = tag.rsplit_once('.')?;
        let kind = match suffix {
            "sig" => "dev.cosignproject.cosign/sigs",
            "att" => "dev.cosignproject.cosign/atts",
            _ => return None,
        };
        let root = &self.root.digest;
        if about.split_once('-') != Some((root.algorithm(), root.hex())) {
            return None;
        }
        let from_root = self.index.manifests.iter().skip_while(|one| one.digest != *root);
        let beside = from_root.skip(1).take_while(|one| !is_saved_image(one));
        let mut beside =
            beside.filter(|one| one.annotations.get(KIND).is_some_and(|it| it == kind));
        beside.next()
    }

    fn all_referrers(&self) -> &[(Digest, Descriptor)] {
        self.referrers.get_or_init(|| {
            let mut found = Vec::new();
            let mut looked = 0;
            for (name, size) in self.store.blobs() {
                if size > DOCUMENT_MAX || looked + size > REFERRERS_MAX {
                    continue;
                }
                looked += size;
                let digest = name
                    .strip_prefix("blobs/")
                    .and_then(|rest| Digest::parse(&rest.replacen('/', ":", 1)));
                let (Some(digest), Ok(bytes)) = (digest, small(&self.store, &name)) else {
                    continue;
                };
                if bytes.first() == Some(&b'{')
                    && digest_of(digest.algorithm(), &bytes).as_ref() == Some(&digest)
                    && let Ok(document) = parse_document(&bytes)
                {
                    found.extend(subject_of(document, &digest, bytes.len()));
                }
            }
            found
        })
    }
}

impl ImageSource for LayoutSource {
    fn root(&self) -> Result<Root, SourceError> {
        let source: &dyn ImageSource = self;
        let name =
            [FULL_NAME, REF_NAME].into_iter().find_map(|name| self.root.annotations.get(name));
        Ok(Root {
            bytes: source.document(&self.root.digest)?,
            digest: Some(self.root.digest.clone()),
            // A bare tag names no image.
            reference: name.filter(|name| name.contains(['/', ':'])).cloned(),
        })
    }

    fn raw_document(&self, digest: &Digest) -> Result<Vec<u8>, SourceError> {
        small(&self.store, &path_of(digest))
    }

    fn raw_blob(&self, descriptor: &Descriptor) -> Result<Blob<'_>, SourceError> {
        Ok(self.store.open(&path_of(&descriptor.digest))?.0)
    }

    fn tag(&self, tag: &str) -> Result<Option<Digest>, SourceError> {
        let named = self.index.manifests.iter().find(|one| {
            let name = one.annotations.get(REF_NAME);
            name.is_some_and(|name| name == tag || name.ends_with(&format!(":{tag}")))
        });
        Ok(named.or_else(|| self.saved(tag)).map(|one| one.digest.clone()))
    }

    fn referrers(&self, digest: &Digest) -> Result<Vec<Descriptor>, SourceError> {
        let all = self.all_referrers().iter();
        Ok(all.filter(|(subject, _)| subject == digest).map(|(_, one)| one.clone()).collect())
    }
}

fn path_of(digest: &Digest) -> String {
    format!("blobs/{}/{}", digest.algorithm(), digest.hex())
}

fn small(store: &Store, name: &str) -> Result<Vec<u8>, SourceError> {
    let (reader, size) = store.open(name)?;
    if size > DOCUMENT_MAX {
        return Err(SourceError::TooLarge { most: DOCUMENT_MAX });
    }
    read_document(reader)
        .map_err(|error| SourceError::Io(format!("`{name}` could not be read: {error}")))
}

/// The image that is meant.
fn choose<'i>(index: &'i Index, reference: Option<&str>) -> Result<&'i Descriptor, SourceError> {
    let images: Vec<&Descriptor> = index
        .images()
        .filter(|one| !one.annotations.contains_key(KIND) || is_saved_image(one))
        // What refers to another manifest is an artifact about it, mostly a signature.
        .filter(|one| !one.annotations.get(REF_NAME).is_some_and(|name| is_about(name)))
        .collect();
    let names = || -> Vec<String> {
        let name = |one: &&Descriptor| {
            let name = one.annotations.get(REF_NAME).or_else(|| one.annotations.get(FULL_NAME));
            format!("`{}`", name.map_or(one.digest.as_str(), String::as_str))
        };
        images.iter().map(name).take(20).collect()
    };
    match (reference, images.as_slice()) {
        (Some(reference), _) => {
            let end = format!(":{reference}");
            let is_named = |one: &Descriptor, fits: &dyn Fn(&str) -> bool| {
                let names = [REF_NAME, FULL_NAME].into_iter();
                names.filter_map(|name| one.annotations.get(name)).any(|name| fits(name))
            };
            let exact = index.manifests.iter().find(|one| {
                one.digest.as_str() == reference || is_named(one, &|name| name == reference)
            });
            if let Some(one) = exact {
                return Ok(one);
            }
            let mut tagged =
                index.manifests.iter().filter(|one| is_named(one, &|name| name.ends_with(&end)));
            let first = tagged.next().ok_or_else(|| absent(reference, &names()))?;
            // A tag alone may be that of several images.
            match tagged.any(|other| other.digest != first.digest) {
                true => Err(SourceError::Several(names())),
                false => Ok(first),
            }
        }
        (None, [one]) => Ok(one),
        (None, []) => Err(SourceError::NotFound("an image".to_owned())),
        (None, several) => {
            // The same image may stand there under several names.
            let first = several.first().copied();
            match first.filter(|one| several.iter().all(|other| other.digest == one.digest)) {
                Some(one) => Ok(one),
                None => Err(SourceError::Several(names())),
            }
        }
    }
}

/// Whether `cosign save` calls it an image, and not what is about one.
fn is_saved_image(one: &Descriptor) -> bool {
    let kind = one.annotations.get(KIND);
    kind.is_some_and(|kind| kind.ends_with("/image") || kind.ends_with("/imageIndex"))
}

/// Whether a tag is one of cosign's, about another manifest.
fn is_about(name: &str) -> bool {
    let tag = name.rsplit(':').next().unwrap_or(name);
    tag.starts_with("sha256-")
}
