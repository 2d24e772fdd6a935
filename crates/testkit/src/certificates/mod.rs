//! Certificates from recipes, at the tests' own clock.
//!
//! A recipe names certificates and says what is special about each; examples then write
//! `${leaf.crt}`, `${leaf.key}`, `${leaf.crt|base64}` where a single line is wanted, and
//! `${leaf.der}` in a `binary` file. A key store is `${web.p12}`, `${web.jks}` or `${web.jceks}`.

pub(crate) mod forge;
mod recipe;
mod stores;
mod substitute;

use std::collections::BTreeMap;

use data_encoding::BASE64;
use rcgen::{CertificateParams, Issuer, KeyPair};

pub use substitute::substitute;

use self::recipe::{Recipe, params};

/// Texts by name: `leaf.crt`, `leaf.key`; of what is no text, such as `leaf.der`, the base64.
pub type Blobs = BTreeMap<String, String>;

/// Makes every certificate of a recipe (YAML: name → properties), in its order.
///
/// # Panics
///
/// If the recipe does not hold.
#[must_use]
pub fn make(recipe: &str) -> Blobs {
    let recipes: serde_yaml::Mapping = serde_yaml::from_str(recipe).expect("a recipe is YAML");
    let mut blobs = Blobs::new();
    let mut issuers: BTreeMap<String, (CertificateParams, String)> = BTreeMap::new();
    for (name, value) in recipes {
        let name = name.as_str().expect("a name is a string").to_owned();
        let recipe: Recipe = serde_yaml::from_value(value).expect("a recipe's properties");
        if let Some(store) = &recipe.store {
            stores::make(&name, store, &mut blobs);
            continue;
        }
        let (certificate, key) = match &recipe.prepared {
            Some(prepared) => self::prepared(prepared),
            None => {
                let key = match &recipe.key_of {
                    Some(other) => {
                        let (_, key) = issuers.get(other).expect("keys stand first");
                        KeyPair::from_pem(key).expect("our own key")
                    }
                    None => KeyPair::generate_for(algorithm(&recipe.key)).expect("a key"),
                };
                let params = params(&name, &recipe);
                let issuer = recipe.issuer.as_ref().map(|issuer| {
                    let (issuer, key) = issuers.get(issuer).expect("issuers stand first");
                    (issuer, KeyPair::from_pem(key).expect("our own key"))
                });
                let certificate = match &issuer {
                    None => params.self_signed(&key),
                    Some((issuer, issuer_key)) => {
                        params.signed_by(&key, &Issuer::from_params(issuer, issuer_key))
                    }
                };
                let mut certificate = certificate.expect("a certificate").pem();
                if let Some(forge) = &recipe.forge {
                    let signer = issuer.as_ref().map_or(&key, |(_, key)| key);
                    certificate = forge::forge(&certificate, forge, signer);
                }
                issuers.insert(name.clone(), (params, key.serialize_pem()));
                (certificate, key.serialize_pem())
            }
        };
        blobs.insert(format!("{name}.der"), body(&certificate));
        blobs.insert(format!("{name}.crt"), certificate.replace("\r\n", "\n"));
        blobs.insert(format!("{name}.key"), key.replace("\r\n", "\n"));
    }
    blobs
}

fn prepared(name: &str) -> (String, String) {
    let (certificate, key) = match name {
        "rsa1024" => {
            (include_str!("../../data/rsa1024.crt"), include_str!("../../data/rsa1024.key"))
        }
        "sha1" => (include_str!("../../data/sha1.crt"), include_str!("../../data/sha1.key")),
        "sha1-ca" => (include_str!("../../data/sha1-ca.crt"), ""),
        "weak-root" => (include_str!("../../data/weak-root.crt"), ""),
        "sub-sha1" => (include_str!("../../data/sub-sha1.crt"), ""),
        "leaf-sha1" => (include_str!("../../data/leaf-sha1.crt"), ""),
        "sub-rsa1024" => (include_str!("../../data/sub-rsa1024.crt"), ""),
        "leaf-rsa1024" => (include_str!("../../data/leaf-rsa1024.crt"), ""),
        "secp256k1" => {
            (include_str!("../../data/secp256k1.crt"), include_str!("../../data/secp256k1.key"))
        }
        "encrypted" => {
            (include_str!("../../data/p256.crt"), include_str!("../../data/p256-encrypted.key"))
        }
        "openssh" => {
            (include_str!("../../data/p256.crt"), include_str!("../../data/p256-openssh.key"))
        }
        "rfc1421" => {
            (include_str!("../../data/p256.crt"), include_str!("../../data/p256-rfc1421.key"))
        }
        "pbes1" => (include_str!("../../data/p256.crt"), include_str!("../../data/p256-pbes1.key")),
        "rsa-small-d" => ("", include_str!("../../data/rsa-small-d.key")),
        "rsa-inconsistent" => ("", include_str!("../../data/rsa-inconsistent.key")),
        _ => panic!("nothing called `{name}` is prepared"),
    };
    (certificate.to_owned(), key.to_owned())
}

fn algorithm(name: &str) -> &'static rcgen::SignatureAlgorithm {
    match name {
        "p256" => &rcgen::PKCS_ECDSA_P256_SHA256,
        "p384" => &rcgen::PKCS_ECDSA_P384_SHA384,
        "ed25519" => &rcgen::PKCS_ED25519,
        "rsa2048" => &rcgen::PKCS_RSA_SHA256,
        _ => panic!("no key is called `{name}`"),
    }
}

/// The base64 of a PEM block.
fn body(pem: &str) -> String {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    let body: String = lines.map(str::trim).collect();
    assert!(BASE64.decode(body.as_bytes()).is_ok(), "PEM holds base64");
    body
}
