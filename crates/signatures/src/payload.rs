//! The payload of simple signing, which cosign's older signatures are over.

use careen_image_model::ImageRef;
use careen_image_model::oci::Digest;
use careen_image_model::reference::parse;
use serde::Deserialize;

use crate::limits::shown;

const TYPES: [&str; 2] = ["cosign container image signature", "atomic container signature"];

/// What was signed. Fields that stand twice are refused: readers would differ.
#[derive(Debug, Deserialize)]
pub(crate) struct Payload {
    critical: Critical,
}

#[derive(Debug, Deserialize)]
struct Critical {
    identity: ImageIdentity,
    image: ImageDigest,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Debug, Deserialize)]
struct ImageIdentity {
    #[serde(rename = "docker-reference", default)]
    reference: String,
}

#[derive(Debug, Deserialize)]
struct ImageDigest {
    #[serde(rename = "docker-manifest-digest")]
    digest: Digest,
}

/// Why a payload does not speak about an image.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// It is no payload; one sentence fragment.
    Malformed(String),
    /// It speaks about something else; one sentence fragment.
    Other(String),
}

/// Whether a payload speaks about an image; with a name, in that repository.
pub(crate) fn check(
    bytes: &[u8],
    digest: &Digest,
    repository: Option<&ImageRef>,
) -> Result<(), Mismatch> {
    let payload: Payload = serde_json::from_slice(bytes)
        .map_err(|_| Mismatch::Malformed("its payload is not that of simple signing".into()))?;
    let critical = payload.critical;
    if !TYPES.contains(&critical.kind.as_str()) {
        let kind = shown(&critical.kind);
        return Err(Mismatch::Malformed(format!("its payload is of the type `{kind}`")));
    }
    if critical.image.digest != *digest {
        return Err(Mismatch::Other(format!("it is over `{}`", critical.image.digest.short())));
    }
    let named = &critical.identity.reference;
    let same = |name: &ImageRef| parse(named).is_ok_and(|other| other.name() == name.name());
    if repository.is_some_and(|name| !same(name)) {
        return Err(Mismatch::Other(format!("it is for the repository `{}`", shown(named))));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use careen_image_model::oci::Digest;
    use careen_image_model::reference::parse;

    use super::{Mismatch, check};

    fn payload(kind: &str, reference: &str, digest: &str) -> String {
        format!(
            r#"{{"critical":{{"identity":{{"docker-reference":"{reference}"}},
               "image":{{"docker-manifest-digest":"{digest}"}},"type":"{kind}"}},"optional":null}}"#
        )
    }

    #[test]
    fn type_digest_and_repository_count() {
        let digest = Digest::parse(&format!("sha256:{}", "a".repeat(64))).unwrap();
        let other = format!("sha256:{}", "b".repeat(64));
        let kind = "cosign container image signature";
        let name = parse("ghcr.io/acme/shop:v1").unwrap();
        let good = payload(kind, "ghcr.io/acme/shop", digest.as_str());
        assert_eq!(check(good.as_bytes(), &digest, Some(&name)), Ok(()));
        let moved = payload(kind, "ghcr.io/acme/till", digest.as_str());
        assert_eq!(check(moved.as_bytes(), &digest, None), Ok(()));
        assert!(matches!(
            check(moved.as_bytes(), &digest, Some(&name)),
            Err(Mismatch::Other(why)) if why.contains("till")
        ));
        let wrong = payload(kind, "", &other);
        assert!(matches!(check(wrong.as_bytes(), &digest, None), Err(Mismatch::Other(_))));
        let twice = good.replace(r#""type":"#, r#""type":"x","type":"#);
        for bad in [payload("x", "", digest.as_str()), twice, "{}".to_owned()] {
            let found = check(bad.as_bytes(), &digest, None);
            assert!(matches!(found, Err(Mismatch::Malformed(_))), "{found:?}");
        }
    }
}
