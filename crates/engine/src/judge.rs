//! From raw findings to a report: which count, how much, where, and what may be shown.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use careen_ledger::{FileLedger, Place, Subject};
use careen_model::{File, PathClass, Snapshot};
use careen_policy::{IgnoresOfPath, SelectionOfPath};
use careen_rule::{
    Edit, Finding, Fix, Judged, JudgedEdit, JudgedFix, JudgedRelated, Location, Lowered, Meta,
    Note, NoteKind, Region, Report, Safety, Severity, Suppression, SuppressionKind,
};
use careen_text::{Source, Span};
use rayon::prelude::*;

use crate::Engine;
use crate::fold::{fold, number};
use crate::ignores;
use crate::mend::Proposal;
use crate::pass::Pass;
use crate::snippet::{merge, region, snippet};
use crate::suppress::Covers;
use crate::unite::{Weighed, unite};
use crate::veil::Veil;

/// Merged spans to mask, by path.
pub(crate) type Masks = BTreeMap<Arc<str>, Vec<Span>>;

/// Spans of a secret that files of other tools are asked about: itself and the value around it.
const MOST_OWN: usize = 2;

/// What a judgement is asked for besides the report.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    /// All of a repository was looked at, so that a suppression which covers nothing is one too
    /// many.
    pub(crate) whole: bool,
    /// Fixes that go no further.
    pub(crate) fixes: Option<Safety>,
    /// What a baseline would hold.
    pub(crate) places: bool,
}

/// A report with what fixing and a baseline need.
pub(crate) struct Verdict {
    pub(crate) report: Report,
    /// Fixes of findings that count, in the order of the report.
    pub(crate) proposals: Vec<Proposal>,
    pub(crate) masks: Masks,
    /// Every place that counts or that the baseline holds.
    pub(crate) places: Vec<Place>,
    /// The baseline's entries that hold for something.
    pub(crate) used: BTreeSet<usize>,
    /// Entries of the configuration's list that hold for something.
    pub(crate) ignored: BTreeSet<usize>,
}

/// What the findings of one path come to.
#[derive(Default)]
struct PathVerdict {
    findings: Vec<Weighed>,
    notes: Vec<Note>,
    proposals: Vec<Proposal>,
    places: Vec<Place>,
    used: Vec<usize>,
    ignored: BTreeSet<usize>,
}

impl Engine<'_> {
    pub(crate) fn judge(&self, pass: Pass, mut notes: Vec<Note>, wanted: Wanted) -> Verdict {
        let rules = self.rules();
        let enabled: Vec<_> =
            rules.iter().copied().filter(|rule| self.selection.is_enabled(rule)).collect();
        // Secrets are masked in whatever is shown, also when their own rule is off.
        let values = values(&pass.findings);
        let masks = masks(&values, &pass.snapshot);
        let Pass { snapshot, findings, notes: more, summary, classes } = pass;
        notes.extend(more);

        let mut by_path: BTreeMap<Arc<str>, Vec<Finding>> = BTreeMap::new();
        for finding in findings {
            if self.selection.is_enabled(finding.rule) {
                by_path.entry(finding.location.source.shared_path()).or_default().push(finding);
            }
        }
        if wanted.whole {
            // A file without findings may have suppressions all the same.
            for file in snapshot.files() {
                by_path.entry(file.source.shared_path()).or_default();
            }
        }
        let by_path: Vec<_> = by_path.into_iter().collect();
        let bench = Bench { engine: self, rules: &rules, enabled: &enabled, masks: &masks, wanted };
        let verdicts: Vec<PathVerdict> = by_path
            .into_par_iter()
            .map(|(path, findings)| {
                let class = classes.get(&path).copied().unwrap_or(PathClass::Production);
                let values = values.get(&path).map(Vec::as_slice).unwrap_or_default();
                bench.judge_path(&path, class, values, findings, &snapshot)
            })
            .collect();
        let mut weighed = Vec::with_capacity(verdicts.len());
        let (mut proposals, mut places) = (Vec::new(), Vec::new());
        let (mut used, mut ignored) = (BTreeSet::new(), BTreeSet::new());
        for verdict in verdicts {
            weighed.push(verdict.findings);
            notes.extend(verdict.notes);
            proposals.extend(verdict.proposals);
            places.extend(verdict.places);
            used.extend(verdict.used);
            ignored.extend(verdict.ignored);
        }
        if !self.apart {
            unite(&mut weighed);
        }
        let mut findings = Vec::with_capacity(weighed.iter().map(Vec::len).sum());
        for of_path in weighed {
            findings.extend(fold(of_path.into_iter().map(|it| it.judged).collect()));
        }
        number(&mut findings);
        notes.extend(imports(&findings));
        notes.extend(self.lapsed_ignores());
        notes.sort();
        notes.dedup();
        let tool = self.tool.clone();
        let report = Report { tool, at: self.context.now, rules, findings, notes, summary };
        Verdict { report, proposals, masks, places, used, ignored }
    }
}

/// What every path is judged with.
pub(crate) struct Bench<'b> {
    pub(crate) engine: &'b Engine<'b>,
    pub(crate) rules: &'b [&'static Meta],
    pub(crate) enabled: &'b [&'static Meta],
    pub(crate) masks: &'b Masks,
    pub(crate) wanted: Wanted,
}

/// What the findings of one text are judged with.
pub(crate) struct Text<'b> {
    pub(crate) class: PathClass,
    pub(crate) selection: &'b SelectionOfPath<'b>,
    pub(crate) covers: &'b Covers,
    pub(crate) ignores: &'b IgnoresOfPath<'b>,
    pub(crate) hashes: Option<&'b [String]>,
    pub(crate) veil: &'b Veil,
}

impl Bench<'_> {
    fn judge_path(
        &self,
        path: &Arc<str>,
        class: PathClass,
        values: &[Span],
        mut findings: Vec<Finding>,
        snapshot: &Snapshot,
    ) -> PathVerdict {
        let engine = self.engine;
        let now = engine.context.now;
        let selection = engine.selection.of_path(path);
        let ignores = engine.selection.ignores().of_path(path, now);
        if selection.is_special() {
            findings.retain(|finding| selection.is_enabled(finding.rule));
        }
        let mut verdict = PathVerdict::default();
        let up_to = self.wanted.fixes.filter(|_| is_ours(class));
        let mut ledger = engine.ledger.of_file(path);
        for (source, mut findings) in by_source(findings, snapshot.file(path)) {
            let file = file_of(snapshot, &source);
            let hidden = masked(self.masks, &source);
            let secrets = findings.iter().any(|finding| !finding.secrets.is_empty());
            let requirements = engine.selection.requirements();
            let rules = (self.rules, secrets);
            let mut covers = Covers::read(&source, file, rules, requirements, now, hidden);
            let hashes = engine.line_hashes.filter(|_| !findings.is_empty());
            let hashes = hashes.map(|hash| hash(source.text()));
            let veil = Veil::of(&source, if findings.is_empty() { &[] } else { values });
            let text = Text {
                class,
                selection: &selection,
                covers: &covers,
                ignores: &ignores,
                hashes: hashes.as_deref(),
                veil: &veil,
            };
            if engine.ledger.baseline.is_some() {
                // Of several that a baseline knows by count, the first are the known ones.
                findings.sort_by_key(|finding| finding.location.span);
            }
            for finding in findings {
                let proposal = up_to.and_then(|up_to| Proposal::of(&finding, up_to));
                let place = self.wanted.places.then(|| place_of(&finding));
                let held = finding.held;
                let judged = self.one(finding, &text, &mut ledger);
                let counts = judged.suppressed.is_none() && judged.fix.is_some();
                verdict.proposals.extend(proposal.filter(|_| counts));
                let kind = judged.suppressed.as_ref().map(|suppressed| suppressed.kind);
                let known = kind.is_none_or(|kind| kind == SuppressionKind::Baseline);
                verdict.places.extend(place.filter(|_| known));
                verdict.findings.push(Weighed { judged, held, steps: class.severity_steps() });
            }
            if self.wanted.whole {
                covers.tell_unused(&source, &self.enabled_here(&selection));
            }
            covers.say_rest(&source);
            verdict.notes.extend(covers.notes);
        }
        verdict.used = ledger.used();
        verdict.ignored = ignores.used();
        verdict.findings.sort_by(|a, b| order(&a.judged, &b.judged));
        verdict
    }

    fn enabled_here(&self, selection: &SelectionOfPath<'_>) -> Cow<'_, [&'static Meta]> {
        if !selection.is_special() {
            return Cow::Borrowed(self.enabled);
        }
        self.enabled.iter().copied().filter(|rule| selection.is_enabled(rule)).collect()
    }

    /// Judges one finding of a text whose class, suppressions and masks are known.
    pub(crate) fn one(
        &self,
        finding: Finding,
        text: &Text<'_>,
        ledger: &mut FileLedger<'_>,
    ) -> Judged {
        let masks = self.masks;
        let fingerprint = finding.fingerprint();
        let Location { source, span } = &finding.location;
        let region = region(source, *span);
        let ignored = || {
            let entry = text.ignores.find(finding.rule, finding.object.as_deref())?;
            Some(ignores::suppression(entry))
        };
        let suppressed = text.covers.find(&finding).cloned().or_else(ignored).or_else(|| {
            let known = !self.engine.ledger.is_empty();
            known.then(|| accepted(&finding, region, &fingerprint, ledger)).flatten()
        });
        let (severity, lowered) = match text.selection.severity(finding.rule) {
            Some(severity) => (severity, None),
            None => lowered(finding.severity, text.class),
        };
        let related = finding.related.iter().map(|related| {
            let judged = judge_related(related, masks);
            JudgedRelated { message: text.veil.over(judged.message), ..judged }
        });
        Judged {
            rule: finding.rule,
            severity,
            lowered,
            confidence: finding.confidence,
            message: text.veil.over(finding.message),
            path: source.shared_path(),
            region,
            snippet: snippet(source, *span, masked(masks, source)),
            object: finding.object,
            related: related.collect(),
            fix: finding.fix.as_ref().and_then(|fix| judge_fix(fix, source, masked(masks, source))),
            fingerprint,
            line_hash: text
                .hashes
                .and_then(|hashes| hashes.get((region.start.line as usize).saturating_sub(1)))
                .cloned(),
            suppressed,
            history: None,
        }
    }
}

/// The severity where the file's role counts, and why it is lower if it is.
fn lowered(severity: Severity, class: PathClass) -> (Severity, Option<Lowered>) {
    let milder = severity.lowered(class.severity_steps());
    let because = class.why_milder().filter(|_| milder < severity);
    (milder, because.map(|because| Lowered { from: severity, because }))
}

/// Why a finding was accepted before, if it was.
fn accepted(
    finding: &Finding,
    region: Region,
    fingerprint: &str,
    ledger: &mut FileLedger<'_>,
) -> Option<Suppression> {
    let Location { source, span } = &finding.location;
    let last = Span::new(span.end.saturating_sub(1).max(span.start), span.end.max(span.start));
    let lines = source.lines();
    let lines = Span::new(
        lines.line_span(region.start.line).start,
        lines.line_span(source.position(last.start).line).end,
    );
    // What a rule masks beside the secret it is about may be another one's.
    let own = finding.secrets.iter().filter(|_| finding.held.is_some()).take(MOST_OWN);
    let secrets: Vec<&str> = own.map(|secret| source.slice(*secret)).collect();
    ledger.find(&Subject {
        rule: finding.rule,
        path: source.path(),
        lines: (region.start.line, source.position(last.start).line),
        text: source.slice(lines),
        secrets: &secrets,
        held: finding.held,
        fingerprint,
    })
}

/// A finding as a baseline knows it.
fn place_of(finding: &Finding) -> Place {
    Place {
        rule: finding.rule.id,
        path: finding.location.source.path().to_owned(),
        object: finding.object.as_ref().map(ToString::to_string),
        fingerprint: finding.fingerprint(),
        held: finding.held,
    }
}

/// Says how much files of other tools take away: nobody named them.
fn imports(findings: &[Judged]) -> Vec<Note> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for suppression in findings.iter().filter_map(|finding| finding.suppressed.as_ref()) {
        if let (SuppressionKind::Import, Some(source)) = (suppression.kind, &suppression.source) {
            *counts.entry(source).or_default() += 1;
        }
    }
    let note = |(source, count): (&str, usize)| {
        let findings = if count == 1 { "finding" } else { "findings" };
        let message = format!(
            "suppresses {count} {findings}: what it accepts for another tool holds here too, \
             unless `--no-foreign` is given"
        );
        Note::about(NoteKind::Information, source, message)
    };
    counts.into_iter().map(note).collect()
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

/// What findings say is secret, by path.
fn values(findings: &[Finding]) -> Masks {
    let mut values = Masks::new();
    for finding in findings {
        if !finding.secrets.is_empty() {
            let path = finding.location.source.shared_path();
            values.entry(path).or_default().extend(&finding.secrets);
        }
    }
    values
}

fn masks(values: &Masks, snapshot: &Snapshot) -> Masks {
    let mut masks = values.clone();
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
