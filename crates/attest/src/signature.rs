//! A signature as `ssh-keygen -Y sign` writes it (OpenSSH's PROTOCOL.sshsig).

use ssh_key::public::KeyData;
use ssh_key::{HashAlg, PublicKey, SshSig};

use crate::fields::quoted;
use crate::quote::yaml;
use crate::verify::{holds, support};
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
        let signature = SshSig::from_pem(bytes).map_err(|_| unreadable(bytes))?;
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

/// Why a signature cannot be read, where that is known.
fn unreadable(pem: &[u8]) -> String {
    let body: Vec<u8> = pem
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.starts_with(b"-----"))
        .collect::<Vec<_>>()
        .concat();
    let bytes = data_encoding::BASE64.decode(&body).unwrap_or_default();
    // Once as the type of the key, once as that of the signature.
    let sha1 = bytes.windows(11).filter(|window| *window == b"\0\0\0\x07ssh-rsa").count();
    if sha1 > 1 {
        "the signature is by RSA with SHA-1, which proves nothing any more: sign with a newer ssh-keygen"
            .to_owned()
    } else if bytes.windows(9).any(|window| window == b"-cert-v01") {
        "the signature is by a certificate, which is not supported: sign with the key itself".to_owned()
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
