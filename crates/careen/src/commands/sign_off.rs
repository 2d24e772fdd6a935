//! `careen sign-off`: a person says that a control holds.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use careen_attest::{EvidenceHash, SignOff, is_principal, is_role, sign_off_path};
use careen_audit_model::Vouched;
use careen_rule::{DAY, Day};

use crate::args::SignOffArguments;
use crate::commands::audit::content::content;
use crate::digest::digest;
use crate::signing::{Desk, Draft, inside};

/// Writes a sign-off and has it signed. Ends with 1 where an audit would refuse it.
pub(crate) fn run(arguments: &SignOffArguments) -> Result<u8> {
    let SignOffArguments { control, role, by, .. } = arguments;
    if !is_role(role) {
        bail!("`--role {role}` is no role: its name is made of a-z, 0-9, `-` and `_`");
    }
    if !is_principal(by) {
        bail!("`--by {by}` is no address: write one, such as alice@example.com");
    }
    let desk = Desk::open(&arguments.signing)?;
    let title = desk.control(control)?.map(|control| control.title);
    let statement = arguments.statement.as_deref().or(title).ok_or_else(|| {
        anyhow!(
            "Careen does not know what `{control}` asks for: `--statement TEXT` says what is stated"
        )
    })?;
    let files = arguments.evidence.iter();
    let evidence = files.map(|file| hash(desk.folder(), file)).collect::<Result<Vec<_>>>()?;
    let content = content(desk.folder(), &[])?;
    let path = sign_off_path(control, role);
    let sign_off = SignOff {
        path: path.as_str().into(),
        control: control.clone(),
        statement: statement.to_owned(),
        role: role.clone(),
        by: by.clone(),
        approved: !arguments.reject,
        at: desk.now,
        expires: end(arguments, desk.now),
        commit: content.commit,
        tree: Some(content.tree),
        evidence,
        vouched: Vouched::Claimed,
    };
    desk.write(&Draft { path: &path, text: sign_off.to_yaml(), by })
}

/// The first second at which it does not hold any more.
fn end(arguments: &SignOffArguments, now: i64) -> Option<i64> {
    let days = |days: i64| (now.div_euclid(DAY) + days + 1) * DAY;
    arguments.expires.map(Day::end).or_else(|| arguments.days.map(days))
}

/// A file in the audited folder that was looked at, with its digest.
fn hash(folder: &Path, file: &Path) -> Result<EvidenceHash> {
    let path = inside(folder, file)?;
    let (sha256, _) = digest(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(EvidenceHash { path, sha256 })
}
