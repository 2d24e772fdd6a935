use careen_rule::{Suppression, SuppressionKind};

use crate::inert;
use crate::words::cut;

/// Characters of a reason.
const MAX_REASON: usize = 1_000;
/// Characters of the words of another tool.
const MAX_SOURCE: usize = 240;

/// What suppresses a finding, and why: `suppressed by a comment: runs once`.
pub(crate) fn words(suppression: &Suppression) -> String {
    let by = by(suppression);
    let words = match &suppression.reason {
        Some(reason) => format!("{by}: {}", inert::line(&cut(reason, MAX_REASON))),
        None => format!("{by}, no reason given"),
    };
    // Elsewhere the owner is named in the reason.
    let own = suppression.kind == SuppressionKind::Configuration;
    match suppression.owner.as_deref().filter(|_| own) {
        Some(owner) => format!("{words} (owner: {})", inert::line(&cut(owner, MAX_SOURCE))),
        None => words,
    }
}

fn by(suppression: &Suppression) -> String {
    let source = suppression.source.as_deref().map(|source| cut(source, MAX_SOURCE));
    match (suppression.kind, source.as_deref().map(inert::line)) {
        (SuppressionKind::Comment, None) => "suppressed by a comment".to_owned(),
        (SuppressionKind::Annotation, None) => "suppressed by an annotation".to_owned(),
        (SuppressionKind::Configuration, None) => "suppressed by the configuration".to_owned(),
        (SuppressionKind::Baseline, None) => "suppressed by the baseline".to_owned(),
        (SuppressionKind::Import, None) => "suppressed by a file of another tool".to_owned(),
        (SuppressionKind::Baseline, Some(source)) => format!("suppressed by the baseline {source}"),
        (SuppressionKind::Import, Some(source)) => format!("suppressed by {source}"),
        (_, Some(source)) => format!("suppressed by `{source}`"),
    }
}
