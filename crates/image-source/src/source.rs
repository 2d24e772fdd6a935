use std::io::{self, Read};

use careen_image_model::oci::{DOCUMENT_MAX, Descriptor, Digest};

use crate::verify::{Verified, digest_of};

/// Bytes of a blob as they come.
pub type Blob<'a> = Box<dyn Read + Send + 'a>;

/// What the user named: a manifest or an index.
#[derive(Clone, Debug)]
pub struct Root {
    /// Its digest; an archive of `docker save` does not keep it.
    pub digest: Option<Digest>,
    /// Its exact bytes. Of an archive of `docker save`, a manifest made from what it lists.
    pub bytes: Vec<u8>,
    /// What the image is called, as far as its place tells.
    pub reference: Option<String>,
}

/// One repository of images: a layout, an archive, or a repository of a registry.
///
/// Implementations verify nothing; callers go through `document` and `verified` of
/// `dyn ImageSource`, which do.
pub trait ImageSource: Send + Sync {
    /// What the user named.
    ///
    /// # Errors
    ///
    /// Where it is not there or cannot be read.
    fn root(&self) -> Result<Root, SourceError>;

    /// The bytes of the manifest or index with that digest, as they are stored.
    ///
    /// # Errors
    ///
    /// Where it is not there, cannot be read, or is larger than [`DOCUMENT_MAX`].
    fn raw_document(&self, digest: &Digest) -> Result<Vec<u8>, SourceError>;

    /// The bytes of a blob, as they are stored.
    ///
    /// # Errors
    ///
    /// Where it is not there or cannot be opened.
    fn raw_blob(&self, descriptor: &Descriptor) -> Result<Blob<'_>, SourceError>;

    /// The digest of the manifest that a tag of the same repository leads to.
    ///
    /// # Errors
    ///
    /// Where that cannot be told. A tag that is not there is `None`.
    fn tag(&self, tag: &str) -> Result<Option<Digest>, SourceError>;

    /// The manifests whose `subject` has that digest.
    ///
    /// # Errors
    ///
    /// Where that cannot be told.
    fn referrers(&self, digest: &Digest) -> Result<Vec<Descriptor>, SourceError>;

    /// Whether signatures and attestations have a place here.
    fn keeps_evidence(&self) -> bool {
        true
    }

    /// Whether descriptors name the bytes as they are stored. In an archive of `docker save` a
    /// layer goes by the digest it has when unpacked, however it is stored.
    fn keeps_digests(&self) -> bool {
        true
    }
}

impl dyn ImageSource + '_ {
    /// The bytes of the manifest or index with that digest, which they are proven to have.
    ///
    /// # Errors
    ///
    /// As [`ImageSource::raw_document`], and where the bytes have another digest.
    pub fn document(&self, digest: &Digest) -> Result<Vec<u8>, SourceError> {
        let bytes = self.raw_document(digest)?;
        let found = digest_of(digest.algorithm(), &bytes);
        if found.as_ref() != Some(digest) {
            return Err(SourceError::WrongDigest { wanted: digest.clone() });
        }
        Ok(bytes)
    }

    /// The bytes of a blob. Reading fails at its end where they are not those that the descriptor
    /// names.
    ///
    /// # Errors
    ///
    /// As [`ImageSource::raw_blob`].
    pub fn verified(&self, descriptor: &Descriptor) -> Result<Verified<Blob<'_>>, SourceError> {
        Ok(Verified::new(self.raw_blob(descriptor)?, descriptor))
    }

    /// All of a small blob, verified.
    ///
    /// # Errors
    ///
    /// Where it is larger than `most` bytes, cannot be read, or is not what the descriptor names.
    pub fn whole(&self, descriptor: &Descriptor, most: u64) -> Result<Vec<u8>, SourceError> {
        if descriptor.size > most {
            return Err(SourceError::TooLarge { most });
        }
        let mut bytes = Vec::new();
        // A source need not say how large a blob is.
        let mut blob = self.verified(descriptor)?.take(most.saturating_add(1));
        blob.read_to_end(&mut bytes).map_err(|error| SourceError::of(&error, descriptor))?;
        if bytes.len() as u64 > most {
            return Err(SourceError::TooLarge { most });
        }
        Ok(bytes)
    }
}

/// Why something of an image could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// It is not there.
    #[error("{0} is not there")]
    NotFound(String),
    /// The bytes are not those that the digest names.
    #[error("the content is not what its digest `{wanted}` names")]
    WrongDigest {
        /// The digest.
        wanted: Digest,
    },
    /// It is larger than what is read.
    #[error("it is larger than {most} bytes")]
    TooLarge {
        /// The limit in bytes.
        most: u64,
    },
    /// It is malformed; a sentence fragment.
    #[error("{0}")]
    Malformed(String),
    /// There are several, and nothing says which; their names.
    #[error("it holds several images: name one of {}", .0.join(", "))]
    Several(Vec<String>),
    /// It is of a form that is not read; a sentence fragment.
    #[error("{0}")]
    Unsupported(String),
    /// It is not to be had without being let in.
    #[error("access is denied: {0}")]
    Denied(String),
    /// It could not be asked for, or the answer did not come whole; a sentence fragment. Nothing
    /// is known.
    #[error("{0}")]
    Unreachable(String),
    /// The file system said no; a sentence fragment.
    #[error("{0}")]
    Io(String),
}

impl SourceError {
    /// What an error while a blob was read means.
    #[must_use]
    pub fn of(error: &io::Error, descriptor: &Descriptor) -> Self {
        if error
            .get_ref()
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<crate::verify::Mismatch>)
        {
            return Self::WrongDigest { wanted: descriptor.digest.clone() };
        }
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            Some(known) => known.clone(),
            None => Self::Io(format!("it could not be read: {error}")),
        }
    }

    /// Whether it says that the thing is not there, rather than that nothing is known.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::NotFound(_))
    }
}

/// Reads at most what a document may have.
pub(crate) fn read_document(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(DOCUMENT_MAX + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Says that there is no such image, and which there are.
pub(crate) fn absent(reference: &str, names: &[String]) -> SourceError {
    let there = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    SourceError::NotFound(format!("image `{reference}` (there is {there})"))
}
