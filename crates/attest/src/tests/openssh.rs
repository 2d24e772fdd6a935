//! Whether OpenSSH and this crate agree, with keys that `ssh-keygen` makes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::*;

/// Whether `ssh-keygen` is there; says so if it is not.
pub(super) fn is_there() -> bool {
    let found = Command::new("ssh-keygen").arg("-?").stderr(Stdio::null()).status().is_ok();
    if !found {
        eprintln!("SKIPPED: ssh-keygen is not there (Debian: openssh-client)");
    }
    found
}

fn run(command: &mut Command) -> bool {
    let output = command.stdin(Stdio::null()).output().unwrap();
    output.status.success()
}

fn make(folder: &Path, kind: &str, bits: &str) -> PathBuf {
    let key = folder.join(format!("{kind}-{bits}"));
    let arguments = ["-q", "-t", kind, "-b", bits, "-N", "", "-C", "of a test", "-f"];
    assert!(run(Command::new("ssh-keygen").args(arguments).arg(&key)), "{kind} {bits}");
    key
}

fn public(key: &Path) -> String {
    fs::read_to_string(key.with_extension("pub")).unwrap().trim_end().to_owned()
}

fn sign(key: &Path, namespace: &str, hash: &str, bytes: &[u8]) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, bytes).unwrap();
    let option = format!("hashalg={hash}");
    let arguments = ["-Y", "sign", "-n", namespace, "-O", &option, "-f"];
    assert!(run(Command::new("ssh-keygen").args(arguments).arg(key).arg("--").arg(&file)));
    fs::read(folder.path().join("file.sig")).unwrap()
}

/// Whether `ssh-keygen -Y verify` takes a signature.
pub(super) fn verifies(line: &str, principal: &str, bytes: &[u8], signature: &[u8]) -> bool {
    let folder = TempDir::new().unwrap();
    let path = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let allowed = path("allowed_signers", line.as_bytes());
    let signature = path("file.sig", signature);
    let file = path("file", bytes);
    let mut command = Command::new("ssh-keygen");
    command.args(["-Y", "verify", "-n", "careen", "-I", principal, "-O", "verify-time=20261130Z"]);
    command.arg("-f").arg(allowed).arg("-s").arg(signature).stdin(fs::File::open(file).unwrap());
    command.output().unwrap().status.success()
}

#[test]
fn their_signatures_hold_here() {
    if !is_there() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let sign_off = sign_off();
    let text = sign_off.to_yaml();
    let kinds =
        [("ed25519", "256"), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("rsa", "2048")];
    for (kind, bits) in kinds {
        let key = make(folder.path(), kind, bits);
        let allowed = signers(&format!("{DBA} namespaces=\"careen\" {}\n", public(&key)));
        for hash in ["sha256", "sha512"] {
            let signature = sign(&key, "careen", hash, text.as_bytes());
            let mut documents = vec![
                document(&sign_off.path, &*text),
                document(&format!("{}.sig", sign_off.path), signature),
            ];
            let found = vouched(&documents, &allowed);
            assert!(matches!(found, Vouched::Signed { .. }), "{kind} {bits} {hash}: {found:?}");
            documents[0].bytes.push(b' ');
            assert!(refusal(&documents, &allowed).contains("not over this content"));
        }
        let documents = [
            document(&sign_off.path, &*text),
            document(
                &format!("{}.sig", sign_off.path),
                sign(&key, "git", "sha512", text.as_bytes()),
            ),
        ];
        assert!(refusal(&documents, &allowed).contains("namespace `git`"));
        // Not one byte of a signature may change, whatever the kind of its key.
        let good = sign(&key, "careen", "sha512", text.as_bytes());
        for at in 0..good.len() {
            let mut signature = good.clone();
            signature[at] ^= 1;
            let documents = [documents[0].clone(), document(&documents[1].path, signature)];
            assert!(!holds(&judged(&documents, &allowed)), "{kind} {bits}: byte {at}");
        }
    }
}

#[test]
fn small_keys_are_refused() {
    if !is_there() {
        return;
    }
    let folder = TempDir::new().unwrap();
    let key = make(folder.path(), "rsa", "1024");
    let sign_off = sign_off();
    let text = sign_off.to_yaml();
    let line = format!("{DBA} {}\n", public(&key));
    let (allowed, troubles) = Signers::read(&document("allowed_signers", &*line));
    assert!(allowed.is_empty());
    assert!(
        troubles[0].message.starts_with("an RSA key of 1024 bits is not taken"),
        "{troubles:?}"
    );
    let documents = [
        document(&sign_off.path, &*text),
        document(
            &format!("{}.sig", sign_off.path),
            sign(&key, "careen", "sha512", text.as_bytes()),
        ),
    ];
    assert!(refusal(&documents, &allowed).starts_with("an RSA key of 1024 bits"));
}

#[test]
fn our_signatures_and_our_comment_hold_there() {
    if !is_there() {
        return;
    }
    let key = Key::new(1);
    let text = sign_off().to_yaml();
    let line = format!("{DBA} namespaces=\"careen\" {}\n", key.public());
    let signature = key.sign("careen", text.as_bytes());
    assert!(verifies(&line, DBA, text.as_bytes(), &signature));
    assert!(!verifies(&line, "bob@example.com", text.as_bytes(), &signature));
    // The first line of the file is the command, and works as it stands.
    let folder = TempDir::new().unwrap();
    let home = folder.path().join(".careen/sign-offs/migrations-tested");
    fs::create_dir_all(&home).unwrap();
    fs::write(folder.path().join(".careen/allowed_signers"), &line).unwrap();
    fs::write(home.join("dba.yaml"), &text).unwrap();
    fs::write(home.join("dba.yaml.sig"), &signature).unwrap();
    let command = text.lines().next().unwrap().strip_prefix("# Verify: ").unwrap();
    let mut shell = Command::new("sh");
    assert!(run(shell.args(["-c", command]).current_dir(folder.path())), "{command}");
}

/// What OpenSSH makes of a line of allowed signers, and what we make of it.
#[test]
fn lines_mean_the_same() {
    if !is_there() {
        return;
    }
    let key = Key::new(1);
    let sign_off = sign_off();
    let text = sign_off.to_yaml();
    let signature = key.sign("careen", text.as_bytes());
    let documents = [
        document(&sign_off.path, &*text),
        document(&format!("{}.sig", sign_off.path), signature.clone()),
    ];
    let public = key.public();
    for (line, expected) in [
        (format!("{DBA} {public}"), true),
        (format!("  \t{DBA}\t{public} with a comment"), true),
        (format!("\"a@b,{DBA}\" {public}"), true),
        (format!("*@example.com {public}"), true),
        (format!("*,!dba@* {public}"), false),
        (format!("!dba@*,* {public}"), false),
        (format!("!bob@* {public}"), false),
        (format!("DBA@example.com {public}"), false),
        (format!("{DBA} namespaces=\"careen\" {public}"), true),
        (format!("{DBA} namespaces=\"ca*,!careen\" {public}"), false),
        (format!("{DBA} namespaces=careen {public}"), false),
        (format!("{DBA} namespaces=\"git\" {public}"), false),
        (format!("{DBA} NameSpaces=\"git,careen\" {public}"), true),
        (format!("{DBA} valid-after=\"20261130Z\" {public}"), true),
        (format!("{DBA} valid-after=\"20261130000001Z\" {public}"), false),
        (format!("{DBA} valid-before=\"20261130Z\" {public}"), true),
        (format!("{DBA} valid-before=\"20261129235959Z\" {public}"), false),
        (format!("{DBA} valid-before=\"20261301Z\" {public}"), false),
        (format!("{DBA} valid-after=\"20270101Z\",valid-before=\"20260101Z\" {public}"), false),
        (format!("{DBA} namespaces=\"careen\",namespaces=\"git\" {public}"), false),
        (format!("{DBA} cert-authority {public}"), false),
        (format!("{DBA} no-touch {public}"), false),
        (format!("{DBA} namespaces=\"careen\", {public}"), false),
        (format!("{DBA} namespaces=\"careen {public}"), false),
        (DBA.to_owned(), false),
        (format!("#{DBA} {public}"), false),
        (format!("{DBA} ssh-rsa {}", public.split_once(' ').unwrap().1), false),
        (format!("nobody@example.com garbage\n{DBA} {public}\r"), true),
    ] {
        let (allowed, _) = Signers::read(&document("allowed_signers", format!("{line}\n")));
        assert_eq!(holds(&judged(&documents, &allowed)), expected, "here: {line}");
        let there = verifies(&format!("{line}\n"), DBA, text.as_bytes(), &signature);
        assert_eq!(there, expected, "OpenSSH: {line}");
    }
}
