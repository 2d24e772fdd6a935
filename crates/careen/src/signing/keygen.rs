//! Signing by `ssh-keygen`, as Git does it: agents, devices and passphrases are its matter.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use careen_attest::{MOST_BYTES, NAMESPACE};

use crate::files::{read_at_most, replace};
use crate::fresh::word;

/// Has a text signed that is to stand at `path`, and gives the signature. Nothing is left behind.
pub(super) fn sign(key: &Path, path: &Path, text: &str) -> Result<Vec<u8>> {
    if key.as_os_str().as_encoded_bytes().starts_with(b"-") {
        bail!("`{}` looks like an option: name the key as ./{}", key.display(), key.display());
    }
    fs::metadata(key).with_context(|| format!("cannot read the key {}", key.display()))?;
    let copy = Copy::of(path, text)?;
    let mut command = Command::new("ssh-keygen");
    command.args(["-Y", "sign", "-n", NAMESPACE, "-f"]).arg(key).arg("--").arg(&copy.text);
    let status = match command.status() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("ssh-keygen is not there: install OpenSSH (Debian: openssh-client)")
        }
        other => other.context("cannot start ssh-keygen")?,
    };
    if !status.success() {
        bail!("ssh-keygen did not sign with {}: it says why above", key.display());
    }
    let most = MOST_BYTES as u64;
    let signature =
        read_at_most(&copy.signature, most).context("ssh-keygen has left no signature")?;
    if signature.len() as u64 > most {
        bail!("what ssh-keygen wrote is larger than a signature");
    }
    Ok(signature)
}

/// The command that signs a file by hand.
pub(super) fn command(key: &str, path: &str) -> String {
    format!("ssh-keygen -Y sign -n {NAMESPACE} -f {key} {}", word(Path::new(path)))
}

/// A copy of what is signed, beside the place that it is for, and its signature. Both go.
struct Copy {
    text: PathBuf,
    signature: PathBuf,
}

impl Copy {
    fn of(path: &Path, text: &str) -> Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!(".{name}.{}.unsigned", std::process::id());
        let copy = Self {
            text: path.with_file_name(&name),
            signature: path.with_file_name(format!("{name}.sig")),
        };
        // What a run that was ended left behind: ssh-keygen would ask before it overwrites.
        copy.remove();
        replace(&copy.text, text.as_bytes())
            .with_context(|| format!("cannot write {}", copy.text.display()))?;
        Ok(copy)
    }

    fn remove(&self) {
        for file in [&self.text, &self.signature] {
            // Most often it is not there, and nobody reads it if it is.
            let _ = fs::remove_file(file);
        }
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        self.remove();
    }
}
