//! Certification requests (RFC 2986).

use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer as _;

use crate::certificate::San;
use crate::der::{Reader, SEQUENCE};
use crate::limits::{MAX_CERTIFICATE, MAX_NAMES};
use crate::name::Name;
use crate::parse;
use crate::public_key::KeyFacts;

/// A certification request: what somebody wants to have certified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The subject, for display.
    pub subject: String,
    /// Common names of the subject.
    pub common_names: Vec<String>,
    /// The alternative names that are asked for; at most [`MAX_NAMES`].
    pub san: Vec<San>,
    /// The key.
    pub key: KeyFacts,
}

impl Request {
    /// Reads a request from DER; none where the bytes are no such thing.
    #[must_use]
    pub fn from_der(bytes: &[u8]) -> Option<Self> {
        let whole = Reader::new(bytes).next().filter(|element| element.tag == SEQUENCE)?;
        if whole.raw.len() > MAX_CERTIFICATE {
            return None;
        }
        let (_, request) = X509CertificationRequest::from_der(whole.raw).ok()?;
        let info = &request.certification_request_info;
        let subject = Reader::new(info.subject.as_raw()).take(SEQUENCE).unwrap_or_default();
        let subject = Name::read(subject);
        let mut san = Vec::new();
        for extension in request.requested_extensions().into_iter().flatten() {
            if let ParsedExtension::SubjectAlternativeName(names) = extension {
                let room = MAX_NAMES.saturating_sub(san.len());
                let names = names.general_names.iter().take(room);
                san.extend(names.map(|name| parse::san(name, &mut Vec::new())));
            }
        }
        Some(Self {
            subject: subject.text,
            common_names: subject.common_names,
            san,
            key: KeyFacts::from_spki(info.subject_pki.raw)?,
        })
    }
}
