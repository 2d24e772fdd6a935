use rcgen::{KeyPair, PKCS_ED25519, PKCS_RSA_SHA256};

use super::stores::{LEGACY, MODERN, RC2, jks, open_pkcs12, pkcs12, read};
use super::{armoured, ca, leaf, params, scanned};
use crate::Content;
use crate::EntryId;
use crate::der::{OCTET_STRING, Reader, SEQUENCE};

/// Marsaglia's xorshift with a fixed seed: the same mutations in every run.
struct Xorshift(u64);

impl Xorshift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[3]
    }

    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            if bytes.is_empty() {
                return;
            }
            let at = self.below(bytes.len());
            match self.below(6) {
                0 => bytes[at] ^= 1 << self.below(8),
                1 => bytes[at] = self.byte(),
                2 => bytes.insert(at, self.byte()),
                3 => {
                    bytes.remove(at);
                }
                // The constructed bit of a tag, and lengths that reach too far.
                4 => bytes[at] ^= 0x20,
                _ if self.below(8) == 0 => bytes.truncate(at),
                _ => bytes[at] = 0x80 | (self.byte() & 7),
            }
        }
    }
}

/// Offsets of the elements of DER, those inside of OCTET STRINGs included.
fn elements(bytes: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut open = vec![(0, bytes)];
    while let Some((start, content)) = open.pop() {
        let mut reader = Reader::new(content);
        loop {
            let at = start + content.len() - reader.rest().len();
            let Some(element) = reader.next() else { break };
            found.push(at);
            if element.tag & 0x20 != 0 || element.tag == OCTET_STRING {
                open.push((at + element.raw.len() - element.value.len(), element.value));
            }
        }
    }
    found
}

impl Xorshift {
    /// As [`Self::mutate`], but at tags and lengths only, so that most of the structure holds.
    fn mutate_elements(&mut self, bytes: &mut [u8]) {
        const TAGS: [u8; 12] = [1, 2, 3, 4, 5, 6, 0x13, 0x30, 0x31, 0x80, 0xa0, 0xa1];
        let places = elements(bytes);
        for _ in 0..=self.below(2) {
            let at = places[self.below(places.len())];
            match self.below(4) {
                0 => bytes[at] ^= 0x20,
                1 => bytes[at] = TAGS[self.below(TAGS.len())],
                2 => bytes[at + 1] = bytes[at + 1].wrapping_add(self.byte() & 3).wrapping_sub(2),
                _ => bytes[at + 1] = self.byte(),
            }
        }
    }
}

fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let root = ca("root");
    let rsa = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
    let (_, key) = leaf(&["example.com"], &root);
    let ed = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let hosts = ["example.com", "*.example.org", "10.0.0.1"];
    let certificate = |key: &KeyPair| params("x", &hosts).self_signed(key).unwrap().der().to_vec();
    let pkcs8 = key.serialized_der();
    let mut fields = Reader::within(pkcs8, SEQUENCE).unwrap();
    fields.next().unwrap();
    fields.next().unwrap();
    let sec1 = fields.take(OCTET_STRING).unwrap().to_vec();
    vec![
        ("CERTIFICATE", root.0.self_signed(&root.1).unwrap().der().to_vec()),
        ("CERTIFICATE", certificate(&rsa)),
        ("TRUSTED CERTIFICATE", certificate(&ed)),
        ("PRIVATE KEY", rsa.serialized_der().to_vec()),
        ("PRIVATE KEY", pkcs8.to_vec()),
        ("PRIVATE KEY", ed.serialized_der().to_vec()),
        ("EC PRIVATE KEY", sec1),
        ("OPENSSH PRIVATE KEY", b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01\0\0\0\x13\0\0\0\x0bssh-ed25519\0\0\0\0".to_vec()),
    ]
}

#[test]
fn mutated_der_never_panics() {
    let mut random = Xorshift(0x9e37_79b9_7f4a_7c15);
    let mut read = 0;
    for (label, seed) in seeds() {
        for _ in 0..700 {
            let mut bytes = seed.clone();
            random.mutate(&mut bytes);
            let material = scanned(&armoured(label, &bytes));
            read += material.items.len();
            let _ = format!("{material:?}");
            for item in &material.items {
                if let Content::Certificate(each) = &item.content {
                    let _ = (each.addresses(), each.timestamps(), each.must_staple());
                }
            }
        }
    }
    assert!(read > 5000, "{read}");
}

#[test]
fn mutated_stores_never_panic() {
    let mut random = Xorshift(0xd1b5_4a32_d192_ed03);
    let seeds = [
        (600, open_pkcs12()),
        (150, pkcs12(MODERN, "changeit", 2)),
        (150, pkcs12(LEGACY, "", 2)),
        (150, pkcs12(RC2, "secret", 2)),
        (600, jks(0xfe, "changeit")),
        (300, jks(0xce, "other")),
    ];
    let mut stores = 0;
    for (times, seed) in seeds {
        for round in 0..times {
            let mut bytes = seed.clone();
            if round % 2 == 0 && bytes[0] == SEQUENCE {
                random.mutate_elements(&mut bytes);
            } else {
                random.mutate(&mut bytes);
            }
            let material = read(bytes);
            stores += material.stores.len();
            for item in &material.items {
                let id = item.entry;
                let fits = |id: EntryId| id.entry < material.stores[id.store].entries.len();
                assert!(id.is_none_or(fits));
            }
            let _ = format!("{material:?}");
        }
    }
    assert!(stores > 1200, "{stores}");
}

#[test]
fn mutated_elements_never_panic() {
    let mut random = Xorshift(0xbf58_476d_1ce4_e5b9);
    for (label, seed) in seeds() {
        if label == "OPENSSH PRIVATE KEY" {
            continue;
        }
        for _ in 0..400 {
            let mut bytes = seed.clone();
            random.mutate_elements(&mut bytes);
            let _ = format!("{:?}", scanned(&armoured(label, &bytes)));
            let _ = format!("{:?}", read(bytes));
        }
    }
}

#[test]
fn mutated_pem_never_panics_and_spans_fit() {
    let mut random = Xorshift(0x2545_f491_4f6c_dd1d);
    let (leaf, key) = leaf(&["example.com"], &ca("root"));
    let text = format!("# notes\n{leaf}{}\n\"{}\"", key.serialize_pem(), leaf.replace('\n', "\\n"));
    for _ in 0..2000 {
        let mut bytes = text.clone().into_bytes();
        random.mutate(&mut bytes);
        if random.below(3) == 0 {
            let at = random.below(bytes.len());
            bytes.splice(at..at, *b"-----BEGIN CERTIFICATE-----");
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let material = scanned(&text);
        let end = u32::try_from(text.len()).unwrap();
        for item in &material.items {
            assert!(item.span.encloses(item.begin) && item.whole.end <= end);
            assert!(text[item.place.range()].starts_with("-----BEGIN "));
        }
        assert!(material.problems.iter().all(|problem| problem.place.end <= end));
    }
}

proptest::proptest! {
    #[test]
    fn any_text_of_pem_parts_is_scanned(parts in proptest::collection::vec(part(), 0..40)) {
        let text = parts.concat();
        let material = scanned(&text);
        let mut last = 0;
        for item in &material.items {
            proptest::prop_assert!(item.span.encloses(item.begin));
            proptest::prop_assert!(item.span.start >= last && item.span.end as usize <= text.len());
            last = item.span.end;
        }
    }
}

fn part() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::{Just, Strategy as _, prop_oneof};
    let fixed = [
        "-----BEGIN CERTIFICATE-----",
        "-----END CERTIFICATE-----",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY",
        "-----",
        "-----BEGIN ",
        "-----END ",
        "\n",
        "\r\n",
        "\\n",
        "\\",
        "\"",
        " ",
        "# ",
        "Proc-Type: 4,ENCRYPTED\n",
        "=",
        "MIIBszCCAVmgAwIBAgIUQ2FyZWVuIQ",
        "TUlJQmphc2Rmc2Rmc2Rmc2RmYXNkZmFzZGZhc2RmYXNkZmFzZGZhc2RmYXNkZg==",
        "ü",
        "…",
        "{{ x }}",
    ];
    prop_oneof![9 => proptest::sample::select(fixed.to_vec()).prop_map(str::to_owned), 1 => ".{0,12}".prop_map(|text: String| text), 1 => Just("A".repeat(64))]
}

#[test]
fn what_another_parser_refuses_is_told() {
    use x509_parser::prelude::{FromDer as _, X509Certificate};
    let mut random = Xorshift(0x2545_f491_4f6c_dd1d);
    let (mut both, mut told) = (0, 0);
    for (_, seed) in seeds().iter().take(3) {
        for _ in 0..2_000 {
            let mut der = seed.clone();
            random.mutate(&mut der);
            let whole = Reader::new(&der).next().map(|whole| whole.raw).unwrap_or_default();
            let theirs = X509Certificate::from_der(whole).ok();
            let Ok(own) = crate::Certificate::from_der(&der) else { continue };
            let defects = !own.encoding.defects.is_empty();
            let Some((_, theirs)) = theirs else {
                told += 1;
                assert!(
                    defects || own.version != 3 || !own.encoding.algorithms.is_empty(),
                    "{}",
                    crate::der::hex(&der)
                );
                continue;
            };
            both += 1;
            if !defects {
                assert_eq!(own.version, theirs.version.0.saturating_add(1));
                assert_eq!(own.not_before, theirs.validity.not_before.timestamp());
                assert_eq!(own.not_after, theirs.validity.not_after.timestamp());
                assert_eq!(own.extensions.len(), theirs.extensions().len());
            }
        }
    }
    assert!(both > 1_000 && told > 100, "{both} {told}");
}
