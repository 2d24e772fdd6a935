//! Turns JSON into objects.

use std::collections::BTreeMap;

use k8s_openapi::jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{MOST_BYTES, MOST_VALUES, Name, Trouble, word};

/// The kinds that probes look at: kind, group, and the other names that kubectl has for it.
const KINDS: [(&str, &str, &[&str]); 13] = [
    ("Node", "v1", &["nodes", "no"]),
    ("Lease", "coordination.k8s.io/v1", &["leases"]),
    ("Pod", "v1", &["pods", "po"]),
    ("PersistentVolumeClaim", "v1", &["persistentvolumeclaims", "pvc"]),
    ("PersistentVolume", "v1", &["persistentvolumes", "pv"]),
    ("Service", "v1", &["services", "svc"]),
    ("EndpointSlice", "discovery.k8s.io/v1", &["endpointslices"]),
    ("Endpoints", "v1", &["ep"]),
    ("Deployment", "apps/v1", &["deployments", "deploy"]),
    ("StatefulSet", "apps/v1", &["statefulsets", "sts"]),
    ("DaemonSet", "apps/v1", &["daemonsets", "ds"]),
    ("Job", "batch/v1", &["jobs"]),
    ("Secret", "v1", &["secrets"]),
];

/// Fields that a running cluster fills with the present time.
const TIMES: [&str; 5] =
    ["creationTimestamp", "lastHeartbeatTime", "renewTime", "startedAt", "finishedAt"];

/// The kind by any of its names.
pub(super) fn known(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    // `endpointslices.discovery.k8s.io` is one of its names too.
    let lower = lower.split('.').next().unwrap_or_default();
    let is_it =
        |kind: &str, others: &[&str]| kind.eq_ignore_ascii_case(lower) || others.contains(&lower);
    KINDS.iter().find(|(kind, _, others)| is_it(kind, others)).map(|(kind, ..)| *kind)
}

/// The kind of an object, if a probe looks at it. Others have kinds of these names too, in other groups.
pub(super) fn kind_of(item: &Value) -> Result<Option<&'static str>, String> {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    let (Some(kind), Some(version)) = (text("kind"), text("apiVersion")) else {
        return Err("it has no `kind` or no `apiVersion`".to_owned());
    };
    let is_it = |known: &(&str, &str, &[&str])| known.0 == kind && known.1 == version;
    Ok(KINDS.iter().find(|known| is_it(known)).map(|(kind, ..)| *kind))
}

pub(super) fn value(json: &str) -> Result<Value, Trouble> {
    if json.len() > MOST_BYTES {
        let most = MOST_BYTES >> 20;
        let message = format!("is larger than {most} MiB: ask for fewer kinds or namespaces");
        return Err(Trouble::new(message));
    }
    let json = json.trim_start_matches('\u{feff}');
    if json.trim().is_empty() {
        return Err(Trouble::new("is empty: did kubectl fail?"));
    }
    let values = json.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{' | b':')).count();
    if values > MOST_VALUES {
        let message = "holds more than 8000000 values: ask for fewer kinds or namespaces";
        return Err(Trouble::new(message));
    }
    serde_json::from_str(json).map_err(|error| {
        let message = if error.is_eof() {
            "ends too early: was kubectl stopped?"
        } else if error.to_string().starts_with("trailing characters") {
            "holds several documents: ask for all kinds in one command, or give each its own file"
        } else if error.to_string().starts_with("recursion limit") {
            "is nested too deeply"
        } else {
            "is not valid JSON: ask kubectl with `-o json`"
        };
        let line = u32::try_from(error.line()).ok().filter(|&line| line > 0);
        Trouble { line, message: message.to_owned() }
    })
}

/// The objects of a dump, and the kind that it is a list of.
pub(super) fn items(mut dump: Value) -> Result<(Vec<Value>, Option<String>), Trouble> {
    let text = |key: &str| dump.get(key).and_then(Value::as_str).map(ToOwned::to_owned);
    let (Some(kind), Some(version)) = (text("kind"), text("apiVersion")) else {
        let message = "is no object of Kubernetes: it has no `kind` or no `apiVersion`";
        return Err(Trouble::new(message));
    };
    let items = dump.get_mut("items").map(Value::take);
    match (kind.as_str(), items) {
        ("Status", _) => {
            let reason = text_of(&dump, "reason").map_or_else(|| "no reason".to_owned(), word);
            Err(Trouble::new(format!("is an error of the API server and no object: {reason}")))
        }
        ("Table", _) => Err(Trouble::new("is a table: ask kubectl with `-o json`")),
        ("List", Some(Value::Array(items))) => Ok((items, None)),
        (list, Some(Value::Array(items))) if list.ends_with("List") => {
            let kind = list.trim_end_matches("List").to_owned();
            Ok((items.into_iter().map(|item| inherit(item, &kind, &version)).collect(), Some(kind)))
        }
        (_, Some(_)) => Err(Trouble::new("is a list whose `items` are none")),
        (list, None) if list.ends_with("List") => Err(Trouble::new("is a list without `items`")),
        (_, None) => Ok((vec![dump], None)),
    }
}

fn text_of<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// Objects in a list of one kind do not say what they are.
fn inherit(mut item: Value, kind: &str, version: &str) -> Value {
    if let Some(fields) = item.as_object_mut() {
        fields.entry("kind").or_insert_with(|| kind.into());
        fields.entry("apiVersion").or_insert_with(|| version.into());
    }
    item
}

/// Decodes an object. What serde says of it would quote it, so that is not told.
pub(super) fn put<T: DeserializeOwned>(
    all: &mut BTreeMap<Name, T>,
    kind: &str,
    name: Name,
    item: Value,
) -> Result<(), String> {
    match serde_json::from_value(item) {
        Ok(object) => {
            all.insert(name, object);
            Ok(())
        }
        Err(_) => Err(format!("{kind} `{name}` is not as the API writes it, and is left out")),
    }
}

/// Tells the times that the cluster wrote into an object. How deep it can be is limited by the parser.
pub(super) fn times(value: &Value, tell: &mut dyn FnMut(i64)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| times(item, tell)),
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(text) if TIMES.contains(&key.as_str()) => {
                        if let Ok(time) = text.parse::<Timestamp>() {
                            tell(time.as_second());
                        }
                    }
                    // What stands there is the user's.
                    _ if matches!(key.as_str(), "labels" | "annotations" | "data") => {}
                    other => times(other, tell),
                }
            }
        }
        _ => {}
    }
}
