//! Whether what somebody says is about what is judged, and recent.

use std::borrow::Cow;

use careen_rule::Date;

use crate::inputs::{Inputs, Outcome, Piece};

/// Clocks of two machines differ by no more than this, in seconds.
pub(crate) const CLOCKS_DIFFER: i64 = 300;

/// Why a report proves nothing whoever asks: it is another than was recorded, or comes from the future.
pub(crate) fn refusal(piece: &Piece, inputs: &Inputs<'_>) -> Option<String> {
    let recorded = piece.record.as_ref().and_then(|record| record.sha256.as_deref());
    if recorded.is_some_and(|recorded| !recorded.eq_ignore_ascii_case(&piece.sha256)) {
        return Some(
            "It is not the file that was recorded: its digest differs. Record it again with \
             `careen evidence add`."
                .to_owned(),
        );
    }
    if let (Some(own), Some(told)) = (own_commit(piece), recorded_commit(piece))
        && !own.starts_with(told)
        && !told.starts_with(own)
    {
        return Some(format!(
            "It says itself that it speaks of commit {}, and its record says {}.",
            short(own),
            short(told)
        ));
    }
    match produced_at(piece) {
        Some(at) if at > inputs.now + CLOCKS_DIFFER => {
            Some(format!("It says to be made in the future, on {}.", Date(at)))
        }
        _ => None,
    }
}

/// When a report was made: what it says itself, else what is said of it. Where both speak, the
/// earlier counts.
pub(crate) fn produced_at(piece: &Piece) -> Option<i64> {
    let own = match &piece.outcome {
        Outcome::Read(evidence) => evidence.produced_at,
        Outcome::Unknown | Outcome::Broken(_) => None,
    };
    let told = piece.record.as_ref().and_then(|record| record.produced_at);
    match (own, told) {
        (Some(own), Some(told)) => Some(own.min(told)),
        (own, told) => own.or(told),
    }
}

/// The commit a report speaks of.
pub(crate) fn commit(piece: &Piece) -> Option<&str> {
    own_commit(piece).or_else(|| recorded_commit(piece))
}

fn own_commit(piece: &Piece) -> Option<&str> {
    match &piece.outcome {
        Outcome::Read(evidence) => evidence.commit.as_deref(),
        Outcome::Unknown | Outcome::Broken(_) => None,
    }
}

fn recorded_commit(piece: &Piece) -> Option<&str> {
    piece.record.as_ref()?.commit.as_deref()
}

/// Why something is not about the content that is judged; none if it is.
pub(crate) fn about_content(
    tree: Option<&str>,
    commit: Option<&str>,
    at: Option<i64>,
    inputs: &Inputs<'_>,
) -> Result<(), Cow<'static, str>> {
    let standing = inputs.standing;
    if let Some(tree) = tree {
        return if tree == inputs.subject.tree {
            Ok(())
        } else {
            Err("it speaks of another content than what is judged".into())
        };
    }
    if let Some(commit) = commit {
        return if standing.is_about(commit) {
            Ok(())
        } else if standing.commit.is_none() {
            Err(format!(
                "it speaks of commit {}, and there is no repository to compare with",
                short(commit)
            )
            .into())
        } else if standing.dirty {
            Err(format!("it speaks of commit {}, and files differ from it", short(commit)).into())
        } else {
            Err(format!("it speaks of commit {}, which holds something else", short(commit)).into())
        };
    }
    match (at, standing.committed_at) {
        (Some(at), Some(committed)) if at >= committed && !standing.dirty => Ok(()),
        (Some(_), Some(_)) if standing.dirty => {
            Err("it does not say which content it speaks of, and files differ from the commit"
                .into())
        }
        (Some(_), Some(_)) => {
            Err("it is older than the commit and does not say of which it speaks".into())
        }
        _ => {
            Err("it does not say of which content it speaks: record it with `careen evidence add`"
                .into())
        }
    }
}

/// Why something is too old; none if it is not. What has no time is too old where an age is asked for.
pub(crate) fn too_old(at: Option<i64>, max_age: Option<i64>, now: i64) -> Option<String> {
    let max_age = max_age?;
    match at {
        None => Some("it does not say when it was made".to_owned()),
        Some(at) if now - at > max_age => {
            Some(format!("it is {} old, and {} is the limit", days(now - at), days(max_age)))
        }
        Some(_) => None,
    }
}

pub(crate) fn days(seconds: i64) -> String {
    let (amount, unit) = match seconds {
        ..86_400 => ((seconds / 3_600).max(0), "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{amount} {unit}{}", if amount == 1 { "" } else { "s" })
}

pub(crate) fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}
