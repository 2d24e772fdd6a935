//! A signature as `ssh-keygen -Y sign` writes it (OpenSSH's PROTOCOL.sshsig).

use ssh_key::public::KeyData;
use ssh_key::{Algorithm, HashAlg, PublicKey, SshSig};

use crate::fields::quoted;
use crate::quote::yaml;
use crate::verify::{TRAILER, holds, is_touched, support};
use crate::{MOST_BYTES, NAMESPACE};

const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";

/// A signature that was read, and that nothing speaks against yet but what it is over.
pub(crate) struct Signed {
    signature: SshSig,
    /// The key: `SHA256:…`.
    pub(crate) fingerprint: String,
}

impl Signed {
    /// Reads a file; else says why it proves nothing.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > MOST_BYTES {
            return Err(format!("the signature is larger than {} KiB", MOST_BYTES >> 10));
        }
        // The reader would pass over what stands in front.
        if !bytes.starts_with(BEGIN.as_bytes()) {
            return Err("the .sig file is no signature of `ssh-keygen -Y sign`".to_owned());
        }
        let body = body(bytes);
        let signature = SshSig::from_pem(bytes).map_err(|_| unreadable(&body))?;
        // The reader takes lengths that do not fit.
        if canonical(&signature).is_none_or(|canonical| canonical != body) {
            return Err(unreadable(&body));
        }
        if signature.version() != SshSig::VERSION || !signature.reserved().is_empty() {
            return Err("the signature is of another version than 1".to_owned());
        }
        if signature.namespace() != NAMESPACE {
            return Err(format!(
                "the signature is for the namespace `{}`, which proves nothing here: sign with `-n {NAMESPACE}`",
                quoted(signature.namespace())
            ));
        }
        support(signature.public_key())?;
        let fingerprint = signature.public_key().fingerprint(HashAlg::Sha256).to_string();
        Ok(Self { signature, fingerprint })
    }

    /// The key that signed.
    pub(crate) fn key(&self) -> &KeyData {
        self.signature.public_key()
    }

    /// Whether it is over these bytes.
    pub(crate) fn is_over(&self, bytes: &[u8]) -> Result<(), String> {
        if !is_touched(self.signature.signature()) {
            let why = "nobody touched the security key when it signed: sign again, and touch it";
            return Err(why.to_owned());
        }
        SshSig::signed_data(NAMESPACE, self.signature.hash_alg(), bytes)
            .ok()
            .filter(|data| holds(self.key(), self.signature.signature(), data))
            .map(drop)
            .ok_or_else(|| {
                "the signature is not over this content: it was changed after signing, or the \
                 signature is that of another file; sign again"
                    .to_owned()
            })
    }
}

/// What stands between the first line and the last, decoded; empty where it is no base64.
fn body(pem: &[u8]) -> Vec<u8> {
    let lines = pem.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let body: Vec<_> = lines.filter(|line| !line.starts_with(b"-----")).collect();
    data_encoding::BASE64.decode(&body.concat()).unwrap_or_default()
}

/// A signature as PROTOCOL.sshsig has it.
fn canonical(signature: &SshSig) -> Option<Vec<u8>> {
    let key = PublicKey::new(signature.public_key().clone(), "").to_bytes().ok()?;
    let algorithm = signature.algorithm();
    let bytes = signature.signature_bytes();
    // Flags and counter stand behind the string, not in it.
    let is_device = matches!(algorithm, Algorithm::SkEd25519 | Algorithm::SkEcdsaSha2NistP256);
    let trailer = if is_device { TRAILER } else { 0 };
    let (bytes, trailer) = bytes.split_at_checked(bytes.len().checked_sub(trailer)?)?;
    let mut blob = Vec::new();
    put(&mut blob, algorithm.as_str().as_bytes())?;
    put(&mut blob, bytes)?;
    blob.extend(trailer);
    let mut whole = b"SSHSIG".to_vec();
    whole.extend(signature.version().to_be_bytes());
    let hash = signature.hash_alg();
    let namespace = signature.namespace().as_bytes();
    for part in [&*key, namespace, signature.reserved(), hash.as_str().as_bytes(), &blob] {
        put(&mut whole, part)?;
    }
    Some(whole)
}

/// A string with its length in front (RFC 4251, section 5).
fn put(to: &mut Vec<u8>, part: &[u8]) -> Option<()> {
    to.extend(u32::try_from(part.len()).ok()?.to_be_bytes());
    to.extend(part);
    Some(())
}

/// Why a signature cannot be read, where that is known.
fn unreadable(bytes: &[u8]) -> String {
    // Once as the type of the key, once as that of the signature.
    let sha1 = bytes.windows(11).filter(|window| *window == b"\0\0\0\x07ssh-rsa").count();
    if sha1 > 1 {
        "the signature is by RSA with SHA-1, which proves nothing any more: sign with a newer ssh-keygen"
            .to_owned()
    } else if bytes.windows(9).any(|window| window == b"-cert-v01") {
        "the signature is by a certificate, which is not supported: sign with the key itself"
            .to_owned()
    } else {
        "the .sig file is no signature that can be read: sign again".to_owned()
    }
}

/// The line of a file of allowed signers that lets the key of a signature sign for a principal.
#[must_use]
pub fn signer_line(signature: &[u8], principal: &str) -> Option<String> {
    let signed = Signed::read(signature).ok()?;
    let key = PublicKey::new(signed.key().clone(), "").to_openssh().ok()?;
    let plain = !principal.contains(|c: char| c.is_whitespace() || c.is_control() || c == '"');
    let principal = if plain { principal.to_owned() } else { yaml(principal) };
    Some(format!("{principal} namespaces=\"{NAMESPACE}\" {}", key.trim_end()))
}
