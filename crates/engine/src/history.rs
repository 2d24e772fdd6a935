//! The history of a repository: every version of every file is linted, and a secret that stands in
//! many versions of a file is one finding, put down to the first commit that has it.
//!
//! A version is linted and judged like a file, one by one, and dropped: what is kept of it are its
//! findings as plain data. Versions know each other's secrets by a hash with a key of this run alone.

mod unread;

use std::collections::hash_map::{Entry, RandomState};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, Hasher};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use careen_model::File;
use careen_repo::{Blob, Content, History, START, Watch};
use careen_rule::{
    Finding, History as Detail, Judged, Meta, Note, NoteKind, Report, Summary, Suppression,
};
use careen_text::{Encoding, Source, Span};
use rayon::prelude::*;

use self::unread::Unread;
use crate::fold::number;
use crate::judge::{Bench, Masks, Text, Wanted};
use crate::pass::{Crew, add, unparsed};
use crate::snippet::merge;
use crate::suppress::Covers;
use crate::veil::Veil;
use crate::{Engine, Progress};

/// Versions that one task reads. Those of one file stand together and are made of each other, so
/// few tasks are better than many.
const TASK: usize = 1024;

/// What tells secrets apart without being one.
type Value = [u8; 32];

/// A secret at a path.
type Key = (&'static str, Arc<str>, Value);

/// What is known of a secret at a path.
struct Known {
    /// As it stands in the first version.
    judged: Judged,
    first: Blob,
    /// Of the last version, by the order of the commits: it says what holds today.
    last: u32,
    suppressed: Option<Suppression>,
    versions: usize,
}

/// What some of the versions come to.
#[derive(Default)]
struct Part {
    known: HashMap<Key, Known>,
    /// Secrets of versions that stand in `HEAD`, with the paths they have there.
    standing: HashMap<Value, HashSet<Arc<str>>>,
    notes: BTreeMap<(Option<String>, String), Note>,
    unread: BTreeMap<Content, Unread>,
    summary: Summary,
    is_cut_short: bool,
}

impl Part {
    /// Joins two parts, in whatever order.
    fn join(mut self, other: Self) -> Self {
        if self.known.len() < other.known.len() {
            return other.join(self);
        }
        for (key, known) in other.known {
            self.meet(key, known);
        }
        for (value, paths) in other.standing {
            self.standing.entry(value).or_default().extend(paths);
        }
        self.notes.extend(other.notes);
        for (content, unread) in other.unread {
            self.unread.entry(content).or_default().add(unread.count, unread.paths);
        }
        add(&mut self.summary, &other.summary);
        self.is_cut_short |= other.is_cut_short;
        self
    }

    fn meet(&mut self, key: Key, new: Known) {
        match self.known.entry(key) {
            Entry::Vacant(place) => _ = place.insert(new),
            Entry::Occupied(mut place) => {
                let known = place.get_mut();
                known.versions += new.versions;
                let order = |known: &Known| known.judged.history.as_ref().map(|at| at.order);
                let is_first = order(&new) < order(known);
                if new.last > known.last {
                    (known.last, known.suppressed) = (new.last, new.suppressed);
                }
                if is_first {
                    (known.judged, known.first) = (new.judged, new.first);
                }
            }
        }
    }
}

/// What every task needs.
struct Search<'a> {
    engine: &'a Engine<'a>,
    history: &'a History,
    crew: Crew<'a>,
    rules: Vec<&'static Meta>,
    key: [u8; 32],
}

/// Hands what the repository tells on to the user.
struct Watcher<'a>(&'a dyn Progress);

impl Watch for Watcher<'_> {
    fn begin(&self, commits: usize) {
        self.0.begin_stage("commits", commits);
    }

    fn advance(&self, commits: usize) {
        for _ in 0..commits {
            self.0.advance();
        }
    }

    fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

impl Engine<'_> {
    /// Whether any of the rules that are wanted is one to search a history with.
    #[must_use]
    pub fn can_search_history(&self) -> bool {
        let readers = self.linters.iter().filter(|linter| linter.reads_history());
        readers.flat_map(|linter| linter.rules()).any(|rule| self.selection.is_enabled(rule))
    }

    /// Searches the versions of files that a range of commits brought in, or all that references
    /// lead to, with the linters that are made for it.
    ///
    /// # Errors
    ///
    /// Returns an error only if there is nothing to search at all: no repository, an unknown range.
    pub fn check_history(
        &self,
        options: &careen_repo::Options,
        range: Option<&str>,
        with_authors: bool,
    ) -> Result<Report, careen_repo::Error> {
        self.in_pool(|| {
            let leave_out = |path: &Path| self.exclude.is_match(path);
            let mut history =
                careen_repo::history(options, range, &leave_out, &Watcher(self.progress))?;
            let notes = std::mem::take(&mut history.notes);
            Ok(self.search(&history, notes, with_authors))
        })
    }

    fn search(&self, history: &History, mut notes: Vec<Note>, with_authors: bool) -> Report {
        self.progress.begin_stage("versions of files", history.blobs().len());
        let search = Search {
            engine: self,
            history,
            crew: self.crew_for(|linter| linter.reads_history()),
            rules: self.rules(),
            key: run_key(),
        };
        let mut part = search.over(history.blobs());
        // Whether something still stands may be known only from versions outside of the range.
        if !history.others().is_empty() && !part.known.is_empty() && !part.is_cut_short {
            let others = search.over(history.others());
            for (value, paths) in others.standing {
                part.standing.entry(value).or_default().extend(paths);
            }
        }
        if history.is_cut_short || part.is_cut_short {
            let message = "interrupted: what follows is what had been found until then";
            notes.push(Note::general(NoteKind::Limit, message).incomplete());
        }
        let Part { known, standing, notes: more, unread, mut summary, .. } = part;
        notes.extend(more.into_values());
        notes.extend(unread.iter().filter_map(|(content, unread)| unread.note(*content)));
        notes.sort();
        notes.dedup();
        summary.commits = history.commit_count();

        let mut authors: HashMap<String, Option<String>> = HashMap::new();
        let mut findings: Vec<Judged> = known
            .into_iter()
            .map(|((_, path, value), known)| {
                let Known { mut judged, first, suppressed, versions, .. } = known;
                judged.suppressed = suppressed;
                let places = standing.get(&value);
                if let Some(detail) = &mut judged.history {
                    detail.versions = versions;
                    detail.in_head = places.is_some();
                    detail.head_path = places
                        .filter(|places| !places.contains(&path))
                        .and_then(|places| places.iter().min().cloned());
                    if with_authors && let Some(commit) = history.commit(&first) {
                        let author = authors.entry(detail.commit.clone());
                        detail.author = author.or_insert_with(|| history.author(&commit)).clone();
                    }
                }
                judged
            })
            .collect();
        // Numbered as the commits came, so that later ones change no earlier number.
        findings.sort_by(|a, b| {
            let order = |judged: &Judged| judged.history.as_ref().map(|at| at.order);
            let key = |judged: &Judged| (judged.region, judged.rule.id);
            let first = a.path.cmp(&b.path).then_with(|| order(a).cmp(&order(b)));
            first.then_with(|| key(a).cmp(&key(b))).then_with(|| a.message.cmp(&b.message))
        });
        number(&mut findings);
        findings.sort_by(|a, b| {
            let key = |judged: &Judged| (judged.region, judged.rule.id);
            a.path.cmp(&b.path).then_with(|| key(a).cmp(&key(b)))
        });
        let tool = self.tool.clone();
        Report { tool, at: self.context.now, rules: search.rules, findings, notes, summary }
    }
}

impl Search<'_> {
    fn over(&self, blobs: &[Blob]) -> Part {
        blobs
            .par_chunks(TASK)
            .map(|blobs| {
                let mut part = Part::default();
                let mut buffer = Vec::new();
                self.history.read(blobs, &mut buffer, |blob, content, buffer| {
                    if self.engine.progress.is_cancelled() {
                        part.is_cut_short = true;
                        return ControlFlow::Break(());
                    }
                    self.one(blob, content, buffer, &mut part);
                    self.engine.progress.advance();
                    ControlFlow::Continue(())
                });
                part
            })
            .reduce(Part::default, Part::join)
    }

    /// Lints and judges one version.
    fn one(&self, blob: &Blob, content: Content, buffer: &mut Vec<u8>, part: &mut Part) {
        let path = self.history.path(blob);
        match content {
            Content::Text => {}
            Content::Binary => return self.binary(blob, path, buffer, part),
            unread => return part.unread.entry(unread).or_default().add(1, [path]),
        }
        part.summary.files += 1;
        part.summary.bytes += buffer.len() as u64;
        let source = Arc::new(Source::from_bytes(path, std::mem::take(buffer)));
        let mut notes = Vec::new();
        let within = self.history.within(blob);
        let (file, findings) = self.engine.look(source, within, &self.crew, &mut notes);
        // A thousand versions of a file have the same to say.
        part.notes.extend(notes.into_iter().map(|note| {
            let words =
                if note.kind == NoteKind::Limit { String::new() } else { note.message.clone() };
            ((note.path.clone(), words), note)
        }));
        let findings = findings.into_vec();
        if !findings.is_empty() {
            self.judge(blob, &file, findings, part);
        }
        let File { source, tree, dockerfile, ignore, bundles, objects, .. } = file;
        drop((tree, dockerfile, ignore, bundles, objects));
        if let Ok(source) = Arc::try_unwrap(source)
            && source.encoding() == Encoding::Utf8
        {
            *buffer = source.into_bytes();
        }
    }

    /// Lints and judges a version that is no text, by its start.
    fn binary(&self, blob: &Blob, path: Arc<str>, content: &[u8], part: &mut Part) {
        part.summary.binary += 1;
        let source = Source::new(path, "");
        let start = content.get(..START).unwrap_or(content);
        let whole = start.len() == content.len();
        let mut notes = Vec::new();
        let findings = self.engine.look_at_start(&source, start, whole, &self.crew, &mut notes);
        part.notes.extend(
            notes.into_iter().map(|note| ((note.path.clone(), note.message.clone()), note)),
        );
        let findings = findings.into_vec();
        if !findings.is_empty() {
            let file = unparsed(&source, self.history.within(blob));
            self.judge(blob, &file, findings, part);
        }
    }

    fn judge(&self, blob: &Blob, file: &File, findings: Vec<Finding>, part: &mut Part) {
        let source = &file.source;
        let path = source.shared_path();
        let mut hidden: Vec<Span> =
            findings.iter().flat_map(|found| &found.secrets).copied().collect();
        let values = merge(hidden.clone());
        hidden.extend(file.guarded_spans());
        let hidden = merge(hidden);
        let artifact = file.is_artifact().then_some(file);
        let now = self.engine.context.now;
        let covers = Covers::read(
            source,
            artifact,
            (&self.rules, true),
            self.engine.selection.requirements(),
            now,
            &hidden,
        );
        let veil = Veil::of(source, &values);
        let masks = Masks::from([(Arc::clone(&path), hidden)]);
        let bench = Bench {
            engine: self.engine,
            rules: &self.rules,
            enabled: &self.rules,
            masks: &masks,
            wanted: Wanted::default(),
        };
        let selection = self.engine.selection.of_path(&path);
        let ignores = self.engine.selection.ignores().of_path(&path, now);
        let text = Text {
            class: file.class,
            selection: &selection,
            covers: &covers,
            ignores: &ignores,
            hashes: None,
            veil: &veil,
        };
        let mut ledger = self.engine.ledger.of_file(&path, now);
        let standing: HashSet<Arc<str>> = self.history.standing(blob).collect();
        let order = self.history.order(blob);
        let commit = self.history.commit(blob);
        let mut met: HashSet<(&'static str, Value)> = HashSet::new();
        for finding in findings {
            if !selection.is_enabled(finding.rule) {
                continue;
            }
            let value = self.value(&finding);
            if !standing.is_empty() {
                part.standing.entry(value).or_default().extend(standing.iter().cloned());
            }
            // The same twice in one version is one: the first place stands for both.
            let (Some(commit), true) = (&commit, met.insert((finding.rule.id, value))) else {
                continue;
            };
            let (mut judged, _) = bench.one(finding, &text, &mut ledger);
            // What was committed cannot be mended in place.
            judged.fix = None;
            judged.history = Some(Box::new(Detail {
                commit: commit.id(),
                order,
                time: commit.time,
                author: None,
                versions: 1,
                in_head: false,
                head_path: None,
            }));
            let suppressed = judged.suppressed.clone();
            let known = Known { judged, first: *blob, last: order, suppressed, versions: 1 };
            part.meet((known.judged.rule.id, Arc::clone(&path), value), known);
        }
    }

    /// What stands for the secret of a finding in this run.
    fn value(&self, finding: &Finding) -> Value {
        let source = &finding.location.source;
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        match finding.secrets.first() {
            Some(secret) => hasher.update(source.slice(*secret).as_bytes()),
            None => {
                hasher.update(finding.evidence.as_bytes());
                hasher.update(source.slice(finding.location.span).as_bytes())
            }
        };
        *hasher.finalize().as_bytes()
    }
}

/// A key that no other run has: its hashes are of no use to anybody else.
fn run_key() -> [u8; 32] {
    let mut key = [0; 32];
    for piece in key.chunks_exact_mut(8) {
        let random = RandomState::new().build_hasher().finish();
        piece.copy_from_slice(&random.to_le_bytes());
    }
    key
}
