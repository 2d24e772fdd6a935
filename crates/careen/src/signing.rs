//! Writes what people say into `.careen`, has it signed, and says whether an audit will take it.

mod keygen;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use careen_attest::{Attestations, Document, MOST_SIGNER_BYTES, Roles, Signers, Trouble};
use careen_audit_model::Vouched;
use careen_rule::{Control, control};
use careen_text::{closest, sanitize_line};

use crate::args::SigningArguments;
use crate::files::{read_at_most, replace};
use crate::{complain, moment, print};

/// What is written, and an audit would not take.
const REFUSED: u8 = 1;

/// What is to be written.
pub(crate) struct Draft<'d> {
    /// The path, relative to the audited folder.
    pub(crate) path: &'d str,
    /// The file.
    pub(crate) text: String,
    /// Who gives it.
    pub(crate) by: &'d str,
}

/// A folder in which people sign, who may, and what is asked for.
pub(crate) struct Desk<'a> {
    arguments: &'a SigningArguments,
    signers: Signers,
    roles: Roles,
    /// The moment of signing, in Unix seconds.
    pub(crate) now: i64,
}

impl<'a> Desk<'a> {
    /// Reads who may sign as what, and tells what is wrong with these files.
    pub(crate) fn open(arguments: &'a SigningArguments) -> Result<Self> {
        let folder = &arguments.folder;
        if !folder.is_dir() {
            bail!("{} is no folder: `--in` names the folder that is audited", folder.display());
        }
        let (signers, mut troubles) = match read_signers(arguments)? {
            Some(document) => Signers::read(&document),
            None => Default::default(),
        };
        let roles = ".careen/roles.yaml";
        let (roles, more) = match read(&folder.join(roles), roles)? {
            Some(document) => Roles::read(&document),
            None => Default::default(),
        };
        troubles.extend(more);
        for Trouble { path, line, column, message } in troubles {
            complain(&sanitize_line(&format!("warning: {path}:{line}:{column}: {message}")));
        }
        let now = moment::of(arguments.at.as_deref())?;
        Ok(Self { arguments, signers, roles, now })
    }

    /// The audited folder.
    pub(crate) fn folder(&self) -> &'a Path {
        &self.arguments.folder
    }

    /// The control of that name; none for one of the user's own.
    pub(crate) fn control(&self, name: &str) -> Result<Option<&'static Control>> {
        if !careen_attest::is_control(name) {
            bail!("`{name}` is no control: its name is made of a-z, 0-9, `-` and `_`");
        }
        if let Some(control) = control::ALL.iter().find(|control| control.id == name) {
            return Ok(Some(control));
        }
        let is_line = name.strip_prefix("line-").is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        if is_line || self.arguments.own_control {
            return Ok(None);
        }
        let near = closest(name, control::ALL.iter().map(|control| control.id));
        let near = near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
        bail!("no control is called `{name}`{near}: `--own-control` takes one of your own")
    }

    /// Writes a draft, signed or not. Ends with 1 where an audit would refuse it.
    pub(crate) fn write(&self, draft: &Draft<'_>) -> Result<u8> {
        let path = self.folder().join(draft.path);
        let signature = self.folder().join(format!("{}.sig", draft.path));
        self.verify_place(draft, &[&path, &signature])?;
        if let Vouched::Refused { reason } = self.judge(draft, None)? {
            bail!("nothing is written: {reason}");
        }
        let parent = path.parent().unwrap_or(&path);
        fs::create_dir_all(parent)
            .with_context(|| format!("cannot make the folder {}", parent.display()))?;
        let Some(key) = &self.arguments.key else {
            self.put(&path, draft.text.as_bytes())?;
            remove(&signature)?;
            return self.told_unsigned(draft);
        };
        let signed = keygen::sign(key, &path, &draft.text).with_context(|| {
            format!(
                "nothing is written. To sign elsewhere, write it with `--unsigned`, and run `{}` there",
                keygen::command("KEY", draft.path)
            )
        })?;
        let vouched = self.judge(draft, Some(&signed))?;
        let Some(line) = careen_attest::signer_line(&signed, draft.by) else {
            bail!("nothing is written: what ssh-keygen made is no signature that an audit takes");
        };
        // The old signature is over the old file: between the two writes there is none.
        remove(&signature)?;
        self.put(&path, draft.text.as_bytes())?;
        self.put(&signature, &signed)?;
        told_signed(draft, &vouched, &line)
    }

    /// Refuses to replace what is there, and to write through links to elsewhere.
    fn verify_place(&self, draft: &Draft<'_>, files: &[&Path]) -> Result<()> {
        let mut place = self.folder().to_path_buf();
        for part in draft.path.split('/') {
            place.push(part);
            if fs::symlink_metadata(&place).is_ok_and(|it| it.file_type().is_symlink()) {
                bail!("{} is a link: nothing is written through links", place.display());
            }
        }
        match files.iter().find(|file| fs::symlink_metadata(file).is_ok()) {
            Some(file) if !self.arguments.force => {
                bail!("{} is there already: `--force` replaces it", file.display())
            }
            _ => Ok(()),
        }
    }

    /// What an audit would make of it.
    fn judge(&self, draft: &Draft<'_>, signature: Option<&[u8]>) -> Result<Vouched> {
        let document =
            |path: &str, bytes: &[u8]| Document { path: path.into(), bytes: bytes.to_vec() };
        let mut documents = vec![document(draft.path, draft.text.as_bytes())];
        if let Some(signature) = signature {
            documents.push(document(&format!("{}.sig", draft.path), signature));
        }
        let Attestations { sign_offs, waivers, troubles } =
            careen_attest::read(&documents, &self.signers, &self.roles, self.now);
        if !troubles.is_empty() {
            let messages: Vec<_> = troubles.into_iter().map(|trouble| trouble.message).collect();
            bail!("nothing is written: {}", messages.join("; "));
        }
        let sign_off = sign_offs.into_iter().map(|sign_off| sign_off.vouched);
        let mut all = sign_off.chain(waivers.into_iter().map(|waiver| waiver.vouched));
        all.next().ok_or_else(|| anyhow!("nothing is written: it would not be read again"))
    }

    fn put(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        replace(path, bytes).with_context(|| format!("cannot write {}", path.display()))
    }

    fn told_unsigned(&self, draft: &Draft<'_>) -> Result<u8> {
        let command = keygen::command("KEY", draft.path);
        tell(&[
            format!("{}: written, unsigned: it counts as claimed only", draft.path),
            format!("to sign it, in {}: {command}", self.folder().display()),
        ])?;
        Ok(0)
    }
}

fn told_signed(draft: &Draft<'_>, vouched: &Vouched, line: &str) -> Result<u8> {
    let path = draft.path;
    match vouched {
        Vouched::Signed { principal, fingerprint } => {
            tell(&[format!("{path}: signed by {principal} with the key {fingerprint}")])?;
            Ok(0)
        }
        Vouched::Claimed | Vouched::Refused { .. } => {
            let reason =
                if let Vouched::Refused { reason } = vouched { reason } else { "unsigned" };
            tell(&[format!("{path}: signed, but an audit refuses it: {reason}")])?;
            complain(&sanitize_line(&format!(
                "if the key is {}'s, this line in the file of allowed signers lets it sign:",
                draft.by
            )));
            complain(&sanitize_line(line));
            Ok(REFUSED)
        }
    }
}

fn tell(lines: &[String]) -> Result<()> {
    let lines: Vec<_> = lines.iter().map(|line| format!("{}\n", sanitize_line(line))).collect();
    print(lines.concat().as_bytes())
}

fn read_signers(arguments: &SigningArguments) -> Result<Option<Document>> {
    let standard = ".careen/allowed_signers";
    let Some(path) = &arguments.signers else {
        return read(&arguments.folder.join(standard), standard);
    };
    let found = read(path, &path.to_string_lossy())?;
    found.map(Some).ok_or_else(|| anyhow!("{} is not there", path.display()))
}

/// A file, if it is there; of one that is too large, enough for its reader to say so.
fn read(path: &Path, shown: &str) -> Result<Option<Document>> {
    match read_at_most(path, MOST_SIGNER_BYTES as u64) {
        Ok(bytes) => Ok(Some(Document { path: shown.into(), bytes })),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Takes a file away, if it is there.
fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// The path of a file as one in the audited folder, with `/`.
pub(crate) fn inside(folder: &Path, file: &Path) -> Result<String> {
    let whole = |path: &Path| -> Result<PathBuf> {
        path.canonicalize().with_context(|| format!("cannot read {}", path.display()))
    };
    let (root, path) = (whole(folder)?, whole(file)?);
    let parts = path.strip_prefix(&root).map(|rest| {
        rest.iter().map(|part| part.to_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
    });
    let Ok(parts) = parts else {
        bail!(
            "{} is not in {}: evidence stands in the audited folder",
            file.display(),
            folder.display()
        )
    };
    let parts = parts.ok_or_else(|| anyhow!("the name of {} is not Unicode", file.display()))?;
    Ok(parts.join("/"))
}
