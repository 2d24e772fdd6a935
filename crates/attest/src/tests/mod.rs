//! Documents, keys and signatures for tests. Keys are made here, of fixed seeds or by `ssh-keygen`; none
//! is kept in the repository.

mod contents;
mod openssh;
mod refusals;
mod security_keys;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use careen_audit_model::Vouched;
use data_encoding::BASE64;
use ssh_key::public::{Ed25519PublicKey, KeyData};
use ssh_key::{HashAlg, PublicKey, SshSig};

use crate::{
    Attestations, Document, EvidenceHash, Roles, SignOff, Signers, Waiver, read, sign_off_path,
    waiver_path,
};

/// 2026-12-01.
pub(crate) const NOW: i64 = 1_796_083_200;
const DAY: i64 = 86_400;
const DBA: &str = "dba@example.com";

/// A key without a file.
pub(crate) struct Key(Ed25519KeyPair);

impl Key {
    pub(crate) fn new(seed: u8) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap())
    }

    fn data(&self) -> KeyData {
        KeyData::Ed25519(Ed25519PublicKey::try_from(self.0.public_key().as_ref()).unwrap())
    }

    /// Type and base64.
    pub(crate) fn public(&self) -> String {
        openssh(&self.data())
    }

    fn sign(&self, namespace: &str, bytes: &[u8]) -> Vec<u8> {
        let data = SshSig::signed_data(namespace, HashAlg::Sha512, bytes).unwrap();
        let signature = strings(&[b"ssh-ed25519", self.0.sign(&data).as_ref()]);
        sshsig(&self.data(), namespace, "sha512", &signature)
    }
}

fn openssh(key: &KeyData) -> String {
    PublicKey::new(key.clone(), "").to_openssh().unwrap().trim_end().to_owned()
}

/// Strings as SSH writes them, each with its length in front.
fn strings(parts: &[&[u8]]) -> Vec<u8> {
    let length = |part: &[u8]| u32::try_from(part.len()).unwrap().to_be_bytes();
    parts.iter().flat_map(|part| [&length(part)[..], part].concat()).collect()
}

/// A signature with its key in the form of PROTOCOL.sshsig, in PEM.
fn sshsig(key: &KeyData, namespace: &str, hash: &str, signature: &[u8]) -> Vec<u8> {
    let key = PublicKey::new(key.clone(), "").to_bytes().unwrap();
    let rest = strings(&[&key, namespace.as_bytes(), b"", hash.as_bytes(), signature]);
    pem(&[b"SSHSIG\0\0\0\x01", &rest[..]].concat())
}

fn pem(bytes: &[u8]) -> Vec<u8> {
    let base64 = BASE64.encode(bytes);
    let lines: Vec<_> =
        base64.as_bytes().chunks(70).map(|line| str::from_utf8(line).unwrap()).collect();
    let body = lines.join("\n");
    format!("-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n").into_bytes()
}

fn document(path: &str, bytes: impl Into<Vec<u8>>) -> Document {
    Document { path: path.into(), bytes: bytes.into() }
}

fn signers(text: &str) -> Signers {
    let (signers, troubles) = Signers::read(&document(".careen/allowed_signers", text));
    assert_eq!(troubles, []);
    signers
}

fn roles(text: &str) -> Roles {
    let (roles, troubles) = Roles::read(&document(".careen/roles.yaml", text));
    assert_eq!(troubles, []);
    roles
}

/// The key of the database administrator, who may sign.
fn of_dba() -> Signers {
    signers(&format!("{DBA} {}\n", Key::new(1).public()))
}

fn sign_off() -> SignOff {
    SignOff {
        path: sign_off_path("migrations-tested", "dba").into(),
        control: "migrations-tested".to_owned(),
        statement: "Ran on a copy of production: \"up\" and down.".to_owned(),
        role: "dba".to_owned(),
        by: DBA.to_owned(),
        approved: true,
        at: NOW - DAY,
        expires: Some(NOW + 90 * DAY),
        commit: Some("0123456789".repeat(4)),
        tree: Some(format!("sha256:{}", "1".repeat(64))),
        evidence: vec![EvidenceHash { path: "perf/a b.json".to_owned(), sha256: "e".repeat(64) }],
        vouched: Vouched::Claimed,
    }
}

fn waiver() -> Waiver {
    Waiver {
        path: waiver_path("autoscaling").into(),
        control: "autoscaling".to_owned(),
        owner: DBA.to_owned(),
        reason: "One node only until the move.".to_owned(),
        compensating: "On call scales by hand.".to_owned(),
        at: NOW - DAY,
        expires: NOW + 30 * DAY,
        vouched: Vouched::Claimed,
    }
}

/// A file with the signature of a key over it.
fn signed(path: &str, text: &str, key: &Key) -> [Document; 2] {
    let signature = key.sign("careen", text.as_bytes());
    [document(path, text), document(&format!("{path}.sig"), signature)]
}

/// Reads documents; without roles.
fn judged(documents: &[Document], signers: &Signers) -> Attestations {
    read(documents, signers, &Roles::default(), NOW)
}

/// What stands behind the only sign-off.
fn vouched(documents: &[Document], signers: &Signers) -> Vouched {
    let found = judged(documents, signers);
    assert_eq!((found.sign_offs.len(), &found.troubles), (1, &Vec::new()));
    found.sign_offs[0].vouched.clone()
}

/// Why the only sign-off is refused.
fn refusal(documents: &[Document], signers: &Signers) -> String {
    reason(&vouched(documents, signers))
}

fn reason(vouched: &Vouched) -> String {
    match vouched {
        Vouched::Refused { reason } => reason.clone(),
        other => panic!("{other:?}"),
    }
}

fn holds(found: &Attestations) -> bool {
    let sign_offs = found.sign_offs.iter().map(|each| &each.vouched);
    let waivers = found.waivers.iter().map(|each| &each.vouched);
    sign_offs.chain(waivers).any(|vouched| matches!(vouched, Vouched::Signed { .. }))
}
