use rcgen::{CustomExtension, Issuer, KeyPair};

use super::{ca, leaf, only_certificate, params};
use crate::{Certificate, Purpose, San};

fn with(extensions: &[(&[u64], &[u8])]) -> std::sync::Arc<Certificate> {
    let issuer = ca("ca");
    let mut params = params("leaf", &[]);
    for (oid, value) in extensions {
        params.custom_extensions.push(CustomExtension::from_oid_content(oid, value.to_vec()));
    }
    let key = KeyPair::generate().unwrap();
    let pem = params.signed_by(&key, &Issuer::from_params(&issuer.0, &issuer.1)).unwrap().pem();
    only_certificate(&pem)
}

#[test]
fn values_of_extensions() {
    let (pem, _) = leaf(&["example.com"], &ca("ca"));
    let certificate = only_certificate(&pem);
    let name = certificate.extension_value("2.5.29.17").unwrap();
    assert_eq!(name, b"\x30\x0d\x82\x0bexample.com");
    assert_eq!(certificate.extension_value("2.5.29.31"), None);
    assert!(certificate.addresses().is_empty() && certificate.timestamps().is_none());
    assert!(!certificate.must_staple() && !certificate.is_precertificate());
}

#[test]
fn places_of_revocation() {
    let points = b"\x30\x12\x30\x10\xa0\x0e\xa0\x0c\x86\x0aldap:///CN";
    let accesses = b"\x30\x2e\
        \x30\x15\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x01\x86\x09http://o/\
        \x30\x15\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02\x86\x09http://i/";
    let certificate = with(&[(&[2, 5, 29, 31], points), (&[1, 3, 6, 1, 5, 5, 7, 1, 1], accesses)]);
    let expected = [
        (Purpose::Crl, "ldap:///CN".to_owned()),
        (Purpose::Ocsp, "http://o/".to_owned()),
        (Purpose::Issuer, "http://i/".to_owned()),
    ];
    assert_eq!(certificate.addresses(), expected);
}

#[test]
fn features_and_logs() {
    let feature: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 24];
    assert!(with(&[(feature, b"\x30\x06\x02\x01\x11\x02\x01\x05")]).must_staple());
    assert!(!with(&[(feature, b"\x30\x03\x02\x01\x11")]).must_staple());
    assert!(with(&[(&[1, 3, 6, 1, 4, 1, 11_129, 2, 4, 3], b"\x05\x00")]).is_precertificate());
}

#[test]
fn timestamps_are_counted() {
    let logs: &[u64] = &[1, 3, 6, 1, 4, 1, 11_129, 2, 4, 2];
    for (value, count) in [
        (&b"\x04\x08\x00\x06\x00\x01a\x00\x01b"[..], 2),
        // The same log twice.
        (b"\x04\x08\x00\x06\x00\x01a\x00\x01a", 1),
        (b"\x04\x02\x00\x00", 0),
        // A length that leads out of the list ends it.
        (b"\x04\x05\x00\x03\x00\x09a", 0),
        (b"\x05\x00", 0),
        (b"", 0),
    ] {
        let issuer = ca("ca");
        let mut params = params("leaf", &["a.example"]);
        let extension = CustomExtension::from_oid_content(logs, value.to_vec());
        params.custom_extensions.push(extension);
        let key = KeyPair::generate().unwrap();
        let signer = Issuer::from_params(&issuer.0, &issuer.1);
        let der = params.signed_by(&key, &signer).unwrap().der().to_vec();
        assert_eq!(Certificate::from_der(&der).unwrap().timestamps(), Some(count), "{value:?}");
    }
}

#[test]
fn names_that_are_no_text_stay_names() {
    let issuer = ca("ca");
    let mut params = params("leaf", &[]);
    let value = b"\x30\x08\x82\x02\xff.\x86\x02a\xff".to_vec();
    params.custom_extensions.push(CustomExtension::from_oid_content(&[2, 5, 29, 17], value));
    let key = KeyPair::generate().unwrap();
    let signer = Issuer::from_params(&issuer.0, &issuer.1);
    let der = params.signed_by(&key, &signer).unwrap().der().to_vec();
    let certificate = Certificate::from_der(&der).unwrap();
    let expected = [San::Dns("\u{fffd}.".to_owned()), San::Uri("a\u{fffd}".to_owned())];
    assert_eq!(certificate.san, expected);
    assert_eq!(certificate.extension_problems.len(), 2);
}
