//! What `careen.yaml` says, and reading it.

mod audit;
mod ignored;
mod merge;
mod overrides;

use std::sync::Arc;

use careen_detectors::Detector;
use careen_rule::Severity;
use careen_text::Source;
use careen_yaml::{Kind, Limits, Node, parse};

pub use self::audit::{AuditConfig, AuditControl};
pub use self::ignored::Ignored;
pub use self::overrides::Override;
use crate::demands::Demands;
use crate::globs::Anchor;
use crate::keys::{Checker, ROOT};
use crate::options::{Told, told};
use crate::place::{Place, Problem, Problems, Word};
use crate::signatures::{SignatureRule, rules};

/// What `careen.yaml` says, alone or with the files that it extends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// Other configurations to start from, relative to the file that names them.
    pub extend: Vec<Word>,
    /// The profile to start from.
    pub profile: Option<Word>,
    /// Rules or groups to run instead of the profile's.
    pub select: Option<Vec<Word>>,
    /// Rules or groups to leave out.
    pub ignore: Vec<Word>,
    /// Findings that do not count, and why.
    pub ignored: Vec<Ignored>,
    /// What holds for some paths only; later ones win.
    pub overrides: Vec<Override>,
    /// Severities by rule or group; later ones win.
    pub severity: Vec<(Word, Severity)>,
    /// What a suppression must say.
    pub demands: Demands,
    /// The mildest severity that makes the run fail.
    pub fail_on: Option<(Severity, Place)>,
    /// Globs of paths that are not looked at.
    pub exclude: Vec<Word>,
    /// The baseline of known findings, relative to the file that names it.
    pub baseline: Option<Word>,
    /// The Kubernetes that manifests are judged for.
    pub kubernetes_version: Option<Word>,
    /// Whether all certificates are judged by the rules for those that browsers trust, or none;
    /// what each says of itself decides where it is not given.
    pub public_pki: Option<(bool, Place)>,
    /// Files and folders with detectors of the user's own, relative to the file that names them.
    pub detector_files: Vec<Word>,
    /// Detectors that stand in the configuration itself.
    pub detectors: Vec<Detector>,
    /// Who must sign which images.
    pub signatures: Vec<SignatureRule>,
    /// What rules are told; [`options`](crate::options()) gives it to them.
    pub rules: Vec<Told>,
    /// What `careen audit` is told.
    pub audit: AuditConfig,
    /// What globs and the paths of findings are relative to. No file says it; whoever reads the
    /// file knows.
    pub anchor: Anchor,
}

/// Characters of a word that are repeated in a message.
const MOST_SHOWN: usize = 60;

/// Reads one file of a configuration. Mistakes do not hide each other; with any, the run must not
/// start.
#[must_use]
pub fn read(source: &Arc<Source>) -> (Config, Vec<Problem>) {
    let tree = parse(source, &Limits::default());
    let mut problems = Problems::default();
    for problem in tree.problems() {
        problems.say(Place::new(source, problem.span), problem.message.clone());
    }
    let mut config = Config::default();
    let mut documents = tree.documents();
    if let Some(root) = documents.next().and_then(|document| document.root()) {
        let mut checker = Checker::new(&mut problems);
        checker.mapping(root, &ROOT, "a configuration");
        if !checker.is_cut_short() {
            config = read_root(root, &mut problems);
        }
    }
    if let Some(second) = documents.next() {
        let message = "a configuration is one document: remove the second";
        problems.say(Place::new(source, second.span()), message);
    }
    (config, problems.into_vec())
}

/// Takes what is written, where it is as it should be: what is not has been told.
fn read_root(root: Node<'_>, problems: &mut Problems) -> Config {
    let mut config = Config {
        extend: words(root.get("extend")),
        profile: root.get("profile").and_then(word),
        select: root.get("select").map(|value| words(Some(value))),
        overrides: overrides::read(root.get("overrides")),
        severity: levels(root.get("severity")),
        demands: Demands::read(root.get("suppressions")),
        fail_on: root.get("fail-on").and_then(|value| Some((level(value)?, Place::of(value)))),
        exclude: words(root.get("exclude")),
        audit: AuditConfig::read(root.get("audit")),
        baseline: root.get("baseline").and_then(word),
        kubernetes_version: root
            .get("kubernetes-version")
            .and_then(|value| Some((value.text()?.to_owned(), Place::of(value)))),
        public_pki: root.get("pki").map(|value| (value.text() == Some("public"), Place::of(value))),
        ..Config::default()
    };
    for item in root.get("ignore").into_iter().flat_map(|value| value.items()) {
        match word(item) {
            Some(name) => config.ignore.push(name),
            None => config.ignored.extend(Ignored::read(item)),
        }
    }
    for item in root.get("detectors").into_iter().flat_map(|value| value.items()) {
        if let Some(path) = word(item) {
            config.detector_files.push(path);
        } else if item.kind() != Kind::Scalar {
            let (detector, slips) = careen_detectors::read_one(item);
            config.detectors.extend(detector);
            for slip in slips {
                problems.say(Place::new(item.source(), slip.span), slip.message);
            }
        }
    }
    if let Some(value) = root.at(&["images", "signatures"]) {
        rules(value, &mut config.signatures, problems);
    }
    if let Some(value) = root.get("rules") {
        told(value, &mut config.rules, problems);
    }
    config
}

/// A word and its place.
fn word(value: Node<'_>) -> Option<Word> {
    let text = value.as_str().map(str::trim).filter(|text| !text.is_empty())?;
    Some((text.to_owned(), Place::of(value)))
}

/// The words of a list, or the one that stands in place of it.
fn words(value: Option<Node<'_>>) -> Vec<Word> {
    let Some(value) = value else { return Vec::new() };
    if value.kind() == Kind::Scalar {
        return word(value).into_iter().collect();
    }
    value.items().filter_map(word).collect()
}

fn levels(value: Option<Node<'_>>) -> Vec<(Word, Severity)> {
    let entries = value.into_iter().flat_map(|value| value.entries());
    entries.filter_map(|entry| Some((word(entry.key)?, level(entry.value)?))).collect()
}

fn level(value: Node<'_>) -> Option<Severity> {
    value.text()?.parse().ok()
}

/// The start of a word, for a message.
pub(crate) fn cut(word: &str) -> &str {
    word.char_indices().nth(MOST_SHOWN).map_or(word, |(end, _)| word.get(..end).unwrap_or(word))
}

#[cfg(test)]
mod tests;
