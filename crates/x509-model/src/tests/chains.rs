use rcgen::{
    CertificateParams, Issuer, KeyPair, PKCS_ECDSA_P384_SHA384, PKCS_ECDSA_P521_SHA512,
    PKCS_ED25519, PKCS_RSA_SHA256,
};

use super::{armoured, ca, leaf, only_certificate, params, scanned};
use crate::{Certificate, Content, Curve, Issued, KeyKind, San};

#[test]
fn facts_of_a_leaf() {
    let root = ca("root");
    let (pem, key) = leaf(&["example.com"], &root);
    let certificate = only_certificate(&pem);
    assert_eq!(certificate.subject, "CN=leaf,O=Careen\\, Ltd");
    assert_eq!(certificate.issuer, "CN=root,O=Careen\\, Ltd");
    assert_eq!(certificate.version, 3);
    assert_eq!(certificate.not_before, 1_767_225_600);
    assert_eq!(certificate.not_after, 1_775_001_600);
    assert_eq!(certificate.key.kind, KeyKind::Ec { curve: Curve::P256 });
    assert_eq!(certificate.key.kind.to_string(), "ECDSA P-256");
    assert_eq!(certificate.signature.name, "ecdsa-with-SHA256");
    assert_eq!(certificate.signature.weak, None);
    assert!(!certificate.signature.inner_differs);
    assert_eq!(certificate.san, [San::Dns("example.com".to_owned())]);
    assert!(certificate.is_leaf() && !certificate.self_issued && !certificate.self_signed);
    assert!(certificate.key_usage.unwrap().digital_signature());
    assert!(!certificate.key_usage.unwrap().key_cert_sign());
    let usage = certificate.extended_key_usage.clone().unwrap();
    assert!(usage.server_auth && !usage.client_auth && !usage.any);
    assert_eq!(certificate.extension_problems, [""; 0]);
    assert_eq!(
        certificate.key.spki_sha256,
        super::super::public_key::sha256(&rcgen::PublicKeyData::subject_public_key_info(&key))
    );
}

#[test]
fn who_issued_whom() {
    let root = ca("root");
    let namesake = ca("root");
    let root_pem = root.0.self_signed(&root.1).unwrap().pem();
    let namesake_pem = namesake.0.self_signed(&namesake.1).unwrap().pem();
    let (leaf_pem, _) = leaf(&["example.com"], &root);
    let (root, namesake, leaf) =
        (only_certificate(&root_pem), only_certificate(&namesake_pem), only_certificate(&leaf_pem));
    assert!(root.is_ca() && root.self_signed && root.is_root());
    assert_eq!(root.basic_constraints.unwrap().path_len, Some(1));
    assert!(root.basic_constraints.unwrap().critical);
    assert_eq!(leaf.authority_key_id, root.subject_key_id);
    assert_eq!(root.issued(&leaf), Issued::Yes);
    assert_eq!(root.issued(&root), Issued::Yes);
    assert_eq!(namesake.issued(&leaf), Issued::NamesOnly);
    assert_eq!(leaf.issued(&root), Issued::No);
}

#[test]
fn a_namesake_without_key_identifiers_is_told_by_signature() {
    let (mut root, key) = ca("root");
    root.key_identifier_method = rcgen::KeyIdMethod::PreSpecified(vec![1, 2, 3]);
    let (mut namesake, other) = ca("root");
    namesake.key_identifier_method = rcgen::KeyIdMethod::PreSpecified(vec![1, 2, 3]);
    let namesake = only_certificate(&namesake.self_signed(&other).unwrap().pem());
    let (leaf, _) = leaf(&["example.com"], &(root, key));
    assert_eq!(namesake.issued(&only_certificate(&leaf)), Issued::NamesOnly);
}

#[test]
fn signatures_of_every_supported_key() {
    let keys = [
        KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap(),
        KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap(),
        KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).unwrap(),
        KeyPair::generate_for(&PKCS_ED25519).unwrap(),
    ];
    let expected = ["RSA 2048", "ECDSA P-384", "ECDSA P-521", "Ed25519"];
    for (key, expected) in keys.iter().zip(expected) {
        let certificate = only_certificate(&ca("self").0.self_signed(key).unwrap().pem());
        assert_eq!(certificate.key.kind.to_string(), expected);
        assert!(certificate.self_signed, "{expected}");
    }
    let rsa = only_certificate(&ca("self").0.self_signed(&keys[0]).unwrap().pem());
    let KeyKind::Rsa { bits, exponent, ref modulus, pss_only } = rsa.key.kind else {
        panic!("RSA")
    };
    assert_eq!((bits, exponent, modulus.len(), pss_only), (2048, Some(65_537), 256, false));
}

#[test]
fn a_changed_certificate_is_not_self_signed() {
    let (params, key) = ca("self");
    let mut der = params.self_signed(&key).unwrap().der().to_vec();
    *der.last_mut().unwrap() ^= 1;
    let certificate = Certificate::from_der(&der).unwrap();
    assert!(certificate.self_issued && !certificate.self_signed);
    assert_eq!(certificate.issued(&certificate), Issued::NamesOnly);
}

#[test]
fn another_kind_of_key_did_not_sign() {
    let root = ca("root");
    let ed = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let mut impostor: CertificateParams = ca("root").0;
    impostor.key_identifier_method = rcgen::KeyIdMethod::PreSpecified(vec![9]);
    let impostor = only_certificate(&impostor.self_signed(&ed).unwrap().pem());
    let mut child = params("leaf", &[]);
    child.use_authority_key_identifier_extension = false;
    let key = KeyPair::generate().unwrap();
    let child = child.signed_by(&key, &Issuer::from_params(&root.0, &root.1)).unwrap();
    assert_eq!(impostor.issued(&only_certificate(&child.pem())), Issued::NamesOnly);
}

#[test]
fn far_dates_are_kept() {
    let mut params = params("far", &[]);
    params.not_before = rcgen::date_time_ymd(1950, 1, 1);
    params.not_after = rcgen::date_time_ymd(9999, 12, 31);
    let certificate =
        only_certificate(&params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem());
    assert_eq!(certificate.not_before, -631_152_000);
    assert_eq!(certificate.not_after, 253_402_214_400);
}

#[test]
fn broken_extensions_are_told_and_not_fatal() {
    let mut params = params("leaf", &["example.com"]);
    // nameConstraints that is no SEQUENCE.
    params
        .custom_extensions
        .push(rcgen::CustomExtension::from_oid_content(&[2, 5, 29, 30], vec![2, 1, 1]));
    params.custom_extensions.push(rcgen::CustomExtension::from_oid_content(&[1, 2, 3], vec![5, 0]));
    params.custom_extensions.push(rcgen::CustomExtension::from_oid_content(&[1, 2, 3], vec![5, 0]));
    let certificate =
        only_certificate(&params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem());
    assert_eq!(
        certificate.extension_problems,
        ["extension nameConstraints cannot be read", "extension 1.2.3 appears twice"]
    );
    assert!(certificate.covers_host("example.com"));
}

#[test]
fn certificates_of_a_pkcs7_bundle() {
    use crate::der::{element, unsigned};
    let root = ca("root");
    let der = root.0.self_signed(&root.1).unwrap().der().to_vec();
    let data = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
    let signed = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
    let content = element(
        0x30,
        &[
            &unsigned(&[1]),
            &element(0x31, &[]),
            &element(0x30, &[&data]),
            &element(0xa0, &[&der, &der]),
        ],
    );
    let bundle = element(0x30, &[&signed, &element(0xa0, &[&content])]);
    let material = scanned(&armoured("PKCS7", &bundle));
    assert_eq!(material.items.len(), 2);
    assert!(material.items.iter().all(
        |item| matches!(&item.content, Content::Certificate(certificate) if certificate.is_root())
    ));
}

#[test]
fn broken_hashes_are_named() {
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
    let der = ca("old").0.self_signed(&key).unwrap().der().to_vec();
    let sha256 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
    let places: Vec<usize> = memchr::memmem::find_iter(&der, &sha256).collect();
    assert_eq!(places.len(), 2);
    for (last, name, weak) in [
        (5, "sha1WithRSAEncryption", Some("SHA-1")),
        (4, "md5WithRSAEncryption", Some("MD5")),
        (12, "sha384WithRSAEncryption", None),
    ] {
        let mut der = der.clone();
        der[places[1] + 8] = last;
        let certificate = Certificate::from_der(&der).unwrap();
        assert!(certificate.signature.inner_differs);
        der[places[0] + 8] = last;
        let certificate = Certificate::from_der(&der).unwrap();
        assert_eq!((certificate.signature.name.as_str(), certificate.signature.weak), (name, weak));
        assert!(!certificate.signature.inner_differs && !certificate.self_signed);
        // MD5 cannot be checked; the others can, and the signature is none.
        assert_eq!(certificate.is_root(), last == 4);
    }
}

#[test]
fn too_many_names_and_extensions_are_told() {
    let mut params = params("many", &[]);
    for arc in 0..1_100 {
        let oid = [1, 2, 3, 4 + arc];
        params.custom_extensions.push(rcgen::CustomExtension::from_oid_content(&oid, vec![5, 0]));
    }
    let pem = params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem();
    let material = scanned(&pem);
    assert_eq!(super::kinds(&material), [crate::PemProblemKind::Limit]);
    assert!(material.problems[0].words.contains("1000 extensions"));
}

#[test]
fn requests_and_revocation_lists_in_der_are_told_apart() {
    let (root, key) = ca("root");
    let request = CertificateParams::new(vec!["example.com".to_owned()]).unwrap();
    let request = request.serialize_request(&key).unwrap();
    let list = rcgen::CertificateRevocationListParams {
        this_update: rcgen::date_time_ymd(2026, 1, 1),
        next_update: rcgen::date_time_ymd(2026, 2, 1),
        crl_number: 1_u64.into(),
        issuing_distribution_point: None,
        revoked_certs: Vec::new(),
        key_identifier_method: rcgen::KeyIdMethod::Sha256,
    };
    let list = list.signed_by(&Issuer::from_params(&root, &key)).unwrap();
    let read = |der: &[u8]| super::stores::read(der.to_vec()).items.pop().unwrap().content;
    assert!(matches!(read(request.der()), Content::Csr(_)));
    assert_eq!(read(list.der()), Content::Crl);
    let certificate = root.self_signed(&key).unwrap();
    assert!(matches!(read(certificate.der()), Content::Certificate(_)));
}
