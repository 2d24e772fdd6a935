use std::collections::BTreeMap;

use careen_image_model::oci::{Descriptor, Digest, Document, parse_document};

use crate::source::{Blob, ImageSource, Root, SourceError};
use crate::verify::digest_of;

/// A repository in memory.
#[derive(Clone, Debug, Default)]
pub struct MemorySource {
    blobs: BTreeMap<Digest, Vec<u8>>,
    documents: Vec<Digest>,
    tags: BTreeMap<String, Digest>,
    root: Option<Digest>,
    reference: Option<String>,
}

impl MemorySource {
    /// Stores a blob and says how it is pointed at.
    ///
    /// # Panics
    ///
    /// Never: SHA-256 is known.
    pub fn push(&mut self, media_type: &str, bytes: Vec<u8>) -> Option<Descriptor> {
        let digest = digest_of("sha256", &bytes)?;
        let size = bytes.len() as u64;
        self.blobs.insert(digest.clone(), bytes);
        Some(Descriptor {
            media_type: media_type.to_owned(),
            digest,
            size,
            urls: Vec::new(),
            annotations: BTreeMap::new(),
            artifact_type: None,
            platform: None,
        })
    }

    /// Stores a manifest or an index; the last one is the root until [`MemorySource::set_root`].
    pub fn push_document(&mut self, media_type: &str, bytes: Vec<u8>) -> Option<Descriptor> {
        let descriptor = self.push(media_type, bytes)?;
        self.documents.push(descriptor.digest.clone());
        self.root = Some(descriptor.digest.clone());
        Some(descriptor)
    }

    /// Sets what the user named.
    pub fn set_root(&mut self, digest: Digest) {
        self.root = Some(digest);
    }

    /// Sets what the image is called.
    pub fn set_reference(&mut self, reference: &str) {
        self.reference = Some(reference.to_owned());
    }

    /// Lets a tag lead to a manifest.
    pub fn set_tag(&mut self, tag: &str, digest: Digest) {
        self.tags.insert(tag.to_owned(), digest);
    }

    /// Everything that is stored, by digest.
    pub fn blobs(&self) -> impl Iterator<Item = (&Digest, &[u8])> {
        self.blobs.iter().map(|(digest, bytes)| (digest, bytes.as_slice()))
    }

    /// Puts other bytes where a digest leads.
    pub fn tamper(&mut self, digest: &Digest, bytes: Vec<u8>) {
        self.blobs.insert(digest.clone(), bytes);
    }

    fn bytes(&self, digest: &Digest) -> Result<&Vec<u8>, SourceError> {
        self.blobs.get(digest).ok_or_else(|| SourceError::NotFound(format!("blob `{digest}`")))
    }
}

impl ImageSource for MemorySource {
    fn root(&self) -> Result<Root, SourceError> {
        let digest = self.root.clone().ok_or_else(|| SourceError::NotFound("image".to_owned()))?;
        Ok(Root {
            bytes: self.bytes(&digest)?.clone(),
            digest: Some(digest),
            reference: self.reference.clone(),
        })
    }

    fn raw_document(&self, digest: &Digest) -> Result<Vec<u8>, SourceError> {
        self.bytes(digest).cloned()
    }

    fn raw_blob(&self, descriptor: &Descriptor) -> Result<Blob<'_>, SourceError> {
        Ok(Box::new(self.bytes(&descriptor.digest)?.as_slice()))
    }

    fn tag(&self, tag: &str) -> Result<Option<Digest>, SourceError> {
        Ok(self.tags.get(tag).cloned())
    }

    fn referrers(&self, digest: &Digest) -> Result<Vec<Descriptor>, SourceError> {
        let documents = self.documents.iter().filter_map(|one| {
            let bytes = self.blobs.get(one)?;
            let document = parse_document(bytes).ok()?;
            let (subject, mut found) = subject_of(document, one, bytes.len())?;
            found.digest = one.clone();
            (subject == *digest).then_some(found)
        });
        Ok(documents.collect())
    }
}

/// What a document is about, and a descriptor of it as the referrers of an index give it.
pub(crate) fn subject_of(
    document: Document,
    digest: &Digest,
    size: usize,
) -> Option<(Digest, Descriptor)> {
    let (subject, media_type, artifact_type, annotations) = match document {
        Document::Manifest(manifest) => {
            let kind = manifest.artifact_type.or(Some(manifest.config.media_type));
            (manifest.subject?, manifest.media_type, kind, manifest.annotations)
        }
        Document::Index(index) => (index.subject?, index.media_type, None, index.annotations),
        Document::Schema1 => return None,
    };
    let found = Descriptor {
        media_type,
        digest: digest.clone(),
        size: size as u64,
        urls: Vec::new(),
        annotations,
        artifact_type,
        platform: None,
    };
    Some((subject.digest, found))
}
