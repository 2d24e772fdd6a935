//! What the linters say.

use std::cmp::Reverse;

use careen_audit_model::{Cause, Place, Proof, Status};
use careen_model::PathClass;
use careen_rule::{Judged, Meta, Severity, SuppressionKind};

use super::{Asked, Decision};
use crate::Subject;
use crate::control::RuleSet;
use crate::inputs::Inputs;

pub(super) fn decide(set: &RuleSet, asked: Asked<'_>, inputs: &Inputs<'_>) -> Decision {
    let is_named = |rule: &Meta| set.also.iter().any(|id| rule.is_called(id));
    let counts = |rule: &Meta| {
        is_named(rule)
            || rule.controls.iter().any(|control| control.id == asked.id)
            || (set.security && rule.security)
    };
    let mut against: Vec<_> = inputs
        .report
        .findings
        .iter()
        .filter(|finding| counts(finding.rule) && finding.severity >= level(set, finding.rule))
        .filter(|finding| set.over == Subject::Repository || is_released(finding))
        .collect();
    let all = against.len();
    against.retain(|finding| !is_excused(finding));
    let excused = all - against.len();
    if !against.is_empty() {
        against.sort_by_key(|finding| Reverse(finding.severity));
        return failed(&against);
    }
    let rules = inputs.report.rules.iter().filter(|rule| counts(rule));
    let asked_for = |rule: &&&'static Meta| rule.default || is_named(rule);
    if let Some(rule) = rules.clone().filter(asked_for).find(|rule| !inputs.ran.contains(rule.id)) {
        let reason = format!("The rule `{}` was taken out, and nobody said why.", rule.id);
        let remedy = "Take it out of `ignore` in careen.yaml, or give a reason there.";
        return Decision::new(Status::NotRun, reason, remedy);
    }
    let ran = rules.filter(|rule| inputs.ran.contains(rule.id)).count();
    if ran == 0 {
        let reason = "No rule that decides it ran.";
        return Decision::new(Status::NotRun, reason, "Take its rules out of `ignore`.");
    }
    let seen = inputs.survey.count(set.over);
    if seen == 0 {
        let reason = format!("There is no {} to look at.", set.over);
        return Decision::new(Status::NotRun, reason, set.over.remedy());
    }
    if let Some(note) = inputs.report.notes.iter().find(|note| note.incomplete) {
        let place = note.path.as_deref().map(|path| format!("`{path}` ")).unwrap_or_default();
        let reason = format!("Not everything could be looked at: {place}{}.", note.message);
        return Decision::new(
            Status::NotRun,
            reason,
            "Mend that first: what was not read may hold anything.",
        );
    }
    let mut reason =
        format!("{} {} nothing about {}.", rules_of(ran), says(ran), set.over.count(seen));
    if excused > 0 {
        let s = if excused == 1 { " is" } else { "s are" };
        reason += &format!(" {excused} finding{s} suppressed with a reason.");
    }
    Decision::pass(reason, vec![proof(set.over, seen, inputs)])
}

/// Rules that were asked for by name count from the mildest level on: they are why they are asked for.
fn level(set: &RuleSet, rule: &Meta) -> Severity {
    if set.also.iter().any(|id| rule.is_called(id)) { Severity::Info } else { set.at_least }
}

/// Whether a finding is about what is released: tests, examples and code of others are not, as long as it is
/// not about the repository as such. A credential in a test is one all the same.
fn is_released(finding: &Judged) -> bool {
    let aside = [PathClass::Test, PathClass::Example, PathClass::Vendored];
    let mut reasons = aside.into_iter().filter_map(PathClass::why_milder);
    !finding.lowered.as_ref().is_some_and(|lowered| reasons.any(|why| why == lowered.because))
}

/// Whether somebody said why a finding does not count. A baseline says that it was there before, which is
/// no reason to sail with it; a suppression without a reason says nothing.
fn is_excused(finding: &Judged) -> bool {
    finding.suppressed.as_ref().is_some_and(|suppression| {
        let is_said = matches!(
            suppression.kind,
            SuppressionKind::Comment | SuppressionKind::Annotation | SuppressionKind::Configuration
        );
        is_said && suppression.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty())
    })
}

fn failed(against: &[&Judged]) -> Decision {
    let count = against.len();
    let first = against.first();
    let reason = match first {
        Some(finding) if count == 1 => sentence(&finding.message),
        Some(finding) => format!("{} And {} more.", sentence(&finding.message), count - 1),
        None => String::new(),
    };
    let remedy = first.map_or("", |finding| finding.rule.remedy);
    let mut decision = Decision::new(Status::Fail, reason, remedy);
    decision.causes = against.iter().map(|finding| cause(finding)).collect();
    decision
}

fn cause(finding: &Judged) -> Cause {
    Cause {
        message: finding.message.clone(),
        place: Some(Place {
            path: finding.path.to_string(),
            line: finding.region.start.line,
            column: finding.region.start.column,
        }),
        rule: Some(finding.rule.id.to_owned()),
        severity: Some(finding.severity.to_string()),
        remedy: Some(finding.rule.remedy.to_owned()),
    }
}

/// A message as a sentence.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let rest = letters.as_str().trim_end_matches('.');
    let end = if rest.ends_with(['?', '!', ':']) { "" } else { "." };
    format!("{first}{rest}{end}")
}

fn rules_of(count: usize) -> String {
    if count == 1 { "One rule".to_owned() } else { format!("{count} rules") }
}

const fn says(count: usize) -> &'static str {
    if count == 1 { "says" } else { "say" }
}

fn proof(over: Subject, seen: usize, inputs: &Inputs<'_>) -> Proof {
    match inputs.survey.sights(over) {
        [only] if seen == 1 => Proof::File { what: only.what.clone(), place: only.place.clone() },
        sights => Proof::Files {
            what: over.count(seen),
            count: seen,
            places: sights.iter().map(|sight| sight.place.clone()).collect(),
        },
    }
}
