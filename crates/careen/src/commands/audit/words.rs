//! What people said: sign-offs, waivers, who may sign, and as what.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use careen_attest::{Attestations, Document, Roles, Signers};
use careen_audit_model::Unseen;

use super::folder::{Folder, OWN};
use super::settings::Settings;
use crate::files;

/// What is read of one file, in bytes; more is refused by whoever reads it.
const MOST_BYTES: u64 = careen_attest::MOST_SIGNER_BYTES as u64;

pub(super) fn read(
    settings: &Settings,
    folder: &Folder,
    now: i64,
    unseen: &mut Vec<Unseen>,
) -> Result<Attestations> {
    let own = folder.path.join(OWN);
    let mut documents = Vec::new();
    for part in ["sign-offs", "waivers"] {
        for (shown, place) in folder.files_below(&own.join(part))? {
            documents.push(document(&place, &shown)?);
        }
    }
    let mut troubles = Vec::new();
    let signers = match given(&settings.signers)? {
        Some(document) => {
            let (signers, told) = Signers::read(&document);
            troubles.extend(told);
            signers
        }
        None => Signers::default(),
    };
    let roles = match given(&own.join("roles.yaml"))? {
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
    Ok(careen_attest::read(&documents, &signers, &roles, now))
}

fn given(path: &Path) -> Result<Option<Document>> {
    let shown = path.display().to_string();
    if path.exists() { document(path, &shown).map(Some) } else { Ok(None) }
}

fn document(path: &Path, shown: &str) -> Result<Document> {
    let bytes =
        files::read_at_most(path, MOST_BYTES).with_context(|| format!("cannot read {shown}"))?;
    Ok(Document { path: Arc::from(shown), bytes })
}
