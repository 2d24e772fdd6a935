use std::collections::BTreeMap;

use aws_lc_rs::digest;

/// What a registry serves: one repository, whatever its name.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Manifests and indexes by digest, with their media types.
    pub documents: BTreeMap<String, (String, Vec<u8>)>,
    /// Blobs by digest.
    pub blobs: BTreeMap<String, Vec<u8>>,
    /// Tags and the digests they lead to.
    pub tags: BTreeMap<String, String>,
    /// Descriptors, as JSON, of what refers to a digest.
    pub referrers: BTreeMap<String, Vec<String>>,
    /// How many referrers are on one page; none where the registry does not have the API.
    pub referrers_page: Option<usize>,
    /// What answers are withheld from.
    pub gate: Gate,
    /// Whether answers say the digest of a manifest.
    pub names_digests: bool,
    /// Whether a part of a blob can be asked for.
    pub ranges: bool,
}

/// Who is let in.
#[derive(Clone, Debug, Default)]
pub enum Gate {
    /// All.
    #[default]
    Open,
    /// Whoever shows a name and a password.
    Basic(Login),
    /// Whoever shows a token, which a token endpoint gives.
    Bearer {
        /// Where tokens are had, instead of at the registry itself.
        realm: Option<String>,
        /// Who gets one: all, where it is none.
        login: Option<Login>,
        /// The identity token that tokens are had for.
        identity: Option<String>,
    },
}

/// A name and a password.
#[derive(Clone, Debug)]
pub struct Login {
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
}

impl Contents {
    /// Nothing, in a registry that has the referrers API.
    #[must_use]
    pub fn new() -> Self {
        Self { referrers_page: Some(100), names_digests: true, ranges: true, ..Self::default() }
    }

    /// Adds a manifest or an index; its digest.
    pub fn document(&mut self, media_type: &str, bytes: &[u8]) -> String {
        let digest = sha256(bytes);
        self.documents.insert(digest.clone(), (media_type.to_owned(), bytes.to_vec()));
        digest
    }

    /// Adds a blob; its digest.
    pub fn blob(&mut self, bytes: &[u8]) -> String {
        let digest = sha256(bytes);
        self.blobs.insert(digest.clone(), bytes.to_vec());
        digest
    }

    /// Lets a tag lead to a digest.
    pub fn tag(&mut self, tag: &str, digest: &str) {
        self.tags.insert(tag.to_owned(), digest.to_owned());
    }

    /// Says that a manifest of `size` bytes refers to `subject`.
    pub fn referrer(&mut self, subject: &str, media_type: &str, digest: &str, size: usize) {
        let descriptor =
            format!(r#"{{"mediaType":"{media_type}","digest":"{digest}","size":{size}}}"#);
        self.referrers.entry(subject.to_owned()).or_default().push(descriptor);
    }
}

/// The SHA-256 digest of bytes, with its algorithm.
pub(super) fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = "sha256:".to_owned();
    for byte in digest::digest(&digest::SHA256, bytes).as_ref() {
        write!(text, "{byte:02x}").expect("a string");
    }
    text
}
