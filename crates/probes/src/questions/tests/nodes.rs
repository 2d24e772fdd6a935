use super::*;

const PROBE: Probe = Probe::ClusterHealthy;

#[test]
fn ready_nodes_are_healthy() {
    let fine = json!([ready(FRESH), {"type": "MemoryPressure", "status": "False"}]);
    let answer = ask(PROBE, &[node("a", fine.clone(), json!({})), node("b", fine, json!({}))]);
    assert_eq!(answer, Answer { seen: 2, what: "2 nodes".to_owned(), ..Answer::default() });
}

#[test]
fn without_nodes_nothing_is_known() {
    assert_eq!(ask(PROBE, &[]).missing, ["Node"]);
    let mut empty = Cluster::default();
    empty.add(r#"{"apiVersion": "v1", "kind": "NodeList", "items": []}"#).unwrap();
    let answer = PROBE.ask(&empty, NOW);
    assert!(answer.missing.is_empty() && messages(&answer)[0].contains("no node"));
}

#[test]
fn every_condition_counts() {
    let unknown = json!([{"type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown"}]);
    assert_eq!(
        only(PROBE, &[node("a", unknown, json!({}))]),
        "Node `a` is not ready: Ready is `Unknown` (NodeStatusUnknown)"
    );
    assert!(only(PROBE, &[node("a", json!([]), json!({}))]).contains("does not say"));
    for kind in ["MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"] {
        let bad = json!([ready(FRESH), {"type": kind, "status": "True"}]);
        assert!(only(PROBE, &[node("a", bad, json!({}))]).contains(kind));
    }
    let cordoned = node("a", json!([ready(FRESH)]), json!({"unschedulable": true}));
    assert!(only(PROBE, &[cordoned]).contains("cordoned"));
}

#[test]
fn silence_is_measured_within_the_dump() {
    let old = node("old", json!([ready("2026-11-26T11:30:00Z")]), json!({}));
    let new = node("new", json!([ready("2026-11-26T11:50:00Z")]), json!({}));
    assert_eq!(
        only(PROBE, &[old.clone(), new.clone()]),
        "Node `old` has given no sign of life for 20 minutes"
    );
    // Alone, the dump is as old as its only heartbeat.
    assert!(ask(PROBE, std::slice::from_ref(&old)).problems.is_empty());
    let lease = json!({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
        "metadata": {"name": "old", "namespace": "kube-node-lease"},
        "spec": {"renewTime": "2026-11-26T11:49:59.123456Z"}});
    assert!(ask(PROBE, &[old, new, lease]).problems.is_empty());
}

#[test]
fn what_cannot_be_read_is_a_problem() {
    let mut cluster = cluster(&[node("a", json!([ready(FRESH)]), json!({}))]);
    cluster
        .add(r#"{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "b"}, "status": 7}"#)
        .unwrap();
    let answer = PROBE.ask(&cluster, NOW);
    assert_eq!(messages(&answer), ["Node `b` is in the dump and could not be read"]);
    assert!(Probe::NetworkReachable.ask(&cluster, NOW).problems.is_empty());
}
