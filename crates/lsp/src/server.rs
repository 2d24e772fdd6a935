//! The one that owns all state: takes messages in, has things checked, tells what came of it.

mod notifications;
mod outcomes;
mod requests;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::Uri;
use serde_json::{Value, json};

use crate::abilities::Abilities;
use crate::document::Document;
use crate::folder::Folders;
use crate::lane::Lane;
use crate::{Checker, Moment, Outcome, Settings};
use requests::Waiting;

/// What the thread that owns the state is told.
pub(crate) enum Event {
    /// A message of the editor.
    Message(Message),
    /// The editor is gone.
    Gone,
    /// A document was checked by itself.
    Text { uri: String, version: i32, outcome: Outcome },
    /// A folder was checked, with these documents in these versions.
    Folder { folder: PathBuf, versions: BTreeMap<String, i32>, outcome: Outcome },
    /// A request was answered.
    Answer { id: RequestId, answer: Result<Value, String> },
}

/// How far the conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    New,
    Running,
    ShutDown,
}

/// The state.
pub(crate) struct Server {
    /// Sends a message; false if nobody takes it.
    send: Box<dyn Fn(Message) -> bool>,
    checker: Arc<dyn Checker>,
    phase: Phase,
    /// The exit code, once the editor asked to end.
    ended: Option<u8>,
    abilities: Abilities,
    settings: Settings,
    folders: Folders,
    /// By address, as the editor writes it.
    documents: BTreeMap<String, Document>,
    texts: Lane<Event>,
    wholes: Lane<Event>,
    /// Documents to check, and those that are being checked.
    due: BTreeSet<String>,
    running: BTreeSet<String>,
    /// Folders to check, and whether one is being checked.
    due_folders: BTreeSet<PathBuf>,
    folder_running: bool,
    /// Requests that wait until their document is checked, in order.
    waiting: Vec<Waiting>,
    /// Requests that are being worked on.
    active: HashSet<RequestId>,
    next_id: i32,
    /// The request for settings that is not answered yet.
    asked_settings: Option<RequestId>,
    /// The last failure that was told about documents outside of all folders.
    failure: Option<String>,
}

/// Serves one editor over a connection until it leaves. Returns the exit code that the protocol
/// asks for: 0 if the editor said `shutdown` and then `exit`, else 1.
pub fn run(connection: Connection, checker: Arc<dyn Checker>) -> u8 {
    let Connection { sender, receiver } = connection;
    let (events, heard) = channel();
    let messages = events.clone();
    thread::spawn(move || {
        for message in receiver {
            if messages.send(Event::Message(message)).is_err() {
                return;
            }
        }
        // If nobody listens any more, the server ended before.
        let _ = messages.send(Event::Gone);
    });
    let mut server = Server {
        send: Box::new(move |message| sender.send(message).is_ok()),
        checker,
        phase: Phase::New,
        ended: None,
        abilities: Abilities::default(),
        settings: Settings::default(),
        folders: Folders::default(),
        documents: BTreeMap::new(),
        texts: Lane::start(events.clone()),
        wholes: Lane::start(events),
        due: BTreeSet::new(),
        running: BTreeSet::new(),
        due_folders: BTreeSet::new(),
        folder_running: false,
        waiting: Vec::new(),
        active: HashSet::new(),
        next_id: 0,
        asked_settings: None,
        failure: None,
    };
    server.serve(&heard)
}

impl Server {
    fn serve(&mut self, heard: &Receiver<Event>) -> u8 {
        while let Ok(event) = heard.recv() {
            self.hear(event);
            // Whatever waits is taken in before anything is checked: the last keystroke counts.
            while self.ended.is_none() {
                let Ok(event) = heard.try_recv() else { break };
                self.hear(event);
            }
            if let Some(code) = self.ended {
                return code;
            }
            self.work();
        }
        1
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Message(Message::Request(request)) => self.take_request(request),
            Event::Message(Message::Notification(notification)) => {
                self.take_notification(notification);
            }
            Event::Message(Message::Response(response)) => self.take_response(&response),
            Event::Gone => self.ended = Some(1),
            Event::Text { uri, version, outcome } => self.text_checked(&uri, version, outcome),
            Event::Folder { folder, versions, outcome } => {
                self.folder_checked(&folder, &versions, outcome);
            }
            Event::Answer { id, answer } => {
                if self.active.remove(&id) {
                    match answer {
                        Ok(value) => self.answer(id, value),
                        Err(message) => self.refuse(id, ErrorCode::InternalError, message),
                    }
                }
            }
        }
    }

    /// Has done what is due.
    fn work(&mut self) {
        for uri in std::mem::take(&mut self.due) {
            if self.running.contains(&uri) {
                self.due.insert(uri);
                continue;
            }
            let Some(document) = self.documents.get(&uri) else { continue };
            let (text, version) = (document.to_check(), document.version);
            let (checker, settings) = (Arc::clone(&self.checker), self.settings.clone());
            let key = uri.clone();
            let taken = self.texts.take(move || {
                let outcome = guarded(|| checker.check_text(&settings, &text));
                Event::Text { uri, version, outcome }
            });
            if taken {
                self.running.insert(key);
            }
        }
        if !self.folder_running
            && let Some(folder) = self.due_folders.pop_first()
        {
            self.check_folder(folder);
        }
        self.answer_waiting();
    }

    fn check_folder(&mut self, folder: PathBuf) {
        let mut texts = BTreeMap::new();
        let mut versions = BTreeMap::new();
        for (uri, document) in &mut self.documents {
            if let Some(path) = document.path.as_ref().filter(|path| path.starts_with(&folder)) {
                document.since = Some(Vec::new());
                texts.insert(path.clone(), Arc::clone(&document.text));
                versions.insert(uri.clone(), document.version);
            }
        }
        let (checker, settings) = (Arc::clone(&self.checker), self.settings.clone());
        self.folder_running = self.wholes.take(move || {
            let outcome = guarded(|| checker.check_folder(&settings, &folder, &texts));
            Event::Folder { folder, versions, outcome }
        });
    }

    /// Has everything checked again.
    fn all_due(&mut self) {
        self.due.extend(self.documents.keys().cloned());
        let open = self.documents.values().filter_map(|document| document.folder.clone());
        self.due_folders.extend(open);
        if self.settings.scope == crate::Scope::Workspace {
            self.due_folders.extend(self.folders.0.keys().cloned());
        }
    }

    /// Has a document checked after a change, and its folder if that is quick.
    fn changed(&mut self, uri: &str) {
        let Some(document) = self.documents.get(uri) else { return };
        if self.settings.moment == Moment::Save {
            return;
        }
        self.due.insert(uri.to_owned());
        if let Some(folder) = &document.folder
            && self.folders.0.get(folder).is_some_and(|folder| folder.small)
        {
            self.due_folders.insert(folder.clone());
        }
    }

    fn open_at(&self, path: &Path) -> Option<&Document> {
        self.documents.values().find(|document| document.path.as_deref() == Some(path))
    }

    fn uri_at(&self, path: &Path) -> Option<Uri> {
        match self.open_at(path) {
            Some(document) => Some(document.uri.clone()),
            None => self.folders.uri(path),
        }
    }

    fn answer(&self, id: RequestId, value: Value) {
        // If nobody takes it, the end of the connection is the next thing that is heard.
        let _ = (self.send)(Message::Response(Response::new_ok(id, value)));
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, message: impl Into<String>) {
        let response = Response::new_err(id, code as i32, message.into());
        let _ = (self.send)(Message::Response(response));
    }

    fn notify(&self, method: &str, params: Value) {
        let notification = Notification { method: method.to_owned(), params };
        let _ = (self.send)(Message::Notification(notification));
    }

    fn request(&mut self, method: &str, params: Value) -> RequestId {
        self.next_id = self.next_id.wrapping_add(1);
        let id = RequestId::from(format!("careen-{}", self.next_id));
        let request = Request { id: id.clone(), method: method.to_owned(), params };
        let _ = (self.send)(Message::Request(request));
        id
    }

    /// Shows a message. Of the protocol's levels, 1 is an error, 2 a warning, 3 information.
    fn show(&self, level: u8, message: &str) {
        let message = careen_text::sanitize(message);
        self.notify("window/showMessage", json!({"type": level, "message": message}));
    }

    /// Runs what a message asks for. A panic is a defect of ours, and no reason to leave.
    fn guard(&mut self, work: impl FnOnce(&mut Self)) -> bool {
        catch_unwind(AssertUnwindSafe(|| work(self))).is_ok()
    }
}

/// Runs a check. The engine isolates its linters; this is for what is around them.
fn guarded(work: impl FnOnce() -> Outcome) -> Outcome {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Outcome {
        failure: Some("a check failed: this is a defect of careen, please report it".to_owned()),
        ..Outcome::default()
    })
}
