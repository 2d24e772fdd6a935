//! What checks came to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use lsp_types::Diagnostic;
use serde_json::{Value, json};

use super::Server;
use crate::diagnostic::Teller;
use crate::document::Document;
use crate::shown::{Shown, What, by_file};
use crate::{Outcome, Scope};

/// Findings of files that are not open. Editors keep them all in a list.
const MOST_OF_FILES: usize = 5_000;

impl Server {
    pub(super) fn text_checked(&mut self, uri: &str, version: i32, mut outcome: Outcome) {
        self.running.remove(uri);
        let Some(document) = self.documents.get(uri) else { return };
        // Of an older version nothing is told.
        if document.version != version {
            self.due.insert(uri.to_owned());
            return;
        }
        let folder = document.folder.clone();
        let failure = outcome.failure.take();
        let own: BTreeSet<PathBuf> = [document.path.clone(), Some(PathBuf::from(document.name()))]
            .into_iter()
            .flatten()
            .collect();
        // With a folder, its own check tells what is wrong elsewhere.
        if folder.is_none() {
            for problem in &mut outcome.problems {
                if !own.contains(&problem.path) {
                    let at = problem.region.start;
                    problem.message = format!(
                        "{}:{}:{}: {}",
                        problem.path.display(),
                        at.line,
                        at.column,
                        problem.message
                    );
                    problem.path = PathBuf::from(document.name());
                    problem.region = careen_rule::Region {
                        start: careen_text::Position { line: 1, column: 1, utf16: 1 },
                        end: careen_text::Position { line: 1, column: 1, utf16: 1 },
                    };
                }
            }
        }
        let line = |_: &Path, number| Some(document.line(number));
        let files = by_file(outcome, self.abilities.encoding, &line);
        let shown = files.into_iter().filter(|(path, _)| own.contains(path) || folder.is_none());
        // What needs a look at all files has had it where there is a folder.
        let shown = shown.flat_map(|(_, shown)| shown);
        let shown: Vec<_> = shown.filter(|shown| folder.is_none() || !shown.is_across()).collect();
        if let Some(document) = self.documents.get_mut(uri) {
            document.own = shown;
            document.checked = Some(version);
            if folder.is_none() {
                document.across.clear();
            }
        }
        self.tell_failure(folder.as_deref(), failure);
        self.tell_document(uri, true);
    }

    pub(super) fn folder_checked(
        &mut self,
        folder: &Path,
        versions: &BTreeMap<String, i32>,
        mut outcome: Outcome,
    ) {
        self.folder_running = false;
        let failure = outcome.failure.take();
        let ignored: BTreeSet<PathBuf> = std::mem::take(&mut outcome.ignored).into_iter().collect();
        let (looked_at, bytes) = (outcome.files, outcome.bytes);
        let failed = failure.is_some();
        let mut files = {
            let line = |path: &Path, number: u32| {
                // Columns in bytes are only known of the version that was checked.
                let document = self.open_at(path)?;
                let version = versions.get(document.uri.as_str());
                (version == Some(&document.version)).then(|| document.line(number))
            };
            by_file(outcome, self.abilities.encoding, &line)
        };
        for shown in files.values_mut() {
            shown.sort_by_key(|shown| (shown.range.start, shown.range.end));
        }
        let mut told = Vec::new();
        let encoding = self.abilities.encoding;
        for (uri, document) in &mut self.documents {
            let Some(path) = document.path.as_ref().filter(|path| path.starts_with(folder)) else {
                continue;
            };
            let since = std::mem::take(&mut document.since).unwrap_or_default();
            if document.folder.as_deref() != Some(folder) || !versions.contains_key(uri) {
                continue;
            }
            let mut shown = files.get(path).cloned().unwrap_or_default();
            for (edited, text) in &since {
                shown.retain_mut(|shown| shown.follow(*edited, text, encoding));
            }
            document.ignored = ignored.contains(path);
            // Whose own check is still to come is told then: half of the truth would flicker.
            if since.is_empty() || !(self.due.contains(uri) || self.running.contains(uri)) {
                told.push(uri.clone());
            }
            let (across, own) = shown.into_iter().partition(Shown::is_across);
            document.across = across;
            // What was written meanwhile is looked at by itself.
            if since.is_empty() && !document.is_configuration() {
                document.own = own;
                document.checked = Some(document.version);
            }
        }
        let Some(state) = self.folders.0.get_mut(folder) else { return };
        state.files = files;
        if !failed {
            state.measure(looked_at, bytes);
        }
        self.tell_failure(Some(folder), failure);
        let mut stale = false;
        for uri in told {
            stale |= self.tell_document(&uri, false);
        }
        self.tell_folder(folder);
        if stale && self.abilities.pulls {
            self.request("workspace/diagnostic/refresh", Value::Null);
        }
    }

    /// Shows why nothing is checked, once, until that changes.
    fn tell_failure(&mut self, folder: Option<&Path>, failure: Option<String>) {
        let known = match folder.and_then(|folder| self.folders.0.get_mut(folder)) {
            Some(folder) => &mut folder.failure,
            None => &mut self.failure,
        };
        if *known == failure {
            return;
        }
        known.clone_from(&failure);
        if let Some(message) = failure {
            self.show(1, &message);
        }
    }

    pub(super) fn diagnostics(&self, document: &Document) -> Vec<Diagnostic> {
        self.teller(|teller| teller.all(document.shown()))
    }

    fn teller<T>(&self, work: impl FnOnce(&Teller<'_>) -> T) -> T {
        let open = |path: &Path| self.open_at(path).map(|document| document.uri.clone());
        work(&Teller { abilities: &self.abilities, folders: &self.folders, open: &open })
    }

    /// Tells the editor about a document, `always` or if there is something new. Returns whether
    /// there is.
    fn tell_document(&mut self, uri: &str, always: bool) -> bool {
        let Some(document) = self.documents.get(uri) else { return false };
        let diagnostics = self.diagnostics(document);
        let is_new = diagnostics != document.told;
        if !self.abilities.pulls && (is_new || always) {
            let params = json!({
                "uri": document.uri,
                "version": document.version,
                "diagnostics": diagnostics,
            });
            self.notify("textDocument/publishDiagnostics", params);
            if let Some(document) = self.documents.get_mut(uri) {
                document.told = diagnostics;
            }
        }
        is_new
    }

    /// Tells the editor about the files of a folder that are not open.
    pub(super) fn tell_folder(&mut self, path: &Path) {
        let Some(folder) = self.folders.0.get(path) else { return };
        let everything = self.settings.scope == Scope::Workspace;
        let is_problem = |shown: &&Shown| matches!(&shown.what, What::Problem(problem) if problem.kind == "configuration");
        let mut room = MOST_OF_FILES;
        let mut told = BTreeSet::new();
        let mut messages = Vec::new();
        for (file, shown) in &folder.files {
            if self.open_at(file).is_some() {
                continue;
            }
            let shown: Vec<&Shown> =
                shown.iter().filter(|shown| everything || is_problem(shown)).take(room).collect();
            if shown.is_empty() {
                continue;
            }
            room -= shown.len();
            let Some(uri) = self.uri_at(file) else { continue };
            let diagnostics = self.teller(|teller| teller.all(shown.iter().copied()));
            messages.push(json!({"uri": uri, "diagnostics": diagnostics}));
            told.insert(file.clone());
        }
        for gone in folder.told.difference(&told).filter(|file| self.open_at(file).is_none()) {
            if let Some(uri) = self.uri_at(gone) {
                messages.push(json!({"uri": uri, "diagnostics": []}));
            }
        }
        if let Some(folder) = self.folders.0.get_mut(path) {
            folder.told = told;
        }
        for message in messages {
            self.notify("textDocument/publishDiagnostics", message);
        }
        if room == 0 {
            let message = format!(
                "only {MOST_OF_FILES} findings of files that are not open are shown: \
                 `careen check` shows all"
            );
            self.notify("window/logMessage", json!({"type": 3, "message": message}));
        }
    }
}
