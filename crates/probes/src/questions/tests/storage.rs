use super::*;

const PROBE: Probe = Probe::StorageAvailable;

fn claim(phase: &str) -> Value {
    object("v1", "PersistentVolumeClaim", "data", json!({"status": {"phase": phase}}))
}

fn healthy() -> Value {
    node("a", json!([ready(FRESH), {"type": "DiskPressure", "status": "False"}]), json!({}))
}

#[test]
fn claims_are_bound() {
    let answer = ask(PROBE, &[claim("Bound"), healthy()]);
    assert!(answer.problems.is_empty() && answer.missing.is_empty());
    assert_eq!(answer.what, "1 claim, 1 node, how full the disks are is not in the dump");
    for phase in ["Pending", "Lost"] {
        assert!(only(PROBE, &[claim(phase), healthy()]).contains(phase));
    }
    let failed = json!({"apiVersion": "v1", "kind": "PersistentVolume",
        "metadata": {"name": "v"}, "status": {"phase": "Failed"}});
    assert!(only(PROBE, &[claim("Bound"), healthy(), failed]).contains("`v`"));
    assert_eq!(ask(PROBE, &[healthy()]).missing, ["PersistentVolumeClaim"]);
}

#[test]
fn full_disks_are_problems() {
    let mut cluster = cluster(&[claim("Bound"), healthy()]);
    let stats = json!({"node": {"nodeName": "a",
            "fs": {"capacityBytes": 100, "usedBytes": 85, "inodes": 100, "inodesUsed": 86},
            "runtime": {"imageFs": {"capacityBytes": 0, "usedBytes": 85}}},
        "pods": [{"podRef": {"name": "p", "namespace": "shop", "uid": "1"}, "volume": [
            {"name": "d", "pvcRef": {"name": "data", "namespace": "shop"},
             "capacityBytes": u64::MAX, "usedBytes": u64::MAX},
            {"name": "tmp", "capacityBytes": 1, "usedBytes": 1}]}]});
    cluster.add(&stats.to_string()).unwrap();
    let answer = PROBE.ask(&cluster, NOW);
    assert_eq!(
        messages(&answer),
        [
            "Node `a` has its disk 86 % full of inodes",
            "PersistentVolumeClaim `shop/data` has its volume 100 % full"
        ]
    );
    assert!(answer.what.ends_with("disks of 1 of 1 measured"));
}
