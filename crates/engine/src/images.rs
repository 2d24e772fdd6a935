//! Built images: their layers are streamed in parallel, what lies in them is linted as files are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use careen_image_model::oci::{
    Entry, EntryKind, Evidence, Image, Layer, LayerProblem, LayerText, Merged, Remote, RemoteError,
};
use careen_image_source::{
    ImageSource, LayerFile, Limits, Prepared, Selection, finish, prepare, walk_layer,
};
use careen_model::{Snapshot, named_references, of_image, path_class};
use careen_repo::{Outcome, outcome_of};
use careen_rule::{Finding, Meta, Note, NoteKind};
use careen_text::Source;
use rayon::prelude::*;

use crate::Engine;
use crate::pass::{Batch, Crew, count, join};

/// Built images, and who knows more about them.
#[derive(Default)]
pub struct Images<'a> {
    /// What the user named.
    pub inputs: Vec<ImageInput>,
    /// Which of several images is meant.
    pub selection: Selection,
    /// How much of them is read.
    pub limits: Limits,
    /// Looks for signatures and attestations.
    pub examiner: Option<&'a dyn Examiner>,
    /// Asks registries about the images that files name.
    pub lookup: Option<&'a dyn Lookup>,
}

impl fmt::Debug for Images<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Images").field("inputs", &self.inputs).finish_non_exhaustive()
    }
}

/// A built image that the user named.
pub struct ImageInput {
    /// How reports call it.
    pub name: Arc<str>,
    /// Where it lies.
    pub source: Box<dyn ImageSource>,
}

impl fmt::Debug for ImageInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImageInput").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Looks for what proves who built an image and what is in it.
pub trait Examiner: Sync {
    /// What there is about an image.
    fn evidence(&self, source: &dyn ImageSource, image: &Prepared) -> Evidence;
}

/// Asks registries about references.
pub trait Lookup: Sync {
    /// What registries say about these references, by their text. One that is left out was not
    /// asked about.
    fn look_up(&self, references: &[String]) -> BTreeMap<String, Remote>;
}

/// Files that say what the system is: rules about images read them.
const SYSTEM_TEXTS: &[&str] = &[
    "etc/passwd",
    "etc/shadow",
    "etc/group",
    "etc/gshadow",
    "etc/os-release",
    "usr/lib/os-release",
    "etc/alpine-release",
    "etc/debian_version",
];

/// Bytes of system texts that are kept of an image; each layer has the same share.
const TEXTS_MAX: usize = 64 << 20;
/// System texts that are kept of a layer.
const TEXTS_COUNT: usize = 256;

/// What distributions bring, and nobody writes into: only its names are looked at.
const DISTRIBUTION: &[&str] = &[
    "bin/",
    "boot/",
    "etc/ca-certificates/",
    "etc/pki/ca-trust/",
    "etc/ssl/certs/",
    "lib/",
    "lib64/",
    "sbin/",
    "usr/bin/",
    "usr/games/",
    "usr/include/",
    "usr/lib/",
    "usr/lib64/",
    "usr/libexec/",
    "usr/sbin/",
    "usr/share/",
    "var/lib/apk/",
    "var/lib/dpkg/",
    "var/lib/rpm/",
    "var/lib/ca-certificates/",
    "var/cache/debconf/",
    // Languages, as the images of their makers bring them.
    "go/pkg/mod/",
    "opt/java/",
    "root/.cargo/registry/",
    "root/go/pkg/mod/",
    "usr/local/cargo/registry/",
    "usr/local/go/",
    "usr/local/include/",
    "usr/local/rustup/",
];

/// Where languages keep the packages of others, with their test keys and sample settings. One's
/// own code is hardly ever there alone.
const PACKAGES: &[&str] = &["dist-packages", "gems", "node_modules", "site-packages"];

/// The standard libraries of languages, up to the version.
const LANGUAGES: &[&str] = &["usr/local/lib/python", "usr/local/lib/ruby/", "usr/local/lib/perl"];

/// What people put below the folders of distributions: the pages of web servers.
const OWN: &[&str] = &["usr/share/caddy/", "usr/share/nginx/html/"];

/// How the rules about files of repositories put it, and what holds of files in layers.
const WORDING: &[(&str, &str)] = &[
    (" is committed", " is in the image"),
    (" stands in the repository", " is in the image"),
    (" stand in the repository", " are in the image"),
];

impl Engine<'_> {
    /// Reads and lints an image.
    pub(crate) fn lint_image(&self, input: &ImageInput, crew: &Crew<'_>) -> Batch {
        let mut batch = Batch::default();
        let source = &*input.source;
        let prepared = match prepare(source, &input.name, &self.images.selection) {
            Ok(prepared) => prepared,
            Err(error) => {
                let message = format!("the image could not be read: {error}");
                let note = Note::about(NoteKind::Unreadable, &*input.name, message);
                batch.notes.push(note.incomplete());
                return batch;
            }
        };
        let readers = self.crew_for(|linter| linter.reads_layers());
        let layers: Vec<(Layer, Vec<LayerText>, Batch)> = (0..prepared.manifest.layers.len())
            .into_par_iter()
            .filter_map(|at| self.lint_layer(source, &prepared, at, &readers))
            .collect();
        let evidence = match self.images.examiner {
            Some(examiner) if source.keeps_evidence() => examiner.evidence(source, &prepared),
            _ => Evidence::default(),
        };
        let (mut facts, mut texts, mut batches) = (Vec::new(), Vec::new(), Vec::new());
        for (layer, found, linted) in layers {
            facts.push(layer);
            texts.extend(found);
            batches.push(linted);
        }
        batch.notes.extend(notes_of(&input.name, &facts));
        batch.notes.extend(unreachable(&input.name, &evidence));
        let image = finish(prepared, facts, texts, evidence);
        let merged = image.merged();
        batch.notes.extend(unkept(&image, &merged, self.images.limits));
        Self::tell_deleted(&image, &merged, &mut batches);
        drop(merged);
        let file = of_image(Arc::new(image));
        let findings = self.look_at(&file, crew, &mut batch.notes);
        count(&file, &mut batch);
        batch.classes.push((file.source.shared_path(), file.class));
        batch.findings.extend(findings.into_vec());
        batch.files.push(file);
        batches.insert(0, batch);
        let by_name = |rule| crew.iter().any(|linter| linter.knows_by_name(rule));
        drop_by_name(&mut batches, by_name);
        join(batches)
    }

    /// Says of findings in files that a later layer takes away that they are there all the same.
    fn tell_deleted(image: &Image, merged: &Merged<'_>, batches: &mut [Batch]) {
        let path = |layer: usize, entry: &Entry| {
            format!("{}!layer-{}/{}", image.name, layer + 1, entry.path)
        };
        let hidden: BTreeMap<String, usize> =
            merged.hidden().iter().map(|(layer, entry, by)| (path(*layer, entry), *by)).collect();
        for finding in batches.iter_mut().flat_map(|batch| &mut batch.findings) {
            if let Some(by) = hidden.get(finding.location.source.path()) {
                let more = format!(" (layer {} hides the file, but it still ships)", by + 1);
                finding.message.push_str(&more);
            }
        }
    }

    fn lint_layer(
        &self,
        source: &dyn ImageSource,
        prepared: &Prepared,
        at: usize,
        crew: &Crew<'_>,
    ) -> Option<(Layer, Vec<LayerText>, Batch)> {
        let mut batch = Batch::default();
        let mut texts = Vec::new();
        let name = &prepared.name;
        let share = (TEXTS_MAX / prepared.manifest.layers.len().max(1)).max(128 << 10);
        let mut kept = 0;
        let mut take = |LayerFile { entry, bytes }: LayerFile<'_>| {
            let path: Arc<str> = format!("{name}!layer-{}/{}", at + 1, entry.path).into();
            let is_system = SYSTEM_TEXTS.contains(&&*entry.path);
            // It may come to lie there through a link of a layer below.
            if is_system || is_named_so(entry) {
                if texts.len() < TEXTS_COUNT && kept + bytes.len() <= share {
                    kept += bytes.len();
                    let source = Arc::new(Source::from_bytes(Arc::clone(&path), bytes.clone()));
                    texts.push(LayerText { layer: at, path: entry.path.clone(), source });
                }
                if is_system || !is_read(&entry.path) {
                    return;
                }
            }
            batch.buffer = bytes;
            match outcome_of(&batch.buffer) {
                Outcome::Text => self.lint_text(path, &entry.path, crew, &mut batch),
                Outcome::Material => self.lint_material(&path, &entry.path, crew, &mut batch),
                Outcome::Binary => self.lint_binary(&path, &entry.path, crew, &mut batch),
                Outcome::Skipped(_) => {}
            }
        };
        let limits = self.images.limits;
        let layer = walk_layer(source, prepared, at, limits, &is_looked_into, &mut take)?;
        batch.buffer = Vec::new();
        reword(&mut batch.findings);
        // Manifests that lie in an image are no part of the repository.
        batch.files.retain(|file| {
            !file.bundles.is_empty() && file.objects.is_empty() && file.dockerfile.is_none()
        });
        // What was read counts as part of the image.
        batch.summary = careen_rule::Summary {
            bytes: layer.unpacked,
            certificates: batch.summary.certificates,
            ..careen_rule::Summary::default()
        };
        Some((layer, texts, batch))
    }

    fn lint_text(&self, path: Arc<str>, within: &str, crew: &Crew<'_>, batch: &mut Batch) {
        let bytes = std::mem::take(&mut batch.buffer);
        let source = Arc::new(Source::from_bytes(path, bytes));
        let (file, findings) = self.look(source, within, crew, &mut batch.notes);
        count(&file, batch);
        if file.is_artifact() || !findings.is_empty() {
            batch.classes.push((file.source.shared_path(), path_class(within)));
        }
        batch.findings.extend(findings.into_vec());
        if file.is_artifact() {
            batch.files.push(file);
        }
    }

    /// Asks registries about what the files name. What could not be asked is a note: the run did
    /// not see everything.
    pub(crate) fn look_up(&self, snapshot: Snapshot, notes: &mut Vec<Note>) -> Snapshot {
        let Some(lookup) = self.images.lookup else { return snapshot };
        let remotes = lookup.look_up(&named_references(&snapshot));
        for (text, remote) in &remotes {
            match remote {
                Remote::Error(RemoteError::Unknown(why)) => {
                    let message = format!("image `{text}` could not be looked up: {why}");
                    notes.push(Note::general(NoteKind::Unreadable, message).incomplete());
                }
                Remote::Error(_) => {}
                Remote::Image { image, .. } => {
                    notes.extend(unreachable(&image.name, &image.evidence));
                }
            }
        }
        snapshot.with_remotes(remotes)
    }
}

/// What a policy asks for and could not be looked for.
fn unreachable(name: &Arc<str>, evidence: &Evidence) -> Vec<Note> {
    let Some(requirement) = &evidence.requirement else { return Vec::new() };
    let is_signed = evidence.signatures.iter().any(|one| one.verdict.is_valid());
    if is_signed && requirement.attestations.is_empty() {
        return Vec::new();
    }
    let note = |why: &String| {
        let message = format!("signatures and attestations could not be looked for: {why}");
        Note::about(NoteKind::Unreadable, &**name, message).incomplete()
    };
    evidence.unreachable.iter().map(note).collect()
}

/// What says what the system is and was not kept: rules do not see it.
fn unkept(image: &Image, merged: &Merged<'_>, limits: Limits) -> Vec<Note> {
    let note = |path: &&str| {
        let (layer, entry) = merged.resolve(path)?;
        let sizes = 1..=limits.file;
        let is_lost = entry.kind == EntryKind::File
            && sizes.contains(&entry.size)
            && is_named_so(entry)
            && image.text(merged, path).is_none();
        let message =
            format!("`{path}` was not looked at: layer {} has too many files like it", layer + 1);
        is_lost.then(|| Note::about(NoteKind::Unreadable, &*image.name, message).incomplete())
    };
    SYSTEM_TEXTS.iter().filter_map(note).collect()
}

/// Whether the content of a file in a layer may be somebody's own, or says what the system is.
fn is_looked_into(entry: &Entry) -> bool {
    is_named_so(entry) || is_read(&entry.path)
}

/// Whether a file has the name of one that says what the system is.
fn is_named_so(entry: &Entry) -> bool {
    let name = entry.name();
    SYSTEM_TEXTS.iter().any(|path| path.rsplit('/').next() == Some(name))
}

fn is_read(path: &str) -> bool {
    let is_below = |folders: &[&str]| folders.iter().any(|folder| path.starts_with(folder));
    is_below(OWN)
        || !is_below(DISTRIBUTION)
            && !is_below(LANGUAGES)
            && !path.split('/').any(|name| PACKAGES.contains(&name))
}

/// Says of layers what rules say of a repository; other findings stay as they are.
pub(crate) fn reword(findings: &mut [Finding]) {
    let is_in_layer = |finding: &&mut Finding| finding.location.source.path().contains("!layer-");
    for finding in findings.iter_mut().filter(is_in_layer) {
        if let Some(message) = reworded(&finding.message) {
            finding.message = message;
        }
    }
}

fn reworded(message: &str) -> Option<String> {
    let (phrase, neutral) = WORDING.iter().find(|(phrase, _)| message.contains(phrase))?;
    Some(message.replacen(phrase, neutral, 1))
}

/// Drops what is known of a file by its name only where secrets were found in it.
fn drop_by_name(batches: &mut [Batch], by_name: impl Fn(&'static Meta) -> bool) {
    let findings = batches.iter().flat_map(|batch| &batch.findings);
    let path = |finding: &Finding| finding.location.source.shared_path();
    let known: BTreeSet<Arc<str>> = findings
        .filter(|finding| !finding.secrets.is_empty() && !by_name(finding.rule))
        .map(path)
        .collect();
    if known.is_empty() {
        return;
    }
    for batch in batches {
        batch.findings.retain(|finding| !by_name(finding.rule) || !known.contains(&path(finding)));
    }
}

/// What was not looked at.
fn notes_of(name: &Arc<str>, layers: &[Layer]) -> Vec<Note> {
    let unseen = |(at, layer): (usize, &Layer)| -> Vec<Note> {
        let problems = layer.problems.iter().filter(|problem| problem.kind.is_incomplete());
        let note = |problem: &LayerProblem| {
            let message = format!("layer {}: {}", at + 1, problem.message);
            Note::about(NoteKind::Unreadable, &**name, message).incomplete()
        };
        problems.map(note).collect()
    };
    layers.iter().enumerate().flat_map(unseen).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_read, reworded};

    #[test]
    fn what_others_wrote_is_left_alone() {
        for path in [
            "usr/share/doc/a",
            "usr/local/lib/python3.13/test/keycert.pem",
            "opt/venv/lib/python3.13/site-packages/a/key.pem",
            "app/node_modules/a/.env",
            "usr/local/go/src/crypto/tls/testdata/key.pem",
        ] {
            assert!(!is_read(path), "{path}");
        }
        for path in ["app/.env", "usr/share/nginx/html/app.js", "etc/passwd", "usr/local/etc/a"] {
            assert!(is_read(path), "{path}");
        }
    }

    #[test]
    fn layers_are_no_repository() {
        let message = reworded("private key is committed, protected by a passphrase");
        assert_eq!(message.unwrap(), "private key is in the image, protected by a passphrase");
        assert_eq!(reworded("certificate for `a` is self-signed"), None);
    }
}
