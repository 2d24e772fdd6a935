use rcgen::{CertificateParams, CustomExtension, KeyPair};

use super::walk::Walk;
use super::{ConstraintKind, DefectKind, Encoding};
use crate::Certificate;
use crate::der::element;

fn encoding(extensions: &[(&[u64], &[u8])]) -> Encoding {
    let mut params = CertificateParams::default();
    for (oid, value) in extensions {
        params.custom_extensions.push(CustomExtension::from_oid_content(oid, value.to_vec()));
    }
    let der = params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec();
    Certificate::from_der(&der).unwrap().encoding
}

fn kinds(encoding: &Encoding) -> Vec<DefectKind> {
    encoding.defects.iter().map(|defect| defect.kind).collect()
}

#[test]
fn a_sound_certificate_has_nothing() {
    assert_eq!(encoding(&[]), Encoding::default());
}

#[test]
fn extensions_that_are_not_as_they_must_be() {
    const KEY_USAGE: &[u64] = &[2, 5, 29, 15];
    const CONSTRAINTS: &[u64] = &[2, 5, 29, 19];
    const NAMES: &[u64] = &[2, 5, 29, 17];
    for (oid, value, kind) in [
        (KEY_USAGE, &[3_u8, 2, 0, 0x80][..], DefectKind::KeyUsage),
        (KEY_USAGE, &[3, 2, 7, 0x00], DefectKind::KeyUsage),
        (KEY_USAGE, &[3, 3, 0, 0x80, 0x00], DefectKind::KeyUsage),
        (KEY_USAGE, &[3, 1, 0], DefectKind::KeyUsage),
        (KEY_USAGE, &[3, 2, 1, 0x81], DefectKind::BitString),
        (CONSTRAINTS, &[0x30, 3, 1, 1, 0], DefectKind::Default),
        (CONSTRAINTS, &[0x30, 3, 1, 1, 1], DefectKind::Boolean),
        (CONSTRAINTS, &[0x30, 0, 5, 0], DefectKind::Trailing),
        (NAMES, &[0x30, 0], DefectKind::Empty),
        (NAMES, &[0x30, 5, 0x87, 3, 1, 2, 3], DefectKind::Address),
        (NAMES, &[0x30, 3, 0x82, 1, 0xff], DefectKind::Text),
        (NAMES, &[0x30, 3, 0x8f, 1, b'a'], DefectKind::Structure),
        (NAMES, &[0x30, 0x81, 3, 0x82, 1, b'a'], DefectKind::Length),
        (&[2, 5, 29, 37], &[0x30, 0], DefectKind::Empty),
        (&[2, 5, 29, 14], &[4, 1, 1, 0], DefectKind::Trailing),
        (&[2, 5, 29, 14], &[4, 0x80, 1, 0, 0], DefectKind::Length),
    ] {
        let found = encoding(&[(oid, value)]);
        assert!(kinds(&found).contains(&kind), "{value:x?}: {found:?}");
    }
    for (oid, value) in [
        (KEY_USAGE, &[3_u8, 2, 7, 0x80][..]),
        (KEY_USAGE, &[3, 2, 1, 0x06]),
        (KEY_USAGE, &[3, 3, 7, 0x08, 0x80]),
        (CONSTRAINTS, &[0x30, 0]),
        (NAMES, &[0x30, 6, 0x87, 4, 10, 0, 0, 1]),
        // What is not known need not be DER.
        (&[1, 2, 3], &[1, 2, 3]),
    ] {
        let found = encoding(&[(oid, value)]);
        assert_eq!(found.defects, [], "{value:x?}");
    }
    assert!(encoding(&[(CONSTRAINTS, &[0x30, 3, 2, 1, 0xff])]).path_len_negative);
}

#[test]
fn name_constraints_that_no_verifier_takes() {
    let of = |base: &[u8], more: &[u8]| {
        let subtree = element(0x30, &[base, more]);
        let value = element(0x30, &[&element(0xa0, &[&subtree])]);
        let found = encoding(&[(&[2, 5, 29, 30], &value)]);
        found.constraints.iter().map(|defect| defect.kind).collect::<Vec<_>>()
    };
    assert_eq!(of(b"\x82\x0bexample.com", &[]), []);
    assert_eq!(of(b"\x82\x0c.example.com", &[]), []);
    assert_eq!(of(b"\x82\x05local", &[]), []);
    assert_eq!(of(b"\x82\x0d*.example.com", &[]), [ConstraintKind::Name]);
    assert_eq!(of(b"\x86\x13https://example.com", &[]), [ConstraintKind::Name]);
    assert_eq!(of(b"\x82\x05local", &[0x80, 1, 0]), []);
    assert_eq!(of(b"\x82\x05local", &[0x80, 1, 1]), [ConstraintKind::Minimum]);
    assert_eq!(of(b"\x82\x05local", &[0x81, 1, 1]), [ConstraintKind::Maximum]);
    assert_eq!(of(&[0x87, 8, 10, 0, 0, 0, 255, 0, 0, 0], &[]), []);
    assert_eq!(of(&[0x87, 8, 10, 0, 0, 0, 255, 0, 255, 0], &[]), [ConstraintKind::Network]);
    assert_eq!(of(&[0x87, 4, 10, 0, 0, 0], &[]), [ConstraintKind::Network]);
    assert_eq!(of(&[0x88, 1, 42], &[]), [ConstraintKind::Form]);
    let empty = encoding(&[(&[2, 5, 29, 30], &[0x30, 0])]);
    assert_eq!(empty.constraints[0].kind, ConstraintKind::Empty);
}

#[test]
fn extensions_that_appear_twice_are_named_once() {
    let value: &[u8] = &[5, 0];
    let found = encoding(&[(&[1, 2, 3], value), (&[1, 2, 3], value), (&[1, 2, 3], value)]);
    assert_eq!(found.duplicates, ["1.2.3"]);
}

#[test]
fn walks_end() {
    let deep: Vec<u8> = (0..60_000).flat_map(|_| [0x30, 0x80]).collect();
    let nested = (0..200).fold(vec![5, 0], |inner, _| element(0x30, &[&inner]));
    let flat = element(0x30, &[&[1, 1, 7].repeat(20_000)]);
    for bytes in [&deep[..], &nested, &flat, &[0x30], &[0x30, 5, 2, 9]] {
        let mut defects = Vec::new();
        Walk::new(&|| "it".to_owned(), &mut defects).over(bytes);
        assert_eq!(defects.len(), 1, "{defects:?}");
    }
}

proptest::proptest! {
    #[test]
    fn walks_never_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let mut defects = Vec::new();
        Walk::new(&|| "it".to_owned(), &mut defects).over(&bytes);
        proptest::prop_assert!(defects.len() <= super::MOST);
        let _ = Certificate::from_der(&bytes);
    }
}
