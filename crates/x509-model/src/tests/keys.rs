use rcgen::{
    KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ECDSA_P521_SHA512, PKCS_ED25519,
    PKCS_RSA_SHA256,
};

use super::{armoured, kinds, only_certificate, only_key, params, scanned};
use crate::der::{OCTET_STRING, OID, Reader, SEQUENCE, element, unsigned};
use crate::{Content, Encryption, PemProblemKind, PrivateKey, PrivateKeyFormat};

fn pairs() -> Vec<KeyPair> {
    vec![
        KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap(),
        KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap(),
        KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap(),
        KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).unwrap(),
        KeyPair::generate_for(&PKCS_ED25519).unwrap(),
    ]
}

/// Algorithm and secret part of PKCS#8.
fn inner(pkcs8: &[u8]) -> (&[u8], &[u8]) {
    let mut fields = Reader::within(pkcs8, SEQUENCE).unwrap();
    fields.next().unwrap();
    (fields.take(SEQUENCE).unwrap(), fields.take(OCTET_STRING).unwrap())
}

/// The SEC 1 form of a PKCS#8 key, with its curve inside and, if wanted, without the public key.
fn sec1(pkcs8: &[u8], public: bool) -> Vec<u8> {
    let (algorithm, secret) = inner(pkcs8);
    let mut algorithm = Reader::new(algorithm);
    algorithm.take(OID).unwrap();
    let curve = element(OID, &[algorithm.take(OID).unwrap()]);
    let mut fields = Reader::within(secret, SEQUENCE).unwrap();
    fields.next().unwrap();
    let scalar = element(OCTET_STRING, &[fields.take(OCTET_STRING).unwrap()]);
    let point = if public { fields.next().unwrap().raw } else { &[] };
    element(SEQUENCE, &[&unsigned(&[1]), &scalar, &element(0xa0, &[&curve]), point])
}

#[test]
fn keys_and_certificates_find_each_other() {
    let mut seen = std::collections::BTreeSet::new();
    for pair in pairs() {
        let certificate = only_certificate(&params("x", &[]).self_signed(&pair).unwrap().pem());
        let matches = |key: &PrivateKey, format| {
            assert_eq!((key.format, key.encrypted, &key.problem), (format, false, &None));
            assert_eq!(key.key.as_ref().unwrap().spki_sha256, certificate.key.spki_sha256);
            assert_eq!(key.key.as_ref().unwrap().kind, certificate.key.kind);
        };
        matches(&only_key(&pair.serialize_pem()), PrivateKeyFormat::Pkcs8);
        let pkcs8 = pair.serialized_der();
        match certificate.key.kind.to_string().as_str() {
            "RSA 2048" => matches(
                &only_key(&armoured("RSA PRIVATE KEY", inner(pkcs8).1)),
                PrivateKeyFormat::Pkcs1,
            ),
            "Ed25519" => {}
            _ => {
                for public in [true, false] {
                    let pem = armoured("EC PRIVATE KEY", &sec1(pkcs8, public));
                    matches(&only_key(&pem), PrivateKeyFormat::Sec1);
                }
            }
        }
        assert!(seen.insert(certificate.key.spki_sha256), "keys differ");
    }
}

#[test]
fn compressed_points_are_the_same_key() {
    let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let point = pair.public_key_raw();
    let parity = if point[64] & 1 == 0 { 2 } else { 3 };
    let compressed = [&[parity], &point[1..33]].concat();
    let curve = [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    let (short, long) =
        (crate::KeyFacts::ec(&curve, &compressed), crate::KeyFacts::ec(&curve, point));
    assert_eq!(short.spki_sha256, long.spki_sha256);
}

#[test]
fn scalars_without_leading_zeros_are_read() {
    let scalar = element(OCTET_STRING, &[&[1]]);
    let curve = element(0xa0, &[&[OID, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]]);
    let key =
        PrivateKey::from_der(&element(SEQUENCE, &[&unsigned(&[1]), &scalar, &curve])).unwrap();
    assert!(key.key.is_some() && key.problem.is_none());
    let zero = element(OCTET_STRING, &[&[0; 32]]);
    let key = PrivateKey::from_der(&element(SEQUENCE, &[&unsigned(&[1]), &zero, &curve])).unwrap();
    assert!(key.key.is_none());
    assert_eq!(key.problem.as_deref(), Some("the private number is out of range for P-256"));
}

#[test]
fn a_foreign_public_key_is_told() {
    let (one, two) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let whole = sec1(one.serialized_der(), true);
    let foreign = sec1(two.serialized_der(), true);
    let cut = whole.len() - 64;
    let mixed = [&whole[..cut], &foreign[cut..]].concat();
    let key = PrivateKey::from_der(&mixed).unwrap();
    assert!(key.problem.unwrap().contains("another key"));
    let own = PrivateKey::from_der(&whole).unwrap();
    assert_eq!(key.key, own.key);
}

#[test]
fn encrypted_keys_are_told_by_their_form() {
    let algorithm =
        element(SEQUENCE, &[&[OID, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13], &[0x30, 0]]);
    let der = element(SEQUENCE, &[&algorithm, &element(OCTET_STRING, &[&[7; 64]])]);
    let key = only_key(&armoured("ENCRYPTED PRIVATE KEY", &der));
    assert_eq!(
        (key.format, key.encrypted, key.key),
        (PrivateKeyFormat::EncryptedPkcs8, true, None)
    );

    let mut pem = armoured("RSA PRIVATE KEY", &[9; 128]);
    pem.insert_str(32, "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0011\n\n");
    let key = only_key(&pem);
    assert_eq!((key.format, key.encrypted), (PrivateKeyFormat::LegacyEncrypted, true));

    let pgp = "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: x\n\nAAAA\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----\n";
    assert_eq!(only_key(pgp).format, PrivateKeyFormat::Pgp);
}

#[test]
fn labels_and_contents_that_differ_are_told() {
    let pair = KeyPair::generate().unwrap();
    let certificate = params("x", &[]).self_signed(&pair).unwrap();
    for (label, der, is_key) in [
        ("RSA PRIVATE KEY", pair.serialized_der(), true),
        ("CERTIFICATE", pair.serialized_der(), true),
        ("PRIVATE KEY", certificate.der().as_ref(), false),
    ] {
        let material = scanned(&armoured(label, der));
        assert_eq!(kinds(&material), [PemProblemKind::WrongContent], "{label}");
        assert_eq!(matches!(material.items[0].content, Content::PrivateKey(_)), is_key, "{label}");
    }
}

#[test]
fn nothing_of_a_key_is_printed() {
    for pair in pairs() {
        let material = scanned(&pair.serialize_pem());
        let printed = format!("{material:?}");
        let (_, secret) = inner(pair.serialized_der());
        let hex = crate::der::hex(secret);
        let numbers = format!("{secret:?}");
        let middle = hex.len() / 2;
        assert!(!printed.contains(&hex[middle..middle + 16]));
        assert!(!printed.contains(&numbers[numbers.len() / 2..numbers.len() / 2 + 16]));
    }
}

#[test]
fn public_keys_and_requests_have_the_key_of_their_pair() {
    for pair in pairs() {
        let private = only_key(&pair.serialize_pem()).key.unwrap();
        let public = scanned(&pair.public_key_pem());
        let mut params = params("shop", &["shop.example.com"]);
        params.use_authority_key_identifier_extension = false;
        let request = scanned(&params.serialize_request(&pair).unwrap().pem().unwrap());
        let (Content::PublicKey(public), Content::Csr(request)) =
            (&public.items[0].content, &request.items[0].content)
        else {
            panic!("a public key and a request")
        };
        assert_eq!((public, &request.key), (&private, &private));
        assert_eq!(request.san, [crate::San::Dns("shop.example.com".to_owned())]);
        assert_eq!(request.common_names, ["shop"]);
    }
    let numbers = element(SEQUENCE, &[&unsigned(&[0xc5; 64]), &unsigned(&[3])]);
    let pkcs1 = scanned(&armoured("RSA PUBLIC KEY", &numbers));
    let Content::PublicKey(key) = &pkcs1.items[0].content else { panic!("a public key") };
    assert_eq!((key.kind.to_string().as_str(), key.rsa_exponent()), ("RSA 512", Some(&[3][..])));
    for label in ["PUBLIC KEY", "CERTIFICATE REQUEST"] {
        assert_eq!(scanned(&armoured(label, &[9; 128])).items[0].content, Content::Other);
    }
}

#[test]
fn schemes_of_encryption_are_told() {
    let number = |number: u8| element(crate::der::INTEGER, &[&[number]]);
    let scheme = |scheme: &[u8], parameters: &[u8]| {
        let algorithm = element(SEQUENCE, &[&element(OID, &[scheme]), parameters]);
        let der = element(SEQUENCE, &[&algorithm, &element(OCTET_STRING, &[&[7; 64]])]);
        only_key(&armoured("ENCRYPTED PRIVATE KEY", &der)).encryption
    };
    let pkcs5 = |last: u8| [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, last];
    let pbes2 = |cipher: &[u8]| {
        let derivation = element(SEQUENCE, &[&element(OID, &[&pkcs5(12)]), &number(1)]);
        let cipher = element(SEQUENCE, &[&element(OID, &[cipher]), &number(1)]);
        scheme(&pkcs5(13), &element(SEQUENCE, &[&derivation, &cipher]))
    };
    assert_eq!(scheme(&pkcs5(3), &number(1)), Some(Encryption::Pbes1));
    let pkcs12 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, 3];
    assert_eq!(scheme(&pkcs12, &number(1)), Some(Encryption::Pkcs12));
    assert_eq!(pbes2(&[0x2b, 0x0e, 3, 2, 7]), Some(Encryption::Pbes2Broken));
    let aes = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42];
    assert_eq!(pbes2(&aes), Some(Encryption::Pbes2));
    assert_eq!(only_key(&KeyPair::generate().unwrap().serialize_pem()).encryption, None);
}
