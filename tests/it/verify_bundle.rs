//! `careen verify-bundle` over bundles of a Sigstore in miniature.

use careen_testkit::sigstore::{Form, MiniSigstore, Signed, Signer, TestKey, Who};
use tempfile::TempDir;

use crate::harness::{Run, folder, run};

const ARTIFACT: &[u8] = b"what is signed";

struct Place {
    folder: TempDir,
    subject: String,
    issuer: String,
}

impl Place {
    fn new() -> Self {
        let sigstore = MiniSigstore::new();
        let who = Who::person("dev@example.com", "https://accounts.example.com");
        let key = TestKey::new();
        let signed = Signed::Message(ARTIFACT);
        let bundle = |signer| sigstore.bundle(signer, signed, Form::default()).to_string();
        let folder = folder(&[
            ("artifact", ARTIFACT),
            ("other", b"what is not"),
            ("root.json", &sigstore.trusted_root()),
            ("certified.json", bundle(Signer::Keyless(&who)).as_bytes()),
            ("keyed.json", bundle(Signer::Key(&key)).as_bytes()),
            ("key.pub", key.public_pem().as_bytes()),
            ("other.pub", TestKey::new().public_pem().as_bytes()),
        ]);
        Self { folder, subject: who.subject, issuer: who.issuer }
    }

    fn certified(&self, subject: &str, artifact: &str) -> Run {
        self.run(&[
            "--bundle",
            "certified.json",
            "--certificate-identity",
            subject,
            "--certificate-oidc-issuer",
            &self.issuer,
            "--trusted-root",
            "root.json",
            artifact,
        ])
    }

    fn keyed(&self, key: &str, artifact: &str) -> Run {
        let root = ["--trusted-root", "root.json"];
        self.run(&[&["--bundle", "keyed.json", "--key", key][..], &root, &[artifact]].concat())
    }

    fn run(&self, arguments: &[&str]) -> Run {
        run(self.folder.path(), &[&["verify-bundle"], arguments].concat())
    }
}

#[test]
fn what_holds_ends_with_zero_and_what_does_not_with_one() {
    let place = Place::new();
    let good = place.certified(&place.subject, "artifact");
    assert_eq!((good.code, good.stderr.as_str()), (0, ""));
    assert_eq!(
        good.stdout,
        "verified: signed by dev@example.com (vouched for by https://accounts.example.com) at \
         2026-06-01T12:00:00Z\n"
    );
    let good = place.keyed("key.pub", "artifact");
    assert_eq!((good.code, good.stdout.lines().count()), (0, 1), "{}", good.stderr);
    let other = format!("sha256:{}", "a".repeat(64));
    for bad in [
        place.certified("dev@example.org", "artifact"),
        place.certified(&place.subject, "other"),
        place.certified(&place.subject, &other),
        place.keyed("other.pub", "artifact"),
        place.keyed("key.pub", "other"),
        place.keyed("key.pub", &other),
    ] {
        assert_eq!(bad.code, 1, "{}{}", bad.stdout, bad.stderr);
        assert!(
            bad.stdout.is_empty() && bad.stderr.starts_with("not verified: "),
            "{}",
            bad.stderr
        );
    }
    // Without the root, it is a stranger's.
    let arguments = ["--bundle", "keyed.json", "--key", "key.pub", "artifact"];
    assert_eq!(place.run(&arguments).code, 1);
    assert_eq!(place.run(&[&["--staging"], &arguments[..]].concat()).code, 1);
}

#[test]
fn a_digest_stands_for_the_file() {
    let place = Place::new();
    let digest = careen_testkit::sigstore::digest_of(ARTIFACT);
    assert_eq!(place.certified(&place.subject, &digest).code, 0);
    assert_eq!(place.keyed("key.pub", &digest).code, 0);
}

#[test]
fn what_cannot_be_read_ends_with_two() {
    let place = Place::new();
    for bad in [
        place.certified(&place.subject, "gone"),
        place.certified(&place.subject, "sha256:12"),
        place.keyed("gone.pub", "artifact"),
        place.keyed("artifact", "artifact"),
        place.run(&["--bundle", "gone.json", "--key", "key.pub", "artifact"]),
        place.run(&["--bundle", "keyed.json", "artifact"]),
        place.run(&["--bundle", "keyed.json", "--certificate-identity", "a", "artifact"]),
        place.run(&["--bundle", "keyed.json", "--key", "key.pub"]),
    ] {
        assert_eq!(bad.code, 2, "{}{}", bad.stdout, bad.stderr);
        assert!(bad.stdout.is_empty() && !bad.stderr.is_empty());
    }
}
