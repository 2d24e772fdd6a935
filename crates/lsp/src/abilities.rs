//! What the editor can do, and what is offered to it.

use serde_json::{Value, json};

use crate::encoding::Encoding;

/// What matters of the capabilities of an editor. They are read one by one, so that a capability
/// nobody knows, or of a form nobody knows, hides no other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Abilities {
    pub(crate) encoding: Encoding,
    /// Asks for diagnostics, and can be told to ask again.
    pub(crate) pulls: bool,
    pub(crate) related: bool,
    pub(crate) tags: bool,
    pub(crate) code_description: bool,
    pub(crate) versioned_edits: bool,
    pub(crate) literal_actions: bool,
    pub(crate) markdown: bool,
    pub(crate) watches: bool,
    pub(crate) configuration: bool,
}

impl Abilities {
    pub(crate) fn of(capabilities: &Value) -> Self {
        let at = |pointer: &str| capabilities.pointer(pointer);
        let is = |pointer: &str| at(pointer).and_then(Value::as_bool).unwrap_or(false);
        let words = |pointer: &str| -> Vec<&str> {
            let words = at(pointer).and_then(Value::as_array);
            words.into_iter().flatten().filter_map(Value::as_str).collect()
        };
        Self {
            encoding: Encoding::choose(&words("/general/positionEncodings")),
            pulls: at("/textDocument/diagnostic").is_some_and(Value::is_object)
                && is("/workspace/diagnostics/refreshSupport"),
            related: is("/textDocument/publishDiagnostics/relatedInformation"),
            tags: at("/textDocument/publishDiagnostics/tagSupport").is_some_and(Value::is_object),
            code_description: is("/textDocument/publishDiagnostics/codeDescriptionSupport"),
            versioned_edits: is("/workspace/workspaceEdit/documentChanges"),
            literal_actions: at("/textDocument/codeAction/codeActionLiteralSupport")
                .is_some_and(Value::is_object),
            markdown: words("/textDocument/hover/contentFormat").contains(&"markdown"),
            watches: is("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            configuration: is("/workspace/configuration"),
        }
    }

    /// The answer to `initialize`.
    pub(crate) fn answer(&self) -> Value {
        let mut capabilities = json!({
            "positionEncoding": self.encoding.name(),
            "textDocumentSync": {"openClose": true, "change": 2, "save": {"includeText": false}},
            "hoverProvider": true,
            "completionProvider": {"triggerCharacters": ["[", ","]},
            "workspace": {
                "workspaceFolders": {"supported": true, "changeNotifications": true},
            },
        });
        if let Some(offered) = capabilities.as_object_mut() {
            if self.literal_actions {
                let kinds = json!({"codeActionKinds": ["quickfix", "source.fixAll.careen"]});
                offered.insert("codeActionProvider".to_owned(), kinds);
            }
            if self.pulls {
                let pull = json!({
                    "identifier": "careen",
                    "interFileDependencies": true,
                    "workspaceDiagnostics": false,
                });
                offered.insert("diagnosticProvider".to_owned(), pull);
            }
        }
        let server = json!({"name": "careen", "version": env!("CARGO_PKG_VERSION")});
        json!({"capabilities": capabilities, "serverInfo": server})
    }
}

/// The files whose change on disk changes what is found everywhere, as a registration.
pub(crate) fn watched() -> Value {
    let patterns = [
        "**/careen.yaml",
        "**/.careen.yaml",
        "**/.config/careen.yaml",
        "**/*baseline*.json",
        "**/.careenignore",
        "**/.secrets.baseline",
        "**/.gitleaks.toml",
        "**/.gitleaksignore",
    ];
    let watchers: Vec<_> = patterns.iter().map(|pattern| json!({"globPattern": pattern})).collect();
    json!({"registrations": [{
        "id": "careen-watched-files",
        "method": "workspace/didChangeWatchedFiles",
        "registerOptions": {"watchers": watchers},
    }]})
}
