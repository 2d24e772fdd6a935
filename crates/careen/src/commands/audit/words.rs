//! What people said: sign-offs, waivers, who may sign, and as what.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use careen_attest::{Attestations, Document, Roles, Signers};
use careen_audit_model::Unseen;

use super::folder::{Folder, OWN};
use super::settings::Settings;
use crate::files;

/// What is read of one file, in bytes; more is refused by whoever reads it.
const MOST_BYTES: u64 = careen_attest::MOST_SIGNER_BYTES as u64;

/// Everything, and whether somebody may sign.
pub(super) fn read(
    settings: &Settings,
    folder: &Folder,
    now: i64,
    unseen: &mut Vec<Unseen>,
) -> Result<(Attestations, bool)> {
    let mut documents = Vec::new();
    for part in ["sign-offs", "waivers"] {
        for (shown, place) in folder.own_files(part, unseen)? {
            documents.push(document(&place, &shown)?);
        }
    }
    let mut troubles = Vec::new();
    let signers = match signers(settings, folder)? {
        Some(document) => {
            let (signers, told) = Signers::read(&document);
            troubles.extend(told);
            signers
        }
        None => Signers::default(),
    };
    let roles = match roles(folder)? {
        Some(document) => {
            let (roles, told) = Roles::read(&document);
            troubles.extend(told);
            roles
        }
        None => Roles::default(),
    };
    unseen.extend(troubles.into_iter().map(|trouble| Unseen {
        path: Some(trouble.path.to_string()),
        line: Some(trouble.line),
        message: trouble.message,
        incomplete: false,
    }));
    let said = careen_attest::read(&documents, &signers, &roles, now);
    Ok((said, !signers.is_empty()))
}

fn signers(settings: &Settings, folder: &Folder) -> Result<Option<Document>> {
    let path = &settings.signers;
    let shown = folder.shown_of(path).unwrap_or_else(|| path.display().to_string());
    if path.exists() {
        return document(path, &shown).map(Some);
    }
    let is_own = *path == folder.path.join(OWN).join("allowed_signers");
    if is_own { Ok(None) } else { bail!("{shown} is not there: it says who may sign") }
}

/// Without roles, who may sign may do so in every role. So roles that cannot be read are none.
fn roles(folder: &Folder) -> Result<Option<Document>> {
    let within = format!("{OWN}/roles.yaml");
    let (path, shown) = (folder.path.join(&within), folder.shown(&within));
    if path.is_symlink() {
        bail!("{shown} is a link, and is not followed: put the file itself there");
    }
    if path.exists() { document(&path, &shown).map(Some) } else { Ok(None) }
}

fn document(path: &Path, shown: &str) -> Result<Document> {
    let bytes =
        files::read_at_most(path, MOST_BYTES).with_context(|| format!("cannot read {shown}"))?;
    Ok(Document { path: Arc::from(shown), bytes })
}
