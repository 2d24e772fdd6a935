use careen_image_model::oci::{Claims, Identity};
use sigstore_crypto::{CertificateInfo, KeyAlgorithm, VerificationKey, parse_certificate_info};
use sigstore_types::{DerPublicKey, SignatureBytes, SignatureContent};
use sigstore_verify::{PublicKeyVerificationPolicy, VerificationPolicy, VerificationResult};

use super::failure::{self, Failure};
use super::{Material, Parsed, Root};
use crate::key::PublicKey;
use crate::limits::shown;

/// What is proven about a signature that holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proof {
    /// Who signed, where a certificate says so.
    pub(crate) identity: Option<Identity>,
    /// Whether a log has it.
    pub(crate) logged: bool,
    /// The earliest time that is proven, in Unix seconds.
    pub(crate) time: Option<i64>,
}

/// Checks a signature that comes with a certificate, whoever signed.
pub(crate) fn keyless(
    root: &Root,
    parsed: &Parsed,
    material: Material<'_>,
) -> Result<Proof, Failure> {
    known(root, parsed)?;
    let mut policy = VerificationPolicy::any_identity();
    if !root.has_certificate_logs {
        policy = policy.skip_sct();
    }
    let logged = parsed.is_logged();
    if !logged {
        policy = policy.skip_tlog_unsafe();
    }
    let result = root.verifier.verify(material.artifact(), &parsed.bundle, &policy);
    let result = result.map_err(|error| explain(failure::of(&error), parsed, material))?;
    let proven = result.certificate_verified()
        && (result.sct_verified() || !root.has_certificate_logs)
        && (result.tlog_verified() || !logged);
    if !proven {
        return Err(Failure::Invalid("it was not checked in full".to_owned()));
    }
    let identity = result.certificate().map(identity_of);
    Ok(Proof { identity, logged, time: earliest(&result) })
}

/// Checks a bundle as the conformance suite of Sigstore means it: everything, by one identity.
pub(crate) fn keyless_as(
    root: &Root,
    parsed: &Parsed,
    material: Material<'_>,
    subject: &str,
    issuer: &str,
) -> Result<Proof, String> {
    let policy = VerificationPolicy::new(subject, issuer);
    let result = root
        .verifier
        .verify(material.artifact(), &parsed.bundle, &policy)
        .map_err(|error| shown(&error.to_string()))?;
    let proven = result.certificate_verified()
        && result.sct_verified()
        && result.tlog_verified()
        && result.identity_policy_checked();
    if !proven {
        return Err("it was not checked in full".to_owned());
    }
    let identity = result.certificate().map(identity_of);
    Ok(Proof { identity, logged: true, time: earliest(&result) })
}

/// The same for a key.
pub(crate) fn keyed_as(
    root: &Root,
    parsed: &Parsed,
    material: Material<'_>,
    key: &PublicKey,
) -> Result<Proof, String> {
    let policy = PublicKeyVerificationPolicy::new(DerPublicKey::from_bytes(key.spki()));
    let result = root
        .verifier
        .verify(material.artifact(), &parsed.bundle, &policy)
        .map_err(|error| shown(&error.to_string()))?;
    Ok(Proof { identity: None, logged: result.tlog_verified(), time: earliest(&result) })
}

/// Checks a signature that was made with a key. What no log has is held to the key alone.
pub(crate) fn keyed(
    root: Option<&Root>,
    parsed: &Parsed,
    key: &PublicKey,
    material: Material<'_>,
) -> Result<Proof, Failure> {
    if !holds(key, parsed, material) {
        return Err(Failure::OtherKey);
    }
    if key.weak().is_some() {
        // The library does not look at such keys at all.
        return Ok(Proof::default());
    }
    let Some(root) = root else { return Ok(Proof::default()) };
    let logged = parsed.is_logged();
    if !logged && !parsed.has_timestamps() {
        return Ok(Proof::default());
    }
    if known(root, parsed).is_err() {
        // What an unknown log or clock says adds nothing, and takes nothing away.
        return Ok(Proof::default());
    }
    let mut policy = PublicKeyVerificationPolicy::new(DerPublicKey::from_bytes(key.spki()));
    if !logged {
        policy = policy.skip_tlog_unsafe();
    }
    match root.verifier.verify(material.artifact(), &parsed.bundle, &policy) {
        Ok(result) => {
            let logged = logged && result.tlog_verified();
            Ok(Proof { identity: None, logged, time: earliest(&result) })
        }
        Err(error) => match failure::of(&error) {
            Failure::NoLog | Failure::NoTime => Ok(Proof::default()),
            other => Err(other),
        },
    }
}

/// Whether the root knows the logs and has clocks: else every check would fail for that, and say
/// that something is forged.
fn known(root: &Root, parsed: &Parsed) -> Result<(), Failure> {
    let entries = &parsed.bundle.verification_material.tlog_entries;
    if !entries.iter().all(|entry| root.knows_log(entry.log_id.key_id.as_bytes())) {
        let why = format!("its transparency log is not in the trusted root `{}`", root.name());
        return Err(Failure::UntrustedRoot(why));
    }
    if parsed.has_timestamps() && !root.has_time {
        let why = format!("the trusted root `{}` names no timestamp authority", root.name());
        return Err(Failure::UntrustedRoot(why));
    }
    Ok(())
}

/// A failure that stands for others: what is wrong with the signature itself goes first, and a
/// certificate that was used outside its time is another matter than one nobody knows.
fn explain(failure: Failure, parsed: &Parsed, material: Material<'_>) -> Failure {
    let Some(certificate) = parsed.bundle.signing_certificate() else { return failure };
    let Ok(info) = parse_certificate_info(certificate) else { return failure };
    match failure {
        Failure::NoLog | Failure::NoTime => {
            let key = PublicKey::from_spki(info.public_key.as_bytes().to_vec());
            if key.is_some_and(|key| holds(&key, parsed, material)) {
                failure
            } else {
                Failure::Invalid("its certificate's key did not make the signature".to_owned())
            }
        }
        Failure::UntrustedRoot(why) => {
            let entries = &parsed.bundle.verification_material.tlog_entries;
            let outside = entries
                .iter()
                .filter_map(|entry| entry.integrated_time)
                .any(|time| time < info.not_before || time > info.not_after);
            if outside {
                Failure::Invalid("its certificate was not valid when it was used".to_owned())
            } else {
                Failure::UntrustedRoot(why)
            }
        }
        other => other,
    }
}

/// Whether a key made the signature of a bundle over what is signed. Nothing else is looked at.
fn holds(key: &PublicKey, parsed: &Parsed, material: Material<'_>) -> bool {
    let spki = DerPublicKey::from_bytes(key.spki());
    let mut verifiers: Vec<_> = VerificationKey::from_spki(&spki).into_iter().collect();
    let whole = |verifiers: &[VerificationKey], bytes: &[u8], signature: &SignatureBytes| {
        verifiers.iter().any(|verifier| verifier.verify(bytes, signature).is_ok())
            || key.short_rsa_made(bytes, signature.as_bytes())
    };
    match &parsed.bundle.content {
        SignatureContent::DsseEnvelope(envelope) => {
            whole(&verifiers, &envelope.pae(), &envelope.signature.sig)
        }
        SignatureContent::MessageSignature(message) => {
            // Some tools hash with another algorithm than the key suggests, and say so.
            let hash = message.message_digest.as_ref().map(|digest| digest.algorithm);
            let scheme = KeyAlgorithm::from_spki(&spki)
                .ok()
                .zip(hash)
                .and_then(|(algorithm, hash)| algorithm.resolve_signing_scheme(hash).ok());
            verifiers.extend(
                scheme
                    .and_then(|scheme| VerificationKey::from_spki_with_scheme(&spki, scheme).ok()),
            );
            match material {
                Material::Bytes(bytes) => whole(&verifiers, bytes, &message.signature),
                Material::Sha256(digest) => verifiers
                    .iter()
                    .any(|verifier| verifier.verify_prehashed(&digest, &message.signature).is_ok()),
            }
        }
        _ => false,
    }
}

fn earliest(result: &VerificationResult) -> Option<i64> {
    result.verified_timestamps().iter().map(|time| time.as_second()).min()
}

fn identity_of(info: &CertificateInfo) -> Identity {
    let claims = &info.ci_claims;
    let old = &claims.deprecated_github;
    // The older claim is a name without its host, which the issuer tells.
    let github = info.issuer.as_deref() == Some("https://token.actions.githubusercontent.com");
    let old_repository = old.workflow_repository.as_ref().filter(|_| github);
    Identity {
        issuer: info.issuer.clone().unwrap_or_default(),
        subject: info.identity.as_ref().map(|it| it.as_str().to_owned()).unwrap_or_default(),
        claims: Claims {
            repository: claims
                .source_repository_uri
                .clone()
                .or_else(|| old_repository.map(|name| format!("https://github.com/{name}"))),
            reference: claims.source_repository_ref.clone().or_else(|| old.workflow_ref.clone()),
            commit: claims.source_repository_digest.clone().or_else(|| old.workflow_sha.clone()),
            workflow: claims.build_signer_uri.clone(),
            trigger: claims.build_trigger.clone().or_else(|| old.workflow_trigger.clone()),
            runner: claims.runner_environment.clone(),
        },
    }
}
