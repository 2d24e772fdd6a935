//! What the editor asks.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use lsp_server::{ErrorCode, Request, RequestId, Response};
use lsp_types::{
    CodeActionParams, CompletionParams, DocumentDiagnosticParams, HoverParams, Position, Range, Uri,
};
use serde_json::{Value, json};

use super::{Event, Phase, Server};
use crate::abilities::Abilities;
use crate::actions::Ask;
use crate::diagnostic::Teller;
use crate::document::Document;
use crate::folder::Folder;
use crate::{Settings, completion, hover, uri};

/// A request that waits until its document is checked.
pub(super) struct Waiting {
    pub(super) id: RequestId,
    uri: String,
    what: Asked,
}

enum Asked {
    Diagnostics,
    Hover(Position),
    Actions(Box<CodeActionParams>),
}

/// Requests that may wait at once; an editor that asks more does not wait for answers.
const MOST_WAITING: usize = 1_000;
/// Lines above the pointer that completion looks at.
const LINES_ABOVE: u32 = 200;

impl Server {
    pub(super) fn take_request(&mut self, request: Request) {
        let id = request.id.clone();
        if !self.guard(|server| server.dispatch(request)) {
            let message = "this request failed: it is a defect of careen, please report it";
            self.refuse(id, ErrorCode::InternalError, message);
        }
    }

    fn dispatch(&mut self, request: Request) {
        let Request { id, method, params } = request;
        match (self.phase, method.as_str()) {
            (Phase::New, "initialize") => self.initialize(id, &params),
            (Phase::New, _) => {
                let message = "the first request is `initialize`";
                self.refuse(id, ErrorCode::ServerNotInitialized, message);
            }
            (Phase::ShutDown, _) => {
                let message = "after `shutdown` comes `exit` and nothing else";
                self.refuse(id, ErrorCode::InvalidRequest, message);
            }
            (Phase::Running, "initialize") => {
                let message = "`initialize` is asked once";
                self.refuse(id, ErrorCode::InvalidRequest, message);
            }
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                for waiting in std::mem::take(&mut self.waiting) {
                    self.refuse(waiting.id, ErrorCode::RequestCanceled, "careen is shutting down");
                }
                self.active.clear();
                self.answer(id, Value::Null);
            }
            (Phase::Running, method) => self.ask(id, method, params),
        }
    }

    fn ask(&mut self, id: RequestId, method: &str, params: Value) {
        let (uri, what) = match method {
            "textDocument/hover" => {
                let Some(params) = self.params::<HoverParams>(&id, params) else { return };
                let place = params.text_document_position_params;
                (place.text_document.uri, Asked::Hover(place.position))
            }
            "textDocument/codeAction" => {
                let Some(params) = self.params::<CodeActionParams>(&id, params) else { return };
                (params.text_document.uri.clone(), Asked::Actions(Box::new(params)))
            }
            "textDocument/diagnostic" => {
                let params = self.params::<DocumentDiagnosticParams>(&id, params);
                let Some(params) = params else { return };
                (params.text_document.uri, Asked::Diagnostics)
            }
            "textDocument/completion" => {
                let Some(params) = self.params::<CompletionParams>(&id, params) else { return };
                let place = params.text_document_position;
                let items = self.complete(&place.text_document.uri, place.position);
                return self.answer(id, items);
            }
            _ => {
                let message =
                    format!("careen does not answer `{}`", careen_text::sanitize_line(method));
                return self.refuse(id, ErrorCode::MethodNotFound, message);
            }
        };
        if self.waiting.len() >= MOST_WAITING {
            return self.refuse(id, ErrorCode::RequestFailed, "too many requests wait already");
        }
        self.waiting.push(Waiting { id, uri: uri.as_str().to_owned(), what });
    }

    /// Parameters of a request; if they are malformed, that is the answer.
    fn params<P: serde::de::DeserializeOwned>(&self, id: &RequestId, params: Value) -> Option<P> {
        match serde_json::from_value(params) {
            Ok(params) => Some(params),
            Err(error) => {
                let message = format!("the parameters do not hold: {error}");
                let message = careen_text::sanitize_line(&message).into_owned();
                self.refuse(id.clone(), ErrorCode::InvalidParams, message);
                None
            }
        }
    }

    fn initialize(&mut self, id: RequestId, params: &Value) {
        self.phase = Phase::Running;
        self.abilities = Abilities::of(params.get("capabilities").unwrap_or(&Value::Null));
        let (settings, problems) =
            Settings::read(params.get("initializationOptions").unwrap_or(&Value::Null));
        self.settings = settings;
        let uris = |value: &Value| value.get("uri").and_then(Value::as_str).and_then(uri::to_path);
        let named = params.get("workspaceFolders").and_then(Value::as_array);
        let mut folders: Vec<PathBuf> = named.into_iter().flatten().filter_map(uris).collect();
        if folders.is_empty() {
            let root = params.get("rootUri").and_then(Value::as_str).and_then(uri::to_path);
            let path = params.get("rootPath").and_then(Value::as_str).map(PathBuf::from);
            folders.extend(root.or(path).filter(|path| path.is_absolute()));
        }
        for folder in folders {
            self.add_folder(folder);
        }
        self.answer(id, self.abilities.answer());
        for problem in problems {
            self.show(2, &problem);
        }
    }

    pub(super) fn add_folder(&mut self, given: PathBuf) {
        let path = self.checker.canonical(&given);
        self.folders.0.entry(path).or_insert_with(|| Folder::new(given));
    }

    pub(super) fn take_response(&mut self, response: &Response) {
        if self.asked_settings.as_ref() != Some(&response.id) {
            return;
        }
        self.asked_settings = None;
        if let Ok(value) = &response.response_result
            && let Some(value) = value.get(0).filter(|value| !value.is_null())
        {
            self.set_settings(value);
        }
    }

    /// Takes settings; what they change is checked again.
    pub(super) fn set_settings(&mut self, value: &Value) {
        let (settings, problems) = Settings::read(value);
        for problem in problems {
            self.show(2, &problem);
        }
        if settings != self.settings {
            self.settings = settings;
            self.all_due();
            let folders: Vec<_> = self.folders.0.keys().cloned().collect();
            for folder in folders {
                self.tell_folder(&folder);
            }
        }
    }

    /// Cancels a request; false if it is not known or was answered.
    pub(super) fn cancel(&mut self, id: &RequestId) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|waiting| waiting.id != *id);
        let known = self.waiting.len() < before || self.active.remove(id);
        if known {
            self.refuse(id.clone(), ErrorCode::RequestCanceled, "cancelled");
        }
        known
    }

    /// Answers those whose document is neither waiting for a check nor being checked.
    pub(super) fn answer_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        for asked in waiting {
            if self.due.contains(&asked.uri) || self.running.contains(&asked.uri) {
                self.waiting.push(asked);
                continue;
            }
            let id = asked.id.clone();
            if !self.guard(|server| server.reply(asked)) {
                let message = "this request failed: it is a defect of careen, please report it";
                self.refuse(id, ErrorCode::InternalError, message);
            }
        }
    }

    fn reply(&mut self, asked: Waiting) {
        let Waiting { id, uri, what } = asked;
        match what {
            Asked::Diagnostics => {
                let items = self.documents.get(&uri).map(|document| self.diagnostics(document));
                let items = items.unwrap_or_default();
                let report = json!({"kind": "full", "items": items});
                if let Some(document) = self.documents.get_mut(&uri) {
                    document.told = items;
                }
                self.answer(id, report);
            }
            Asked::Hover(at) => {
                let hover = self.documents.get(&uri).and_then(|document| self.hover(document, at));
                self.answer(id, hover.unwrap_or(Value::Null));
            }
            Asked::Actions(params) => {
                let ask = self.documents.get(&uri).map(|document| self.prepare(document, *params));
                let Some(ask) = ask else { return self.answer(id, json!([])) };
                let checker = Arc::clone(&self.checker);
                self.active.insert(id.clone());
                let key = id.clone();
                let taken = self.texts.take(move || {
                    let answer = catch_unwind(AssertUnwindSafe(|| ask.answer(&*checker)));
                    let answer = answer.map_err(|_| {
                        "no actions could be made: this is a defect of careen, please report it"
                            .to_owned()
                    });
                    Event::Answer { id, answer }
                });
                if !taken && self.active.remove(&key) {
                    self.refuse(key, ErrorCode::InternalError, "careen is shutting down");
                }
            }
        }
    }

    fn hover(&self, document: &Document, at: Position) -> Option<Value> {
        let here = Range::new(at, at);
        let shown: Vec<_> =
            document.shown().into_iter().filter(|shown| shown.touches(here)).collect();
        let findings: Vec<_> =
            shown.iter().filter_map(|shown| shown.judged()).map(|judged| &**judged).collect();
        let range = shown.iter().find(|shown| shown.judged().is_some())?.range;
        let kind = if self.abilities.markdown { "markdown" } else { "plaintext" };
        let value = hover::manual(&findings, &document.name());
        Some(json!({"contents": {"kind": kind, "value": value}, "range": range}))
    }

    fn prepare(&self, document: &Document, params: CodeActionParams) -> Ask {
        let shown: Vec<_> = document.shown().into_iter().cloned().collect();
        let open = |path: &std::path::Path| self.open_at(path).map(|it| it.uri.clone());
        let teller = Teller { abilities: &self.abilities, folders: &self.folders, open: &open };
        let range = params.range;
        let here = shown.iter().filter(|shown| shown.touches(range));
        let here = here.map(|shown| (shown.clone(), teller.one(shown))).collect();
        let only = params.context.only;
        Ask {
            uri: document.uri.clone(),
            version: document.version,
            text: document.to_check(),
            fresh: document.checked == Some(document.version),
            shown,
            here,
            only: only.map(|kinds| kinds.iter().map(|kind| kind.as_str().to_owned()).collect()),
            settings: self.settings.clone(),
            encoding: self.abilities.encoding,
            versioned: self.abilities.versioned_edits,
        }
    }

    fn complete(&self, uri: &Uri, at: Position) -> Value {
        let Some(document) = self.documents.get(uri.as_str()) else { return json!([]) };
        let number = at.line.saturating_add(1);
        let line = document.line(number);
        let end = self.abilities.encoding.byte(line, at.character);
        let before = line.get(..end).unwrap_or_default();
        let above: Vec<_> = (number.saturating_sub(LINES_ABOVE).max(1)..number)
            .map(|it| document.line(it))
            .collect();
        if completion::is_wanted(&document.name(), before, &above) {
            completion::items(&self.checker.rules())
        } else {
            json!([])
        }
    }
}
