//! A whole cluster, written after the schema of the API as kubectl prints it.
//!
//! `dumps/healthy.json` is `kubectl get nodes,leases,pods,… -A -o json` of a cluster in which all is well,
//! without the data of its Secret. Each break below turns the probe that should notice.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_probes::{Cluster, Probe};
use k8s_openapi::api::{
    apps::v1 as apps, batch::v1 as batch, coordination::v1 as coordination, core::v1 as core,
    discovery::v1 as discovery,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// 2026-11-26T12:00:00Z.
const NOW: i64 = 1_795_694_400;

fn file(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dumps");
    std::fs::read_to_string(format!("{folder}/{name}.json")).unwrap()
}

fn healthy() -> Value {
    serde_json::from_str(&file("healthy")).unwrap()
}

fn cluster(dump: &Value) -> Cluster {
    let mut cluster = Cluster::default();
    cluster.add(&dump.to_string()).unwrap();
    cluster.add(&file("stats-worker-3")).unwrap();
    cluster
}

/// The object as its type has it: a field of a wrong name would be gone.
fn through<T: DeserializeOwned + Serialize>(item: &Value) -> Value {
    serde_json::to_value(serde_json::from_value::<T>(item.clone()).unwrap()).unwrap()
}

#[test]
fn the_dump_is_what_the_api_writes() {
    for item in healthy()["items"].as_array().unwrap() {
        let same = match item["kind"].as_str().unwrap() {
            "Node" => through::<core::Node>(item),
            "Lease" => through::<coordination::Lease>(item),
            "Pod" => through::<core::Pod>(item),
            "PersistentVolumeClaim" => through::<core::PersistentVolumeClaim>(item),
            "PersistentVolume" => through::<core::PersistentVolume>(item),
            "Service" => through::<core::Service>(item),
            "EndpointSlice" => through::<discovery::EndpointSlice>(item),
            "Deployment" => through::<apps::Deployment>(item),
            "StatefulSet" => through::<apps::StatefulSet>(item),
            "DaemonSet" => through::<apps::DaemonSet>(item),
            "Job" => through::<batch::Job>(item),
            "Secret" => through::<core::Secret>(item),
            "ConfigMap" => through::<core::ConfigMap>(item),
            kind => panic!("{kind}"),
        };
        assert_eq!(&same, item);
    }
}

#[test]
fn a_healthy_cluster_has_no_problem() {
    let cluster = cluster(&healthy());
    assert_eq!(cluster.troubles(), []);
    let told = Probe::ALL.map(|probe| {
        let answer = probe.ask(&cluster, NOW);
        assert!(answer.problems.is_empty() && answer.missing.is_empty(), "{probe:?}: {answer:?}");
        format!("{} {}: {}", probe.as_str(), answer.seen, answer.what)
    });
    assert_eq!(
        told,
        [
            "cluster-healthy 3: 3 nodes",
            "storage-available 5: 1 claim, 3 nodes, 1 volume, disks of 1 of 3 measured",
            "network-reachable 2: 2 Services with selectors",
            "workloads-healthy 11: 7 pods, 1 Deployment, 1 StatefulSet, 1 DaemonSet, 1 Job",
            "database-reachable 2: 1 Service of a database, 1 pod of a database",
            "external-services 1: 0 Services of type ExternalName, 1 Service without a selector",
        ]
    );
}

/// The item of that kind and name.
fn item<'d>(dump: &'d mut Value, kind: &str, name: &str) -> &'d mut Value {
    let items = dump["items"].as_array_mut().unwrap();
    let is_it = |item: &&mut Value| {
        item["kind"] == kind && item["metadata"]["name"].as_str().unwrap().starts_with(name)
    };
    items.iter_mut().find(is_it).unwrap()
}

#[test]
fn every_break_turns_its_probe() {
    use Probe::{
        ClusterHealthy, DatabaseReachable, ExternalServices, NetworkReachable, StorageAvailable,
        WorkloadsHealthy,
    };
    let waiting = json!({"waiting": {"reason": "CrashLoopBackOff"}});
    let breaks: [(Probe, &str, &str, &str, Value); 16] = [
        (ClusterHealthy, "Node", "worker-2", "/status/conditions/3/status", json!("Unknown")),
        (ClusterHealthy, "Node", "worker-2", "/status/conditions/0/status", json!("True")),
        (ClusterHealthy, "Node", "worker-2", "/spec", json!({"unschedulable": true})),
        (ClusterHealthy, "Node", "worker-2", "/status", json!(7)),
        (StorageAvailable, "PersistentVolumeClaim", "data", "/status/phase", json!("Lost")),
        (StorageAvailable, "PersistentVolume", "pvc-1", "/status/phase", json!("Failed")),
        (NetworkReachable, "EndpointSlice", "api", "/endpoints", json!([])),
        (NetworkReachable, "EndpointSlice", "api", "/metadata/labels", json!({})),
        (WorkloadsHealthy, "Deployment", "api", "/metadata/generation", json!(5)),
        (WorkloadsHealthy, "Deployment", "api", "/status/availableReplicas", json!(1)),
        (WorkloadsHealthy, "StatefulSet", "db", "/status/readyReplicas", json!(0)),
        (WorkloadsHealthy, "DaemonSet", "log", "/status/updatedNumberScheduled", json!(2)),
        (WorkloadsHealthy, "Job", "report", "/status/conditions/0/type", json!("Failed")),
        (WorkloadsHealthy, "Pod", "log-bbbbb", "/status/containerStatuses/0/state", waiting),
        (DatabaseReachable, "EndpointSlice", "db", "/endpoints/0/conditions/ready", json!(false)),
        (ExternalServices, "EndpointSlice", "legacy", "/endpoints/0/addresses", json!([])),
    ];
    for (probe, kind, name, place, value) in breaks {
        let mut dump = healthy();
        *item(&mut dump, kind, name).pointer_mut(place).unwrap() = value;
        let answer = probe.ask(&cluster(&dump), NOW);
        assert!(!answer.problems.is_empty(), "{kind} {name} {place}");
        assert!(answer.missing.is_empty());
    }
    let mut dump = healthy();
    item(&mut dump, "Secret", "db")["metadata"]["name"] = json!("other");
    assert_eq!(DatabaseReachable.ask(&cluster(&dump), NOW).problems.len(), 1);
}

#[test]
fn a_kind_that_was_not_listed_is_missing() {
    for (probe, kind) in [
        (Probe::ClusterHealthy, "Node"),
        (Probe::StorageAvailable, "Node"),
        (Probe::StorageAvailable, "PersistentVolumeClaim"),
        (Probe::NetworkReachable, "EndpointSlice"),
        (Probe::WorkloadsHealthy, "Pod"),
        (Probe::DatabaseReachable, "EndpointSlice"),
        (Probe::ExternalServices, "Service"),
        (Probe::ExternalServices, "EndpointSlice"),
    ] {
        let mut dump = healthy();
        dump["items"].as_array_mut().unwrap().retain(|item| item["kind"] != kind);
        assert_eq!(probe.ask(&cluster(&dump), NOW).missing, [kind], "{probe:?}");
    }
}

#[test]
fn a_cluster_that_has_not_been_asked_says_nothing() {
    for probe in Probe::ALL {
        let answer = probe.ask(&Cluster::default(), NOW);
        assert!(!answer.missing.is_empty() && answer.problems.is_empty(), "{probe:?}: {answer:?}");
    }
}

#[test]
fn a_dump_does_not_become_wrong_with_time() {
    let cluster = cluster(&healthy());
    for probe in Probe::ALL {
        let later = probe.ask(&cluster, NOW + 365 * 86_400);
        assert_eq!(later, probe.ask(&cluster, NOW));
    }
}

mod mutated {
    use careen_probes::{Cluster, Probe};
    use proptest::prelude::*;

    use super::file;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever a byte becomes and whenever it is asked, nothing panics.
        #[test]
        fn nothing_panics(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), now in any::<i64>()) {
            let mut bytes = file("healthy").into_bytes();
            let known = b"{}[],:\"0129-.eEtfn \\u";
            for (index, byte) in edits {
                let at = index.index(bytes.len());
                bytes[at] = known[usize::from(byte) % known.len()];
            }
            let mut cluster = Cluster::default();
            if cluster.add(std::str::from_utf8(&bytes).unwrap()).is_ok() {
                for probe in Probe::ALL {
                    let answer = probe.ask(&cluster, now);
                    prop_assert!(answer.problems.is_sorted());
                }
            }
        }
    }
}
