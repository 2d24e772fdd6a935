//! PKCS#12 against what another implementation writes, JKS against what Java is known to write.

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use careen_text::{Derived, Origin};
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey,
    PrivateKeyChain,
};
use rcgen::{Issuer, KeyPair};

use super::{ca, params};
use crate::der::{INTEGER, OCTET_STRING, OID, SEQUENCE, element};
use crate::{
    Content, EntryKind, Item, Material, Store, StoreKind, is_binary_material, read_binary,
};

pub(super) const LEGACY: EncryptionAlgorithm = EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc;
pub(super) const RC2: EncryptionAlgorithm = EncryptionAlgorithm::PbeWithShaAnd40BitRc4Cbc;
pub(super) const MODERN: EncryptionAlgorithm = EncryptionAlgorithm::PbeWithHmacSha256AndAes256;

/// DER of a key, its certificate and the certificate of the CA.
pub(super) fn chain() -> (Vec<u8>, Vec<Vec<u8>>) {
    let root = ca("root");
    let key = KeyPair::generate().unwrap();
    let issuer = Issuer::from_params(&root.0, &root.1);
    let leaf = params("leaf", &["example.com"]).signed_by(&key, &issuer).unwrap();
    let root = root.0.self_signed(&root.1).unwrap();
    (key.serialized_der().to_vec(), vec![leaf.der().to_vec(), root.der().to_vec()])
}

pub(super) fn pkcs12(cipher: EncryptionAlgorithm, password: &str, rounds: u32) -> Vec<u8> {
    let (key, chain) = chain();
    let certificate = |der: &Vec<u8>| Certificate::from_der(der).unwrap();
    let key = PrivateKey::from_der(&key).unwrap();
    let mut store = KeyStore::new();
    let entry = PrivateKeyChain::new(&b"1"[..], key, chain.iter().map(certificate));
    store.add_entry("shop", KeyStoreEntry::PrivateKeyChain(entry));
    store.add_entry("partner", KeyStoreEntry::Certificate(certificate(&self::chain().1[1])));
    let mac = if cipher == MODERN { MacAlgorithm::HmacSha256 } else { MacAlgorithm::HmacSha1 };
    store
        .writer(password)
        .encryption_algorithm(cipher)
        .encryption_iterations(rounds)
        .mac_algorithm(mac)
        .mac_iterations(rounds)
        .write()
        .unwrap()
}

fn sha1(parts: &[&[u8]]) -> Vec<u8> {
    let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    parts.iter().for_each(|part| context.update(part));
    context.finish().as_ref().to_vec()
}

pub(super) fn jks(magic: u8, password: &str) -> Vec<u8> {
    let (key, chain) = chain();
    let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut data = vec![9; 20];
    let mut before = data.clone();
    for chunk in key.chunks(20) {
        before = sha1(&[&password, &before]);
        data.extend(chunk.iter().zip(&before).map(|(byte, over)| byte ^ over));
    }
    data.extend(sha1(&[&password, &key]));
    let algorithm =
        element(SEQUENCE, &[&element(OID, &[&[0x2b, 6, 1, 4, 1, 0x2a, 2, 0x11, 1, 1]])]);
    let key = element(SEQUENCE, &[&algorithm, &element(OCTET_STRING, &[&data])]);
    let long =
        |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    let short = |text: &str| {
        [&u16::try_from(text.len()).unwrap().to_be_bytes()[..], text.as_bytes()].concat()
    };
    let word = |number: u32| number.to_be_bytes().to_vec();
    let certificate = |der: &[u8]| [short("X.509"), long(der)].concat();
    let first = if magic == 0xfe { [0xfe, 0xed, 0xfe, 0xed] } else { [0xce; 4] };
    let mut store = [first.to_vec(), word(2), word(2)].concat();
    store.extend([word(1), short("shop"), vec![0; 8], long(&key), word(2)].concat());
    store.extend(chain.iter().flat_map(|der| certificate(der)));
    store.extend([word(2), short("partner"), vec![0; 8], certificate(&chain[1])].concat());
    let digest = sha1(&[&password, b"Mighty Aphrodite", &store]);
    [store, digest].concat()
}

/// A store in which everything is open and nothing is guarded: a certificate and a key.
pub(super) fn open_pkcs12() -> Vec<u8> {
    let (key, chain) = chain();
    let oid = |arcs: &[u8]| element(OID, &[arcs]);
    let pkcs = |tail: &[u8]| [&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1], tail].concat();
    let data = oid(&pkcs(&[7, 1]));
    let name = element(0x31, &[&element(0x1e, &[b"\0s\0h\0o\0p"])]);
    let name = element(SEQUENCE, &[&oid(&pkcs(&[9, 20])), &name]);
    let id = element(0x31, &[&element(OCTET_STRING, &[b"1"])]);
    let id = element(SEQUENCE, &[&oid(&pkcs(&[9, 21])), &id]);
    let attributes = element(0x31, &[&name, &id]);
    let x509 = element(0xa0, &[&element(OCTET_STRING, &[&chain[0]])]);
    let x509 = element(SEQUENCE, &[&oid(&pkcs(&[9, 22, 1])), &x509]);
    let bag = |kind: u8, value: &[u8]| {
        let kind = oid(&pkcs(&[12, 10, 1, kind]));
        element(SEQUENCE, &[&kind, &element(0xa0, &[value]), &attributes])
    };
    let inner = element(SEQUENCE, &[&bag(3, &x509)]);
    let bags = element(SEQUENCE, &[&bag(1, &key), &bag(6, &inner)]);
    let info = |content: &[u8]| {
        let content = element(0xa0, &[&element(OCTET_STRING, &[content])]);
        element(SEQUENCE, &[&data, &content])
    };
    let safe = info(&element(SEQUENCE, &[&info(&bags)]));
    element(SEQUENCE, &[&element(INTEGER, &[&[3]]), &safe])
}

pub(super) fn read(bytes: Vec<u8>) -> Material {
    read_binary(&Derived { bytes, origin: Origin::verbatim(0, 0) })
}

fn only_store(material: &Material) -> &Store {
    match &material.stores[..] {
        [store] => store,
        other => panic!("{other:?}"),
    }
}

fn of_entry(material: &Material, entry: usize) -> impl Iterator<Item = &Item> {
    material.items.iter().filter(move |item| item.entry.unwrap().entry == entry)
}

/// The key of an entry belongs to the first certificate of the entry, and `chain` stand there.
fn assert_pair(material: &Material, chain: usize) {
    let shop = only_store(material).entries.iter().position(|entry| entry.alias == "shop").unwrap();
    let mut items = of_entry(material, shop).map(|item| &item.content);
    let Some(Content::PrivateKey(key)) = items.next() else { panic!("{material:?}") };
    let certificates: Vec<_> = items
        .map(|content| match content {
            Content::Certificate(certificate) => certificate.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(certificates.len(), chain);
    assert_eq!(key.key.as_ref().unwrap().spki_sha256, certificates[0].key.spki_sha256);
}

#[test]
fn what_another_implementation_writes_is_opened() {
    for (cipher, name, weak) in
        [(MODERN, "AES-256", false), (LEGACY, "3DES", true), (RC2, "RC2 with 40 bits", true)]
    {
        for password in ["changeit", "", "123456"] {
            let bytes = pkcs12(cipher, password, 100);
            assert!(is_binary_material(&bytes));
            let material = read(bytes);
            let store = only_store(&material);
            assert_eq!((store.kind, store.opens_with), (StoreKind::Pkcs12, Some(password)));
            assert!(!store.sealed && store.problem.is_none(), "{store:?}");
            let mac = store.mac.as_ref().unwrap();
            assert_eq!((mac.iterations, mac.weak), (100, weak));
            let [encryption] = &store.encryptions[..] else { panic!("{store:?}") };
            assert_eq!((encryption.cipher.as_str(), encryption.weak), (name, weak));
            assert_eq!((encryption.iterations, encryption.memory), (100, 0));
            assert_pair(&material, 2);
            let partner = store.entries.iter().find(|entry| entry.alias == "partner").unwrap();
            assert_eq!(partner.kind, EntryKind::Trusted);
        }
    }
}

#[test]
fn an_unknown_password_keeps_a_store_closed() {
    let material = read(pkcs12(MODERN, "correct horse", 100));
    let store = only_store(&material);
    assert_eq!((store.opens_with, store.sealed), (None, true));
    let [entry] = &store.entries[..] else { panic!("{store:?}") };
    assert_eq!((entry.alias.as_str(), entry.kind), ("shop", EntryKind::PrivateKey));
    let [Item { content: Content::PrivateKey(key), .. }] = &material.items[..] else {
        panic!("{material:?}")
    };
    assert!(key.encrypted && key.key.is_none());
}

#[test]
fn an_open_store_needs_no_password() {
    let material = read(open_pkcs12());
    let store = only_store(&material);
    assert_eq!((store.opens_with, store.sealed, &store.mac), (None, false, &None));
    assert_pair(&material, 1);
}

#[test]
fn too_much_work_is_refused_before_it_is_done() {
    // 65000 takes three bytes, so the length of the number stays.
    let mut bytes = pkcs12(MODERN, "changeit", 65_000);
    let number = [INTEGER, 3, 0, 0xfd, 0xe8];
    let at = bytes.windows(5).rposition(|window| window == number).unwrap();
    bytes[at + 2..at + 5].copy_from_slice(&[0x7f, 0xff, 0xff]);
    let material = read(bytes);
    let store = only_store(&material);
    assert_eq!(store.over_budget.as_deref(), Some("it asks for 8388607 iterations"));
    assert_eq!(store.opens_with, None);
}

#[test]
fn java_stores_are_read_without_a_password() {
    for (magic, kind) in [(0xfe, StoreKind::Jks), (0xce, StoreKind::Jceks)] {
        for password in ["changeit", "", "secret", "correct horse"] {
            let bytes = jks(magic, password);
            assert!(is_binary_material(&bytes));
            let material = read(bytes);
            let store = only_store(&material);
            let known = password != "correct horse";
            assert_eq!((store.kind, store.opens_with), (kind, known.then_some(password)));
            assert_eq!((store.sealed, &store.problem), (!known, &None));
            let entries: Vec<_> =
                store.entries.iter().map(|entry| (entry.alias.as_str(), entry.kind)).collect();
            assert_eq!(entries, [("shop", EntryKind::PrivateKey), ("partner", EntryKind::Trusted)]);
            assert_eq!((of_entry(&material, 0).count(), of_entry(&material, 1).count()), (3, 1));
            if known {
                assert_pair(&material, 2);
            }
        }
    }
}

#[test]
fn a_store_that_is_cut_off_says_so() {
    let bytes = jks(0xfe, "changeit");
    for length in [8, 20, 40, 100, bytes.len() / 2] {
        let material = read(bytes[..length].to_vec());
        assert_eq!(only_store(&material).problem.as_deref(), Some("it is cut off"), "{length}");
    }
    let bytes = pkcs12(MODERN, "x", 10);
    assert!(read(bytes[..bytes.len() / 2].to_vec()).stores.is_empty());
    let indefinite = [0x30, 0x80, 2, 1, 3, 0x30, 0x80];
    assert!(only_store(&read(indefinite.to_vec())).problem.is_some());
}

#[test]
fn bouncy_castle_is_recognised() {
    let bytes = [&[0, 0, 0, 2, 0, 0, 0, 20][..], &[5; 100]].concat();
    assert!(is_binary_material(&bytes));
    let material = read(bytes);
    assert_eq!((only_store(&material).kind, only_store(&material).sealed), (StoreKind::Bks, true));
}
