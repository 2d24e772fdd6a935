//! Public keys that a policy names, and what makes a key weak.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, UnparsedPublicKey};
use data_encoding::BASE64;
use x509_parser::prelude::{FromDer, SubjectPublicKeyInfo, X509Certificate};
use x509_parser::public_key::PublicKey as Parsed;

use crate::limits;

const RSA_MIN: usize = 2048;
const P224: &str = "1.3.132.0.33";
const P192: &str = "1.2.840.10045.3.1.1";
const SHA1: [&str; 3] = ["1.2.840.113549.1.1.5", "1.2.840.10045.4.1", "1.3.14.3.2.29"];

/// A public key of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    spki: Vec<u8>,
    weak: Option<String>,
}

impl PublicKey {
    /// Reads a key from PEM (`BEGIN PUBLIC KEY`), as cosign writes it into `cosign.pub`.
    ///
    /// # Errors
    ///
    /// One sentence fragment with the remedy where the bytes are something else.
    pub fn from_pem(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > limits::TRUST {
            return Err("it is too large for a key".to_owned());
        }
        let text = std::str::from_utf8(bytes).map_err(|_| "it is no PEM".to_owned())?;
        if text.contains("PRIVATE KEY-----") {
            return Err(
                "it holds a private key: name the public one, and keep this one away from \
                        the repository"
                    .to_owned(),
            );
        }
        if text.matches("-----BEGIN ").count() > 1 {
            return Err("it holds several keys: give each a file of its own".to_owned());
        }
        let spki = crate::sigstore::spki_of_pem(text).ok_or_else(|| {
            "it is no PEM with `-----BEGIN PUBLIC KEY-----`, as `cosign public-key` writes it"
                .to_owned()
        })?;
        Self::from_spki(spki).ok_or_else(|| "it holds no public key that is known".to_owned())
    }

    /// The key with that `SubjectPublicKeyInfo`.
    pub(crate) fn from_spki(spki: Vec<u8>) -> Option<Self> {
        let (rest, info) = SubjectPublicKeyInfo::from_der(&spki).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let weak = weak_key(&info);
        Some(Self { spki, weak })
    }

    pub(crate) fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Why it is weak; one sentence fragment.
    pub(crate) fn weak(&self) -> Option<&str> {
        self.weak.as_deref()
    }

    /// How bundles hint at the key they are signed with.
    pub(crate) fn hint(&self) -> String {
        BASE64.encode(digest(&SHA256, &self.spki).as_ref())
    }

    /// Whether a short RSA key made the signature, which the library refuses to look at.
    pub(crate) fn short_rsa_made(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok((_, info)) = SubjectPublicKeyInfo::from_der(&self.spki) else { return false };
        if !matches!(info.parsed(), Ok(Parsed::RSA(rsa)) if rsa.key_size() < RSA_MIN) {
            return false;
        }
        let key = &info.subject_public_key.data;
        UnparsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, key)
            .verify(message, signature)
            .is_ok()
    }
}

fn weak_key(info: &SubjectPublicKeyInfo<'_>) -> Option<String> {
    let curve = info.algorithm.parameters.as_ref().and_then(|any| any.as_oid().ok());
    match curve.map(|curve| curve.to_id_string()).as_deref() {
        Some(P224) => return Some("its key is on the curve P-224".to_owned()),
        Some(P192) => return Some("its key is on the curve P-192".to_owned()),
        _ => {}
    }
    match info.parsed() {
        Ok(Parsed::RSA(rsa)) if rsa.key_size() < RSA_MIN => {
            Some(format!("its RSA key has {} bits only", rsa.key_size()))
        }
        _ => None,
    }
}

/// Why a signing certificate is weak; one sentence fragment.
pub(crate) fn weak_certificate(der: &[u8]) -> Option<String> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let algorithm = certificate.signature_algorithm.algorithm.to_id_string();
    if SHA1.contains(&algorithm.as_str()) {
        return Some("its certificate is signed with SHA-1".to_owned());
    }
    weak_key(&certificate.tbs_certificate.subject_pki)
}

#[cfg(test)]
pub(crate) mod tests {
    use data_encoding::BASE64;

    use super::{PublicKey, weak_certificate};

    /// Keys that no library makes any more, and what the first of them signed.
    pub(crate) const RSA_1024: &str = "-----BEGIN PUBLIC KEY-----\n\
        MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCchfFFMtxcW8R5ky80hpt0V+F\n\
        lrVP8IP/GZljsOiW1x6eE49JJuwJx+fbrszmLAm604tyoPlK4waUl67ARLPZZbjj\n\
        OhdMCakQwO4Pvgbci3+Tg2lEMslVLqwYt56QTmkWtCRhTYK3ibWa82hEEO0vjEde\n\
        L2Z9Epa5shnZToOiqQIDAQAB\n\
        -----END PUBLIC KEY-----";
    pub(crate) const MESSAGE: &[u8] = b"what is signed";
    pub(crate) const SIGNATURE: &str = "bH3qLPS18j0U315qlDA7xykKDvljNXe90kS4b5Ei5QlUwuaOFqsdfEn2e1cPKnE4XhaJmKEqQ+/p+Wli1MPr9EGYL0P/yDPedgAG8epqNRjfYSD0NqB/Ht0Bs32PzW71bItgJ9d3gZ80dkw3XJydsZ/8RTEaA+uw69Sy1asiOzQ=";
    const P_224: &str = "-----BEGIN PUBLIC KEY-----\n\
        ME4wEAYHKoZIzj0CAQYFK4EEACEDOgAEMwbWGUv2w8/Fwwg8ZqyALxnoSbNFxwId\n\
        BtXOVATRGvKAlLML/CaTragBFKXFF4cZfjQ1vDz0zCc=\n\
        -----END PUBLIC KEY-----";

    #[test]
    fn short_and_old_keys_are_weak() {
        let rsa = PublicKey::from_pem(RSA_1024.as_bytes()).unwrap();
        assert_eq!(rsa.weak(), Some("its RSA key has 1024 bits only"));
        let signature = BASE64.decode(SIGNATURE.as_bytes()).unwrap();
        assert!(rsa.short_rsa_made(MESSAGE, &signature));
        assert!(!rsa.short_rsa_made(b"what is not", &signature));
        let p224 = PublicKey::from_pem(P_224.as_bytes()).unwrap();
        assert_eq!(p224.weak(), Some("its key is on the curve P-224"));
        assert!(!p224.short_rsa_made(MESSAGE, &signature));
    }

    #[test]
    fn certificates_are_weak_by_their_key_or_their_signature() {
        let blobs = careen_testkit::make(
            "old: {prepared: sha1}\nshort: {prepared: rsa1024}\ngood: {key: p256}",
        );
        let weak = |name: &str| {
            let pem = &blobs[&format!("{name}.crt")];
            let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
            weak_certificate(&BASE64.decode(body.as_bytes()).unwrap())
        };
        assert_eq!(weak("good"), None);
        assert_eq!(weak("old").as_deref(), Some("its certificate is signed with SHA-1"));
        assert!(weak("short").unwrap().contains("1024"));
    }
}
