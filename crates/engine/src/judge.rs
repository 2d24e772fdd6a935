//! From raw findings to a report: which count, how much, where, and what may be shown.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use careen_ledger::{FileLedger, Known, Place, Used};
use careen_model::{File, PathClass, Snapshot};
use careen_policy::{IgnoresOfPath, SelectionOfPath, answers};
use careen_repo::Listing;
use careen_rule::{
    Edit, Finding, Fix, Judged, JudgedEdit, JudgedFix, JudgedRelated, Location, Lowered, Meta,
    Note, NoteKind, Report, Safety, Severity, SuppressionKind,
};
use careen_text::{Source, Span};
use rayon::prelude::*;

use crate::Engine;
use crate::fold::{fold, number};
use crate::ignores;
use crate::mend::Proposal;
use crate::pass::Pass;
use crate::scene::Seen;
use crate::sentence::{Sentence, accepted, place_of};
use crate::snippet::{merge, region, snippet};
use crate::suppress::Covers;
use crate::unite::{Weighed, unite};
use crate::veil::Veil;

/// Merged spans to mask, by path.
pub(crate) type Masks = BTreeMap<Arc<str>, Vec<Span>>;

/// What a judgement is asked for besides the report.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted<'l> {
    /// The files that were looked at, if they are files.
    pub(crate) listing: Option<&'l Listing>,
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
    /// What the entries of the baselines hold for.
    pub(crate) used: Used,
    /// Entries of the configuration's list that hold for something.
    pub(crate) ignored: BTreeSet<usize>,
}

/// What the findings of one path come to.
#[derive(Default)]
struct PathVerdict {
    sentences: Vec<Sentence>,
    notes: Vec<Note>,
    /// Edits that take suppressions away.
    removals: Vec<Proposal>,
    used: Used,
    ignored: BTreeSet<usize>,
}

impl Engine<'_> {
    pub(crate) fn judge(&self, pass: Pass, mut notes: Vec<Note>, wanted: Wanted<'_>) -> Verdict {
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
        let (mut paths, mut removals) = (Vec::with_capacity(verdicts.len()), Vec::new());
        let (mut used, mut ignored) = (Used::default(), BTreeSet::new());
        for verdict in verdicts {
            paths.push(verdict.sentences);
            notes.extend(verdict.notes);
            removals.extend(verdict.removals);
            used.add(verdict.used);
            ignored.extend(verdict.ignored);
        }
        if self.ledger.has_baseline() {
            let seen = Seen::new(&snapshot, wanted.listing, &rules, &enabled);
            self.settle(&mut paths, &mut used, &seen);
        }
        let (mut proposals, mut places) = (Vec::new(), Vec::new());
        let mut weighed = Vec::with_capacity(paths.len());
        for sentences in paths {
            let mut of_path = Vec::with_capacity(sentences.len());
            for Sentence { weighed, place, proposal } in sentences {
                let kind = weighed.judged.suppressed.as_ref().map(|suppressed| suppressed.kind);
                let known = kind.is_none_or(|kind| kind == SuppressionKind::Baseline);
                places.extend(place.filter(|_| known && wanted.places));
                proposals.extend(proposal);
                of_path.push(weighed);
            }
            weighed.push(of_path);
        }
        proposals.extend(removals);
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

    /// Looks up what no entry of a baseline knows by path and names.
    fn settle(&self, paths: &mut [Vec<Sentence>], used: &mut Used, seen: &Seen<'_>) {
        let all = || paths.iter().flatten().filter(|sentence| sentence.is_stray());
        let strays: Vec<&Place> = all().filter_map(|sentence| sentence.place.as_ref()).collect();
        let known = self.ledger.settle(used, &strays, seen, self.context.now);
        let strays = paths.iter_mut().flatten().filter(|sentence| sentence.is_stray());
        for (sentence, known) in strays.zip(known) {
            sentence.learn(known);
        }
    }
}

/// What every path is judged with.
pub(crate) struct Bench<'b> {
    pub(crate) engine: &'b Engine<'b>,
    pub(crate) rules: &'b [&'static Meta],
    pub(crate) enabled: &'b [&'static Meta],
    pub(crate) masks: &'b Masks,
    pub(crate) wanted: Wanted<'b>,
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
        let mut ledger = engine.ledger.of_file(path, engine.context.now);
        let places = self.wanted.places || engine.ledger.has_baseline();
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
            if engine.ledger.has_baseline() {
                // Of several that a baseline knows by count, the first are the known ones.
                findings.sort_by_key(|finding| finding.location.span);
            }
            for finding in findings {
                let proposal = up_to.and_then(|up_to| Proposal::of(&finding, up_to));
                let mut place = places.then(|| place_of(&finding));
                let held = finding.held;
                let (judged, entry) = self.one(finding, &text, &mut ledger);
                if let Some(place) = &mut place {
                    place.entry = entry;
                }
                let counts = judged.suppressed.is_none() && judged.fix.is_some();
                let proposal = proposal.filter(|_| counts);
                let weighed = Weighed { judged, held, steps: class.severity_steps() };
                verdict.sentences.push(Sentence { weighed, place, proposal });
            }
            if self.wanted.whole {
                let is_sure = |name: &str| self.is_sure(name);
                let enabled = self.enabled_here(&selection);
                let removals = covers.tell_unused(&source, &enabled, &is_sure, is_ours(class));
                let removals = removals.into_iter().filter(|it| Some(it.safety) <= up_to);
                verdict.removals.extend(removals.map(|it| Proposal::removal(&source, it)));
            }
            covers.say_rest(&source);
            verdict.notes.extend(covers.notes);
        }
        verdict.used = ledger.used();
        verdict.ignored = ignores.used();
        verdict.sentences.sort_by(|a, b| order(&a.weighed.judged, &b.weighed.judged));
        verdict
    }

    fn enabled_here(&self, selection: &SelectionOfPath<'_>) -> Cow<'_, [&'static Meta]> {
        if !selection.is_special() {
            return Cow::Borrowed(self.enabled);
        }
        self.enabled.iter().copied().filter(|rule| selection.is_enabled(rule)).collect()
    }

    /// Whether every rule behind a name that may report something has had its say in this run: those
    /// that were left out, and those that ask registries where none was asked, have not.
    fn is_sure(&self, name: &str) -> bool {
        let engine = self.engine;
        let is_enabled = |rule: &&'static Meta| engine.selection.is_enabled(rule);
        let online = engine.images.lookup.is_some();
        let waits = |rule: &&'static Meta| {
            !online && engine.linters.iter().any(|linter| linter.asks_registries(rule))
        };
        let behind = self.rules.iter().filter(|rule| answers(rule, name));
        let mut behind = behind.filter(|rule| rule.default || is_enabled(rule));
        behind.all(|rule| is_enabled(rule) && !waits(rule))
    }

    /// Judges one finding of a text whose class, suppressions and masks are known. Also tells the
    /// baseline's entry that knows it.
    pub(crate) fn one(
        &self,
        finding: Finding,
        text: &Text<'_>,
        ledger: &mut FileLedger<'_>,
    ) -> (Judged, Option<usize>) {
        let masks = self.masks;
        let fingerprint = finding.fingerprint();
        let Location { source, span } = &finding.location;
        let region = region(source, *span);
        let ignored = || {
            let entry = text.ignores.find(finding.rule, finding.object.as_deref())?;
            Some(ignores::suppression(entry))
        };
        let own = text.covers.find(&finding).cloned().or_else(ignored);
        let known = match own {
            Some(own) => Known { suppression: Some(own), entry: None },
            None if self.engine.ledger.is_empty() => Known::default(),
            None => accepted(&finding, region, &fingerprint, ledger),
        };
        let (severity, lowered) = match text.selection.severity(finding.rule) {
            Some(severity) => (severity, None),
            None => lowered(finding.severity, text.class),
        };
        let related = finding.related.iter().map(|related| {
            let judged = judge_related(related, masks);
            JudgedRelated { message: text.veil.over(judged.message), ..judged }
        });
        let judged = Judged {
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
            suppressed: known.suppression,
            history: None,
        };
        (judged, known.entry)
    }
}

/// The severity where the file's role counts, and why it is lower if it is.
fn lowered(severity: Severity, class: PathClass) -> (Severity, Option<Lowered>) {
    let milder = severity.lowered(class.severity_steps());
    let because = class.why_milder().filter(|_| milder < severity);
    (milder, because.map(|because| Lowered { from: severity, because }))
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
