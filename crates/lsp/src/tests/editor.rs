//! The editor, and the checker that looks for words.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use careen_rule::{
    Confidence, Judged, JudgedEdit, JudgedFix, JudgedRelated, Meta, Region, Safety, Severity,
    Snippet,
};
use careen_text::LineIndex;
use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

use crate::{Checker, Level, Outcome, Problem, Settings, Text, run};

pub(super) static BAD: Meta = Meta {
    id: "bad-word",
    summary: "a bad word",
    remedy: "Write a good one.",
    docs: " Bad words hurt.\n",
    references: &["https://example.com/words"],
    ..Meta::DEFAULT
};
pub(super) static PAIR: Meta =
    Meta { id: "pair-unused", summary: "a lonely word", ..Meta::DEFAULT };

/// Finds `bad` in a text, to be fixed, and `pair` in several.
#[derive(Default)]
pub(super) struct Words {
    /// Files of the workspace on disk.
    pub(super) files: BTreeMap<PathBuf, String>,
    /// What checks of folders wait at.
    pub(super) gate: Option<Arc<std::sync::Barrier>>,
    pub(super) texts: AtomicUsize,
    pub(super) folders: AtomicUsize,
}

impl Words {
    fn find(path: &Path, text: &str, rule: &'static Meta, word: &str) -> Vec<Judged> {
        let index = LineIndex::new(text);
        let at = |offset: usize| index.position(text, u32::try_from(offset).unwrap());
        let mut found = Vec::new();
        for (start, _) in text.match_indices(word) {
            let region = Region { start: at(start), end: at(start + word.len()) };
            let above = index.line_text(text, region.start.line.max(2) - 1);
            if region.start.line > 1 && above.contains(&format!("careen: ignore[{}]", rule.id)) {
                continue;
            }
            let fix = (word == "bad").then(|| JudgedFix {
                title: "Write `good`".to_owned(),
                safety: if text.contains("dangerous") { Safety::Unsafe } else { Safety::Safe },
                edits: vec![JudgedEdit { region, text: "good".to_owned() }],
            });
            found.push(Judged {
                rule,
                severity: if word == "bad" { Severity::High } else { Severity::Info },
                lowered: None,
                confidence: Confidence::Certain,
                message: format!("`{word}` is\u{1b} [no](x) word"),
                path: path.to_string_lossy().into(),
                region,
                snippet: Snippet::default(),
                object: None,
                related: vec![JudgedRelated {
                    path: path.to_string_lossy().into(),
                    region,
                    message: "here too".to_owned(),
                    snippet: Snippet::default(),
                }],
                fix,
                fingerprint: format!("{}-{start}", rule.id),
                line_hash: None,
                suppressed: None,
                history: None,
            });
        }
        found
    }
}

impl Checker for Words {
    fn rules(&self) -> Vec<&'static Meta> {
        vec![&BAD, &PAIR]
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        // `/link` leads to `/work`.
        path.strip_prefix("/link")
            .map_or_else(|_| path.to_path_buf(), |it| Path::new("/work").join(it))
    }

    fn check_text(&self, settings: &Settings, text: &Text) -> Outcome {
        self.texts.fetch_add(1, Ordering::Relaxed);
        assert!(!text.text.contains("PANIC"), "on purpose");
        let path = text.path.clone().unwrap_or_else(|| PathBuf::from(&text.name));
        if settings.profile.as_deref() == Some("loud") {
            let failure = Some("no profile is called `loud`".to_owned());
            return Outcome { failure, ..Outcome::default() };
        }
        Outcome { findings: Self::find(&path, &text.text, &BAD, "bad"), ..Outcome::default() }
    }

    fn check_folder(
        &self,
        _: &Settings,
        folder: &Path,
        texts: &BTreeMap<PathBuf, Arc<str>>,
    ) -> Outcome {
        self.folders.fetch_add(1, Ordering::Relaxed);
        if let Some(gate) = &self.gate {
            gate.wait();
        }
        let mut files: BTreeMap<PathBuf, String> = self.files.clone();
        files.extend(texts.iter().map(|(path, text)| (path.clone(), text.to_string())));
        files.retain(|path, _| path.starts_with(folder));
        let mut outcome = Outcome { across: BTreeSet::from([PAIR.id]), ..Outcome::default() };
        let pairs = files.values().filter(|text| text.contains("pair")).count();
        for (path, text) in &files {
            if path.ends_with("ignored.yaml") {
                outcome.ignored.push(path.clone());
                continue;
            }
            outcome.findings.extend(Self::find(path, text, &BAD, "bad"));
            if pairs > 1 {
                outcome.findings.extend(Self::find(path, text, &PAIR, "pair"));
            }
            if text.contains("wrong: 1") {
                let at = LineIndex::new(text).position(text, 0);
                outcome.problems.push(Problem {
                    path: path.clone(),
                    region: Region { start: at, end: at },
                    level: Level::Error,
                    message: "unknown key".to_owned(),
                    kind: "configuration",
                });
            }
        }
        outcome.files = if files.keys().any(|path| path.ends_with("huge")) { 99_999 } else { 2 };
        outcome
    }
}

/// The editor's side.
pub(super) struct Editor {
    pub(super) connection: Connection,
    pub(super) server: JoinHandle<u8>,
    pub(super) words: Arc<Words>,
    pub(super) id: i32,
    /// What the server said, besides answers.
    pub(super) heard: Vec<(String, Value)>,
}

impl Editor {
    pub(super) fn start(words: Words) -> Self {
        let (server, connection) = Connection::memory();
        let words = Arc::new(words);
        let checker = Arc::clone(&words);
        let server = thread::spawn(move || run(server, checker));
        Self { connection, server, words, id: 0, heard: Vec::new() }
    }

    /// An editor after the first exchange, with the folder `/work`.
    pub(super) fn open(words: Words, capabilities: Value) -> Self {
        let mut editor = Self::start(words);
        let params = json!({"processId": null, "capabilities": capabilities,
            "workspaceFolders": [{"uri": "file:///work", "name": "work"}]});
        editor.ask("initialize", params).unwrap();
        editor.tell("initialized", json!({}));
        editor
    }

    pub(super) fn tell(&self, method: &str, params: Value) {
        let message = Notification { method: method.to_owned(), params };
        self.connection.sender.send(message.into()).unwrap();
    }

    pub(super) fn send(&mut self, method: &str, params: Value) -> RequestId {
        self.id += 1;
        let id = RequestId::from(self.id);
        let request = Request { id: id.clone(), method: method.to_owned(), params };
        self.connection.sender.send(request.into()).unwrap();
        id
    }

    pub(super) fn receive(&self) -> Message {
        // A bound for a server that does not answer; nothing waits for it otherwise.
        self.connection.receiver.recv_timeout(Duration::from_mins(1)).unwrap()
    }

    pub(super) fn answer(&mut self, id: &RequestId) -> Result<Value, (i32, String)> {
        loop {
            match self.receive() {
                Message::Response(response) if response.id == *id => {
                    return response.response_result.map_err(|it| (it.code, it.message));
                }
                Message::Response(response) => panic!("{response:?}"),
                Message::Notification(it) => self.heard.push((it.method, it.params)),
                Message::Request(it) => {
                    self.heard.push((it.method.clone(), it.params));
                    let result = match it.method.as_str() {
                        "workspace/configuration" => json!([{"lint": {"scope": "workspace"}}]),
                        _ => Value::Null,
                    };
                    let answer = Response::new_ok(it.id, result);
                    self.connection.sender.send(answer.into()).unwrap();
                }
            }
        }
    }

    pub(super) fn ask(&mut self, method: &str, params: Value) -> Result<Value, (i32, String)> {
        let id = self.send(method, params);
        self.answer(&id)
    }

    /// Waits until the server published diagnostics of an address that fit.
    pub(super) fn wait(&mut self, uri: &str, fits: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        loop {
            let found = self.heard.iter().position(|(method, params)| {
                method == "textDocument/publishDiagnostics"
                    && params["uri"] == uri
                    && fits(params["diagnostics"].as_array().unwrap())
            });
            if let Some(at) = found {
                let (_, params) = self.heard.drain(..=at).next_back().unwrap();
                return params["diagnostics"].as_array().unwrap().clone();
            }
            match self.receive() {
                Message::Notification(it) => self.heard.push((it.method, it.params)),
                Message::Request(it) => {
                    let answer = Response::new_ok(it.id, Value::Null);
                    self.connection.sender.send(answer.into()).unwrap();
                    self.heard.push((it.method, it.params));
                }
                Message::Response(response) => panic!("{response:?}"),
            }
        }
    }

    pub(super) fn did_open(&self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    pub(super) fn did_change(&self, uri: &str, version: i32, changes: Value) {
        let document = json!({"uri": uri, "version": version});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.tell("textDocument/didChange", params);
    }

    pub(super) fn actions(&mut self, uri: &str, range: [u32; 4], only: Option<&str>) -> Vec<Value> {
        let context = match only {
            Some(kind) => json!({"diagnostics": [], "only": [kind]}),
            None => json!({"diagnostics": []}),
        };
        let params =
            json!({"textDocument": {"uri": uri}, "range": span(range), "context": context});
        let actions = self.ask("textDocument/codeAction", params).unwrap();
        actions.as_array().unwrap().clone()
    }

    pub(super) fn leave(mut self) {
        self.ask("shutdown", Value::Null).unwrap();
        self.tell("exit", Value::Null);
        assert_eq!(self.server.join().unwrap(), 0);
    }
}

pub(super) fn span(range: [u32; 4]) -> Value {
    let [a, b, c, d] = range;
    json!({"start": {"line": a, "character": b}, "end": {"line": c, "character": d}})
}

pub(super) fn capable() -> Value {
    json!({
        "textDocument": {
            "publishDiagnostics": {"relatedInformation": true, "codeDescriptionSupport": true,
                "tagSupport": {"valueSet": [1, 2]}},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}},
            "hover": {"contentFormat": ["markdown", "plaintext"]},
        },
        "workspace": {"workspaceEdit": {"documentChanges": true}},
    })
}

pub(super) fn words(files: &[(&str, &str)]) -> Words {
    let files = files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned()));
    Words { files: files.collect(), ..Words::default() }
}
