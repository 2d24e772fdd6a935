//! Key stores of a recipe's certificates: PKCS#12, and Java's own formats.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use data_encoding::BASE64;
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey,
    PrivateKeyChain,
};
use serde::Deserialize;

use super::{Blobs, body};

/// A key store. Of the certificates listed first, the first one is the key's, the others its
/// chain.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StoreRecipe {
    /// Certificates of an entry with a private key, by their names; the blob is `NAME.p12`.
    pkcs12: Option<Vec<String>>,
    /// The same, and the blob is `NAME.jks`.
    jks: Option<Vec<String>>,
    /// The same, and the blob is `NAME.jceks`.
    jceks: Option<Vec<String>>,
    /// Certificates that are trusted, each an entry of its own.
    trusted: Vec<String>,
    /// Name of the certificate whose key the entry has, where that is not the first one's.
    key: Option<String>,
    /// Alias of the entry with the key.
    alias: String,
    password: String,
    /// `modern` (AES-256, SHA-256), `legacy` (3DES, SHA-1) or `rc2` (RC2 with 40 bits, SHA-1).
    kdf: String,
    iterations: u32,
}

impl Default for StoreRecipe {
    fn default() -> Self {
        Self {
            pkcs12: None,
            jks: None,
            jceks: None,
            trusted: Vec::new(),
            key: None,
            alias: "shop".to_owned(),
            password: "Gx7-plum-Orbit".to_owned(),
            kdf: "modern".to_owned(),
            iterations: 10_000,
        }
    }
}

/// Makes one store out of what was made before it.
pub(super) fn make(name: &str, recipe: &StoreRecipe, blobs: &mut Blobs) {
    let store = Contents::of(recipe, blobs);
    let (ending, bytes) = match (&recipe.pkcs12, &recipe.jks, &recipe.jceks) {
        (Some(_), None, None) => ("p12", pkcs12(recipe, &store)),
        (None, Some(_), None) => ("jks", java([0xfe, 0xed, 0xfe, 0xed], recipe, &store)),
        (None, None, Some(_)) => ("jceks", java([0xce; 4], recipe, &store)),
        _ => panic!("a store is of one kind"),
    };
    blobs.insert(format!("{name}.{ending}"), BASE64.encode(&bytes));
}

struct Contents {
    /// DER of the key and of its certificates.
    key: Option<(Vec<u8>, Vec<Vec<u8>>)>,
    trusted: BTreeMap<String, Vec<u8>>,
}

impl Contents {
    fn of(recipe: &StoreRecipe, blobs: &Blobs) -> Self {
        let der = |pem: &String| BASE64.decode(body(pem).as_bytes()).expect("base64");
        let certificate = |name: &String| der(&blobs[&format!("{name}.crt")]);
        let chain = [&recipe.pkcs12, &recipe.jks, &recipe.jceks].into_iter().flatten();
        let chain: Vec<&String> = chain.flatten().collect();
        let key = recipe.key.as_ref().or_else(|| chain.first().copied()).map(|owner| {
            let key = der(&blobs[&format!("{owner}.key")]);
            (key, chain.iter().map(|name| certificate(name)).collect())
        });
        let trusted = recipe.trusted.iter().map(|name| (name.clone(), certificate(name))).collect();
        Self { key, trusted }
    }
}

fn pkcs12(recipe: &StoreRecipe, contents: &Contents) -> Vec<u8> {
    let certificate = |der: &Vec<u8>| Certificate::from_der(der).expect("our own certificate");
    let mut store = KeyStore::new();
    if let Some((key, chain)) = &contents.key {
        let key = PrivateKey::from_der(key).expect("our own key");
        let chain = PrivateKeyChain::new(&b"1"[..], key, chain.iter().map(certificate));
        store.add_entry(&recipe.alias, KeyStoreEntry::PrivateKeyChain(chain));
    }
    for (alias, der) in &contents.trusted {
        store.add_entry(alias, KeyStoreEntry::Certificate(certificate(der)));
    }
    let (encryption, mac) = match recipe.kdf.as_str() {
        "modern" => (EncryptionAlgorithm::PbeWithHmacSha256AndAes256, MacAlgorithm::HmacSha256),
        "legacy" => (EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc, MacAlgorithm::HmacSha1),
        "rc2" => (EncryptionAlgorithm::PbeWithShaAnd40BitRc4Cbc, MacAlgorithm::HmacSha1),
        other => panic!("nothing derives keys by `{other}`"),
    };
    store
        .writer(&recipe.password)
        .encryption_algorithm(encryption)
        .encryption_iterations(recipe.iterations)
        .mac_algorithm(mac)
        .mac_iterations(recipe.iterations)
        .write()
        .expect("a store")
}

/// A store as `sun.security.provider.JavaKeyStore` writes it, version 2.
fn java(magic: [u8; 4], recipe: &StoreRecipe, contents: &Contents) -> Vec<u8> {
    let mut out = magic.to_vec();
    out.extend(2_u32.to_be_bytes());
    out.extend(length(usize::from(contents.key.is_some()) + contents.trusted.len()));
    if let Some((key, chain)) = &contents.key {
        head(1, &recipe.alias, &mut out);
        let key = protect(key, &recipe.password);
        out.extend(length(key.len()));
        out.extend(key);
        out.extend(length(chain.len()));
        for der in chain {
            certificate(der, &mut out);
        }
    }
    for (alias, der) in &contents.trusted {
        head(2, alias, &mut out);
        certificate(der, &mut out);
    }
    let digest = sha1(&[&utf16(&recipe.password), b"Mighty Aphrodite", &out]);
    out.extend(digest);
    out
}

fn head(tag: u32, alias: &str, out: &mut Vec<u8>) {
    out.extend(tag.to_be_bytes());
    text(alias, out);
    out.extend([0; 8]);
}

fn certificate(der: &[u8], out: &mut Vec<u8>) {
    text("X.509", out);
    out.extend(length(der.len()));
    out.extend(der);
}

fn text(text: &str, out: &mut Vec<u8>) {
    out.extend(u16::try_from(text.len()).expect("short").to_be_bytes());
    out.extend(text.as_bytes());
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).expect("small").to_be_bytes()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn sha1(parts: &[&[u8]]) -> Vec<u8> {
    let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    for part in parts {
        context.update(part);
    }
    context.finish().as_ref().to_vec()
}

/// A key under Sun's `KeyProtector`.
fn protect(key: &[u8], password: &str) -> Vec<u8> {
    const ALGORITHM: &[u8] = &[0x30, 14, 6, 10, 0x2b, 6, 1, 4, 1, 0x2a, 2, 0x11, 1, 1, 5, 0];
    let password = utf16(password);
    let salt = vec![7; 20];
    let mut data = salt.clone();
    let mut before = salt;
    for chunk in key.chunks(20) {
        before = sha1(&[&password, &before]);
        data.extend(chunk.iter().zip(&before).map(|(byte, over)| byte ^ over));
    }
    data.extend(sha1(&[&password, key]));
    let data = element(4, &data);
    element(0x30, &[ALGORITHM, &data].concat())
}

/// An element of DER, with two bytes of length.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len()).expect("short").to_be_bytes();
    [&[tag, 0x82, high, low], content].concat()
}
