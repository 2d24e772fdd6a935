//! What the editor tells.

use std::path::PathBuf;

use lsp_server::{Notification, RequestId};
use lsp_types::{
    DidChangeTextDocumentParams, DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams,
};
use serde_json::{Value, json};

use super::{Phase, Server};
use crate::document::Document;
use crate::{Scope, abilities, uri};

/// Documents that may be open at once.
const MOST_DOCUMENTS: usize = 10_000;

impl Server {
    pub(super) fn take_notification(&mut self, notification: Notification) {
        let method = notification.method.clone();
        if !self.guard(|server| server.hear_notification(notification)) {
            let method = careen_text::sanitize_line(&method);
            let message =
                format!("`{method}` failed: this is a defect of careen, please report it");
            self.show(1, &message);
        }
    }

    fn hear_notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        if method == "exit" {
            self.ended = Some(u8::from(self.phase != Phase::ShutDown));
            return;
        }
        if self.phase != Phase::Running {
            return;
        }
        match method.as_str() {
            "initialized" => self.initialized(),
            "textDocument/didOpen" => self.with(&method, params, Self::open),
            "textDocument/didChange" => self.with(&method, params, Self::change),
            "textDocument/didSave" => self.with(&method, params, Self::saved),
            "textDocument/didClose" => self.with(&method, params, Self::close),
            "workspace/didChangeWatchedFiles" => self.all_due(),
            "workspace/didChangeWorkspaceFolders" => self.with(&method, params, Self::folders),
            "workspace/didChangeConfiguration" => self.configured(&params),
            "$/cancelRequest" => {
                let id = params.get("id");
                let number = id.and_then(Value::as_i64).and_then(|id| i32::try_from(id).ok());
                let word = id.and_then(Value::as_str).map(|id| RequestId::from(id.to_owned()));
                if let Some(id) = number.map(RequestId::from).or(word) {
                    self.cancel(&id);
                }
            }
            // A notification that is not known is to be passed over.
            _ => {}
        }
    }

    /// Reads parameters. There is no answer to a notification, so a slip goes to the log.
    fn with<P: serde::de::DeserializeOwned>(
        &mut self,
        method: &str,
        params: Value,
        work: fn(&mut Self, &P),
    ) {
        match serde_json::from_value(params) {
            Ok(params) => work(self, &params),
            Err(error) => {
                let message = format!("the parameters of `{method}` do not hold: {error}");
                let message = careen_text::sanitize_line(&message);
                self.notify("window/logMessage", json!({"type": 1, "message": message}));
            }
        }
    }

    fn initialized(&mut self) {
        if self.abilities.watches {
            self.request("client/registerCapability", abilities::watched());
        }
        self.ask_settings();
        if self.settings.scope == Scope::Workspace {
            self.all_due();
        }
    }

    fn ask_settings(&mut self) {
        if self.abilities.configuration {
            let params = json!({"items": [{"section": "careen"}]});
            self.asked_settings = Some(self.request("workspace/configuration", params));
        }
    }

    fn configured(&mut self, params: &Value) {
        match params.get("settings").and_then(|settings| settings.get("careen")) {
            Some(settings) => self.set_settings(settings),
            // Newer editors only say that something changed.
            None => self.ask_settings(),
        }
    }

    fn open(&mut self, params: &DidOpenTextDocumentParams) {
        let item = &params.text_document;
        let key = item.uri.as_str().to_owned();
        if self.documents.len() >= MOST_DOCUMENTS && !self.documents.contains_key(&key) {
            self.show(2, "too many documents are open: careen does not check more");
            return;
        }
        let path = uri::to_path(&key).map(|path| self.checker.canonical(&path));
        let mut document = Document::new(
            item.uri.clone(),
            item.language_id.clone(),
            item.version,
            item.text.clone(),
        );
        document.folder = path.as_ref().and_then(|path| self.folders.of(path));
        document.path = path;
        if let (Some(path), Some(folder)) = (&document.path, &document.folder)
            && let Some(folder) = self.folders.0.get_mut(folder)
        {
            // What was shown of the file is shown of the document from now on.
            let known = folder.files.get(path).into_iter().flatten();
            document.across = known.filter(|shown| shown.is_across()).cloned().collect();
            if folder.told.remove(path) && self.abilities.pulls {
                let clear = json!({"uri": document.uri, "diagnostics": []});
                self.notify("textDocument/publishDiagnostics", clear);
            }
        }
        self.due_folders.extend(document.folder.clone());
        self.documents.insert(key.clone(), document);
        self.due.insert(key);
    }

    fn change(&mut self, params: &DidChangeTextDocumentParams) {
        let key = params.text_document.uri.as_str();
        let encoding = self.abilities.encoding;
        let Some(document) = self.documents.get_mut(key) else { return };
        // Versions only grow: an older one is about a text that is gone.
        if params.text_document.version < document.version {
            let message = "a change of an older version of a document was passed over";
            self.notify("window/logMessage", json!({"type": 2, "message": message}));
            return;
        }
        document.change(params.text_document.version, &params.content_changes, encoding);
        self.changed(key);
    }

    fn saved(&mut self, params: &DidSaveTextDocumentParams) {
        let key = params.text_document.uri.as_str().to_owned();
        let Some(document) = self.documents.get(&key) else { return };
        let folder = document.folder.clone();
        if document.is_configuration() || document.name() == ".careenignore" {
            self.all_due();
        }
        self.due_folders.extend(folder);
        self.due.insert(key);
    }

    fn close(&mut self, params: &DidCloseTextDocumentParams) {
        let key = params.text_document.uri.as_str();
        let Some(document) = self.documents.remove(key) else { return };
        self.due.remove(key);
        if !self.abilities.pulls {
            let clear = json!({"uri": document.uri, "diagnostics": []});
            self.notify("textDocument/publishDiagnostics", clear);
        }
        if let Some(folder) = document.folder {
            self.tell_folder(&folder);
            // What was not saved is gone, and others may have referred to it.
            if document.checked != Some(document.version) || self.is_shown(&folder) {
                self.due_folders.insert(folder);
            }
        }
    }

    /// Whether something of a folder is shown.
    fn is_shown(&self, folder: &PathBuf) -> bool {
        self.settings.scope == Scope::Workspace
            || self.documents.values().any(|document| document.folder.as_ref() == Some(folder))
    }

    fn folders(&mut self, params: &DidChangeWorkspaceFoldersParams) {
        for gone in &params.event.removed {
            let Some(path) = uri::to_path(gone.uri.as_str()) else { continue };
            let path = self.checker.canonical(&path);
            let Some(folder) = self.folders.0.get_mut(&path) else { continue };
            folder.files.clear();
            self.tell_folder(&path);
            self.folders.0.remove(&path);
            self.due_folders.remove(&path);
        }
        for new in &params.event.added {
            if let Some(path) = uri::to_path(new.uri.as_str()) {
                self.add_folder(path);
            }
        }
        for document in self.documents.values_mut() {
            document.folder = document.path.as_ref().and_then(|path| self.folders.of(path));
            if document.folder.is_none() {
                document.across.clear();
                document.ignored = false;
            }
        }
        self.all_due();
    }
}
