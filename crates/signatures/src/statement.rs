//! In-toto statements: what an attestation says about what.

use careen_image_model::oci::Digest;
use serde::Deserialize;
use serde_json::Value;

/// The payload type of in-toto statements in a DSSE envelope.
pub(crate) const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
/// What cosign states when it signs an image: the only statement that is a signature.
pub(crate) const SIGNATURE: &str = "https://sigstore.dev/cosign/sign/v1";

const TYPES: [&str; 2] = ["https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"];
/// Subjects of one statement.
const SUBJECTS_MAX: usize = 10_000;

const NAMES: [(&str, &str); 8] = [
    ("slsaprovenance", "https://slsa.dev/provenance/v0.2"),
    ("slsaprovenance02", "https://slsa.dev/provenance/v0.2"),
    ("slsaprovenance1", "https://slsa.dev/provenance/v1"),
    ("vuln", "https://cosign.sigstore.dev/attestation/vuln/v1"),
    ("spdx", "https://spdx.dev/Document"),
    ("cyclonedx", "https://cyclonedx.org/bom"),
    ("openvex", "https://openvex.dev/ns"),
    ("link", "https://in-toto.io/Link/v1"),
];

/// The URI of a type of predicate that has a short name, as cosign calls it; else what was given.
#[must_use]
pub fn predicate_type(name: &str) -> &str {
    NAMES.iter().find(|(short, _)| *short == name).map_or(name, |(_, uri)| uri)
}

/// A statement.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) predicate_type: String,
    pub(crate) predicate: Value,
    subjects: Vec<Subject>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    #[serde(rename = "_type")]
    kind: String,
    predicate_type: String,
    #[serde(default)]
    subject: Vec<Subject>,
    #[serde(default)]
    predicate: Value,
}

#[derive(Debug, Deserialize)]
struct Subject {
    digest: SubjectDigest,
}

#[derive(Debug, Deserialize)]
struct SubjectDigest {
    sha256: Option<String>,
    sha384: Option<String>,
    sha512: Option<String>,
}

impl Statement {
    /// Reads a statement.
    ///
    /// # Errors
    ///
    /// One sentence fragment.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let raw: Raw = serde_json::from_slice(bytes).map_err(|error| {
            format!("it is no in-toto statement: line {}, column {}", error.line(), error.column())
        })?;
        if !TYPES.contains(&raw.kind.as_str()) {
            let kind = crate::limits::shown(&raw.kind);
            return Err(format!("it is a statement of the type `{kind}`"));
        }
        if raw.subject.is_empty() {
            return Err("the statement is about nothing: it has no subject".to_owned());
        }
        if raw.subject.len() > SUBJECTS_MAX {
            return Err(format!("the statement has more than {SUBJECTS_MAX} subjects"));
        }
        Ok(Self {
            predicate_type: raw.predicate_type,
            predicate: raw.predicate,
            subjects: raw.subject,
        })
    }

    /// Whether it is about what has that digest. Names do not count: cosign leaves them empty.
    pub(crate) fn is_about(&self, digest: &Digest) -> bool {
        self.subjects.iter().any(|subject| {
            let found = match digest.algorithm() {
                "sha256" => &subject.digest.sha256,
                "sha384" => &subject.digest.sha384,
                "sha512" => &subject.digest.sha512,
                _ => &None,
            };
            found.as_deref().is_some_and(|hex| hex.eq_ignore_ascii_case(digest.hex()))
        })
    }

    /// The SHA-256 of one of its subjects.
    pub(crate) fn first_sha256(&self) -> Option<Digest> {
        self.subjects.iter().find_map(|subject| {
            let hex = subject.digest.sha256.as_ref()?.to_ascii_lowercase();
            Digest::parse(&format!("sha256:{hex}"))
        })
    }

    /// Whether cosign signed an image with it.
    pub(crate) fn is_signature(&self) -> bool {
        self.predicate_type == SIGNATURE
    }
}

#[cfg(test)]
mod tests {
    use careen_image_model::oci::Digest;

    use super::{Statement, predicate_type};

    #[test]
    fn a_statement_is_about_its_digests() {
        let digest = Digest::parse(&format!("sha256:{}", "a".repeat(64))).unwrap();
        let text = |kind: &str, subject: &str| {
            format!(
                r#"{{"_type":"https://in-toto.io/{kind}","subject":[{subject}],
                    "predicateType":"https://slsa.dev/provenance/v1","predicate":{{"a":1}}}}"#
            )
        };
        let subject = format!(r#"{{"name":"x","digest":{{"sha256":"{}"}}}}"#, digest.hex());
        let read = Statement::parse(text("Statement/v1", &subject).as_bytes()).unwrap();
        assert!(read.is_about(&digest) && !read.is_signature());
        assert_eq!(read.first_sha256(), Some(digest.clone()));
        let other = Digest::parse(&format!("sha256:{}", "b".repeat(64))).unwrap();
        assert!(!read.is_about(&other));
        // The same digits under another algorithm, and under none.
        let named = format!(r#"{{"name":"{}","digest":{{"md5":"{}"}}}}"#, digest, digest.hex());
        let read = Statement::parse(text("Statement/v0.1", &named).as_bytes()).unwrap();
        assert!(!read.is_about(&digest));
        assert!(Statement::parse(text("Statement/v1", "").as_bytes()).is_err());
        assert!(Statement::parse(text("Layout/v1", &subject).as_bytes()).is_err());
        assert!(Statement::parse(b"{}").is_err());
    }

    #[test]
    fn short_names_are_those_of_cosign() {
        assert_eq!(predicate_type("vuln"), "https://cosign.sigstore.dev/attestation/vuln/v1");
        assert_eq!(predicate_type("https://a.test/v1"), "https://a.test/v1");
    }
}
