//! Keys of people, made for a test.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Makes an SSH key in a file; not where `ssh-keygen` is missing, which is told.
pub(crate) fn make_key(path: &Path) -> bool {
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-t", "ed25519", "-N", "", "-C", "alice", "-f"]).arg(path);
    let made = command.stdin(Stdio::null()).status().is_ok_and(|status| status.success());
    if !made {
        eprintln!("SKIPPED: ssh-keygen is not there (Debian: openssh-client)");
    }
    made
}

/// The line of an `allowed_signers` file that lets a key sign for these principals.
pub(crate) fn allowing(principals: &str, key: &Path) -> String {
    let key = fs::read_to_string(key.with_extension("pub")).unwrap();
    format!("{principals} namespaces=\"careen\" {key}")
}
