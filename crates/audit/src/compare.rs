//! What turned since another audit.

use std::collections::BTreeMap;

use careen_audit_model::{Audit, Comparison, SCHEMA, Status, Turned};
use serde_json::Value;

/// What is kept of another audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    path: String,
    verdict: String,
    at: i64,
    /// Controls by id, and items that no control decides by their text.
    statuses: BTreeMap<String, Status>,
}

impl Earlier {
    /// Reads what `careen audit --format json` wrote.
    ///
    /// # Errors
    ///
    /// What is wrong, in one sentence that begins with the path.
    pub fn read(path: &str, text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| format!("{path}:{}: is no JSON: {error}", error.line()))?;
        let schema = value.get("schema").and_then(Value::as_str).unwrap_or_default();
        if schema != SCHEMA {
            return Err(format!(
                "{path} is no audit of careen: `schema` is `{schema}`, not `{SCHEMA}`; write one with \
                 `careen audit --format json`"
            ));
        }
        let mut statuses = BTreeMap::new();
        for (list, name) in [("controls", "id"), ("items", "text")] {
            for each in value.get(list).and_then(Value::as_array).into_iter().flatten() {
                let bound = each.get("controls").and_then(Value::as_array);
                if list == "items" && bound.is_some_and(|ids| !ids.is_empty()) {
                    continue;
                }
                let name = each.get(name).and_then(Value::as_str);
                let word = each.get("status").and_then(Value::as_str);
                let status = Status::ALL.into_iter().find(|it| Some(it.as_str()) == word);
                if let (Some(name), Some(status)) = (name, status) {
                    statuses.insert(name.to_owned(), status);
                }
            }
        }
        let verdict = value.pointer("/verdict/line").and_then(Value::as_str).unwrap_or_default();
        Ok(Self {
            path: path.to_owned(),
            verdict: verdict.to_owned(),
            at: value.get("at").and_then(Value::as_i64).unwrap_or_default(),
            statuses,
        })
    }
}

/// What turned from then to now.
#[must_use]
pub fn compare(audit: &Audit, mut earlier: Earlier) -> Comparison {
    let controls = audit.controls.iter().map(|it| (&it.id, it.status, &it.reason));
    let unbound = audit.items.iter().filter(|item| item.controls.is_empty());
    let items = unbound.map(|it| (&it.text, it.status, &it.reason));
    let mut turned = Vec::new();
    for (what, status, reason) in controls.chain(items) {
        let from = earlier.statuses.remove(what);
        if from != Some(status) {
            let (what, reason) = (what.clone(), reason.clone());
            turned.push(Turned { what, from, to: Some(status), reason });
        }
    }
    turned.extend(earlier.statuses.into_iter().map(|(what, status)| Turned {
        what,
        from: Some(status),
        to: None,
        reason: String::new(),
    }));
    Comparison { path: earlier.path, verdict: earlier.verdict, at: earlier.at, turned }
}
