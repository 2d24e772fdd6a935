//! What an audit was told, on the command line and in the configuration.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use careen_audit::{Adjustment, definitions};
use careen_audit_model::Unseen;
use careen_evidence::{Claim, duration};
use careen_policy::{AuditControl, Problem, Word};

use super::folder::{Folder, OWN};
use crate::args::AuditArguments;
use crate::config::Loaded;

/// What an audit was told, resolved.
pub(super) struct Settings {
    /// The checklist; careen's own without one.
    pub(super) checklist: Option<PathBuf>,
    pub(super) bindings: Option<PathBuf>,
    /// Files and folders with reports, besides `.careen/evidence`.
    pub(super) evidence: Vec<PathBuf>,
    /// Those of them that the configuration names: they are no part of what is judged.
    pub(super) configured: Vec<PathBuf>,
    pub(super) signers: PathBuf,
    pub(super) adjustments: BTreeMap<String, Adjustment>,
    /// What is to be told beside the verdict.
    pub(super) unseen: Vec<Unseen>,
}

impl Settings {
    pub(super) fn of(arguments: &AuditArguments, loaded: &Loaded, folder: &Folder) -> Result<Self> {
        let (adjustments, problems) = adjustments(loaded);
        if !problems.is_empty() {
            return Err(Loaded::error(&problems));
        }
        let config = &loaded.config.audit;
        let configured = |word: &Option<Word>| word.as_ref().map(|word| loaded.path(word));
        let own = folder.path.join(OWN);
        let named = Self::evidence_of(loaded);
        let mut evidence = named.clone();
        evidence.extend(arguments.evidence.iter().cloned());
        let signers = arguments.signers.clone().or_else(|| configured(&config.signers));
        Ok(Self {
            checklist: arguments.checklist.clone().or_else(|| configured(&config.checklist)),
            bindings: arguments.bindings.clone().or_else(|| configured(&config.bindings)),
            evidence,
            configured: named,
            signers: signers.unwrap_or_else(|| own.join("allowed_signers")),
            adjustments,
            unseen: left_out(loaded, folder),
        })
    }

    /// Files and folders with reports that a configuration names.
    pub(super) fn evidence_of(loaded: &Loaded) -> Vec<PathBuf> {
        loaded.config.audit.evidence.iter().map(|word| loaded.path(word)).collect()
    }
}

/// Takes out of a configuration what makes a check milder and gives no reason: another selection of rules,
/// other severities, less for some paths. What is ignored with a reason stays, and is told.
pub(super) fn keep_to_reasons(loaded: &mut Loaded) {
    loaded.config.select = None;
    loaded.config.severity.clear();
    loaded.config.overrides.clear();
}

/// What the configuration and `.careenignore` leave out of what is looked at: a reader of the verdict must know.
fn left_out(loaded: &Loaded, folder: &Folder) -> Vec<Unseen> {
    let excluded = loaded.config.exclude.iter().map(|(glob, place)| Unseen {
        path: Some(place.path().to_owned()),
        line: Some(place.position().line),
        message: format!("`exclude` leaves out `{glob}`: nothing is known of what stands there"),
        incomplete: false,
    });
    let is_ignore = |path: &str| path.rsplit('/').next() == Some(".careenignore");
    let entries = folder.listing.entries.iter().filter(|entry| is_ignore(&entry.path));
    let ignored = entries.map(|entry| Unseen {
        path: Some(entry.path.to_string()),
        line: None,
        message: "leaves out what it lists: nothing is known of what stands there".to_owned(),
        incomplete: false,
    });
    excluded.chain(ignored).collect()
}

/// What is configured for controls, and what is wrong with it.
pub(crate) fn adjustments(loaded: &Loaded) -> (BTreeMap<String, Adjustment>, Vec<Problem>) {
    let mut adjustments = BTreeMap::new();
    let mut problems = Vec::new();
    let known = definitions();
    for control in &loaded.config.audit.controls {
        let (id, place) = &control.control;
        if !known.iter().any(|definition| definition.id == *id) {
            let ids = known.iter().map(|definition| definition.id.as_str());
            let near = careen_text::closest(id, ids);
            let hint = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
            let message = format!("no control is called `{id}`{hint}");
            problems.push(Problem { place: place.clone(), message });
        }
        adjustments.insert(id.clone(), adjustment(control, &mut problems));
    }
    (adjustments, problems)
}

fn adjustment(control: &AuditControl, problems: &mut Vec<Problem>) -> Adjustment {
    let mut say = |word: &Word, message: String| {
        problems.push(Problem { place: word.1.clone(), message });
    };
    let mut claims = Vec::new();
    for word in &control.claims {
        match Claim::parse(&word.0) {
            Ok(claim) => claims.push(claim),
            Err(message) => say(word, message),
        }
    }
    let max_age = control.max_age.as_ref().and_then(|word| match duration(&word.0) {
        Ok(age) => Some(age),
        Err(message) => {
            say(word, message);
            None
        }
    });
    let not_applicable = control.not_applicable.as_ref().map(|(reason, _)| reason.clone());
    Adjustment { not_applicable, claims, max_age }
}
