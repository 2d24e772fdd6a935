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
    let waiting = |reason: &str| json!({"state": {"waiting": {"reason": reason}}, "ready": false});
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
