use careen_audit_model::Status;

use super::Decision;

/// All must hold: the worst decides, what every part rests on is kept.
pub(super) fn all(parts: Vec<Decision>) -> Decision {
    let status = parts.iter().map(|part| part.status).max().unwrap_or(Status::NotRun);
    let telling: Vec<_> = parts.iter().filter(|part| part.status == status).collect();
    let reason = sentences(telling.iter().map(|part| part.reason.as_str()));
    let remedy = telling.iter().find(|part| !part.remedy.is_empty());
    let mut joined = Decision::new(status, reason, remedy.map_or("", |part| part.remedy.as_str()));
    for part in parts {
        joined.causes.extend(part.causes);
        joined.proofs.extend(part.proofs);
    }
    joined
}

/// One is enough: the first that holds decides, with what it rests on. Where none does, what is proven
/// wrong is worse than what is not known, and the reader is told every way.
pub(super) fn any(parts: Vec<Decision>) -> Decision {
    if let Some(passed) = parts.iter().position(|part| part.status == Status::Pass) {
        return parts.into_iter().nth(passed).unwrap_or_else(nothing);
    }
    let worst = parts.iter().map(|part| part.status).max().unwrap_or(Status::NotRun);
    let remedies: Vec<_> = parts.iter().map(|part| part.remedy.trim_end_matches('.')).collect();
    let remedy =
        remedies.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("; or: ");
    let reason = parts.iter().find(|part| part.status == worst).map(|part| part.reason.clone());
    let mut joined = Decision::new(worst, reason.unwrap_or_default(), "");
    if !remedy.is_empty() {
        joined.remedy = remedy + ".";
    }
    for part in parts {
        joined.causes.extend(part.causes);
    }
    joined
}

/// Reasons behind each other, each once.
pub(crate) fn sentences<'r>(reasons: impl Iterator<Item = &'r str>) -> String {
    let mut told: Vec<&str> = Vec::new();
    for reason in reasons {
        if !told.contains(&reason) {
            told.push(reason);
        }
    }
    told.join(" ")
}

fn nothing() -> Decision {
    Decision::new(Status::NotRun, "Nothing decides it.", "")
}
