//! What each kind of layer says.

use careen_image_model::oci::{Attestation, Covers, Digest, Signature, SignatureForm, Verdict};
use careen_image_source::SourceError;
use serde_json::Value;

use super::{Found, Search, Subject, Way};
use crate::judge::Judged;
use crate::legacy::{self, Signed};
use crate::limits;
use crate::payload::{self, Mismatch};
use crate::sigstore::{Content, Material, Parsed, Refusal};
use crate::statement::{self, Statement};

const PREDICATE_TYPE: &str = "dev.sigstore.bundle.predicateType";

impl Search<'_> {
    pub(super) fn notation(&mut self, subject: Subject<'_>, place: &str) {
        let why = "Notation's signatures are not checked: sign with cosign too".to_owned();
        let judged = Judged::bare(Verdict::Unsupported(why));
        self.signature(SignatureForm::Notation, place, subject.covers, judged);
    }

    pub(super) fn bundle(&mut self, found: &Found<'_>) {
        let parsed = match self.fetch(found.layer, limits::STATEMENT) {
            Ok(bytes) => Parsed::new(&bytes).map_err(refused),
            Err(error) => Err(self.unfetched(found, &error)),
        };
        let parsed = match parsed {
            Ok(parsed) => parsed,
            Err(verdict) => return self.unread(found, SignatureForm::Bundle, verdict),
        };
        match parsed.content() {
            Content::Message { sha256 } => self.message(found, &parsed, sha256),
            Content::Envelope { .. } => self.envelope(found, &parsed, SignatureForm::Bundle),
        }
    }

    /// A signature over the manifest itself.
    fn message(&mut self, found: &Found<'_>, parsed: &Parsed, sha256: Option<[u8; 32]>) {
        let subject = found.subject;
        let other = sha256.and_then(|bytes| {
            let digest = Digest::of_sha256(&bytes)?;
            let same = digest == *subject.digest || subject.digest.algorithm() != "sha256";
            (!same).then_some((bytes, digest))
        });
        let judged = if let Some((bytes, digest)) = other {
            let judged = self.court.judge(parsed, Material::Sha256(bytes));
            judged.about_another(format!("it is over `{}`", digest.short()))
        } else {
            match self.source.document(subject.digest) {
                Ok(bytes) => self.court.judge(parsed, Material::Bytes(&bytes)),
                Err(error) => Judged::bare(self.unfetched(found, &error)),
            }
        };
        self.signature(SignatureForm::Bundle, found.place, subject.covers, judged);
    }

    /// A statement in an envelope: a signature of the image only if it says so.
    fn envelope(&mut self, found: &Found<'_>, parsed: &Parsed, form: SignatureForm) {
        let Content::Envelope { payload_type, payload } = parsed.content() else { return };
        if payload_type != statement::PAYLOAD_TYPE {
            let kind = limits::shown(payload_type);
            let verdict = Verdict::Unsupported(format!("its envelope holds `{kind}`"));
            return self.unread(found, form, verdict);
        }
        let stated = match Statement::parse(payload) {
            Ok(stated) => stated,
            Err(why) => return self.unread(found, form, Verdict::Invalid(why)),
        };
        let digest = found.subject.digest;
        let about = stated.is_about(digest);
        let judged = if about {
            match (bytes_of(digest), self.source.document(digest)) {
                (Some(sha256), _) => self.court.judge(parsed, Material::Sha256(sha256)),
                (None, Ok(bytes)) => self.court.judge(parsed, Material::Bytes(&bytes)),
                (None, Err(error)) => Judged::bare(self.unfetched(found, &error)),
            }
        } else {
            // It may hold about something else: that is another matter than one that was altered.
            let other = stated.first_sha256();
            match other.as_ref().and_then(bytes_of) {
                Some(sha256) => {
                    let named = other.as_ref().map(Digest::short).unwrap_or_default();
                    let judged = self.court.judge(parsed, Material::Sha256(sha256));
                    judged.about_another(format!("it is about `{named}`"))
                }
                None => Judged::bare(Verdict::OtherDigest(
                    "it is about something that has no SHA-256 digest".to_owned(),
                )),
            }
        };
        if stated.is_signature() {
            return self.signature(form, found.place, found.subject.covers, judged);
        }
        self.attestation(found, stated.predicate_type, stated.predicate, judged);
    }

    pub(super) fn simple_signing(&mut self, found: &Found<'_>) {
        let form = match found.way {
            Way::Tag => SignatureForm::CosignTag,
            Way::Referrer | Way::Inside => SignatureForm::CosignReferrer,
        };
        let judged = match self.fetch(found.layer, limits::PAYLOAD) {
            Ok(payload) => self.payload(found, &payload),
            Err(error) => Judged::bare(self.unfetched(found, &error)),
        };
        self.signature(form, found.place, found.subject.covers, judged);
    }

    fn payload(&self, found: &Found<'_>, payload: &[u8]) -> Judged {
        let bundle = legacy::bundle(&found.layer.annotations, Signed::Payload(payload));
        let parsed = bundle
            .map_err(Verdict::Invalid)
            .and_then(|bundle| Parsed::new(&bundle).map_err(refused));
        let judged = match parsed {
            Ok(parsed) => self.court.judge(&parsed, Material::Bytes(payload)),
            Err(verdict) => return Judged::bare(verdict),
        };
        match payload::check(payload, found.subject.digest, self.repository) {
            Ok(()) => judged,
            Err(Mismatch::Other(why)) => judged.about_another(why),
            Err(Mismatch::Malformed(why)) => Judged { verdict: Verdict::Invalid(why), ..judged },
        }
    }

    pub(super) fn envelope_of_cosign(&mut self, found: &Found<'_>) {
        let form = match found.way {
            Way::Tag => SignatureForm::CosignTag,
            Way::Referrer | Way::Inside => SignatureForm::CosignReferrer,
        };
        let parsed = match self.fetch(found.layer, limits::STATEMENT) {
            Ok(bytes) => legacy::bundle(&found.layer.annotations, Signed::Envelope(&bytes))
                .map_err(Verdict::Invalid)
                .and_then(|bundle| Parsed::new(&bundle).map_err(refused)),
            Err(error) => Err(self.unfetched(found, &error)),
        };
        match parsed {
            Ok(parsed) => self.envelope(found, &parsed, form),
            Err(verdict) => {
                let kind = found.layer.annotations.get("predicateType").cloned();
                let kind = kind.unwrap_or_default();
                self.attestation(found, kind, Value::Null, Judged::bare(verdict));
            }
        }
    }

    /// A statement without an envelope, as BuildKit leaves it.
    pub(super) fn statement(&mut self, found: &Found<'_>) {
        let stated = match self.fetch(found.layer, limits::STATEMENT) {
            Ok(bytes) => Statement::parse(&bytes).map_err(Verdict::Invalid),
            Err(error) => Err(self.unfetched(found, &error)),
        };
        match stated {
            Ok(stated) => {
                let verdict = if stated.is_about(found.subject.digest) {
                    Verdict::Unsigned
                } else {
                    let other = stated.first_sha256();
                    let other = other.as_ref().map_or("something else", Digest::short);
                    Verdict::OtherDigest(format!("it is about `{other}`"))
                };
                let judged = Judged::bare(verdict);
                self.attestation(found, stated.predicate_type, stated.predicate, judged);
            }
            Err(verdict) => {
                let kind = found.layer.annotations.get("in-toto.io/predicate-type").cloned();
                let kind = kind.unwrap_or_default();
                self.attestation(found, kind, Value::Null, Judged::bare(verdict));
            }
        }
    }

    /// An SBOM and nothing around it.
    pub(super) fn sbom(&mut self, found: &Found<'_>, kind: &str) {
        let (verdict, predicate) = match self.fetch(found.layer, limits::STATEMENT) {
            // What is no JSON is an SBOM too, of which nothing is read.
            Ok(bytes) => (Verdict::Unsigned, serde_json::from_slice(&bytes).unwrap_or(Value::Null)),
            Err(error) => (self.unfetched(found, &error), Value::Null),
        };
        self.attestation(found, kind.to_owned(), predicate, Judged::bare(verdict));
    }

    /// What it means that something which is listed could not be had.
    fn unfetched(&mut self, found: &Found<'_>, error: &SourceError) -> Verdict {
        let why = limits::shown(&error.to_string());
        match error {
            SourceError::WrongDigest { .. } => Verdict::Invalid(why),
            SourceError::NotFound(_) => Verdict::Unreachable(why),
            _ => {
                self.missed(&format!("a layer of `{}`", found.place), error);
                Verdict::Unreachable(why)
            }
        }
    }

    /// Something whose content is not known: the manifest may say what it is.
    fn unread(&mut self, found: &Found<'_>, form: SignatureForm, verdict: Verdict) {
        let noted = [&found.layer.annotations, &found.manifest.annotations];
        let kind = noted.iter().find_map(|annotations| annotations.get(PREDICATE_TYPE));
        match kind.filter(|kind| *kind != statement::SIGNATURE) {
            Some(kind) => {
                self.attestation(found, kind.clone(), Value::Null, Judged::bare(verdict));
            }
            None => {
                self.signature(form, found.place, found.subject.covers, Judged::bare(verdict));
            }
        }
    }

    fn signature(&mut self, form: SignatureForm, place: &str, covers: Covers, judged: Judged) {
        let Judged { verdict, identity, logged, time, weak } = judged;
        let place = place.to_owned();
        let signature = Signature { form, place, covers, verdict, identity, logged, time, weak };
        self.evidence.signatures.push(signature);
    }

    fn attestation(
        &mut self,
        found: &Found<'_>,
        predicate_type: String,
        predicate: Value,
        judged: Judged,
    ) {
        let Judged { verdict, identity, time, .. } = judged;
        self.evidence.attestations.push(Attestation {
            predicate_type,
            place: found.place.to_owned(),
            covers: found.subject.covers,
            verdict,
            identity,
            time,
            predicate,
        });
    }
}

fn refused(refusal: Refusal) -> Verdict {
    match refusal {
        Refusal::Malformed(why) => Verdict::Invalid(why),
        Refusal::Unsupported(why) => Verdict::Unsupported(why),
    }
}

/// The bytes of a SHA-256 digest.
fn bytes_of(digest: &Digest) -> Option<[u8; 32]> {
    let hex = (digest.algorithm() == "sha256").then(|| digest.hex())?;
    data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?.try_into().ok()
}
