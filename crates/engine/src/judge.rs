//! From raw findings to a report: which count, how much, where, and what may be shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use careen_model::{File, PathClass, Snapshot};
use careen_rule::{
    Edit, Finding, Fix, Judged, JudgedEdit, JudgedFix, JudgedRelated, Location, Note, Report,
    Safety,
};
use careen_text::{Source, Span};
use rayon::prelude::*;

use crate::Engine;
use crate::fold::{fold, number};
use crate::mend::Proposal;
use crate::pass::Pass;
use crate::snippet::{merge, region, snippet};
use crate::suppress::Covers;

/// Merged spans to mask, by path.
pub(crate) type Masks = BTreeMap<Arc<str>, Vec<Span>>;

/// A report with what fixing needs.
pub(crate) struct Verdict {
    pub(crate) report: Report,
    /// Fixes of findings that count, in the order of the report.
    pub(crate) proposals: Vec<Proposal>,
    pub(crate) masks: Masks,
}

impl Engine<'_> {
    /// `whole` says that all of a repository was looked at, so that a suppression which covers
    /// nothing is one too many.
    pub(crate) fn judge(&self, pass: Pass, notes: Vec<Note>, whole: bool) -> Report {
        self.judge_offering(pass, notes, whole, None).report
    }

    /// Judges, and hands out the fixes that go no further than `up_to`, if any are wanted.
    pub(crate) fn judge_offering(
        &self,
        pass: Pass,
        mut notes: Vec<Note>,
        whole: bool,
        up_to: Option<Safety>,
    ) -> Verdict {
        let rules = self.rules();
        let enabled: Vec<_> =
            rules.iter().copied().filter(|rule| self.selection.is_enabled(rule)).collect();
        // Secrets are masked in whatever is shown, also when their own rule is off.
        let masks = masks(&pass.findings, &pass.snapshot);
        let Pass { snapshot, findings, notes: more, summary, classes } = pass;
        notes.extend(more);

        let mut by_path: BTreeMap<Arc<str>, Vec<Finding>> = BTreeMap::new();
        for finding in findings {
            if self.selection.is_enabled(finding.rule) {
                by_path.entry(finding.location.source.shared_path()).or_default().push(finding);
            }
        }
        if whole {
            // A file without findings may have suppressions all the same.
            for file in snapshot.files() {
                by_path.entry(file.source.shared_path()).or_default();
            }
        }
        let by_path: Vec<_> = by_path.into_iter().collect();
        let judged: Vec<(Vec<Judged>, Vec<Note>, Vec<Proposal>)> = by_path
            .into_par_iter()
            .map(|(path, findings)| {
                let class = classes.get(&path).copied().unwrap_or(PathClass::Production);
                let mut judged = Vec::with_capacity(findings.len());
                let mut notes = Vec::new();
                let mut proposals = Vec::new();
                let up_to = up_to.filter(|_| is_ours(class));
                for (source, findings) in by_source(findings, snapshot.file(&path)) {
                    let file = file_of(&snapshot, &source);
                    let hidden = masked(&masks, &source);
                    let mut covers = Covers::read(&source, file, &rules, self.context.now, hidden);
                    let hashes = self.line_hashes.filter(|_| !findings.is_empty());
                    let hashes = hashes.map(|hash| hash(source.text()));
                    judged.extend(findings.into_iter().map(|finding| {
                        let proposal = up_to.and_then(|up_to| Proposal::of(&finding, up_to));
                        let judged = self.one(finding, class, &covers, hashes.as_deref(), &masks);
                        let counts = judged.suppressed.is_none() && judged.fix.is_some();
                        proposals.extend(proposal.filter(|_| counts));
                        judged
                    }));
                    if whole {
                        covers.tell_unused(&source, &enabled);
                    }
                    covers.say_rest(&source);
                    notes.extend(covers.notes);
                }
                judged.sort_by(order);
                (fold(judged), notes, proposals)
            })
            .collect();
        let mut findings = Vec::with_capacity(judged.iter().map(|(found, ..)| found.len()).sum());
        let mut proposals = Vec::new();
        for (found, more, offered) in judged {
            findings.extend(found);
            notes.extend(more);
            proposals.extend(offered);
        }
        number(&mut findings);
        notes.sort();
        notes.dedup();
        let tool = self.tool.clone();
        let report = Report { tool, at: self.context.now, rules, findings, notes, summary };
        Verdict { report, proposals, masks }
    }

    /// Judges one finding of a file whose class, suppressions and masks are known.
    pub(crate) fn one(
        &self,
        finding: Finding,
        class: PathClass,
        covers: &Covers,
        hashes: Option<&[String]>,
        masks: &Masks,
    ) -> Judged {
        let suppressed = covers.find(&finding).cloned();
        let fingerprint = finding.fingerprint();
        let Location { source, span } = &finding.location;
        let region = region(source, *span);
        let severity = self
            .selection
            .severity(finding.rule)
            .unwrap_or_else(|| finding.severity.lowered(class.severity_steps()));
        Judged {
            rule: finding.rule,
            severity,
            confidence: finding.confidence,
            message: finding.message,
            path: source.shared_path(),
            region,
            snippet: snippet(source, *span, masked(masks, source)),
            object: finding.object,
            related: finding.related.iter().map(|related| judge_related(related, masks)).collect(),
            fix: finding.fix.as_ref().and_then(|fix| judge_fix(fix, source, masked(masks, source))),
            fingerprint,
            line_hash: hashes
                .and_then(|hashes| hashes.get((region.start.line as usize).saturating_sub(1)))
                .cloned(),
            suppressed,
            history: None,
        }
    }
}

/// Whether people mend the file here: the next update would undo it otherwise.
fn is_ours(class: PathClass) -> bool {
    !matches!(class, PathClass::Vendored | PathClass::Generated)
}

/// Findings of one path by text: standard input may bear the name of a file. `file` is there also
/// if nothing was found in it.
fn by_source(findings: Vec<Finding>, file: Option<&File>) -> Vec<(Arc<Source>, Vec<Finding>)> {
    let mut groups: Vec<(Arc<Source>, Vec<Finding>)> = Vec::new();
    if let Some(file) = file.filter(|_| findings.is_empty()) {
        groups.push((Arc::clone(&file.source), Vec::new()));
    }
    for finding in findings {
        let source = &finding.location.source;
        match groups.iter_mut().find(|(known, _)| Arc::ptr_eq(known, source)) {
            Some((_, group)) => group.push(finding),
            None => groups.push((Arc::clone(source), vec![finding])),
        }
    }
    groups
}

/// The artifact that was made of this very text.
fn file_of<'s>(snapshot: &'s Snapshot, source: &Arc<Source>) -> Option<&'s File> {
    let files = snapshot.files();
    let from = files.partition_point(|file| file.source.path() < source.path());
    let same_path =
        files.get(from..)?.iter().take_while(|file| file.source.path() == source.path());
    same_path.into_iter().find(|file| Arc::ptr_eq(&file.source, source))
}

/// A fix in positions; none if what it writes could quote something masked.
fn judge_fix(fix: &Fix, source: &Source, masks: &[Span]) -> Option<JudgedFix> {
    let touches = |edit: &Edit| {
        let first = masks.partition_point(|mask| mask.end < edit.span.start);
        masks.get(first).is_some_and(|mask| mask.start <= edit.span.end)
    };
    if fix.edits.iter().any(|edit| !edit.text.is_empty() && touches(edit)) {
        return None;
    }
    let edits = fix
        .edits
        .iter()
        .map(|edit| JudgedEdit { region: region(source, edit.span), text: edit.text.clone() });
    Some(JudgedFix { title: fix.title.clone(), safety: fix.safety, edits: edits.collect() })
}

fn judge_related(related: &careen_rule::Related, masks: &Masks) -> JudgedRelated {
    let Location { source, span } = &related.location;
    JudgedRelated {
        path: source.shared_path(),
        region: region(source, *span),
        message: related.message.clone(),
        snippet: snippet(source, *span, masked(masks, source)),
    }
}

fn masked<'m>(masks: &'m Masks, source: &Source) -> &'m [Span] {
    masks.get(source.path()).map(Vec::as_slice).unwrap_or_default()
}

fn masks(findings: &[Finding], snapshot: &Snapshot) -> Masks {
    let mut masks = Masks::new();
    for finding in findings {
        if !finding.secrets.is_empty() {
            let path = finding.location.source.shared_path();
            masks.entry(path).or_default().extend(&finding.secrets);
        }
    }
    // What a Secret holds is secret, whether a rule has something to say about it or not: another
    // file's finding may point there.
    for file in snapshot.files() {
        let guarded = file.guarded_spans();
        if !guarded.is_empty() {
            masks.entry(file.source.shared_path()).or_default().extend(guarded);
        }
    }
    for spans in masks.values_mut() {
        *spans = merge(std::mem::take(spans));
    }
    masks
}

fn order(a: &Judged, b: &Judged) -> std::cmp::Ordering {
    (&a.path, a.region, a.rule.id, &a.message).cmp(&(&b.path, b.region, b.rule.id, &b.message))
}

#[cfg(test)]
mod tests;
