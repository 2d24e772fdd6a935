//! The arithmetic of rollouts, probes, volumes and jobs, beyond the examples of the rules.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_lint_kubernetes::KubernetesLinter;
use careen_testkit::check_files;

fn found(files: &[(&str, &str)]) -> Vec<&'static str> {
    let report = check_files(&KubernetesLinter, files);
    report.findings.iter().map(|finding| finding.rule.id).collect()
}

#[track_caller]
fn assert_finds(text: &str, rule: &str, expected: bool) {
    let ids = found(&[("app.yaml", text)]);
    assert_eq!(ids.contains(&rule), expected, "{rule} in {text}: {ids:?}");
}

/// A workload `a` with one container.
fn workload(kind: &str, spec: &str, pod: &str, container: &str) -> String {
    format!(
        "{{apiVersion: apps/v1, kind: {kind}, metadata: {{name: a}}, spec: {{{spec} \
         selector: {{matchLabels: {{app: a}}}}, template: {{metadata: {{labels: {{app: a}}}}, \
         spec: {{{pod} containers: [{{name: web, image: 'shop/web:1', {container}}}]}}}}}}}}\n---\n"
    )
}

fn deployment(spec: &str) -> String {
    workload("Deployment", spec, "", "")
}

fn rolling(replicas: i64, unavailable: &str) -> String {
    deployment(&format!(
        "replicas: {replicas}, strategy: {{rollingUpdate: {{maxUnavailable: {unavailable}}}}},"
    ))
}

const HPA: &str = "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, \
                   spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}, \
                   minReplicas: 4, maxReplicas: 9}}";

#[test]
fn shares_of_replicas_are_rounded_down() {
    let rule = "rolling-update-takes-all-down";
    for (replicas, unavailable, expected) in [
        (2, "'99%'", false),
        (2, "'100%'", true),
        (3, "3", true),
        (3, "2", false),
        (3, "'3'", false),
        (1, "1", false),
    ] {
        assert_finds(&rolling(replicas, unavailable), rule, expected);
    }
    // An autoscaler keeps at least four.
    assert_finds(&(rolling(2, "2") + HPA), rule, false);
    let set = |unavailable| {
        let strategy =
            format!("updateStrategy: {{rollingUpdate: {{maxUnavailable: {unavailable}}}}},");
        workload("DaemonSet", &strategy, "", "")
    };
    assert_finds(&set("'100%'"), rule, true);
    assert_finds(&set("5"), rule, false);
}

#[test]
fn strategies_that_are_refused() {
    let rule = "rolling-update-invalid";
    let update = |kind, field: &str, settings: &str| {
        workload(kind, &format!("{field}: {{{settings}}},"), "", "")
    };
    for (settings, expected) in [
        ("rollingUpdate: {maxSurge: 0, maxUnavailable: '0%'}", true),
        ("rollingUpdate: {maxUnavailable: 0}", false),
        ("rollingUpdate: {maxSurge: 0}", false),
        ("type: Recreate, rollingUpdate: {maxSurge: 1}", true),
        ("type: Recreate, rollingUpdate: ~", false),
    ] {
        assert_finds(&update("Deployment", "strategy", settings), rule, expected);
    }
    for (settings, expected) in [
        ("rollingUpdate: {maxSurge: 1}", true),
        ("rollingUpdate: {maxSurge: 1, maxUnavailable: 0}", false),
        ("rollingUpdate: {maxUnavailable: 0}", true),
        ("rollingUpdate: {maxUnavailable: 2}", false),
    ] {
        assert_finds(&update("DaemonSet", "updateStrategy", settings), rule, expected);
    }
}

#[test]
fn one_pod_may_be_replaced_by_the_next() {
    let rule = "rolling-update-strategy-missing";
    let recreate = |replicas: i64, pod: &str| {
        let spec = format!("replicas: {replicas}, strategy: {{type: Recreate}},");
        workload("Deployment", &spec, pod, "")
    };
    let disk = "volumes: [{name: d, persistentVolumeClaim: {claimName: d}}],";
    assert_finds(&recreate(2, ""), rule, true);
    assert_finds(&recreate(2, disk), rule, true);
    assert_finds(&recreate(1, disk), rule, false);
}

#[test]
fn volumes_of_one_node() {
    let rule = "read-write-once-volume-shared";
    let text = |spec: &str, modes: &str| {
        let disk = "volumes: [{name: d, persistentVolumeClaim: {claimName: d}}],";
        workload("Deployment", spec, disk, "volumeMounts: [{name: d, mountPath: /d}]")
            + &format!(
                "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: d}}, spec: \
                 {{accessModes: [{modes}], resources: {{requests: {{storage: 1Gi}}}}}}}}"
            )
    };
    for (spec, modes, expected) in [
        ("replicas: 2,", "ReadWriteOnce", true),
        ("replicas: 2,", "ReadWriteMany", false),
        ("replicas: 2,", "ReadWriteOnce, ReadOnlyMany", false),
        ("replicas: 0,", "ReadWriteOnce", false),
        ("replicas: 1,", "ReadWriteOncePod", true),
        ("replicas: 1, strategy: {type: Recreate},", "ReadWriteOnce", false),
        ("replicas: 1, strategy: {rollingUpdate: {maxSurge: 0}},", "ReadWriteOnce", false),
    ] {
        assert_finds(&text(spec, modes), rule, expected);
    }
}

#[test]
fn what_a_patch_leaves_out_is_not_missing() {
    let claim = |spec: &str| {
        format!(
            "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: d}}, spec: {{{spec}}}}}"
        )
    };
    let base = claim("accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}");
    let larger = claim("resources: {requests: {storage: 9Gi}}");
    let shared = claim("accessModes: [ReadWriteMany]");
    let rules = ["volume-claim-access-mode-missing", "statefulset-pvc-storage-request-missing"];
    let ids = found(&[("base/a.yaml", &base), ("prod/a.yaml", &larger), ("qa/a.yaml", &shared)]);
    assert!(!ids.iter().any(|id| rules.contains(id)), "{ids:?}");
    assert_finds(&larger, rules[0], true);
    assert_finds(&shared, rules[1], true);
}

#[test]
fn claims_are_used_by_more_than_pods() {
    let rule = "pvc-unused";
    let text = deployment("")
        + "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data-db-0}, spec: \
           {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}\n---\n";
    assert_finds(&text, rule, true);
    let custom = "{apiVersion: example.com/v1, kind: Database, metadata: {name: x}, \
                  spec: {existingClaim: data-db-0}}";
    assert_finds(&(text.clone() + custom), rule, false);
    let set = workload(
        "StatefulSet",
        "volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], \
         resources: {requests: {storage: 1Gi}}}}],",
        "",
        "",
    );
    assert_finds(&(text + &set), rule, false);
}

#[test]
fn hooks_and_grace_periods() {
    let rule = "pre-stop-longer-than-grace-period";
    let text = |pod: &str, hook: &str| {
        workload("Deployment", "", pod, &format!("lifecycle: {{preStop: {{{hook}}}}}"))
    };
    for (pod, hook, expected) in [
        ("", "sleep: {seconds: 30}", true),
        ("", "sleep: {seconds: 29}", false),
        ("", "exec: {command: [sh, -c, 'sleep 20; sleep 20']}", true),
        ("", "exec: {command: [sh, -c, 'kill -TERM 1 || sleep 60']}", false),
        ("terminationGracePeriodSeconds: 60,", "exec: {command: [sleep, '45']}", false),
        ("terminationGracePeriodSeconds: 0,", "exec: {command: [sleep, '45']}", false),
    ] {
        assert_finds(&text(pod, hook), rule, expected);
    }
}

#[test]
fn roles_decide_what_a_container_may_have() {
    let rule = "container-field-not-allowed";
    let text = |role: &str, fields: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{{role}: [{{name: x, image: \
             'a:1', {fields}}}], containers: [{{name: web, image: 'a:1'}}]}}}}"
        )
    };
    for (role, fields, expected) in [
        ("initContainers", "livenessProbe: {exec: {command: [a]}}", true),
        ("initContainers", "restartPolicy: Always, livenessProbe: {exec: {command: [a]}}", false),
        ("initContainers", "lifecycle: {}", false),
        ("initContainers", "resources: {limits: {memory: 1Gi}}", false),
        ("ephemeralContainers", "resources: {limits: {memory: 1Gi}}", true),
        ("ephemeralContainers", "resources: {}", false),
        ("ephemeralContainers", "env: [{name: A, value: b}]", false),
    ] {
        assert_finds(&text(role, fields), rule, expected);
    }
    // What cannot be there is not missing.
    let debug = text("ephemeralContainers", "").replace(
        "name: web",
        "name: web, livenessProbe: \
        {exec: {command: [a]}}, readinessProbe: {exec: {command: [b]}}, resources: {limits: \
        {memory: 1Gi, cpu: 1, ephemeral-storage: 1Gi}}",
    );
    for rule in [
        "liveness-probe-missing",
        "readiness-probe-missing",
        "memory-limit-missing",
        "cpu-request-missing",
        "ephemeral-storage-missing",
    ] {
        assert_finds(&debug, rule, false);
    }
}

#[test]
fn mounts_find_their_volumes() {
    let rule = "volume-mount-not-found";
    let mount = "volumeMounts: [{name: data, mountPath: /d}]";
    assert_finds(&workload("Deployment", "", "", mount), rule, true);
    let templates = "volumeClaimTemplates: [{metadata: {name: data}}],";
    assert_finds(&workload("StatefulSet", templates, "", mount), rule, false);
    let device = "volumeDevices: [{name: data, devicePath: /dev/x}]";
    let volume = "volumes: [{name: data, emptyDir: {}}],";
    assert_finds(&workload("Deployment", "", "", device), rule, true);
    assert_finds(&workload("Deployment", "", volume, device), rule, false);
    assert_finds(&workload("Deployment", "", volume, device), "volume-unused", false);
    assert_finds(&workload("Deployment", "", volume, ""), "volume-unused", true);
}

#[test]
fn budgets_of_one_name_are_one() {
    let rule = "pdb-overlapping";
    let budget = |name: &str, namespace: &str| {
        format!(
            "{{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {{name: {name}, \
             namespace: {namespace}}}, spec: {{maxUnavailable: 1, selector: {{matchLabels: {{app: \
             a}}}}}}}}\n---\n"
        )
    };
    let text = deployment("");
    assert_finds(&(text.clone() + &budget("a", "x") + &budget("b", "x")), rule, true);
    assert_finds(&(text.clone() + &budget("a", "x") + &budget("a", "x")), rule, false);
    assert_finds(&(text + &budget("a", "x") + &budget("b", "y")), rule, false);
}

#[test]
fn the_last_minimum_counts() {
    let rule = "hpa-min-replicas-low";
    let base = HPA.replace("minReplicas: 4, ", "");
    assert_finds(&base, rule, true);
    assert_finds(HPA, rule, false);
    let ids = found(&[("base/a.yaml", &base), ("prod/a.yaml", HPA)]);
    assert!(!ids.contains(&rule), "{ids:?}");
}

#[test]
fn frequent_jobs_with_a_deadline_end() {
    let rule = "cronjob-concurrency-allowed";
    let text = |schedule: &str, deadline: &str| {
        format!(
            "{{apiVersion: batch/v1, kind: CronJob, metadata: {{name: a}}, spec: {{schedule: \
             '{schedule}', jobTemplate: {{spec: {{{deadline} template: {{spec: {{restartPolicy: \
             Never, containers: [{{name: a, image: 'a:1'}}]}}}}}}}}}}}}"
        )
    };
    for (schedule, deadline, expected) in [
        ("*/10 * * * *", "", true),
        ("*/10 * * * *", "activeDeadlineSeconds: 600,", false),
        ("*/10 * * * *", "activeDeadlineSeconds: 601,", true),
        ("0 */2 * * *", "", false),
        ("@hourly", "", true),
        ("${SCHEDULE}", "", false),
    ] {
        assert_finds(&text(schedule, deadline), rule, expected);
        assert_finds(&text(schedule, deadline), "cronjob-schedule-invalid", false);
    }
}

#[test]
fn scalers_may_share_a_workload_by_resource() {
    let rule = "hpa-vpa-conflict";
    let vertical = |spec: &str| {
        format!(
            "{HPA}\n---\n{{apiVersion: autoscaling.k8s.io/v1, kind: VerticalPodAutoscaler, metadata: \
             {{name: a}}, spec: {{targetRef: {{kind: Deployment, name: a}}, {spec}}}}}"
        )
    };
    for (spec, expected) in [
        ("", true),
        ("updatePolicy: {updateMode: 'Off'}", false),
        ("updatePolicy: {updateMode: Recreate}", true),
        ("resourcePolicy: {containerPolicies: [{containerName: '*', mode: 'Off'}]}", false),
        ("resourcePolicy: {containerPolicies: [{controlledResources: [memory]}]}", false),
    ] {
        assert_finds(&vertical(spec), rule, expected);
    }
}

#[test]
fn dead_nodes() {
    let rule = "dead-node-tolerated";
    let text = |kind, toleration: &str| {
        workload(kind, "", &format!("tolerations: [{{{toleration}}}],"), "")
    };
    for (toleration, expected) in [
        ("operator: Exists", true),
        ("operator: Exists, effect: NoExecute", true),
        ("operator: Exists, effect: NoSchedule", false),
        ("operator: Exists, tolerationSeconds: 60", false),
        ("key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute", true),
        ("key: pool, operator: Exists", false),
    ] {
        assert_finds(&text("Deployment", toleration), rule, expected);
    }
    assert_finds(&text("DaemonSet", "operator: Exists"), rule, false);
}

#[test]
fn nodes_by_name_and_label() {
    let rule = "pod-pinned-to-node";
    let text = |kind, field: &str| workload(kind, "", field, "");
    assert_finds(&text("Deployment", "nodeName: a,"), rule, true);
    assert_finds(&text("Deployment", "nodeSelector: {kubernetes.io/hostname: a},"), rule, true);
    assert_finds(&text("Deployment", "nodeSelector: {kubernetes.io/os: linux},"), rule, false);
    assert_finds(&text("Deployment", "nodeName: '',"), rule, false);
}

#[test]
fn probes_speak_as_their_ports_do() {
    let rule = "probe-scheme-mismatch";
    let text = |probe: &str| {
        workload("Deployment", "", "", &format!("readinessProbe: {{httpGet: {{{probe}}}}}"))
    };
    assert_finds(&text("port: https"), rule, true);
    assert_finds(&text("port: https, scheme: HTTPS"), rule, false);
    assert_finds(&text("port: http, scheme: HTTPS"), rule, true);
    assert_finds(&text("port: 8443"), rule, false);
}

#[test]
fn pods_have_what_their_containers_ask_for() {
    let rule = "pod-resources-below-containers";
    let text = |pod: &str, own: &str| {
        workload(
            "Deployment",
            "",
            &format!("resources: {{{pod}}},"),
            &format!("resources: {{{own}}}"),
        )
    };
    for (pod, own, expected) in [
        ("requests: {cpu: 1}", "requests: {cpu: 1000m}", false),
        ("requests: {cpu: 1}", "requests: {cpu: 1001m}", true),
        ("requests: {cpu: 1}", "limits: {cpu: 2}", true),
        ("limits: {memory: 1Gi}", "limits: {memory: 2Gi}", true),
        ("limits: {memory: 2Gi}", "limits: {memory: 2Gi}", false),
    ] {
        assert_finds(&text(pod, own), rule, expected);
    }
}

#[test]
fn volumes_in_memory_are_counted_once() {
    let volume = "volumes: [{name: m, emptyDir: {medium: Memory, sizeLimit: 1Gi}}],";
    let rule = "empty-dir-above-memory-limit";
    let limit = |limit: &str| {
        workload("Deployment", "", volume, &format!("resources: {{limits: {{memory: {limit}}}}}"))
    };
    assert_finds(&limit("1Gi"), rule, true);
    assert_finds(&limit("1100Mi"), rule, false);
    assert_finds(&workload("Deployment", "", volume, ""), rule, false);
}

/// Everything a thousand times: no rule may take much longer for it.
#[test]
fn large_pods_take_no_time() {
    let list = |item: &dyn Fn(usize) -> String| (0..3000).map(item).collect::<Vec<_>>().join(",\n");
    let containers =
        list(&|at| format!("{{name: c{at}, volumeMounts: [{{name: v{at}, mountPath: /a}}]}}"));
    let volumes = list(&|at| format!("{{name: w{at}, emptyDir: {{medium: Memory}}}}"));
    let text = format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{containers: [{{name: a, image: \
         'a:1'}}, {containers}], volumes: [{volumes}]}}}}"
    );
    assert_finds(&text, "volume-unused", true);
}
