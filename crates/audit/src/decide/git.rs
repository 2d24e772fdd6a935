//! What Git says.

use careen_audit_model::{Cause, Proof, Status};

use super::Decision;
use super::fresh::short;
use crate::control::GitProbe;
use crate::inputs::Inputs;

pub(super) fn decide(probe: GitProbe, inputs: &Inputs<'_>) -> Decision {
    if inputs.standing.commit.is_none() {
        let reason = "There is no Git repository with a commit.";
        return Decision::new(
            Status::NotRun,
            reason,
            "Run the audit in a clone of the repository.",
        );
    }
    match probe {
        GitProbe::Reviewed => reviewed(inputs),
        GitProbe::PreviousVersionTagged => tagged(inputs),
    }
}

fn tagged(inputs: &Inputs<'_>) -> Decision {
    let Some(tag) = &inputs.standing.previous else {
        let (status, reason) = if inputs.standing.cut {
            (Status::NotRun, "The clone is shallow, and no release is tagged in what it has.")
        } else {
            (Status::Fail, "No ancestor of the commit is tagged as a release.")
        };
        let remedy = "Tag what runs in production: `git tag -a v1.2.3 COMMIT`.";
        return Decision::new(status, reason, remedy);
    };
    if !tag.annotated {
        let reason =
            format!("The tag `{}` is a bare name: who tagged it, and when, is not told.", tag.name);
        return Decision::new(Status::Fail, reason, "Make an annotated tag: `git tag -a`.");
    }
    let proof = Proof::Git { what: format!("tag `{}`", tag.name), id: tag.commit.clone() };
    Decision::pass(format!("The last release is `{}`.", tag.name), vec![proof])
}

fn reviewed(inputs: &Inputs<'_>) -> Decision {
    let standing = inputs.standing;
    let remedy = "Merge through reviews that leave a `Reviewed-by` trailer";
    if standing.cut {
        let reason = "The history ends before the last release does: the clone is shallow.";
        return Decision::new(Status::NotRun, reason, "Fetch all of it: `git fetch --unshallow`.");
    }
    if standing.dirty {
        let reason = "Files differ from the commit, and nobody can have reviewed that.";
        return Decision::new(Status::Fail, reason, "Commit, and have it reviewed.");
    }
    let open: Vec<_> = standing.since.iter().filter(|(.., reviewed)| !reviewed).collect();
    if let Some((id, summary, _)) = open.first() {
        let count = open.len();
        let reason = format!(
            "{count} of {} commits since the last release say of no review: {} \"{summary}\".",
            standing.since.len(),
            short(id)
        );
        let mut decision = Decision::new(Status::Fail, reason, format!("{remedy}."));
        decision.causes = open
            .iter()
            .map(|(id, summary, _)| Cause {
                message: format!("commit {} \"{summary}\" says of no review", short(id)),
                place: None,
                rule: None,
                severity: None,
                remedy: None,
            })
            .collect();
        return decision;
    }
    let Some((id, ..)) = standing.since.first() else {
        let reason = "There is no commit since the last release.";
        return Decision::new(Status::NotRun, reason, "Release something.");
    };
    let what = format!("{} reviewed commits", standing.since.len());
    let proof = Proof::Git { what: what.clone(), id: id.clone() };
    Decision::pass(format!("{what} since the last release."), vec![proof])
}
