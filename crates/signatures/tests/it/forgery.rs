//! Nothing of a bundle can be changed. Every value of its JSON is changed in every byte, and every
//! field is left out; what may change all the same is listed, with the reason.

use careen_image_model::oci::Digest;
use careen_signatures::{Artifact, Expectation, PublicKey, TrustedRoot, verify_bundle};
use careen_testkit::sigstore::{
    Form, MiniSigstore, Signed, Signer, TestKey, Version, Who, statement,
};
use data_encoding::BASE64;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{PROVENANCE, public, root};

const ARTIFACT: &[u8] = b"what is signed";

/// Names of forms that are known. The form is not signed: what each demands is checked, and a bundle
/// that has what two of them demand holds as either.
const FORMS: [&str; 4] = [
    "application/vnd.dev.sigstore.bundle+json;version=0.1",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
    "application/vnd.dev.sigstore.bundle+json;version=0.3",
    "application/vnd.dev.sigstore.bundle.v0.3+json",
];

/// What may change, and why.
const FREE: &[(&str, &str)] = &[
    // Nobody trusts it: it helps to look a key up.
    ("/publicKey/hint", "a hint at the key proves nothing"),
];

/// What may be left out, and why.
const OPTIONAL: &[(&str, &str)] = &[
    ("/mediaType", "the form is not signed, and the oldest is taken where none is named"),
    ("/publicKey/hint", "a hint at the key proves nothing"),
    ("/messageSignature/messageDigest", "the artifact itself is at hand"),
    ("/verificationMaterial/timestampVerificationData", "the log proves the time"),
    ("/timestampVerificationData/rfc3161Timestamps", "the log proves the time"),
    ("/timestampVerificationData/rfc3161Timestamps/0", "the log proves the time"),
];

/// What may be left out where a clock proves the time, or a key needs none.
const OPTIONAL_WITHOUT_PROMISE: &[(&str, &str)] = &[(
    "/tlogEntries/0/inclusionPromise",
    "the proof remains, and the promised time does not count",
)];

struct Case {
    name: String,
    bundle: Value,
    root: TrustedRoot,
    who: Option<Who>,
    key: Option<PublicKey>,
    /// Whether the time need not come from the log.
    timed: bool,
}

impl Case {
    fn holds(&self, bundle: &Value) -> bool {
        let text = bundle.to_string();
        let expectation = match (&self.who, &self.key) {
            (Some(who), _) => Expectation::Identity { subject: &who.subject, issuer: &who.issuer },
            (None, Some(key)) => Expectation::Key(key),
            (None, None) => panic!("a case has an expectation"),
        };
        verify_bundle(text.as_bytes(), Artifact::Bytes(ARTIFACT), expectation, &self.root).is_ok()
    }
}

fn cases() -> Vec<Case> {
    let sigstore = MiniSigstore::new();
    let who = Who::workflow("acme/shop", "release.yml", "refs/tags/v1");
    let key = TestKey::new();
    let digest: Digest = careen_image_source::digest_of("sha256", ARTIFACT).unwrap();
    let stated = statement(&digest, PROVENANCE, &json!({ "a": 1 }));
    let mut cases = Vec::new();
    for version in [Version::V01, Version::V02, Version::V03] {
        for (keyless, stamped) in [(true, false), (true, true), (false, false)] {
            for signed in [Signed::Message(ARTIFACT), Signed::Statement(&stated)] {
                let form = Form { version, logged: true, stamped };
                let signer = if keyless { Signer::Keyless(&who) } else { Signer::Key(&key) };
                let kind = matches!(signed, Signed::Message(_));
                cases.push(Case {
                    name: format!("{version:?} keyless={keyless} stamped={stamped} message={kind}"),
                    bundle: sigstore.bundle(signer, signed, form),
                    root: root(&sigstore),
                    who: keyless.then(|| who.clone()),
                    key: (!keyless).then(|| public(&key)),
                    timed: stamped || !keyless,
                });
            }
        }
    }
    cases
}

/// The pointers of all values that hold no others, and of all that can be left out.
fn paths(value: &Value, at: &str, leaves: &mut Vec<String>, all: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(list) => {
            list.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect()
        }
        _ => {
            leaves.push(at.to_owned());
            return;
        }
    };
    for (key, value) in children {
        let path = format!("{at}/{key}");
        all.push(path.clone());
        paths(value, &path, leaves, all);
    }
}

fn listed(path: &str, list: &[(&str, &str)]) -> bool {
    list.iter().any(|(end, reason)| !reason.is_empty() && path.ends_with(end))
}

fn without(value: &Value, path: &str) -> Value {
    let mut value = value.clone();
    let (parent, last) = path.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Object(map) => {
            map.remove(last);
        }
        Value::Array(list) => {
            list.remove(last.parse().unwrap());
        }
        other => panic!("{other}"),
    }
    value
}

/// Where the bytes of a timestamp are that count: what is stamped, and the signature over it. The
/// rest is an envelope, of which readers choose what they look at.
fn stamped(token: &[u8]) -> Vec<usize> {
    let find =
        |needle: &[u8]| token.windows(needle.len()).position(|window| window == needle).unwrap();
    // id-ct-TSTInfo stands before the content, and in the attributes that are signed.
    let info = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
    let first = find(&info) + info.len();
    // id-messageDigest.
    let digest = find(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04]);
    let info_end = first + 4 + usize::from(token[first + 3]);
    let signature = token.len() - 60..token.len();
    (first + 4..info_end).chain(digest..digest + 45).chain(signature).collect()
}

/// Every way a value is changed in one place.
fn changes(path: &str, text: &str) -> Vec<String> {
    let decoded = BASE64.decode(text.as_bytes()).ok();
    let binary = decoded.filter(|_| text.len() >= 8 && !path.ends_with("/kind"));
    if let Some(bytes) = binary {
        let places: Vec<usize> = if path.ends_with("/signedTimestamp") {
            stamped(&bytes)
        } else {
            (0..bytes.len()).collect()
        };
        let change = |(count, at): (usize, usize)| {
            let mut bytes = bytes.clone();
            bytes[at] ^= 1 << (count % 8);
            BASE64.encode(&bytes)
        };
        let mut changed: Vec<String> = places.into_iter().enumerate().map(change).collect();
        changed.push(BASE64.encode(&bytes[..bytes.len() - 1]));
        changed.push(BASE64.encode(&[&bytes[..], &[0]].concat()));
        return changed;
    }
    let note = path.ends_with("/envelope");
    let mut changed = Vec::new();
    for (at, c) in text.char_indices() {
        // The name before a signature of a checkpoint is not signed; the key is found by its hash.
        let signature_line = text.rfind("\n— ");
        if note && signature_line.is_some_and(|line| at > line && at < line + "\n— log.test ".len())
        {
            continue;
        }
        // Nor is the end of a line.
        if note && c == '\n' && at + 1 == text.len() {
            continue;
        }
        let other = match c {
            '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from(u8::try_from(c).unwrap() + 1),
            '9' => '0',
            _ => 'x',
        };
        changed.push(format!("{}{other}{}", &text[..at], &text[at + c.len_utf8()..]));
    }
    changed.push(String::new());
    if !note {
        changed.push(format!("{text}1"));
    }
    changed
}

#[test]
fn no_value_can_be_changed() {
    for case in cases() {
        assert!(case.holds(&case.bundle), "{}", case.name);
        let (mut leaves, mut all) = (Vec::new(), Vec::new());
        paths(&case.bundle, "", &mut leaves, &mut all);
        assert!(leaves.len() > 8, "{leaves:?}");
        let mut passed = Vec::new();
        for path in leaves.iter().filter(|path| !listed(path, FREE)) {
            let value = case.bundle.pointer(path).unwrap();
            let text = value.as_str().unwrap_or_else(|| panic!("{path} is no text"));
            for changed in changes(path, text) {
                if FORMS.contains(&changed.as_str()) {
                    continue;
                }
                let mut bundle = case.bundle.clone();
                *bundle.pointer_mut(path).unwrap() = Value::String(changed.clone());
                if case.holds(&bundle) {
                    passed.push(format!("{path}: {text} -> {changed}"));
                }
            }
        }
        assert!(passed.is_empty(), "{}: {passed:#?}", case.name);
    }
}

#[test]
fn nothing_can_be_left_out() {
    for case in cases() {
        let (mut leaves, mut all) = (Vec::new(), Vec::new());
        paths(&case.bundle, "", &mut leaves, &mut all);
        let passed: Vec<_> = all
            .iter()
            .filter(|path| !listed(path, OPTIONAL))
            .filter(|path| !(case.timed && listed(path, OPTIONAL_WITHOUT_PROMISE)))
            .filter(|path| case.holds(&without(&case.bundle, path)))
            .collect();
        assert!(passed.is_empty(), "{}: {passed:?}", case.name);
    }
}

#[test]
fn parts_of_two_bundles_do_not_mix() {
    let sigstore = MiniSigstore::new();
    let who = Who::workflow("acme/shop", "release.yml", "refs/tags/v1");
    let make =
        || sigstore.bundle(Signer::Keyless(&who), Signed::Message(ARTIFACT), Form::default());
    let case = Case {
        name: "two".to_owned(),
        bundle: make(),
        root: root(&sigstore),
        who: Some(who.clone()),
        key: None,
        timed: false,
    };
    let other = make();
    assert!(case.holds(&case.bundle) && case.holds(&other));
    for path in [
        "/messageSignature",
        "/messageSignature/signature",
        "/verificationMaterial/certificate",
        "/verificationMaterial/tlogEntries",
        "/verificationMaterial/tlogEntries/0/canonicalizedBody",
        "/verificationMaterial/tlogEntries/0/inclusionPromise",
        "/verificationMaterial/tlogEntries/0/inclusionProof",
    ] {
        let mut mixed = case.bundle.clone();
        *mixed.pointer_mut(path).unwrap() = other.pointer(path).unwrap().clone();
        assert!(!case.holds(&mixed), "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn anything_at_all_is_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let expected = Expectation::Identity { subject: "a", issuer: "b" };
        let artifact = Artifact::Bytes(b"");
        prop_assert!(verify_bundle(&bytes, artifact, expected, &TrustedRoot::GitHub).is_err());
    }
}
