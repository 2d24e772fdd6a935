//! Tests over generated certificates and keys.

mod chains;
mod hosts;
mod keys;
mod mutation;
mod pem;
mod revocation;
mod stores;

use std::fmt::Write as _;
use std::sync::Arc;

use careen_text::{Derived, Source, Span};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

use crate::{Certificate, Content, Material, PemProblemKind, PrivateKey, scan};

/// A text as a file that is nothing but PEM.
fn verbatim(text: &str) -> (Arc<Source>, Derived) {
    let source = Source::new("x.pem", text);
    let derived = Derived::verbatim(&source, Span::of(0..text.len()));
    (source, derived)
}

fn scanned(text: &str) -> Material {
    scan(&verbatim(text).1)
}

fn kinds(material: &Material) -> Vec<PemProblemKind> {
    material.problems.iter().map(|problem| problem.kind).collect()
}

/// Base64, made without the code under test.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let word = group
            .iter()
            .chain([&0, &0])
            .take(3)
            .fold(0_usize, |word, &byte| (word << 8) | usize::from(byte));
        for place in 0..4 {
            let sign =
                if place <= group.len() { ALPHABET[(word >> (18 - 6 * place)) & 63] } else { b'=' };
            text.push(char::from(sign));
        }
    }
    text
}

/// PEM with lines of 64 characters.
fn armoured(label: &str, bytes: &[u8]) -> String {
    let text = base64(bytes);
    let mut pem = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        let _ = writeln!(pem, "{}", std::str::from_utf8(line).unwrap());
    }
    let _ = writeln!(pem, "-----END {label}-----");
    pem
}

fn only_certificate(pem: &str) -> Arc<Certificate> {
    let material = scanned(pem);
    assert!(material.problems.is_empty(), "{:?}", material.problems);
    match &material.items[..] {
        [item] => match &item.content {
            Content::Certificate(certificate) => Arc::clone(certificate),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn only_key(pem: &str) -> PrivateKey {
    let material = scanned(pem);
    assert!(material.problems.is_empty(), "{:?}", material.problems);
    match &material.items[..] {
        [item] => match &item.content {
            Content::PrivateKey(key) => key.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn params(name: &str, hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
    let mut params = CertificateParams::new(hosts).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Careen, Ltd");
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    params.not_after = rcgen::date_time_ymd(2026, 4, 1);
    params.use_authority_key_identifier_extension = true;
    params
}

fn ca(name: &str) -> (CertificateParams, KeyPair) {
    let mut params = params(name, &[]);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    (params, KeyPair::generate().unwrap())
}

fn leaf(hosts: &[&str], issuer: &(CertificateParams, KeyPair)) -> (String, KeyPair) {
    let mut params = params("leaf", hosts);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.is_ca = IsCa::ExplicitNoCa;
    let key = KeyPair::generate().unwrap();
    let pem = params.signed_by(&key, &Issuer::from_params(&issuer.0, &issuer.1)).unwrap().pem();
    (pem, key)
}
