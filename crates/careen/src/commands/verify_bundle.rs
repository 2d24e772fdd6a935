//! `careen verify-bundle`: one Sigstore bundle over one artifact.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use careen_signatures::{Artifact, Expectation, PublicKey, TrustedRoot, Verified, verify_bundle};
use careen_text::sanitize_line;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::args::VerifyBundleArguments;
use crate::files::read_at_most;

/// Bytes of a bundle, a key or a trusted root.
const MOST_BYTES: u64 = 64 << 20;
/// Bytes of an artifact, which is held in memory; of a larger one the digest can be given.
const MOST_ARTIFACT: u64 = 2 << 30;

/// Checks the bundle. Ends with 0 where everything holds, with 1 where anything does not.
pub(crate) fn run(arguments: &VerifyBundleArguments) -> Result<u8> {
    let bundle = read(&arguments.bundle, MOST_BYTES)?;
    let root = match &arguments.trusted_root {
        Some(path) => {
            TrustedRoot::Custom { name: path.display().to_string(), json: read(path, MOST_BYTES)? }
        }
        None if arguments.staging => TrustedRoot::Staging,
        None => TrustedRoot::PublicGood,
    };
    let key = arguments.key.as_deref().map(read_key).transpose()?;
    let expectation = match (&key, &arguments.certificate_identity) {
        (Some(key), _) => Expectation::Key(key),
        (None, Some(subject)) => {
            let issuer = arguments.certificate_oidc_issuer.as_deref().unwrap_or_default();
            Expectation::Identity { subject, issuer }
        }
        (None, None) => bail!("say who must have signed: --certificate-identity or --key"),
    };
    let bytes;
    let artifact = match arguments.artifact.strip_prefix("sha256:") {
        Some(_) => Artifact::from_digest(&arguments.artifact)
            .ok_or_else(|| anyhow!("`sha256:` is followed by 64 hexadecimal digits"))?,
        None => {
            bytes = read(Path::new(&arguments.artifact), MOST_ARTIFACT)?;
            Artifact::Bytes(&bytes)
        }
    };
    match verify_bundle(&bundle, artifact, expectation, &root) {
        Ok(verified) => {
            crate::print(format!("{}\n", sanitize_line(&told(&verified))).as_bytes())?;
            Ok(0)
        }
        Err(why) => {
            crate::complain(&format!("not verified: {}", sanitize_line(&why)));
            Ok(1)
        }
    }
}

fn told(verified: &Verified) -> String {
    let by = match &verified.identity {
        Some(identity) => format!("by {} (vouched for by {})", identity.subject, identity.issuer),
        None => "with the key".to_owned(),
    };
    let time = verified.time.and_then(|time| OffsetDateTime::from_unix_timestamp(time).ok());
    match time.and_then(|time| time.format(&Rfc3339).ok()) {
        Some(time) => format!("verified: signed {by} at {time}"),
        None => format!("verified: signed {by}"),
    }
}

fn read_key(path: &Path) -> Result<PublicKey> {
    let pem = read(path, MOST_BYTES)?;
    PublicKey::from_pem(&pem).map_err(|why| anyhow!("{} is no key: {why}", path.display()))
}

/// The bytes of a file, which may be a pipe.
fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    let shown = path.display();
    let bytes = read_at_most(path, most).with_context(|| format!("cannot read {shown}"))?;
    if bytes.len() as u64 > most {
        bail!("{shown} is larger than {} MiB", most >> 20);
    }
    Ok(bytes)
}
