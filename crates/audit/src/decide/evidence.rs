//! What reports say.

use std::path::Path;

use careen_audit_model::{Cause, Place, Proof, Status};
use careen_evidence::{Claim, Class, Evidence, Kind, Measure};

use super::fresh::{about_content, commit, produced_at, refusal, too_old};
use super::{Asked, Decision};
use crate::control::{Binds, Wanted};
use crate::inputs::{Inputs, Outcome, Piece};

/// Issues of one report that are told as causes.
const MOST_CAUSES: usize = 20;

/// What one report says of one demand.
enum Said {
    Proves,
    /// It does not measure what is asked.
    Silent(Measure),
    Against(String),
    Stale(String),
    Refused(String),
}

pub(super) fn decide(wanted: &Wanted, asked: Asked<'_>, inputs: &Inputs<'_>) -> Decision {
    let claims = claims(wanted, asked);
    let max_age = asked.max_age(wanted.max_age);
    let mut proofs = Vec::new();
    let mut refused: Option<(&Piece, Status, String)> = None;
    let mut silent = None;
    let mut failed: Option<Decision> = None;
    let mut covered = Vec::new();
    for piece in inputs.pieces.iter().filter(|piece| is_meant(piece, wanted)) {
        let Outcome::Read(evidence) = &piece.outcome else { continue };
        match judge(piece, evidence, wanted, &claims, max_age, inputs) {
            Said::Proves => {
                covered.push(evidence);
                proofs.push(proof(piece, evidence, &claims));
            }
            Said::Silent(measure) => silent = silent.or(Some((piece, measure))),
            Said::Against(reason) => {
                let new = against(piece, evidence, &reason);
                failed = Some(match failed {
                    Some(old) => super::combine::all(vec![old, new]),
                    None => new,
                });
            }
            Said::Stale(reason) => refused = refused.or(Some((piece, Status::Stale, reason))),
            Said::Refused(reason) => {
                refused = Some((piece, Status::Fail, reason));
            }
        }
    }
    if let Some(failed) = failed {
        return failed;
    }
    if wanted.only_against {
        return Decision::pass("No other report speaks against it.", Vec::new());
    }
    if let Some((piece, Status::Fail, reason)) = &refused {
        return unproven(piece, Status::Fail, reason);
    }
    if !proofs.is_empty() {
        return missing_image(wanted, &covered, inputs)
            .unwrap_or_else(|| Decision::pass(told(&proofs), proofs));
    }
    if let Some((piece, status, reason)) = refused {
        return unproven(piece, status, &reason);
    }
    if let Some(broken) = broken(wanted, inputs) {
        return broken;
    }
    if let Some((piece, measure)) = silent {
        let what = match measure {
            Measure::Tests => "holds no test".to_owned(),
            _ => format!("does not say `{measure}`"),
        };
        let reason = format!("`{}` {what}.", piece.path);
        return Decision::new(Status::NotRun, reason, remedy(wanted, &claims));
    }
    let reason = format!("There is no {}.", describe(wanted));
    Decision::new(Status::NotRun, reason, remedy(wanted, &claims))
}

/// The claims of the demand; what was configured takes the place of those on the same measure.
fn claims(wanted: &Wanted, asked: Asked<'_>) -> Vec<Claim> {
    let own = asked.adjustment.map(|it| it.claims.as_slice()).unwrap_or_default();
    let is_own = |claim: &&Claim| !own.iter().any(|other| other.measure == claim.measure);
    let kept = wanted.claims.iter().filter(is_own).copied();
    // Only what this demand measures anyway: a threshold of coverage says nothing about tests.
    let fits = |claim: &&Claim| wanted.claims.iter().any(|it| it.measure == claim.measure);
    kept.chain(own.iter().filter(fits).copied()).collect()
}

fn is_meant(piece: &Piece, wanted: &Wanted) -> bool {
    let Outcome::Read(evidence) = &piece.outcome else { return false };
    let record = piece.record.as_ref();
    let kind = evidence.kind;
    let is_class = |class: &Class| kind.class() == *class || is_also(evidence, *class);
    let suite = record.and_then(|record| record.suite.as_deref());
    let environment = record.and_then(|record| record.environment.as_deref());
    (wanted.kinds.is_empty() || wanted.kinds.contains(&kind))
        && (wanted.classes.is_empty() || wanted.classes.iter().any(is_class))
        && is_at(piece, wanted)
        && (wanted.suites.is_empty()
            || suite.is_some_and(|suite| wanted.suites.iter().any(|it| it == suite)))
        && wanted.environment.as_deref().is_none_or(|asked| environment == Some(asked))
}

fn is_at(piece: &Piece, wanted: &Wanted) -> bool {
    wanted.files.is_empty()
        || wanted.files.iter().any(|glob| crate::items::matches(glob, &piece.within))
}

/// SARIF of a scanner of dependencies speaks of vulnerabilities too.
fn is_also(evidence: &Evidence, class: Class) -> bool {
    class == Class::Vulnerabilities
        && evidence.kind == Kind::Sarif
        && evidence.about.iter().any(|about| about == "vulnerabilities")
}

fn judge(
    piece: &Piece,
    evidence: &Evidence,
    wanted: &Wanted,
    claims: &[Claim],
    max_age: Option<i64>,
    inputs: &Inputs<'_>,
) -> Said {
    if let Some(reason) = refusal(piece, inputs) {
        return Said::Refused(reason);
    }
    // A scanner that failed, or a gate that was not passed, proves nothing whatever it counts.
    if evidence.measures.get(Measure::Gate).is_some_and(|gate| gate < 1.0) {
        return Said::Against("the gate is not passed, or the tool did not finish".to_owned());
    }
    let count = |measure: Measure| evidence.measures.get(measure);
    if let (Some(tests), Some(skipped)) = (count(Measure::Tests), count(Measure::Skipped))
        && tests > 0.0
        && skipped >= tests
    {
        return Said::Against("every test was left out".to_owned());
    }
    let at = produced_at(piece);
    let tree = piece.record.as_ref().and_then(|record| record.tree.as_deref());
    let content = about_content(tree, commit(piece), at, inputs);
    let of_image = || inputs.survey.images.iter().any(|image| is_about(evidence, image));
    let bound = match wanted.binds {
        Binds::Nothing => Ok(()),
        Binds::Content => content,
        Binds::Images => {
            if of_image() {
                Ok(())
            } else {
                Err("it is about no image that the manifests run".into())
            }
        }
        Binds::ContentOrImage => {
            if of_image() {
                Ok(())
            } else {
                content
            }
        }
    };
    if let Err(reason) = bound {
        return Said::Stale(reason.into_owned());
    }
    if let Some(reason) = too_old(at, max_age, inputs.now) {
        return Said::Stale(reason);
    }
    // That none of no tests failed proves nothing.
    let asks_for_tests = claims.iter().any(|claim| claim.measure == Measure::Tests);
    let tests = evidence.measures.get(Measure::Tests);
    if !asks_for_tests && tests.is_some_and(|tests| tests < 1.0) {
        return Said::Silent(Measure::Tests);
    }
    for claim in claims {
        match evidence.measures.get(claim.measure) {
            None => return Said::Silent(claim.measure),
            Some(value) if !claim.holds(value) => {
                let is = claim.measure.show(value);
                return Said::Against(format!(
                    "`{}` is {is}, and `{claim}` is asked",
                    claim.measure
                ));
            }
            Some(_) => {}
        }
    }
    Said::Proves
}

fn is_about(evidence: &Evidence, image: &crate::ImageUse) -> bool {
    match &image.digest {
        // A tag may be another image by now.
        Some(digest) => evidence.about.iter().any(|about| about.contains(digest.as_str())),
        None => evidence.about.contains(&image.reference),
    }
}

/// An image that no report is about, where each must be covered.
fn missing_image(wanted: &Wanted, covered: &[&Evidence], inputs: &Inputs<'_>) -> Option<Decision> {
    if wanted.binds != Binds::Images {
        return None;
    }
    let is_missing = |image: &&crate::ImageUse| !covered.iter().any(|it| is_about(it, image));
    let missing: Vec<_> = inputs.survey.images.iter().filter(is_missing).collect();
    let first = missing.first()?;
    let reason = format!("No report is about the image `{}`.", first.reference);
    let mut decision = Decision::new(Status::NotRun, reason, "Scan that very digest.");
    decision.causes = missing
        .iter()
        .map(|image| Cause {
            message: format!("no report is about the image `{}`", image.reference),
            place: Some(image.place.clone()),
            rule: None,
            severity: None,
            remedy: None,
        })
        .collect();
    Some(decision)
}

/// A recorded report that cannot be read, where nothing else is there.
fn broken(wanted: &Wanted, inputs: &Inputs<'_>) -> Option<Decision> {
    let meant = |piece: &&Piece| {
        let kind = piece.record.as_ref().and_then(|record| record.kind);
        let is_kind = kind.is_some_and(|kind| {
            wanted.kinds.contains(&kind) || wanted.classes.contains(&kind.class())
        });
        let named = !wanted.files.is_empty() && is_at(piece, wanted);
        matches!(piece.outcome, Outcome::Broken(_) | Outcome::Unknown) && (named || is_kind)
    };
    let piece = inputs.pieces.iter().find(meant)?;
    let why = match &piece.outcome {
        Outcome::Broken(trouble) => trouble.message.as_str(),
        _ => "is no report of a known format",
    };
    let reason = format!("`{}` cannot be read: {}.", piece.path, why.trim_end_matches('.'));
    Some(Decision::new(Status::NotRun, reason, "Make the report again."))
}

fn against(piece: &Piece, evidence: &Evidence, reason: &str) -> Decision {
    let reason = format!("`{}`: {reason}.", piece.path);
    let mut decision = Decision::new(Status::Fail, reason, "Mend what it tells, and run it again.");
    let place = || Some(Place { path: piece.path.to_string(), line: 1, column: 1 });
    let causes = evidence.issues.iter().take(MOST_CAUSES).map(|issue| Cause {
        message: format!("{}: {}", issue.name, issue.message),
        place: place(),
        rule: None,
        severity: None,
        remedy: None,
    });
    decision.causes = causes.collect();
    decision
}

fn unproven(piece: &Piece, status: Status, reason: &str) -> Decision {
    let reason = format!("`{}`: {}.", piece.path, reason.trim_end_matches('.'));
    let remedy = "Run it again on what is released, and record it with `careen evidence add`.";
    Decision::new(status, reason, remedy)
}

fn proof(piece: &Piece, evidence: &Evidence, claims: &[Claim]) -> Proof {
    let said = claims.iter().filter_map(|claim| {
        let value = evidence.measures.get(claim.measure)?;
        Some(format!("{} {}", claim.measure, claim.measure.show(value)))
    });
    Proof::Evidence {
        path: piece.path.to_string(),
        sha256: piece.sha256.clone(),
        what: said.collect::<Vec<_>>().join(", "),
    }
}

fn told(proofs: &[Proof]) -> String {
    let told = proofs.iter().filter_map(|proof| match proof {
        Proof::Evidence { path, what, .. } => Some(format!("`{}`: {what}.", name(path))),
        _ => None,
    });
    told.collect::<Vec<_>>().join(" ")
}

fn name(path: &str) -> &str {
    Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or(path)
}

/// What is looked for, in words: `report of tests (integration)`.
fn describe(wanted: &Wanted) -> String {
    let kinds: Vec<_> = wanted.kinds.iter().map(|kind| kind.as_str()).collect();
    let classes: Vec<_> = wanted.classes.iter().map(|class| class.as_str()).collect();
    let mut what = if kinds.is_empty() { classes.join(" or ") } else { kinds.join(" or ") };
    what = if what.is_empty() { "report".to_owned() } else { format!("report of {what}") };
    if !wanted.suites.is_empty() {
        what += &format!(" recorded as suite {}", wanted.suites.join(" or "));
    }
    if !wanted.files.is_empty() {
        what += &format!(" at `{}`", wanted.files.join("`, `"));
    }
    what
}

fn remedy(wanted: &Wanted, claims: &[Claim]) -> String {
    let suite = wanted.suites.first().map(|suite| format!(" --suite {suite}")).unwrap_or_default();
    let claims = claims.iter().map(|claim| format!("`{claim}`")).collect::<Vec<_>>().join(", ");
    let asked = if claims.is_empty() { String::new() } else { format!(" that says {claims}") };
    format!("Add a report{asked}: `careen evidence add FILE{suite}`.")
}
