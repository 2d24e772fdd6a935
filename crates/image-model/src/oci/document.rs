use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{DOCUMENT_MAX, Digest};

/// Descriptors of one document that are taken; a document with more is refused.
const DESCRIPTORS_MAX: usize = 10_000;

/// What a descriptor points at: the common currency of OCI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// What kind of bytes they are.
    #[serde(default)]
    pub media_type: String,
    /// Their digest.
    pub digest: Digest,
    /// Their number.
    #[serde(default)]
    pub size: u64,
    /// Where they may be had besides, for layers that must not be distributed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// What was noted about them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// What kind of artifact a manifest is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// What the image of a manifest runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
}

/// What an image runs on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Platform {
    /// `linux`, `windows`.
    #[serde(default)]
    pub os: String,
    /// `amd64`, `arm64`.
    #[serde(default)]
    pub architecture: String,
    /// `v8`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        match &self.variant {
            Some(variant) => write!(f, "/{variant}"),
            None => Ok(()),
        }
    }
}

/// A manifest: one image for one platform, or another artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Its own media type; may be absent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub media_type: String,
    /// What kind of artifact it is, if no image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// The configuration.
    pub config: Descriptor,
    /// The layers, lowest first.
    pub layers: Vec<Descriptor>,
    /// What the artifact is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// What was noted about it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

/// An index: manifests for several platforms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    /// Its own media type; may be absent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub media_type: String,
    /// The manifests.
    pub manifests: Vec<Descriptor>,
    /// What the index is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// What was noted about it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Index {
    /// The images in it: neither attestations of BuildKit nor other artifacts.
    pub fn images(&self) -> impl Iterator<Item = &Descriptor> {
        self.manifests.iter().filter(|one| {
            one.attestation_of().is_none()
                && one.artifact_type.is_none()
                && one.platform.as_ref().is_none_or(|it| it.os != "unknown")
        })
    }
}

impl Descriptor {
    /// The digest of the image that the manifest attests, if it is an attestation manifest of
    /// BuildKit.
    #[must_use]
    pub fn attestation_of(&self) -> Option<&str> {
        let kind = self.annotations.get("vnd.docker.reference.type")?;
        (kind == "attestation-manifest")
            .then(|| self.annotations.get("vnd.docker.reference.digest").map(String::as_str))?
    }
}

/// What a manifest's bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// One image or artifact.
    Manifest(Box<Manifest>),
    /// Several.
    Index(Box<Index>),
    /// Docker's schema 1, which names no configuration: retired.
    Schema1,
}

/// Why bytes are no document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentError {
    /// They are more than a registry accepts.
    TooLarge,
    /// They are no JSON, or lack what a manifest or an index has.
    Malformed(String),
    /// They could be read as a manifest and as an index (CVE-2021-41190).
    Ambiguous,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "the manifest is larger than {DOCUMENT_MAX} bytes"),
            Self::Malformed(why) => write!(f, "the manifest is malformed: {why}"),
            Self::Ambiguous => f.write_str("the manifest is also an index, which is refused"),
        }
    }
}

impl std::error::Error for DocumentError {}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outline {
    #[serde(default)]
    schema_version: u64,
    #[serde(default)]
    media_type: String,
    config: Option<serde::de::IgnoredAny>,
    layers: Option<serde::de::IgnoredAny>,
    manifests: Option<serde::de::IgnoredAny>,
}

/// Reads a manifest or an index: what it is, its fields tell, and its media type must agree.
///
/// # Errors
///
/// Where the bytes are too many, malformed, or could be both.
pub fn parse_document(bytes: &[u8]) -> Result<Document, DocumentError> {
    if bytes.len() as u64 > DOCUMENT_MAX {
        return Err(DocumentError::TooLarge);
    }
    let malformed = |error: serde_json::Error| {
        // What serde says may quote the text: its place is enough.
        let (line, column) = (error.line(), error.column());
        DocumentError::Malformed(format!("line {line}, column {column} is not as specified"))
    };
    let outline: Outline = serde_json::from_slice(bytes).map_err(malformed)?;
    if outline.schema_version == 1 {
        return Ok(Document::Schema1);
    }
    let manifest = outline.config.is_some() || outline.layers.is_some();
    let says_index =
        outline.media_type.contains("index") || outline.media_type.contains("manifest.list");
    let says_manifest = outline.media_type.ends_with("manifest.v1+json")
        || outline.media_type.ends_with("manifest.v2+json");
    let found = match (manifest, outline.manifests.is_some()) {
        (true, true) => return Err(DocumentError::Ambiguous),
        (true, false) if says_index => return Err(DocumentError::Ambiguous),
        (false, true) if says_manifest => return Err(DocumentError::Ambiguous),
        (false, false) => {
            return Err(DocumentError::Malformed(
                "it has neither `config` nor `manifests`".to_owned(),
            ));
        }
        (true, false) => {
            Document::Manifest(Box::new(serde_json::from_slice(bytes).map_err(malformed)?))
        }
        (false, true) => {
            Document::Index(Box::new(serde_json::from_slice(bytes).map_err(malformed)?))
        }
    };
    let descriptors = match &found {
        Document::Manifest(manifest) => manifest.layers.len(),
        Document::Index(index) => index.manifests.len(),
        Document::Schema1 => 0,
    };
    if descriptors > DESCRIPTORS_MAX {
        return Err(DocumentError::Malformed(format!("it has {descriptors} descriptors")));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{Document, DocumentError, parse_document};

    fn descriptor() -> String {
        format!(r#"{{"mediaType":"x","digest":"sha256:{}","size":2}}"#, "a".repeat(64))
    }

    #[test]
    fn a_document_is_what_its_fields_say() {
        let one = descriptor();
        let manifest = format!(r#"{{"schemaVersion":2,"config":{one},"layers":[{one}]}}"#);
        assert!(matches!(parse_document(manifest.as_bytes()), Ok(Document::Manifest(_))));
        let index = format!(r#"{{"schemaVersion":2,"manifests":[{one}]}}"#);
        assert!(matches!(parse_document(index.as_bytes()), Ok(Document::Index(_))));
        let old = r#"{"schemaVersion":1,"name":"a","fsLayers":[]}"#;
        assert_eq!(parse_document(old.as_bytes()), Ok(Document::Schema1));
    }

    #[test]
    fn what_could_be_both_is_refused() {
        let one = descriptor();
        let both =
            format!(r#"{{"schemaVersion":2,"config":{one},"layers":[],"manifests":[{one}]}}"#);
        assert_eq!(parse_document(both.as_bytes()), Err(DocumentError::Ambiguous));
        let lie = format!(
            r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","config":{one},"layers":[]}}"#
        );
        assert_eq!(parse_document(lie.as_bytes()), Err(DocumentError::Ambiguous));
    }

    #[test]
    fn a_digest_cannot_lead_elsewhere() {
        let bad =
            r#"{"schemaVersion":2,"config":{"digest":"sha256:../../etc","size":1},"layers":[]}"#;
        assert!(matches!(parse_document(bad.as_bytes()), Err(DocumentError::Malformed(_))));
    }
}
