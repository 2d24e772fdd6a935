//! What exactly is judged: the content, the commit, the version.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::Result;
use careen_attest::Attestations;
use careen_audit::{Definition, Outcome, Piece, Standing};
use careen_audit_model::{Subject, Tag};
use careen_rule::Date;

use super::content::{self, Aside};
use super::folder::Folder;
use super::list::List;
use super::settings::Settings;
use crate::args::AuditArguments;
use crate::digest::digest_of;

/// Everything that the state of a folder is told from.
pub(super) struct Asked<'a> {
    pub(super) arguments: &'a AuditArguments,
    pub(super) folder: &'a Folder,
    pub(super) settings: &'a Settings,
    pub(super) list: &'a List,
    pub(super) standing: Option<&'a careen_repo::Standing>,
    pub(super) pieces: &'a [Piece],
    pub(super) attestations: &'a Attestations,
    pub(super) version: Option<String>,
    pub(super) definitions: &'a [Definition],
    pub(super) now: i64,
}

/// What is judged, and what Git says of it.
pub(super) struct State {
    pub(super) subject: Subject,
    pub(super) standing: Standing,
}

pub(super) fn judged(asked: &Asked<'_>) -> Result<State> {
    let aside = Aside::of(asked.folder, asked.settings)?;
    let standing = match asked.standing {
        Some(standing) => told(standing, asked, &aside)?,
        None => Standing::default(),
    };
    let list = asked.list;
    let sidecar = list.sidecar.as_ref().map(|sidecar| sidecar.text()).unwrap_or_default();
    let subject = Subject {
        path: match asked.folder.prefix.trim_end_matches('/') {
            "" => ".".to_owned(),
            prefix => prefix.to_owned(),
        },
        tree: content::tree(asked.folder, &aside)?,
        commit: standing.commit.clone(),
        dirty: standing.dirty,
        version: asked.version.clone(),
        previous: standing.previous.clone(),
        checklist: list.checklist.source.path().to_owned(),
        checklist_digest: format!(
            "sha256:{}",
            digest_of(
                format!("{}\0{sidecar}", content::unanswered(list.checklist.source.text()))
                    .as_bytes()
            )
        ),
        rules_digest: format!("sha256:{}", digest_of(rules(asked).as_bytes())),
        reproduce: reproduce(asked),
    };
    Ok(State { subject, standing })
}

fn told(standing: &careen_repo::Standing, asked: &Asked<'_>, aside: &Aside) -> Result<Standing> {
    let path = &asked.folder.path;
    let skip = |path: &str| aside.holds(path);
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for piece in asked.pieces {
        named.extend(piece.record.iter().filter_map(|record| record.commit.as_deref()));
        if let Outcome::Read(evidence) = &piece.outcome {
            named.extend(evidence.commit.as_deref());
        }
    }
    named.extend(asked.attestations.sign_offs.iter().filter_map(|it| it.commit.as_deref()));
    let mut same_content = BTreeSet::new();
    for commit in named {
        if careen_repo::same_content(path, commit, &standing.commit, &skip)? {
            same_content.insert(commit.to_owned());
        }
    }
    let tag = |release: &careen_repo::Release| Tag {
        name: release.name.clone(),
        commit: release.commit.clone(),
        at: release.at,
        annotated: release.annotated,
    };
    // Commits that only add evidence and words of people are no change that anybody reviews.
    let since = standing
        .since
        .iter()
        .map(|commit| (commit.id.clone(), commit.summary.clone(), commit.reviewed));
    Ok(Standing {
        commit: Some(standing.commit.clone()),
        committed_at: Some(standing.at),
        dirty: content::is_dirty(asked.folder, aside)?,
        previous: standing.previous.as_ref().map(tag),
        since: since.collect(),
        cut: standing.cut,
        same_content,
    })
}

/// The version that is released: what was said, else the tag of the commit, else what the newest entry of
/// the changelog says.
pub(super) fn version(
    arguments: &AuditArguments,
    standing: Option<&careen_repo::Standing>,
    folder: &Folder,
) -> Option<String> {
    let bare = |name: &str| name.trim_start_matches('v').to_owned();
    let said = arguments.release.as_deref().map(bare);
    let tagged = || {
        let own = standing?.own.as_ref()?;
        let at = own.name.find(|c: char| c.is_ascii_digit())?;
        own.name.get(at..).map(str::to_owned)
    };
    said.or_else(tagged).or_else(|| newest_entry(folder))
}

/// The first version in a heading of the changelog.
fn newest_entry(folder: &Folder) -> Option<String> {
    const MOST_BYTES: u64 = 1 << 20;
    let path = folder.path.join("CHANGELOG.md");
    let bytes = crate::files::read_at_most(&path, MOST_BYTES).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let headings = text.lines().filter(|line| line.starts_with("## "));
    let versions = headings.filter_map(|line| {
        let word = line.trim_start_matches("## ").split_whitespace().next()?;
        let word = word.trim_matches(['[', ']', 'v', '(', ')', ':']);
        let is_version = word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.');
        is_version.then(|| word.to_owned())
    });
    versions.into_iter().next()
}

/// What decides, as a text: when it changes, so does its digest.
fn rules(asked: &Asked<'_>) -> String {
    format!(
        "{}\n{:?}\n{:?}",
        env!("CARGO_PKG_VERSION"),
        asked.definitions,
        asked.settings.adjustments
    )
}

/// The command that gives this report again.
fn reproduce(asked: &Asked<'_>) -> String {
    let arguments = asked.arguments;
    let mut command = format!("careen audit {}", quoted(&arguments.path.display().to_string()));
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = write!(command, " {name} {}", quoted(&value));
        }
    };
    let shown = |path: &std::path::PathBuf| path.display().to_string();
    add("--checklist", arguments.checklist.as_ref().map(shown));
    add("--bindings", arguments.bindings.as_ref().map(shown));
    for path in &arguments.evidence {
        add("--evidence", Some(shown(path)));
    }
    add("--signers", arguments.signers.as_ref().map(shown));
    add("--release", arguments.release.clone());
    add("--since", arguments.since.clone());
    if arguments.phase == crate::args::PhaseArgument::After {
        add("--phase", Some("after".to_owned()));
    }
    add("--at", Some(moment(asked.now)));
    command
}

/// A moment as `--at` takes it.
fn moment(at: i64) -> String {
    const DAY: i64 = 86_400;
    let second = at.rem_euclid(DAY);
    format!("{}T{:02}:{:02}:{:02}Z", Date(at), second / 3_600, second / 60 % 60, second % 60)
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-:@+=".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
