#![allow(
    clippy::needless_pass_by_value,
    reason = "`json!` makes values, and a test needs them once"
)]

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

mod nodes {
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
        let unknown =
            json!([{"type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown"}]);
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
}

mod storage {
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
}

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

mod network {
    use super::*;

    const PROBE: Probe = Probe::NetworkReachable;

    #[test]
    fn services_have_ready_endpoints() {
        let api = service("api", json!({"selector": {"app": "api"}}));
        let there = json!([{"addresses": ["10.0.0.1"], "conditions": {"ready": true}}]);
        let answer = ask(PROBE, &[api.clone(), slice("api", there.clone())]);
        assert_eq!((answer.seen, answer.what.as_str()), (1, "1 Service with a selector"));
        assert!(answer.problems.is_empty() && answer.missing.is_empty());
        // Nothing said means ready.
        let unsaid = json!([{"addresses": ["10.0.0.1"], "conditions": {}}]);
        assert!(ask(PROBE, &[api.clone(), slice("api", unsaid)]).problems.is_empty());
        for gone in [
            json!([]),
            Value::Null,
            json!([{"addresses": [], "conditions": {"ready": true}}]),
            json!([{"addresses": ["10.0.0.1"], "conditions": {"ready": false}}]),
        ] {
            let told = only(PROBE, &[api.clone(), slice("api", gone)]);
            assert_eq!(told, "Service `shop/api` has no ready endpoint");
        }
        assert!(only(PROBE, &[api.clone(), slice("other", there)]).contains("shop/api"));
        assert_eq!(ask(PROBE, &[api]).missing, ["EndpointSlice"]);
    }

    #[test]
    fn services_that_select_nothing_are_left_alone() {
        let items = [
            service(
                "out",
                json!({"type": "ExternalName", "externalName": "example.com", "selector": {"a": "b"}}),
            ),
            service("by-hand", json!({"clusterIP": "10.0.0.9"})),
            slice("x", json!([{"addresses": ["10.0.0.1"]}])),
        ];
        let answer = ask(PROBE, &items);
        assert_eq!((answer.seen, answer.problems.len()), (0, 0));
    }

    #[test]
    fn slices_alone_know_their_services() {
        let good = slice("a", json!([{"addresses": ["10.0.0.1"]}]));
        let answer = ask(PROBE, &[good, slice("b", json!([]))]);
        assert_eq!(messages(&answer), ["Service `shop/b` has no ready endpoint"]);
        assert_eq!(answer.what, "2 Services known by EndpointSlices");
        assert!(answer.missing.is_empty());
    }

    #[test]
    fn a_balancer_needs_an_address() {
        let endpoint = slice("web", json!([{"addresses": ["10.0.0.1"]}]));
        let web = service("web", json!({"selector": {"app": "web"}, "type": "LoadBalancer"}));
        assert!(only(PROBE, &[web.clone(), endpoint.clone()]).contains("no address"));
        let mut web = web;
        web["status"] = json!({"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}});
        assert!(ask(PROBE, &[web, endpoint]).problems.is_empty());
    }

    #[test]
    fn endpoints_of_old_clusters_count_too() {
        let api = service("api", json!({"selector": {"app": "api"}}));
        let subset = json!({"subsets": [{"addresses": [{"ip": "10.0.0.1"}]}]});
        let endpoints = object("v1", "Endpoints", "api", subset);
        let answer = ask(PROBE, &[api, endpoints]);
        assert!(answer.problems.is_empty() && answer.missing.is_empty());
    }
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

mod workloads {
    use super::*;

    const PROBE: Probe = Probe::WorkloadsHealthy;

    fn running(container: Value) -> Value {
        pod("p", "Running", container, json!({}))
    }

    #[test]
    fn pods_alone_are_enough() {
        let answer = ask(PROBE, &[running(json!({}))]);
        assert!(answer.problems.is_empty() && answer.missing.is_empty(), "{answer:?}");
        assert_eq!(
            answer.what,
            "1 pod, no Deployments, no StatefulSets, no DaemonSets, no Jobs in the dump"
        );
        assert_eq!(ask(PROBE, &[]).missing, ["Pod"]);
    }

    #[test]
    fn containers_wait_restart_and_die() {
        let waiting =
            |reason: &str| json!({"state": {"waiting": {"reason": reason}}, "ready": false});
        for reason in ["CrashLoopBackOff", "ImagePullBackOff", "CreateContainerConfigError"] {
            let told = only(PROBE, &[running(waiting(reason))]);
            assert_eq!(told, format!("Pod `shop/p` waits in container `c`: `{reason}`"));
        }
        let ended = |reason: &str, at: &str| {
            json!({"restartCount": 3, "lastState": {"terminated":
                {"exitCode": 1, "reason": reason, "finishedAt": at}}})
        };
        let told = only(
            PROBE,
            &[
                running(ended("Error", "2026-11-26T11:30:00Z")),
                node("n", json!([ready("2026-11-26T12:00:00Z")]), json!({})),
            ],
        );
        assert_eq!(told, "Pod `shop/p` restarted container `c` 30 minutes ago, 3 times in all");
        let long_ago = ended("Error", "2026-11-25T11:30:00Z");
        let fresh = node("n", json!([ready(FRESH)]), json!({}));
        assert!(ask(PROBE, &[running(long_ago), fresh.clone()]).problems.is_empty());
        let killed = ended("OOMKilled", "2026-11-01T11:30:00Z");
        assert!(only(PROBE, &[running(killed), fresh]).contains("OOMKilled"));
    }

    #[test]
    fn pods_are_ready_or_done_or_on_their_way_out() {
        let unready = json!({"status": {"conditions": [{"type": "Ready", "status": "False"}]}});
        assert!(only(PROBE, &[pod("p", "Running", json!({}), unready)]).contains("not ready"));
        let unscheduled = json!({"status": {"containerStatuses": [], "conditions":
            [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]}});
        let pending = pod("p", "Pending", json!({}), unscheduled);
        assert_eq!(only(PROBE, &[pending]), "Pod `shop/p` is pending: `Unschedulable`");
        assert!(ask(PROBE, &[pod("p", "Succeeded", json!({}), json!({}))]).problems.is_empty());
        let evicted = json!({"status": {"reason": "Evicted"}});
        assert!(only(PROBE, &[pod("p", "Failed", json!({}), evicted)]).contains("Evicted"));
        assert!(only(PROBE, &[pod("p", "Unknown", json!({}), json!({}))]).contains("Unknown"));
        let leaving = |at: &str| {
            pod(
                "p",
                "Running",
                json!({"ready": false}),
                json!({"metadata": {"deletionTimestamp": at},
            "status": {"conditions": []}}),
            )
        };
        let fresh = node("n", json!([ready("2026-11-26T12:00:00Z")]), json!({}));
        assert!(ask(PROBE, &[leaving("2026-11-26T11:59:30Z"), fresh.clone()]).problems.is_empty());
        assert!(only(PROBE, &[leaving("2026-11-26T11:00:00Z"), fresh]).contains("60 minutes"));
    }

    #[test]
    fn jobs_fail_and_their_pods_may() {
        let of_job = json!({"metadata": {"ownerReferences":
            [{"apiVersion": "batch/v1", "kind": "Job", "name": "j", "uid": "1"}]}});
        let failed = pod("a", "Failed", json!({}), of_job.clone());
        assert!(only(PROBE, std::slice::from_ref(&failed)).contains("has failed"));
        let done = pod("b", "Succeeded", json!({}), of_job);
        assert!(ask(PROBE, &[failed.clone(), done]).problems.is_empty());
        let job = |name: &str, kind: &str, at: &str| {
            object(
                "batch/v1",
                "Job",
                name,
                json!({"metadata": {"ownerReferences":
                [{"apiVersion": "batch/v1", "kind": "CronJob", "name": "c", "uid": "1"}]},
                "status": {"startTime": at, "conditions": [{"type": kind, "status": "True"}]}}),
            )
        };
        let first = job("j", "Failed", "2026-11-26T01:00:00Z");
        assert_eq!(only(PROBE, &[failed.clone(), first.clone()]), "Job `shop/j` has failed");
        let later = job("k", "Complete", "2026-11-26T02:00:00Z");
        assert!(ask(PROBE, &[failed, first, later]).problems.is_empty());
    }

    fn deployment(status: Value) -> Value {
        object(
            "apps/v1",
            "Deployment",
            "api",
            json!({"metadata": {"generation": 2},
            "spec": {"replicas": 3, "selector": {}, "template": {}}, "status": status}),
        )
    }

    #[test]
    fn deployments_are_rolled_out() {
        let p = running(json!({}));
        let done = json!({"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3,
            "readyReplicas": 3, "availableReplicas": 3});
        let answer = ask(PROBE, &[p.clone(), deployment(done.clone())]);
        assert!(answer.problems.is_empty() && answer.what.contains("1 Deployment"), "{answer:?}");
        for (key, value, word) in [
            ("observedGeneration", json!(1), "has not seen"),
            ("updatedReplicas", json!(2), "older version"),
            ("readyReplicas", json!(2), "2 of 3 replicas ready"),
            ("availableReplicas", Value::Null, "0 of 3 replicas available"),
            (
                "conditions",
                json!([{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}]),
                "ProgressDeadlineExceeded",
            ),
        ] {
            let mut status = done.clone();
            status[key] = value;
            let answer = ask(PROBE, &[p.clone(), deployment(status)]);
            assert!(messages(&answer).iter().any(|told| told.contains(word)), "{key}: {answer:?}");
        }
        let mut none = deployment(json!({"observedGeneration": 2}));
        none["spec"]["replicas"] = json!(0);
        assert!(ask(PROBE, &[p, none]).problems.is_empty());
    }

    #[test]
    fn sets_are_rolled_out() {
        let p = running(json!({}));
        let set = |strategy: Value, updated: i32| {
            object(
                "apps/v1",
                "StatefulSet",
                "db",
                json!({"spec": {"replicas": 3, "selector": {},
                "serviceName": "db", "template": {}, "updateStrategy": strategy},
                "status": {"replicas": 3, "readyReplicas": 3, "availableReplicas": 3,
                    "updatedReplicas": updated, "currentRevision": "a", "updateRevision": "b"}}),
            )
        };
        let rolling = json!({"type": "RollingUpdate"});
        assert!(only(PROBE, &[p.clone(), set(rolling, 1)]).contains("1 of 3 replicas updated"));
        let held = json!({"type": "RollingUpdate", "rollingUpdate": {"partition": 2}});
        assert!(ask(PROBE, &[p.clone(), set(held, 1)]).problems.is_empty());
        assert!(ask(PROBE, &[p.clone(), set(json!({"type": "OnDelete"}), 0)]).problems.is_empty());
        let daemons = object(
            "apps/v1",
            "DaemonSet",
            "log",
            json!({"spec": {"selector": {}, "template": {}},
            "status": {"currentNumberScheduled": 2, "desiredNumberScheduled": 2, "numberMisscheduled": 0,
                "numberReady": 1, "numberAvailable": 2, "updatedNumberScheduled": 2}}),
        );
        assert_eq!(only(PROBE, &[p, daemons]), "DaemonSet `shop/log` has 1 of 2 replicas ready");
    }
}

mod databases {
    use super::*;

    const PROBE: Probe = Probe::DatabaseReachable;

    fn database() -> Value {
        let spec = json!({"containers": [{"name": "c", "image": "postgres:16", "env": [
            {"name": "P", "valueFrom": {"secretKeyRef": {"name": "db", "key": "p"}}},
            {"name": "Q", "valueFrom": {"secretKeyRef": {"name": "maybe", "key": "q", "optional": true}}}],
            "envFrom": [{"secretRef": {"name": "db-env"}}]}],
            "volumes": [{"name": "tls", "secret": {"secretName": "db-tls"}}]});
        pod(
            "db-0",
            "Running",
            json!({}),
            json!({"metadata": {"labels": {"app": "db"}}, "spec": spec}),
        )
    }

    fn secret(name: &str) -> Value {
        object("v1", "Secret", name, json!({}))
    }

    fn there() -> Value {
        json!([{"addresses": ["10.0.0.1"], "targetRef": {"kind": "Pod", "name": "db-0"}}])
    }

    #[test]
    fn databases_are_served() {
        let db = service("store", json!({"selector": {"app": "db"}, "ports": [{"port": 9999}]}));
        let answer = ask(PROBE, &[database(), db.clone(), slice("store", there())]);
        assert!(answer.problems.is_empty() && answer.missing.is_empty(), "{answer:?}");
        assert_eq!(
            answer.what,
            "1 Service of a database, 1 pod of a database, Secrets are not in the dump"
        );
        let told = only(PROBE, &[database(), db.clone(), slice("store", json!([]))]);
        assert_eq!(told, "Service `shop/store` leads to a database and has no ready endpoint");
        assert_eq!(ask(PROBE, &[database(), db]).missing, ["EndpointSlice"]);
    }

    #[test]
    fn databases_are_known_by_port() {
        for port in [json!({"port": 5432}), json!({"port": 1, "targetPort": 3306})] {
            let db = service("db", json!({"selector": {"app": "x"}, "ports": [port]}));
            assert!(only(PROBE, &[db, slice("db", json!([]))]).contains("shop/db"));
        }
        let cache = service("cache", json!({"selector": {"app": "x"}, "ports": [{"port": 6379}]}));
        let answer = ask(PROBE, &[cache, slice("cache", json!([]))]);
        assert_eq!((answer.seen, answer.what.as_str()), (0, "no database is in the dump"));
        let out = service(
            "db",
            json!({"type": "ExternalName", "externalName": "db.example.com", "ports": [{"port": 5432}]}),
        );
        assert_eq!(ask(PROBE, &[out, slice("x", json!([]))]).missing, ["DNS"]);
    }

    #[test]
    fn slices_alone_lead_to_databases() {
        let answer = ask(PROBE, &[database(), slice("store", there())]);
        assert!(answer.problems.is_empty() && answer.missing.is_empty() && answer.seen == 2);
        let mut by_port = slice("db", json!([]));
        by_port["ports"] = json!([{"port": 5432}]);
        assert!(only(PROBE, &[database(), by_port]).contains("shop/db"));
    }

    #[test]
    fn secrets_are_there() {
        let items =
            [database(), slice("store", there()), secret("db"), secret("db-env"), secret("db-tls")];
        assert!(ask(PROBE, &items).problems.is_empty());
        let told = only(PROBE, &items[..4]);
        assert_eq!(told, "Pod `shop/db-0` needs Secret `shop/db-tls`, which is not there");
    }

    #[test]
    fn sets_and_pods_are_ready() {
        let set = object(
            "apps/v1",
            "StatefulSet",
            "db",
            json!({"spec": {"selector": {}, "serviceName": "db",
            "template": {"spec": {"containers": [{"name": "c", "image": "mysql:8"}]}}},
            "status": {"replicas": 1}}),
        );
        let told = only(PROBE, &[set, service("x", json!({})), slice("x", json!([]))]);
        assert!(told.contains("without a ready replica"));
        let mut down = database();
        down["status"]["conditions"] = json!([]);
        assert!(only(PROBE, &[down, slice("x", json!([]))]).contains("not ready"));
    }
}

mod external {
    use super::*;

    const PROBE: Probe = Probe::ExternalServices;

    fn out(target: &str) -> Value {
        service("out", json!({"type": "ExternalName", "externalName": target}))
    }

    #[test]
    fn names_need_dns() {
        let answer = ask(PROBE, &[out("api.example.com")]);
        assert_eq!((answer.missing.as_slice(), answer.problems.len()), (&["DNS"][..], 0));
        assert!(only(PROBE, &[out("192.0.2.1")]).contains("192.0.2.1"));
        assert!(only(PROBE, &[out("")]).contains("names nothing"));
        assert!(only(PROBE, &[out("db.other.svc.cluster.local")]).contains("`other/db`"));
        let inside = out("api.shop.svc.cluster.local");
        let api = service("api", json!({"selector": {"app": "api"}}));
        assert!(ask(PROBE, &[inside, api]).problems.is_empty());
    }

    #[test]
    fn services_without_selectors_need_addresses() {
        let by_hand = service("legacy", json!({"clusterIP": "10.0.0.9"}));
        assert_eq!(ask(PROBE, std::slice::from_ref(&by_hand)).missing, ["EndpointSlice"]);
        let told = only(PROBE, &[by_hand.clone(), slice("other", json!([]))]);
        assert_eq!(told, "Service `shop/legacy` has no selector and no address");
        let there = slice("legacy", json!([{"addresses": ["192.0.2.7"]}]));
        let answer = ask(PROBE, &[by_hand, there]);
        assert!(answer.problems.is_empty() && answer.missing.is_empty() && answer.seen == 1);
    }

    #[test]
    fn nothing_leads_out() {
        let mut api = service("kubernetes", json!({"clusterIP": "10.0.0.1"}));
        api["metadata"]["namespace"] = json!("default");
        let answer = ask(PROBE, &[api]);
        assert_eq!((answer.seen, answer.missing.len()), (0, 0));
        assert_eq!(ask(PROBE, &[]).missing, ["Service"]);
    }
}
