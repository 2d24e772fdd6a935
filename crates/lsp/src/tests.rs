//! Exchanges with an editor in memory.

#![allow(
    clippy::needless_pass_by_value,
    reason = "what a test sends was made for that, and is written in place"
)]

mod editor;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use editor::{Editor, Words, capable, span, words};

const A: &str = "file:///work/a.yaml";

#[test]
fn findings_follow_the_text() {
    let mut editor = Editor::open(Words::default(), capable());
    editor.did_open(A, "a: 🚢 bad\r\n");
    let shown = editor.wait(A, |it| it.len() == 1);
    assert_eq!(shown[0]["range"], span([0, 6, 0, 9]));
    assert_eq!(shown[0]["severity"], 1);
    assert_eq!(shown[0]["code"], "bad-word");
    assert_eq!(shown[0]["source"], "careen");
    assert_eq!(shown[0]["codeDescription"]["href"], "https://example.com/words");
    assert_eq!(shown[0]["data"], "bad-word-8");
    assert_eq!(shown[0]["message"], "`bad` is\\u{1b} [no](x) word");
    assert_eq!(shown[0]["relatedInformation"][0]["location"]["uri"], A);
    editor.did_change(A, 2, json!([{"range": span([0, 3, 0, 5]), "text": "\r\n"}]));
    let shown = editor.wait(A, |it| it.len() == 1 && it[0]["range"]["start"]["line"] == 1);
    assert_eq!(shown[0]["range"], span([1, 1, 1, 4]));
    // A change of the past is none.
    editor.did_change(A, 1, json!([{"text": ""}]));
    editor.did_change(A, 3, json!([{"range": span([1, 1, 1, 4]), "text": "fine"}]));
    editor.wait(A, <[Value]>::is_empty);
    editor.tell("textDocument/didClose", json!({"textDocument": {"uri": A}}));
    editor.wait(A, <[Value]>::is_empty);
    editor.leave();
}

#[test]
fn many_changes_are_one_check() {
    let mut editor = Editor::open(Words::default(), capable());
    editor.did_open(A, "");
    for version in 2..500 {
        editor.did_change(A, version, json!([{"range": span([0, 0, 0, 0]), "text": "x\n"}]));
    }
    editor.did_change(A, 500, json!([{"range": span([0, 0, 0, 0]), "text": "bad\n"}]));
    editor.wait(A, |it| it.len() == 1);
    let checks = editor.words.texts.load(Ordering::Relaxed);
    assert!(checks < 250, "{checks} checks of 500 versions");
    editor.leave();
}

#[test]
fn what_needs_all_files_sees_unsaved_texts() {
    let files = words(&[("/work/b.yaml", "pair"), ("/work/a.yaml", "")]);
    let mut editor = Editor::open(files, capable());
    editor.did_open(A, "x\npair\n");
    let shown = editor.wait(A, |it| it.len() == 1);
    assert_eq!(
        (shown[0]["code"].as_str(), shown[0]["severity"].as_i64()),
        (Some("pair-unused"), Some(4))
    );
    assert_eq!(shown[0]["tags"], json!([1]));
    // The other file is not open, so nothing is said of it.
    assert!(!editor.heard.iter().any(|(_, params)| params["uri"] == "file:///work/b.yaml"));
    // What only the folder tells follows the text until the folder is checked again.
    editor.did_change(A, 2, json!([{"range": span([0, 0, 0, 0]), "text": "bad\n\n"}]));
    let shown = editor.wait(A, |it| it.len() == 2);
    assert_eq!(shown[1]["range"], span([3, 0, 3, 4]));
    editor.leave();
}

#[test]
fn a_large_folder_is_checked_on_save() {
    let files = words(&[("/work/b.yaml", "pair"), ("/work/huge", "")]);
    let mut editor = Editor::open(files, capable());
    editor.did_open(A, "pair");
    editor.wait(A, |it| it.len() == 1);
    let before = editor.words.folders.load(Ordering::Relaxed);
    editor.did_change(A, 2, json!([{"text": "bad"}]));
    editor.wait(A, |it| it.len() == 1 && it[0]["code"] == "bad-word");
    assert_eq!(editor.words.folders.load(Ordering::Relaxed), before);
    editor.did_change(A, 3, json!([{"text": "bad pair"}]));
    editor.tell("textDocument/didSave", json!({"textDocument": {"uri": A}}));
    editor.wait(A, |it| it.len() == 2);
    editor.leave();
}

#[test]
fn what_is_written_during_a_check_of_the_folder_moves_its_findings() {
    let files = words(&[("/work/b.yaml", "pair"), ("/work/huge", "")]);
    let gate = Arc::new(std::sync::Barrier::new(2));
    let mut editor = Editor::open(Words { gate: Some(Arc::clone(&gate)), ..files }, capable());
    editor.did_open(A, "pair");
    editor.wait(A, <[Value]>::is_empty);
    editor.did_change(A, 2, json!([{"range": span([0, 0, 0, 0]), "text": "x\n"}]));
    // Of this version, too, only the document by itself was checked.
    editor.wait(A, <[Value]>::is_empty);
    gate.wait();
    let shown = editor.wait(A, |it| it.len() == 1);
    assert_eq!(shown[0]["range"], span([1, 0, 1, 4]));
    editor.leave();
}

#[test]
fn settings_are_asked_for_and_the_workspace_is_shown() {
    let mut capabilities = capable();
    capabilities["workspace"]["configuration"] = json!(true);
    let files = words(&[("/work/b.yaml", "bad"), ("/work/careen.yaml", "wrong: 1")]);
    let mut editor = Editor::open(files, capabilities);
    // The answer is read with the next one that is waited for.
    editor.did_open(A, "");
    editor
        .ask(
            "textDocument/hover",
            json!({"textDocument": {"uri": A},
        "position": {"line": 0, "character": 0}}),
        )
        .unwrap();
    let shown = editor.wait("file:///work/b.yaml", |it| it.len() == 1);
    assert_eq!(shown[0]["code"], "bad-word");
    editor.tell(
        "workspace/didChangeConfiguration",
        json!({"settings": {"careen": {"lint": {"scope": "open"}}}}),
    );
    editor.wait("file:///work/b.yaml", <[Value]>::is_empty);
    let shown = editor.wait("file:///work/careen.yaml", |it| it.len() == 1);
    assert_eq!(shown[0]["message"], "unknown key");
    editor.tell(
        "workspace/didChangeConfiguration",
        json!({"settings": {"careen": {"profile": "loud"}}}),
    );
    editor.wait(A, |_| true);
    editor
        .ask(
            "textDocument/hover",
            json!({"textDocument": {"uri": A},
        "position": {"line": 0, "character": 0}}),
        )
        .unwrap();
    let told = editor.heard.iter().filter(|(method, _)| method == "window/showMessage");
    assert!(told.count() <= 1);
    editor.leave();
}

#[test]
fn links_and_ignored_files_are_known() {
    let mut editor = Editor::start(words(&[("/work/b.yaml", "pair")]));
    let params = json!({"capabilities": capable(), "rootUri": "file:///link",
        "initializationOptions": {"lint": {"scope": "workspace"}, "selct": 1}});
    editor.ask("initialize", params).unwrap();
    editor.tell("initialized", json!({}));
    let uri = "file:///link/a%20b.yaml";
    editor.did_open(uri, "pair");
    let shown = editor.wait(uri, |it| it.len() == 1);
    assert_eq!(shown[0]["code"], "pair-unused");
    // A file that is not open has the address below the folder as the editor knows it.
    editor.wait("file:///link/b.yaml", |it| it.len() == 1);
    editor.did_open("file:///link/ignored.yaml", "bad");
    editor.wait("file:///link/ignored.yaml", <[Value]>::is_empty);
    editor.leave();
}

#[test]
fn diagnostics_are_pulled_where_the_editor_pulls() {
    let mut capabilities = capable();
    capabilities["textDocument"]["diagnostic"] = json!({"dynamicRegistration": true});
    capabilities["workspace"]["diagnostics"] = json!({"refreshSupport": true});
    let mut editor = Editor::open(words(&[("/work/b.yaml", "pair")]), capabilities);
    editor.did_open(A, "bad pair");
    let params = json!({"textDocument": {"uri": A}});
    loop {
        let report = editor.ask("textDocument/diagnostic", params.clone()).unwrap();
        assert_eq!(report["kind"], "full");
        if report["items"].as_array().unwrap().len() == 2 {
            break;
        }
        // The folder's part comes later; the editor is told to ask again.
        while !editor.heard.iter().any(|(method, _)| method == "workspace/diagnostic/refresh") {
            editor
                .ask(
                    "textDocument/hover",
                    json!({"textDocument": {"uri": A},
                "position": {"line": 0, "character": 0}}),
                )
                .unwrap();
        }
    }
    assert!(!editor.heard.iter().any(|(method, _)| method == "textDocument/publishDiagnostics"));
    editor.leave();
}

#[test]
fn hovers_show_the_manual() {
    let mut editor = Editor::open(Words::default(), capable());
    editor.did_open(A, "a bad\n");
    let at = |character: u32| {
        json!({"textDocument": {"uri": A},
        "position": {"line": 0, "character": character}})
    };
    let hover = editor.ask("textDocument/hover", at(3)).unwrap();
    assert_eq!(hover["range"], span([0, 2, 0, 5]));
    let page = hover["contents"]["value"].as_str().unwrap();
    for words in [
        "**`bad` is\\\\u\\{1b\\} \\[no\\]\\(x\\) word**",
        "severity high",
        "Bad words hurt.",
        "**Remedy:** Write a good one.",
        "<https://example.com/words>",
        "`# careen: ignore[bad-word] say why`",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(editor.ask("textDocument/hover", at(0)).unwrap(), Value::Null);
    editor.leave();
}

#[test]
fn findings_are_fixed_or_accepted() {
    let mut editor = Editor::open(Words::default(), capable());
    editor.did_open(A, "a:\r\n  - bad bad\r\n");
    let actions = editor.actions(A, [1, 5, 1, 5], None);
    let titles: Vec<_> = actions.iter().map(|it| it["title"].as_str().unwrap()).collect();
    assert_eq!(
        titles,
        [
            "Write `good`",
            "Accept `bad-word` here with a comment",
            "Fix all that changes no behaviour"
        ]
    );
    assert_eq!(actions[0]["isPreferred"], true);
    assert_eq!(actions[0]["diagnostics"][0]["data"], "bad-word-8");
    let edit = &actions[0]["edit"]["documentChanges"][0];
    assert_eq!(edit["textDocument"], json!({"uri": A, "version": 1}));
    assert_eq!(edit["edits"], json!([{"range": span([1, 4, 1, 7]), "newText": "good"}]));
    let edit = &actions[1]["edit"]["documentChanges"][0]["edits"];
    let comment = "  # careen: ignore[bad-word] say why\r\n";
    assert_eq!(*edit, json!([{"range": span([1, 0, 1, 0]), "newText": comment}]));
    let all = editor.actions(A, [0, 0, 0, 0], Some("source.fixAll"));
    assert_eq!(all.len(), 1);
    let edits = &all[0]["edit"]["documentChanges"][0]["edits"];
    assert_eq!(edits.as_array().unwrap().len(), 2, "{edits}");
    assert!(editor.actions(A, [0, 0, 2, 0], Some("refactor")).is_empty());
    editor.did_change(A, 2, json!([{"text": "dangerous bad"}]));
    let actions = editor.actions(A, [0, 0, 1, 0], None);
    assert_eq!(actions[0]["title"], "Write `good` (changes behaviour)");
    assert_eq!(actions[0]["isPreferred"], false);
    assert!(actions.iter().all(|it| it["kind"] == "quickfix"), "{actions:?}");
    // JSON has no comments.
    let json = "file:///work/a.json";
    editor.did_open(json, "bad");
    assert_eq!(editor.actions(json, [0, 0, 0, 9], Some("quickfix")).len(), 1);
    editor.leave();
}

#[test]
fn an_editor_that_can_little_gets_little() {
    let mut editor = Editor::start(Words::default());
    let answer = editor.ask("initialize", json!({"capabilities": {}})).unwrap();
    let offered = &answer["capabilities"];
    assert_eq!(offered["positionEncoding"], "utf-16");
    assert!(offered.get("codeActionProvider").is_none());
    assert!(offered.get("diagnosticProvider").is_none());
    editor.tell("initialized", json!({}));
    editor.did_open("untitled:Untitled-1", "bad");
    let shown = editor.wait("untitled:Untitled-1", |it| it.len() == 1);
    assert!(shown[0].get("relatedInformation").is_none());
    assert!(shown[0].get("tags").is_none());
    let actions = editor.actions("untitled:Untitled-1", [0, 0, 0, 0], Some("quickfix"));
    assert!(actions[0]["edit"]["changes"]["untitled:Untitled-1"].is_array(), "{actions:?}");
    editor.leave();
}

#[test]
fn names_of_rules_are_completed() {
    let mut editor = Editor::open(Words::default(), capable());
    editor.did_open(A, "# careen: ignore[\n");
    let at = |character: u32| {
        json!({"textDocument": {"uri": A},
        "position": {"line": 0, "character": character}})
    };
    let items = editor.ask("textDocument/completion", at(17)).unwrap();
    assert_eq!(items[0]["label"], "bad-word");
    assert_eq!(editor.ask("textDocument/completion", at(3)).unwrap(), json!([]));
    editor.leave();
}

#[test]
fn mistakes_are_answered_with_errors() {
    let mut editor = Editor::start(Words::default());
    assert_eq!(editor.ask("textDocument/hover", json!({})).unwrap_err().0, -32002);
    editor.did_open(A, "bad");
    editor.ask("initialize", json!({"capabilities": 7, "workspaceFolders": "x"})).unwrap();
    assert_eq!(editor.ask("initialize", json!({})).unwrap_err().0, -32600);
    assert_eq!(editor.ask("textDocument/rename", json!({})).unwrap_err().0, -32601);
    for method in [
        "textDocument/hover",
        "textDocument/codeAction",
        "textDocument/completion",
        "textDocument/diagnostic",
    ] {
        for params in [
            Value::Null,
            json!([]),
            json!({"textDocument": {"uri": 1}}),
            json!({"textDocument": {"uri": A}, "position": {"line": -1, "character": 0}, "range": 1}),
        ] {
            let answer = editor.ask(method, params.clone());
            // Pulling needs the address alone.
            let is_right =
                method == "textDocument/diagnostic" && params["textDocument"]["uri"] == A;
            assert_eq!(
                answer.map_err(|it| it.0).err(),
                (!is_right).then_some(-32602),
                "{method} {params}"
            );
        }
    }
    for method in
        ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "x", "$/x"]
    {
        editor.tell(method, json!({"a": []}));
    }
    editor.did_change("file:///never/opened", 1, json!([{"text": ""}]));
    // What no range can be of.
    editor.did_open(A, "a");
    editor.did_change(
        A,
        2,
        json!([{"range": span([9, 9, 0, 0]), "text": "b"},
        {"range": span([u32::MAX, u32::MAX, u32::MAX, u32::MAX]), "text": "c"}]),
    );
    assert!(editor.actions(A, [u32::MAX, 0, 0, 0], None).is_empty());
    editor.ask("shutdown", Value::Null).unwrap();
    assert_eq!(editor.ask("textDocument/hover", json!({})).unwrap_err().0, -32600);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.server.join().unwrap(), 0);
}

#[test]
fn a_check_that_fails_ends_nothing() {
    let mut editor = Editor::open(Words::default(), capable());
    editor.did_open(A, "PANIC");
    editor.wait(A, <[Value]>::is_empty);
    editor.did_change(A, 2, json!([{"text": "bad"}]));
    editor.wait(A, |it| it.len() == 1);
    editor.leave();
}

#[test]
fn requests_are_cancelled_and_the_end_is_told() {
    let mut editor = Editor::open(Words::default(), capable());
    editor.did_open(A, "bad");
    let id = editor.send(
        "textDocument/hover",
        json!({"textDocument": {"uri": A},
        "position": {"line": 0, "character": 1}}),
    );
    editor.tell("$/cancelRequest", json!({"id": 2}));
    editor.tell("$/cancelRequest", json!({"id": {}}));
    // It may have been answered before.
    match editor.answer(&id) {
        Ok(hover) => assert!(hover["range"].is_object()),
        Err((code, _)) => assert_eq!(code, -32800),
    }
    editor.tell("exit", Value::Null);
    assert_eq!(editor.server.join().unwrap(), 1);
    let editor = Editor::start(Words::default());
    drop(editor.connection);
    assert_eq!(editor.server.join().unwrap(), 1);
}
