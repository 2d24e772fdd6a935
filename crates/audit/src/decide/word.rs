//! What people say.

use careen_attest::SignOff;
use careen_audit_model::{Proof, Status, Vouched};
use careen_rule::Date;

use super::fresh::{about_content, too_old};
use super::{Asked, Decision};
use crate::control::Binds;
use crate::inputs::{Inputs, Piece};

pub(super) fn decide(
    role: &str,
    max_age: Option<i64>,
    binds: Binds,
    asked: Asked<'_>,
    inputs: &Inputs<'_>,
) -> Decision {
    let meant = |word: &&SignOff| word.control == asked.id && (role == "any" || word.role == role);
    let words: Vec<_> = inputs.attestations.sign_offs.iter().filter(meant).collect();
    let remedy =
        format!("Have somebody sign as {role}: `careen sign-off {} --role {role}`.", asked.id);
    let mut best: Option<Decision> = None;
    for word in words {
        let decision = judge(word, max_age, binds, &remedy, inputs);
        if decision.status == Status::Fail {
            return decision;
        }
        if best.as_ref().is_none_or(|best| decision.status < best.status) {
            best = Some(decision);
        }
    }
    best.unwrap_or_else(|| {
        Decision::new(Status::Manual, format!("Nobody signed as {role}."), remedy)
    })
}

fn judge(
    word: &SignOff,
    max_age: Option<i64>,
    binds: Binds,
    remedy: &str,
    inputs: &Inputs<'_>,
) -> Decision {
    let who = format!("{} as {}", word.by, word.role);
    match &word.vouched {
        Vouched::Refused { reason } => {
            let reason =
                format!("The word of {who} cannot be taken: {}.", reason.trim_end_matches('.'));
            return Decision::new(Status::Fail, reason, remedy);
        }
        Vouched::Claimed => {
            let reason = format!("{who} is claimed to have signed off, and no signature says so.");
            return Decision::new(Status::Manual, reason, remedy);
        }
        Vouched::Signed { .. } => {}
    }
    if !word.approved {
        let reason = format!("{who} says no: {}.", word.statement.trim_end_matches('.'));
        return Decision::new(Status::Fail, reason, "Mend it, and ask again.");
    }
    if let Some(reason) = staleness(word, max_age, binds, inputs) {
        let reason = format!("The word of {who} no longer holds: {reason}.");
        return Decision::new(Status::Stale, reason, remedy);
    }
    let proof = Proof::SignOff {
        path: word.path.to_string(),
        by: word.by.clone(),
        role: word.role.clone(),
    };
    Decision::pass(format!("Signed by {who} on {}.", Date(word.at)), vec![proof])
}

/// Why a sign-off no longer holds; none if it does.
pub(crate) fn staleness(
    word: &SignOff,
    max_age: Option<i64>,
    binds: Binds,
    inputs: &Inputs<'_>,
) -> Option<String> {
    if let Some(expires) = word.expires.filter(|expires| *expires <= inputs.now) {
        return Some(format!("it held until {}", Date(expires - 1)));
    }
    if let Some(reason) = too_old(Some(word.at), max_age, inputs.now) {
        return Some(reason);
    }
    let names_content = word.tree.is_some() || word.commit.is_some();
    if binds == Binds::Content || (binds != Binds::Nothing && names_content) {
        let content =
            about_content(word.tree.as_deref(), word.commit.as_deref(), Some(word.at), inputs);
        if let Err(reason) = content {
            return Some(reason.into_owned());
        }
    }
    word.evidence.iter().find_map(|seen| {
        let now = inputs.pieces.iter().find(|piece| is_at(piece, &seen.path));
        match now {
            None => Some(format!("`{}`, which was looked at, is gone", seen.path)),
            Some(piece) if !piece.sha256.eq_ignore_ascii_case(&seen.sha256) => {
                Some(format!("`{}` is no longer what was looked at", seen.path))
            }
            Some(_) => None,
        }
    })
}

fn is_at(piece: &Piece, path: &str) -> bool {
    *piece.within == *path || *piece.path == *path
}
