//! Objects of a cluster: what `kubectl get … -o json` prints, or the statistics of a node.
//!
//! Only their number and their time are told here; crate `careen-probes` looks into them. A dump does not
//! say when it was made: the newest time that a cluster writes into its objects stands for it, a
//! heartbeat of a node at best, which is minutes old at most.

use serde::Deserialize;
use serde_json::Value;

use super::scan;
use crate::{Evidence, Kind, Measure, Trouble};

const TOOL: &str = "kubectl";

/// Fields that a running cluster fills with the present time.
const TIMES: [&str; 6] = [
    "creationTimestamp",
    "lastHeartbeatTime",
    "lastTransitionTime",
    "renewTime",
    "startedAt",
    "finishedAt",
];

/// Fields in which users write what they like.
const FREE: [&str; 5] = ["labels", "annotations", "data", "stringData", "managedFields"];

#[derive(Deserialize)]
struct Dump {
    kind: Option<String>,
    items: Option<Vec<Value>>,
    metadata: Option<Value>,
    spec: Option<Value>,
    status: Option<Value>,
    node: Option<Value>,
    pods: Option<Vec<Value>>,
}

pub(super) fn is_it(text: &str) -> bool {
    scan::has_keys(text, &["apiVersion", "kind", "items"])
        || (scan::has_keys(text, &["apiVersion", "kind", "metadata"]) && text.contains("\"uid\""))
        || (scan::has_keys(text, &["node", "pods"]) && text.contains("\"nodeName\""))
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let dump: Dump = scan::decode(text, TOOL)?;
    let mut evidence = Evidence::new(Kind::Kubectl);
    evidence.tool = scan::tool(TOOL, None);
    let (count, newest) = match dump {
        Dump { kind: Some(_), items: Some(items), .. } => {
            if !items.iter().all(Value::is_object) {
                return Err(Trouble::new("has items that are no objects"));
            }
            (items.len(), items.iter().filter_map(newest).max())
        }
        Dump { kind: Some(_), metadata: Some(metadata), spec, status, .. } => {
            // What a cluster has taken in has got an identity from it; a manifest has none.
            if metadata.get("uid").is_none() {
                return Err(Trouble::new("is a manifest: no cluster gave it a `metadata.uid`"));
            }
            let parts = [Some(metadata), spec, status];
            (1, parts.iter().flatten().filter_map(newest).max())
        }
        // The statistics of a node are no objects of the API.
        Dump { node: Some(node), pods: Some(_), .. } => (1, newest(&node)),
        _ => return Err(Trouble::new("is no object of a cluster: ask kubectl with `-o json`")),
    };
    evidence.produced_at = newest;
    evidence.measures.set(Measure::Objects, scan::number(count));
    Ok(evidence)
}

/// The newest time anywhere in a value. How deep it can be is limited by the decoder.
fn newest(value: &Value) -> Option<i64> {
    match value {
        Value::Array(items) => items.iter().filter_map(newest).max(),
        Value::Object(fields) => {
            let of_field = |(key, value): (&String, &Value)| match value {
                _ if FREE.contains(&key.as_str()) => None,
                Value::String(text) if TIMES.contains(&key.as_str()) => scan::when(text),
                other => newest(other),
            };
            fields.iter().filter_map(of_field).max()
        }
        _ => None,
    }
}
