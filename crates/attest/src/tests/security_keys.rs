//! Keys of FIDO authenticators, played by software.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use ssh_key::Mpint;
use ssh_key::public::{EcdsaPublicKey, SkEcdsaSha2NistP256, SkEd25519};

use super::openssh::{is_there, verifies};
use super::*;

/// What an authenticator signs for a file.
fn challenge(application: &str, flags: u8, text: &str) -> Vec<u8> {
    let message = SshSig::signed_data("careen", HashAlg::Sha512, text.as_bytes()).unwrap();
    let hash = |bytes: &[u8]| digest(&SHA256, bytes).as_ref().to_vec();
    [hash(application.as_bytes()), vec![flags, 0, 0, 0, 7], hash(&message)].concat()
}

fn ed25519(application: &str, flags: u8, text: &str) -> (KeyData, Vec<u8>) {
    let key = Key::new(3);
    let public = Ed25519PublicKey::try_from(key.0.public_key().as_ref()).unwrap();
    let data = KeyData::SkEd25519(SkEd25519::new(public, "ssh:"));
    let signature = key.0.sign(&challenge(application, flags, text));
    let blob = strings(&[b"sk-ssh-ed25519@openssh.com", signature.as_ref()]);
    let blob = [&blob[..], &[flags, 0, 0, 0, 7]].concat();
    let signature = sshsig(&data, "careen", "sha512", &blob);
    (data, signature)
}

fn ecdsa(application: &str, flags: u8, text: &str) -> (KeyData, Vec<u8>) {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let EcdsaPublicKey::NistP256(point) =
        EcdsaPublicKey::from_sec1_bytes(pair.public_key().as_ref()).unwrap()
    else {
        panic!("another curve")
    };
    let data = KeyData::SkEcdsaSha2NistP256(SkEcdsaSha2NistP256::new(point, "ssh:"));
    let signature = pair.sign(&SystemRandom::new(), &challenge(application, flags, text)).unwrap();
    let (r, s) = signature.as_ref().split_at(32);
    let [r, s] = [r, s].map(|number| Mpint::from_positive_bytes(number).unwrap());
    let numbers = strings(&[r.as_bytes(), s.as_bytes()]);
    let blob = strings(&[b"sk-ecdsa-sha2-nistp256@openssh.com", &numbers]);
    let blob = [&blob[..], &[flags, 0, 0, 0, 7]].concat();
    let signature = sshsig(&data, "careen", "sha512", &blob);
    (data, signature)
}

#[test]
fn a_touch_is_demanded() {
    let sign_off = sign_off();
    let text = sign_off.to_yaml();
    let judge = |(key, signature): (KeyData, Vec<u8>)| {
        let documents = [
            document(&sign_off.path, &*text),
            document(&format!("{}.sig", sign_off.path), signature.clone()),
        ];
        let line = format!("{DBA} {}\n", super::openssh(&key));
        if is_there() {
            let theirs = verifies(&line, DBA, text.as_bytes(), &signature);
            let ours = holds(&judged(&documents, &signers(&line)));
            assert_eq!(ours, theirs, "{}", super::openssh(&key));
        }
        vouched(&documents, &signers(&line))
    };
    for make in [ed25519, ecdsa] {
        assert!(matches!(judge(make("ssh:", 1, &text)), Vouched::Signed { .. }));
        assert!(matches!(judge(make("ssh:", 5, &text)), Vouched::Signed { .. }));
        let application = reason(&judge(make("ssh:other", 1, &text)));
        assert!(application.contains("is not over this content"), "{application}");
        let content = reason(&judge(make("ssh:", 1, "something else")));
        assert!(content.contains("is not over this content"), "{content}");
    }
    for make in [ed25519, ecdsa] {
        let (key, signature) = make("ssh:", 0, &text);
        let documents = [
            document(&sign_off.path, &*text),
            document(&format!("{}.sig", sign_off.path), signature),
        ];
        let line = format!("{DBA} {}\n", super::openssh(&key));
        let why = refusal(&documents, &signers(&line));
        assert!(why.contains("nobody touched"), "{why}");
    }
}
