#![allow(
    clippy::needless_pass_by_value,
    reason = "`json!` makes values, and a test needs them once"
)]

mod databases;
mod external;
mod network;
mod nodes;
mod storage;
mod workloads;

use serde_json::{Value, json};

use crate::{Answer, Cluster, Probe};

/// 2026-11-26T12:00:00Z.
const NOW: i64 = 1_795_694_400;

fn cluster(items: &[Value]) -> Cluster {
    let mut cluster = Cluster::default();
    let dump = json!({"apiVersion": "v1", "kind": "List", "items": items});
    cluster.add(&dump.to_string()).unwrap();
    assert_eq!(cluster.troubles(), []);
    cluster
}

fn ask(probe: Probe, items: &[Value]) -> Answer {
    probe.ask(&cluster(items), NOW)
}

fn messages(answer: &Answer) -> Vec<&str> {
    answer.problems.iter().map(|problem| problem.message.as_str()).collect()
}

/// The only problem there is.
fn only(probe: Probe, items: &[Value]) -> String {
    let answer = ask(probe, items);
    assert_eq!(answer.problems.len(), 1, "{answer:?}");
    messages(&answer)[0].to_owned()
}

fn object(version: &str, kind: &str, name: &str, rest: Value) -> Value {
    let mut object = json!({"apiVersion": version, "kind": kind,
        "metadata": {"name": name, "namespace": "shop"}});
    let fields = object.as_object_mut().unwrap();
    for (key, value) in rest.as_object().unwrap().clone() {
        match fields.get_mut(&key).and_then(Value::as_object_mut) {
            Some(known) => known.extend(value.as_object().unwrap().clone()),
            None => drop(fields.insert(key, value)),
        }
    }
    object
}

fn node(name: &str, conditions: Value, spec: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "spec": spec,
        "status": {"conditions": conditions}})
}

fn ready(at: &str) -> Value {
    json!({"type": "Ready", "status": "True", "lastHeartbeatTime": at})
}

const FRESH: &str = "2026-11-26T11:59:00Z";

fn service(name: &str, spec: Value) -> Value {
    object("v1", "Service", name, json!({"spec": spec}))
}

fn slice(service: &str, endpoints: Value) -> Value {
    object(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        &format!("{service}-x"),
        json!({"metadata": {"labels": {"kubernetes.io/service-name": service}},
            "addressType": "IPv4", "endpoints": endpoints, "ports": [{"port": 8080}]}),
    )
}

fn pod(name: &str, phase: &str, container: Value, rest: Value) -> Value {
    let ready = if phase == "Running" { "True" } else { "False" };
    let mut status = json!({"name": "c", "image": "i", "imageID": "i", "ready": true,
        "restartCount": 0, "state": {"running": {"startedAt": "2026-11-26T09:00:00Z"}}});
    status.as_object_mut().unwrap().extend(container.as_object().unwrap().clone());
    let mut pod = object(
        "v1",
        "Pod",
        name,
        json!({"spec": {"containers": [{"name": "c", "image": "i"}]},
        "status": {"phase": phase, "conditions": [{"type": "Ready", "status": ready}],
            "containerStatuses": [status]}}),
    );
    let fields = pod.as_object_mut().unwrap();
    for (key, value) in rest.as_object().unwrap().clone() {
        fields
            .get_mut(&key)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .extend(value.as_object().unwrap().clone());
    }
    pod
}
