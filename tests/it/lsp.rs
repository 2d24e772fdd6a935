//! `careen lsp`: exchanges as editors have them, over the streams of the executable.

#![allow(
    clippy::needless_pass_by_value,
    reason = "what a test sends was made for that, and is written in place"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{careen, folder};

/// How long a test waits for a server that says nothing before it takes its input away and fails.
const PATIENCE: Duration = Duration::from_mins(2);

/// What Visual Studio Code says of itself, where it matters here.
fn code() -> Value {
    json!({
        "workspace": {
            "applyEdit": true,
            "workspaceEdit": {"documentChanges": true, "resourceOperations": ["create", "rename", "delete"],
                "failureHandling": "textOnlyTransactional", "normalizesLineEndings": true},
            "configuration": true,
            "didChangeWatchedFiles": {"dynamicRegistration": true, "relativePatternSupport": true},
            "workspaceFolders": true,
        },
        "textDocument": {
            "publishDiagnostics": {"relatedInformation": true, "versionSupport": false,
                "tagSupport": {"valueSet": [1, 2]}, "codeDescriptionSupport": true, "dataSupport": true},
            "synchronization": {"dynamicRegistration": true, "willSave": true, "didSave": true},
            "hover": {"dynamicRegistration": true, "contentFormat": ["markdown", "plaintext"]},
            "codeAction": {"dynamicRegistration": true, "isPreferredSupport": true,
                "dataSupport": true, "codeActionLiteralSupport": {"codeActionKind":
                    {"valueSet": ["", "quickfix", "refactor", "source", "source.organizeImports"]}}},
        },
        "general": {"positionEncodings": ["utf-16"],
            "staleRequestSupport": {"cancel": true, "retryOnContentModified": []}},
        "window": {"workDoneProgress": true, "showDocument": {"support": true}},
    })
}

/// What Neovim says of itself, where it matters here.
fn neovim() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-8", "utf-16", "utf-32"]},
        "workspace": {
            "applyEdit": true,
            "configuration": true,
            "diagnostics": {"refreshSupport": true},
            "didChangeWatchedFiles": {"dynamicRegistration": false, "relativePatternSupport": true},
            "workspaceEdit": {"resourceOperations": ["rename", "create", "delete"]},
            "workspaceFolders": true,
        },
        "textDocument": {
            "diagnostic": {"dynamicRegistration": false, "tagSupport": {"valueSet": [1, 2]}},
            "hover": {"contentFormat": ["markdown", "plaintext"], "dynamicRegistration": true},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix"]}}},
            "publishDiagnostics": {"relatedInformation": true, "tagSupport": {"valueSet": [1, 2]}},
        },
    })
}

/// A Pod as a person writes it, with a fix to be had and breaks as on Windows.
const POD: &str = "\
# 🚢 the pod\r
apiVersion: v1\r
kind: Pod\r
metadata:\r
  name: api\r
  labels: {app: api, ship: \"🚢\", canary: no}\r
spec:\r
  containers:\r
  - name: web\r
    image: registry.example.com/web:1.4.0\r
";

struct Editor {
    child: Child,
    stdin: Option<ChildStdin>,
    said: Receiver<Value>,
    /// Notifications and requests that nobody asked about yet.
    heard: Vec<Value>,
    id: i32,
    settings: Value,
}

impl Editor {
    fn start(folder: &Path) -> Self {
        let mut child = careen(folder)
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let (sender, said) = channel();
        thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let stdin = child.stdin.take();
        Self { child, stdin, said, heard: Vec::new(), id: 0, settings: Value::Null }
    }

    fn initialize(folder: &Path, capabilities: Value) -> (Self, Value) {
        let mut editor = Self::start(folder);
        let uri = uri(folder, "");
        let params = json!({"processId": std::process::id(), "clientInfo": {"name": "test"},
            "locale": "en", "rootPath": folder, "rootUri": uri, "capabilities": capabilities,
            "trace": "off", "workspaceFolders": [{"uri": uri, "name": "work"}]});
        let answer = editor.ask("initialize", params);
        editor.tell("initialized", json!({}));
        (editor, answer)
    }

    fn raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes).and_then(|()| stdin.flush()).unwrap();
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// The next message. A server that says nothing is ended, and so is the test.
    fn next(&mut self) -> Value {
        let Ok(message) = self.said.recv_timeout(PATIENCE) else {
            drop(self.stdin.take());
            let _ = self.child.kill();
            panic!("the server says nothing; it had said {:#?}", self.heard);
        };
        // What the server asks is answered at once.
        if let (Some(id), Some(method)) = (message.get("id"), message["method"].as_str()) {
            let result = match method {
                "workspace/configuration" => json!([self.settings]),
                _ => Value::Null,
            };
            self.send(&json!({"jsonrpc": "2.0", "id": id, "result": result}));
        }
        message
    }

    fn response(&mut self, method: &str, params: Value) -> Value {
        self.id += 1;
        let id = self.id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.next();
            if message["id"] == id && message.get("method").is_none() {
                assert_eq!(message["jsonrpc"], "2.0");
                return message;
            }
            self.heard.push(message);
        }
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let response = self.response(method, params);
        assert!(response.get("error").is_none(), "{method}: {response}");
        response["result"].clone()
    }

    /// Waits for a message that fits; those before it are forgotten.
    fn wait(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            if let Some(at) = self.heard.iter().position(&fits) {
                return self.heard.drain(..=at).next_back().unwrap();
            }
            let message = self.next();
            self.heard.push(message);
        }
    }

    /// Waits for diagnostics of an address that fit.
    fn diagnostics(&mut self, uri: &str, fits: impl Fn(&[String]) -> bool) -> Vec<Value> {
        let message = self.wait(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
                && fits(&codes(message["params"]["diagnostics"].as_array().unwrap()))
        });
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    fn open(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    fn change(&mut self, uri: &str, version: i32, changes: &Value) {
        let document = json!({"uri": uri, "version": version});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.tell("textDocument/didChange", params);
    }

    fn leave(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.tell("exit", Value::Null);
        self.ends_with(0);
    }

    /// Takes the input away, and looks at how the server ends.
    fn ends_with(mut self, code: i32) {
        drop(self.stdin.take());
        let mut stderr = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(code), "{stderr}");
        assert!(!stderr.contains("internal failure"), "{stderr}");
    }
}

fn read(stdout: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.strip_suffix("\r\n")? {
            "" => break,
            header => length = header.strip_prefix("Content-Length: ")?.parse().ok()?,
        }
    }
    let mut body = vec![0; length];
    stdout.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

fn codes(diagnostics: &[Value]) -> Vec<String> {
    diagnostics.iter().map(|it| it["code"].as_str().unwrap_or_default().to_owned()).collect()
}

fn has(codes: &[String], rule: &str) -> bool {
    codes.iter().any(|code| code == rule)
}

fn uri(folder: &Path, path: &str) -> String {
    let folder = folder.to_str().unwrap();
    if path.is_empty() { format!("file://{folder}") } else { format!("file://{folder}/{path}") }
}

fn of_rule<'d>(diagnostics: &'d [Value], rule: &str) -> &'d Value {
    diagnostics.iter().find(|it| it["code"] == rule).unwrap()
}

/// Applies edits as an editor does that counts in UTF-16.
fn apply(text: &str, edits: &Value) -> String {
    let offset = |at: &Value| {
        let (line, character) = (at["line"].as_u64().unwrap(), at["character"].as_u64().unwrap());
        let start: usize = text.split_inclusive('\n').take(line as usize).map(str::len).sum();
        let mut units = 0;
        let here = text[start..].char_indices().find(|(_, character_here)| {
            let found = units >= character;
            units += character_here.len_utf16() as u64;
            found
        });
        start + here.map_or(text.len() - start, |(at, _)| at)
    };
    let mut edits: Vec<_> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            (offset(&range["start"])..offset(&range["end"]), edit["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut text = text.to_owned();
    for (range, new) in edits.into_iter().rev() {
        text.replace_range(range, new);
    }
    text
}

fn insert(line: u32, text: &str) -> Value {
    let at = json!({"line": line, "character": 0});
    json!([{"range": {"start": at, "end": at}, "rangeLength": 0, "text": text}])
}

#[test]
fn an_exchange_of_visual_studio_code() {
    let work = folder(&[("deploy/pod.yaml", POD.as_bytes())]);
    let root = work.path().canonicalize().unwrap();
    let (mut editor, answer) = Editor::initialize(&root, code());
    let offered = &answer["capabilities"];
    assert_eq!(offered["positionEncoding"], "utf-16");
    assert_eq!(offered["textDocumentSync"]["change"], 2);
    assert_eq!(answer["serverInfo"]["name"], "careen");
    let watched = editor.wait(|it| it["method"] == "client/registerCapability");
    assert!(watched.to_string().contains("**/careen.yaml"), "{watched}");

    let pod = uri(&root, "deploy/pod.yaml");
    editor.open(&pod, "yaml", POD);
    let found = editor.diagnostics(&pod, |codes| has(codes, "pod-without-network-policy"));
    let place = json!({"line": 5, "character": 41});
    let quoted = found.iter().find(|it| it["range"]["start"] == place).unwrap();
    let rule = quoted["code"].as_str().unwrap().to_owned();
    // Behind a ship, which is two units.
    assert_eq!(quoted["source"], "careen");
    assert!(quoted["codeDescription"]["href"].as_str().unwrap().starts_with("https://"));
    assert!(quoted["data"].as_str().unwrap().len() >= 32, "{quoted}");

    // A line with a ship is written above, then taken back a little.
    editor.change(&pod, 2, &insert(1, "# 🚢🚢 more\r\n"));
    let part = json!({"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 11}});
    editor.change(&pod, 3, &json!([{"range": part, "text": ""}]));
    let text = POD.replacen("\r\n", "\r\n# 🚢\r\n", 1);
    let found = editor.wait(|it| it["params"]["version"] == 3 && it["params"]["uri"] == *pod);
    let found = found["params"]["diagnostics"].as_array().unwrap().clone();
    let quoted = of_rule(&found, &rule);
    assert_eq!(quoted["range"]["start"], json!({"line": 6, "character": 41}));

    let at = &quoted["range"]["start"];
    let hover =
        editor.ask("textDocument/hover", json!({"textDocument": {"uri": pod}, "position": at}));
    assert_eq!(hover["range"], quoted["range"]);
    let page = hover["contents"]["value"].as_str().unwrap();
    for words in [&format!("`{rule}`"), "**Remedy:**", "## Reported", "```yaml", "Accept it"] {
        assert!(page.contains(words), "{words}: {page}");
    }

    let actions = editor.ask(
        "textDocument/codeAction",
        json!({"textDocument": {"uri": pod}, "range": quoted["range"],
            "context": {"diagnostics": [quoted], "only": ["quickfix"], "triggerKind": 1}}),
    );
    let actions = actions.as_array().unwrap();
    let fix = actions.iter().find(|it| it["isPreferred"] == true).unwrap();
    let accept = format!("Accept `{rule}` here with a comment");
    let accept = actions.iter().find(|it| it["title"] == accept.as_str()).unwrap();
    let change = |action: &Value| action["edit"]["documentChanges"][0].clone();
    assert_eq!(change(fix)["textDocument"], json!({"uri": pod, "version": 3}));
    let fixed = apply(&text, &change(fix)["edits"]);
    assert!(fixed.contains("canary: \"no\"}\r\n"), "{fixed}");
    let accepted = apply(&text, &change(accept)["edits"]);
    let comment = format!("\r\n  # careen: ignore[{rule}] say why\r\n  labels:");
    assert!(accepted.contains(&comment), "{accepted}");

    for (version, text) in [(4, &accepted), (5, &text), (6, &fixed)] {
        editor.change(&pod, version, &json!([{"text": text}]));
        let found =
            editor.wait(|it| it["params"]["version"] == version && it["params"]["uri"] == *pod);
        let found = codes(found["params"]["diagnostics"].as_array().unwrap());
        assert_eq!(has(&found, &rule), version == 5, "{version}: {found:?}");
    }

    // All that is safe, until nothing is left.
    editor.change(&pod, 7, &json!([{"text": text}]));
    let all = editor.ask(
        "textDocument/codeAction",
        json!({"textDocument": {"uri": pod}, "range": {"start": {"line": 0, "character": 0},
            "end": {"line": 0, "character": 0}},
            "context": {"diagnostics": [], "only": ["source.fixAll.careen"]}}),
    );
    let fixed = apply(&text, &change(&all[0])["edits"]);
    assert!(fixed.contains("canary: \"no\"}\r\n"), "{fixed}");
    assert!(fixed.contains("allowPrivilegeEscalation: false\r\n"), "{fixed}");
    std::fs::write(root.join("deploy/pod.yaml"), &text).unwrap();
    let run = crate::harness::run(&root, &["check", "--fix", "--exit-zero"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let by_hand = std::fs::read_to_string(root.join("deploy/pod.yaml")).unwrap();
    assert_eq!(fixed, by_hand, "the editor fixes what the command line fixes");

    editor.tell("textDocument/didSave", json!({"textDocument": {"uri": pod}}));
    editor.tell("textDocument/didClose", json!({"textDocument": {"uri": pod}}));
    editor.diagnostics(&pod, <[String]>::is_empty);
    editor.leave();
}

#[test]
fn an_exchange_of_neovim() {
    let config = b"ignore: [naked-pod]\n";
    let work = folder(&[("pod.yaml", POD.as_bytes()), ("careen.yaml", config)]);
    let root = work.path().canonicalize().unwrap();
    let (mut editor, answer) = Editor::initialize(&root, neovim());
    assert_eq!(answer["capabilities"]["diagnosticProvider"]["interFileDependencies"], true);
    let pod = uri(&root, "pod.yaml");
    editor.open(&pod, "yaml", POD);
    let pull = |editor: &mut Editor| {
        let report = editor.ask(
            "textDocument/diagnostic",
            json!({"textDocument": {"uri": pod}, "identifier": "careen"}),
        );
        codes(report["items"].as_array().unwrap())
    };
    let mut found = pull(&mut editor);
    if !has(&found, "pod-without-network-policy") {
        editor.wait(|it| it["method"] == "workspace/diagnostic/refresh");
        found = pull(&mut editor);
    }
    assert!(has(&found, "pod-without-network-policy"), "{found:?}");
    assert!(has(&found, "memory-limit-missing") && !has(&found, "naked-pod"), "{found:?}");

    // The policy is written, but not saved.
    let policy = uri(&root, "policy.yaml");
    std::fs::write(root.join("policy.yaml"), "").unwrap();
    editor.open(&policy, "yaml", "");
    editor.change(
        &policy,
        2,
        &json!([{"text": "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n\
            metadata: {name: all}\nspec: {podSelector: {}, policyTypes: [Ingress, Egress]}\n"}]),
    );
    editor.tell("textDocument/didSave", json!({"textDocument": {"uri": policy}}));
    while has(&pull(&mut editor), "pod-without-network-policy") {
        editor.wait(|it| it["method"] == "workspace/diagnostic/refresh");
    }
    editor.leave();
}

#[test]
fn mistakes_in_the_configuration_have_a_place() {
    let work = folder(&[("pod.yaml", POD.as_bytes()), ("careen.yaml", b"profil: strict\n")]);
    let root = work.path().canonicalize().unwrap();
    let (mut editor, _) = Editor::initialize(&root, code());
    let (pod, config) = (uri(&root, "pod.yaml"), uri(&root, "careen.yaml"));
    editor.open(&pod, "yaml", POD);
    let shown = editor.wait(|it| it["method"] == "window/showMessage");
    assert!(shown["params"]["message"].as_str().unwrap().contains("did you mean `profile`?"));
    let found = editor.diagnostics(&config, |codes| has(codes, "configuration"));
    assert_eq!(found[0]["range"]["start"], json!({"line": 0, "character": 0}));
    // What stands in the editor counts, saved or not.
    editor.open(&config, "yaml", "profile: strict\nselect: [host-prt]\n");
    let told = editor.wait(|it| it["params"]["diagnostics"].to_string().contains("`host-port`"));
    let range = json!({"start": {"line": 1, "character": 9}, "end": {"line": 1, "character": 17}});
    assert_eq!(told["params"]["diagnostics"][0]["range"], range);
    let text = "profile: strict\n";
    editor.change(&config, 2, &json!([{"text": text}]));
    let told = editor.wait(|it| it["params"]["version"] == 2 && it["params"]["uri"] == *config);
    assert_eq!(told["params"]["diagnostics"], json!([]));
    std::fs::write(root.join("careen.yaml"), text).unwrap();
    editor.tell("textDocument/didSave", json!({"textDocument": {"uri": config}}));
    editor.diagnostics(&pod, |codes| has(codes, "memory-limit-missing"));
    editor.leave();
}

#[test]
fn what_has_no_file_is_checked_by_its_language() {
    let work = folder(&[]);
    let (mut editor, _) = Editor::initialize(work.path(), code());
    editor.open("untitled:Untitled-1", "yaml", POD);
    editor.diagnostics("untitled:Untitled-1", |codes| has(codes, "memory-limit-missing"));
    editor.open("untitled:Untitled-2", "dockerfile", "FROM debian:latest\nRUN apt-get update\n");
    let found = editor.diagnostics("untitled:Untitled-2", |codes| !codes.is_empty());
    assert!(codes(&found).iter().any(|code| code.contains("image") || code.contains("dockerfile")));
    let secret = concat!("DB_PASS", "WORD=hk7Qz3vWx2Lp9R\n");
    editor.open("untitled:Untitled-3", "dotenv", secret);
    let found = editor.diagnostics("untitled:Untitled-3", |codes| !codes.is_empty());
    assert!(!json!(found).to_string().contains("hk7Qz3vWx2Lp9R"), "{found:?}");
    // Nobody reads that much.
    editor.open("untitled:Untitled-4", "yaml", &"a: b\n".repeat(1_200_000));
    let found = editor.diagnostics("untitled:Untitled-4", |codes| !codes.is_empty());
    assert!(found[0]["message"].as_str().unwrap().contains("larger than 5 MiB"), "{found:?}");
    editor.leave();
}

#[test]
fn a_hostile_exchange_is_answered_or_ended() {
    let work = folder(&[("pod.yaml", POD.as_bytes())]);
    let (mut editor, _) = Editor::initialize(work.path(), code());
    for (body, code) in [
        (&b"\xff\xfe\x00"[..], -32700),
        (b"{\"jsonrpc\": \"2.0\"", -32700),
        ("[".repeat(200_000).as_bytes(), -32700),
        (b"[]", -32600),
        (b"{}", -32600),
        (b"{\"id\": 99999999999, \"method\": \"shutdown\"}", -32600),
        (b"{\"id\": \"x\", \"method\": \"textDocument/hover\", \"params\": [1]}", -32602),
        (b"{\"id\": \"x\", \"method\": \"careen/unknown\"}", -32601),
    ] {
        let frame = [format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat();
        editor.raw(&frame);
        let answer = editor.wait(|it| it.get("error").is_some());
        assert_eq!(answer["error"]["code"], code, "{}", String::from_utf8_lossy(body));
    }
    // It is still there.
    let hover =
        json!({"textDocument": {"uri": "file:///x"}, "position": {"line": 0, "character": 0}});
    assert_eq!(editor.ask("textDocument/hover", hover), Value::Null);
    editor.leave();

    for header in [
        "no header\r\n\r\n",
        "Content-Length: 18446744073709551615\r\n\r\n{}",
        "Content-Length: 1000000000000\r\n\r\n{}",
        "Content-Length: x\r\n\r\n",
        "\r\n",
    ] {
        let mut editor = Editor::start(work.path());
        editor.raw(header.as_bytes());
        editor.ends_with(1);
    }
    // `exit` alone is no orderly end.
    let mut editor = Editor::start(work.path());
    editor.tell("exit", Value::Null);
    editor.ends_with(1);
}
