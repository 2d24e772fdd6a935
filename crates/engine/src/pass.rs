//! The one pass: read, parse, lint each file; keep artifacts; then lint across them.

use std::collections::BTreeMap;
use std::sync::Arc;

use careen_model::{
    File, FileKind, Linter, PathClass, Snapshot, file_kind, parse, parse_material, path_class,
};
use careen_repo::{Entry, Outcome, Reader, START};
use careen_rule::{Finding, Findings, Meta, Note, NoteKind, Summary};
use careen_text::{Encoding, Source};
use rayon::prelude::*;

use crate::fragments::{drop_from_fragments, drop_of_replaced};
use crate::images::reword;
use crate::isolate::{isolated, parsed};
use crate::{Engine, Input};

/// What the pass leaves for the judge.
#[derive(Default)]
pub(crate) struct Pass {
    pub(crate) snapshot: Snapshot,
    pub(crate) findings: Vec<Finding>,
    pub(crate) notes: Vec<Note>,
    pub(crate) summary: Summary,
    /// Roles of the files that matter: artifacts, and files with findings.
    pub(crate) classes: BTreeMap<Arc<str>, PathClass>,
}

/// Texts that stand for files, by path: fixed, but not written yet.
pub(crate) type Overlay = BTreeMap<Arc<str>, String>;

/// What a run of neighbouring files leaves behind. Batches are joined in the order of the files,
/// so the number of threads changes nothing.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) files: Vec<File>,
    pub(crate) classes: Vec<(Arc<str>, PathClass)>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) notes: Vec<Note>,
    pub(crate) summary: Summary,
    /// Keys of the texts that are clean.
    clean: Vec<u128>,
    /// Bytes of the last file that is no artifact, to be reused for the next.
    pub(crate) buffer: Vec<u8>,
}

/// Tells whether something stands at a path.
type Presence = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// Which files there are, where all were looked at.
struct Listed {
    /// All paths, in order.
    paths: Vec<Arc<str>>,
    /// Knows what is there besides.
    beyond: Option<Presence>,
}

/// A file this many times smaller than the buffer it was read into is copied out of it.
const WASTE: usize = 4;

impl Batch {
    /// The bytes just read. An artifact keeps them, so they must not drag along the room that the
    /// largest file so far needed.
    fn take_bytes(&mut self) -> Vec<u8> {
        if self.buffer.capacity() / WASTE > self.buffer.len() {
            self.buffer.as_slice().to_vec()
        } else {
            std::mem::take(&mut self.buffer)
        }
    }

    /// Takes bytes back that nothing points into, if they are of more use than those at hand.
    fn give_back(&mut self, bytes: Vec<u8>) {
        if bytes.capacity() > self.buffer.capacity() {
            self.buffer = bytes;
        }
    }

    fn without_buffer(mut self) -> Self {
        self.buffer = Vec::new();
        self
    }
}

/// Joins batches in the order of the files, moving everything once.
pub(crate) fn join(batches: Vec<Batch>) -> Batch {
    let mut all = Batch::default();
    all.files.reserve_exact(batches.iter().map(|batch| batch.files.len()).sum());
    all.findings.reserve_exact(batches.iter().map(|batch| batch.findings.len()).sum());
    for batch in batches {
        all.files.extend(batch.files);
        all.classes.extend(batch.classes);
        all.findings.extend(batch.findings);
        all.notes.extend(batch.notes);
        all.clean.extend(batch.clean);
        add(&mut all.summary, &batch.summary);
    }
    all
}

/// The linters of a run, each with the rules that are wanted where leaving the others out pays.
pub(crate) struct Crew<'a> {
    all: Vec<&'a dyn Linter>,
    narrowed: Vec<Option<Box<dyn Linter>>>,
}

impl Crew<'_> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &dyn Linter> {
        self.all
            .iter()
            .zip(&self.narrowed)
            .map(|(all, narrowed)| narrowed.as_deref().unwrap_or(*all))
    }
}

impl Engine<'_> {
    fn crew(&self) -> Crew<'_> {
        self.crew_for(|_| true)
    }

    /// The linters of a run that looks at something not every linter is made for.
    pub(crate) fn crew_for(&self, suits: impl Fn(&dyn Linter) -> bool) -> Crew<'_> {
        let wanted = |rule: &Meta| self.selection.is_enabled(rule);
        // One that has nothing to report looks all the same: what it knows to be secret is masked
        // in what the others show.
        let all: Vec<_> = self.linters.iter().copied().filter(|linter| suits(*linter)).collect();
        let narrowed = all.iter().map(|linter| linter.only(&wanted)).collect();
        Crew { all, narrowed }
    }

    pub(crate) fn pass_over(
        &self,
        entries: &[Entry],
        reader: &Reader<'_>,
        overlay: &Overlay,
        whole: bool,
    ) -> Pass {
        self.progress.begin(entries.len());
        let crew = self.crew();
        let batches = entries
            .par_iter()
            .fold(Batch::default, |mut batch, entry| {
                match overlay.get(&entry.path).filter(|_| entry.is_file()) {
                    Some(text) => {
                        batch.summary.bytes += text.len() as u64;
                        let source = Source::new(Arc::clone(&entry.path), text.as_str());
                        self.lint(source, entry.within(), &crew, &mut batch);
                    }
                    None => self.read_and_lint(entry, reader, &crew, &mut batch),
                }
                self.progress.advance();
                batch
            })
            .map(Batch::without_buffer)
            .chain(self.images.inputs.par_iter().map(|image| self.lint_image(image, &crew)))
            .collect();
        let list = || Listed {
            paths: entries.iter().map(|entry| Arc::clone(&entry.path)).collect(),
            beyond: Some(Box::new(reader.presence())),
        };
        // Of a file that was named alone, nothing is known about those beside it.
        let whole = whole && !entries.iter().any(|entry| entry.explicit);
        self.across(&crew, join(batches), whole.then(list))
    }

    pub(crate) fn pass_over_inputs(&self, inputs: Vec<Input>) -> Pass {
        let crew = self.crew();
        let mut paths: Vec<Arc<str>> = inputs.iter().filter_map(Input::path).collect();
        paths.sort_unstable();
        let batches = inputs
            .into_par_iter()
            .fold(Batch::default, |mut batch, input| {
                match input {
                    Input::Text(source) => {
                        let path = source.shared_path();
                        self.lint(source, &path, &crew, &mut batch);
                    }
                    Input::Material(path, bytes) => {
                        batch.buffer = bytes;
                        self.lint_material(&path, &path, &crew, &mut batch);
                    }
                    Input::Image(image) => {
                        batch = join(vec![batch, self.lint_image(&image, &crew)]);
                    }
                }
                batch
            })
            .map(Batch::without_buffer)
            .collect();
        self.across(&crew, join(batches), Some(Listed { paths, beyond: None }))
    }

    /// Lints one text; those beside it are only parsed, and no rule looks across them.
    pub(crate) fn pass_over_one(
        &self,
        source: Arc<Source>,
        within: &str,
        beside: Vec<Arc<Source>>,
    ) -> Pass {
        let crew = self.crew();
        let mut batch = Batch::default();
        self.lint(source, within, &crew, &mut batch);
        for source in beside {
            let path = source.shared_path();
            if let Ok(file) = parsed(&path, || parse(source, &path)) {
                batch.files.push(file);
            }
        }
        let snapshot = Snapshot::new(batch.files);
        let batch = Batch { files: Vec::new(), ..batch };
        Self::drop_what_fails(&crew, snapshot, batch)
    }

    fn read_and_lint(
        &self,
        entry: &Entry,
        reader: &Reader<'_>,
        crew: &Crew<'_>,
        batch: &mut Batch,
    ) {
        match reader.read(entry, &mut batch.buffer) {
            Outcome::Text => {
                batch.summary.bytes += batch.buffer.len() as u64;
                self.lint_unless_clean(entry, crew, batch);
            }
            Outcome::Binary => {
                batch.summary.binary += 1;
                self.lint_binary(&entry.path, entry.within(), crew, batch);
            }
            Outcome::Material => self.lint_material(&entry.path, entry.within(), crew, batch),
            Outcome::Skipped(note) => batch.notes.push(note),
        }
    }

    /// Lints a file that is no text, by its start.
    pub(crate) fn lint_binary(
        &self,
        path: &Arc<str>,
        within: &str,
        crew: &Crew<'_>,
        batch: &mut Batch,
    ) {
        let source = Source::new(Arc::clone(path), "");
        let whole = batch.buffer.len() < START;
        let start = batch.buffer.get(..START).unwrap_or(&batch.buffer);
        let findings = self.look_at_start(&source, start, whole, crew, &mut batch.notes);
        if !findings.is_empty() {
            batch.classes.push((source.shared_path(), path_class(within)));
        }
        batch.findings.extend(findings.into_vec());
    }

    /// Lints a file that holds certificates, keys or a key store and is no text.
    pub(crate) fn lint_material(
        &self,
        path: &Arc<str>,
        within: &str,
        crew: &Crew<'_>,
        batch: &mut Batch,
    ) {
        self.lint_binary(path, within, crew, batch);
        batch.summary.bytes += batch.buffer.len() as u64;
        let source = Source::new(Arc::clone(path), "");
        let bytes = batch.buffer.clone();
        let parsed = parsed(path, || parse_material(Arc::clone(&source), bytes, within));
        match parsed {
            Ok(file) => {
                let findings = self.look_at(&file, crew, &mut batch.notes);
                count(&file, batch);
                batch.classes.push((file.source.shared_path(), file.class));
                batch.findings.extend(findings.into_vec());
                if file.is_artifact() {
                    batch.files.push(file);
                }
            }
            Err(note) => batch.notes.push(note),
        }
    }

    /// Lints the text in the buffer, unless it is known that there is nothing to find.
    fn lint_unless_clean(&self, entry: &Entry, crew: &Crew<'_>, batch: &mut Batch) {
        let (path, within) = (&entry.path, entry.within());
        let key = self.clean.map(|clean| clean.key(path, within, &batch.buffer));
        if let Some(key) = key.filter(|key| self.clean.is_some_and(|clean| clean.knows(*key))) {
            batch.clean.push(key);
            batch.summary.files += 1;
            return;
        }
        let notes = batch.notes.len();
        let bytes = batch.take_bytes();
        let source = Source::from_bytes(Arc::clone(path), bytes);
        let is_clean = self.lint(Arc::new(source), within, crew, batch);
        batch.clean.extend(key.filter(|_| is_clean && batch.notes.len() == notes));
    }

    /// Parses and lints one file. Takes the bytes back if nothing points into them. Whether it is no
    /// artifact and nothing was found.
    fn lint(&self, source: Arc<Source>, within: &str, crew: &Crew<'_>, batch: &mut Batch) -> bool {
        if source.encoding() == Encoding::Lossy {
            let message = "is not valid UTF-8: the invalid bytes were replaced, so columns on \
                           those lines count the replacements";
            batch.notes.push(Note::about(NoteKind::Information, source.path(), message));
        }
        let (file, findings) = self.look(source, within, crew, &mut batch.notes);
        count(&file, batch);
        let is_clean = findings.is_empty() && !file.is_artifact();
        if !is_clean {
            batch.classes.push((file.source.shared_path(), file.class));
        }
        batch.findings.extend(findings.into_vec());
        if file.is_artifact() {
            batch.files.push(file);
            return false;
        }
        let File { source, tree, .. } = file;
        drop(tree);
        if let Ok(source) = Arc::try_unwrap(source) {
            batch.give_back(source.into_bytes());
        }
        is_clean
    }

    /// Parses one text and lets every linter look at it.
    pub(crate) fn look(
        &self,
        source: Arc<Source>,
        within: &str,
        crew: &Crew<'_>,
        notes: &mut Vec<Note>,
    ) -> (File, Findings) {
        let parsed = parsed(source.path(), || parse(Arc::clone(&source), within));
        let file = parsed.unwrap_or_else(|note| {
            notes.push(note);
            unparsed(&source, within)
        });
        drop(source);
        let findings = self.look_at(&file, crew, notes);
        (file, findings)
    }

    /// Lets every linter look at a parsed file.
    pub(crate) fn look_at(&self, file: &File, crew: &Crew<'_>, notes: &mut Vec<Note>) -> Findings {
        let mut findings = Findings::of_file();
        for linter in crew.iter() {
            let path = Some(file.source.path());
            notes.extend(isolated(linter.name(), path, &mut findings, |findings| {
                linter.check_file(file, &self.context, findings);
            }));
        }
        notes.extend(left_out(&findings, Some(file.source.path())));
        findings
    }

    /// Lets every linter look at the start of something that is no text; `source` stands for it.
    pub(crate) fn look_at_start(
        &self,
        source: &Arc<Source>,
        start: &[u8],
        whole: bool,
        crew: &Crew<'_>,
        notes: &mut Vec<Note>,
    ) -> Findings {
        let mut findings = Findings::of_file();
        for linter in crew.iter() {
            let path = Some(source.path());
            notes.extend(isolated(linter.name(), path, &mut findings, |findings| {
                linter.check_binary(source, start, whole, &self.context, findings);
            }));
        }
        findings
    }

    /// Runs what needs the whole.
    fn across(&self, crew: &Crew<'_>, mut batch: Batch, listed: Option<Listed>) -> Pass {
        if let Some(clean) = self.clean {
            clean.see(&batch.clean);
        }
        let files = std::mem::take(&mut batch.files);
        let mut snapshot = self.look_up(Snapshot::new(files), &mut batch.notes);
        if let Some(Listed { paths, beyond }) = listed {
            snapshot = snapshot.with_paths(paths);
            if let Some(beyond) = beyond {
                snapshot = snapshot.with_beyond(beyond);
            }
        }
        if let Some(witness) = self.witness {
            witness(&snapshot);
        }
        let checks: Vec<_> = crew
            .iter()
            .flat_map(|linter| {
                linter.snapshot_checks().into_iter().map(|check| (linter.name(), check))
            })
            .collect();
        let found: Vec<(Vec<Finding>, Vec<Note>)> = checks
            .par_iter()
            .map(|(linter, check)| {
                let mut findings = Findings::of_snapshot();
                let note = isolated(linter, None, &mut findings, |findings| {
                    let mut sink = findings.across(check.rule);
                    (check.run)(&snapshot, &self.context, &mut sink);
                });
                let mut notes = left_out(&findings, None);
                notes.extend(note);
                (findings.into_vec(), notes)
            })
            .collect();
        for (mut findings, notes) in found {
            reword(&mut findings);
            batch.findings.extend(findings);
            batch.notes.extend(notes);
        }
        Self::drop_what_fails(crew, snapshot, batch)
    }

    /// Drops what turned out not to hold.
    fn drop_what_fails(crew: &Crew<'_>, snapshot: Snapshot, batch: Batch) -> Pass {
        let mut pass = Pass {
            snapshot,
            findings: batch.findings,
            notes: batch.notes,
            summary: batch.summary,
            classes: batch.classes.into_iter().collect(),
        };
        let needs_whole = |rule| crew.iter().any(|linter| linter.needs_whole(rule));
        drop_from_fragments(&pass.snapshot, &mut pass.findings, needs_whole);
        let judges_reference = |rule| crew.iter().any(|linter| linter.judges_reference(rule));
        drop_of_replaced(&pass.snapshot, &mut pass.findings, judges_reference);
        pass
    }
}

/// A file of which nothing is known but its text, which some linters look at as it is.
pub(crate) fn unparsed(source: &Arc<Source>, within: &str) -> File {
    File::bare(Arc::clone(source), file_kind(source.path()), path_class(within))
}

/// Says what was found beyond the limit of findings.
fn left_out(findings: &Findings, path: Option<&str>) -> Vec<Note> {
    findings
        .left_out()
        .map(|(rule, count)| {
            let message = format!(
                "{count} more findings of `{}` are left out: mend or ignore the others first",
                rule.id
            );
            match path {
                Some(path) => Note::about(NoteKind::Limit, path, message),
                None => Note::general(NoteKind::Limit, message),
            }
        })
        .collect()
}

pub(crate) fn count(file: &File, batch: &mut Batch) {
    let summary = &mut batch.summary;
    summary.files += 1;
    summary.objects += file.objects.len();
    summary.dockerfiles += usize::from(file.dockerfile.is_some());
    summary.images += usize::from(file.image.is_some());
    summary.certificates +=
        file.bundles.iter().map(|bundle| bundle.certificates().count()).sum::<usize>();
    if file.template.is_some() {
        summary.templates += 1;
        let what = if file.kind == FileKind::Template { "a template" } else { "templated YAML" };
        let message =
            format!("is {what}: it was not rendered, so its manifests were not looked at");
        batch.notes.push(Note::about(NoteKind::Template, file.source.path(), message));
    }
}

pub(crate) fn add(total: &mut Summary, part: &Summary) {
    total.files += part.files;
    total.bytes += part.bytes;
    total.objects += part.objects;
    total.dockerfiles += part.dockerfiles;
    total.images += part.images;
    total.certificates += part.certificates;
    total.binary += part.binary;
    total.templates += part.templates;
}
