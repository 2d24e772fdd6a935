//! What the rules make of the finer points of Kubernetes, beyond their examples.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_lint_kubernetes::KubernetesLinter;
use careen_rule::{Report, Severity};
use careen_testkit::{Xorshift, check_files, mutate};

fn report(files: &[(&str, &str)]) -> Report {
    check_files(&KubernetesLinter, files)
}

/// The ids of the rules that find something, each once; without inventories and matters of taste,
/// which fire on what is in order.
fn found(text: &str) -> Vec<&'static str> {
    let report = report(&[("app.yaml", text)]);
    let findings = report.findings.iter();
    let mut ids: Vec<_> = findings
        .filter(|finding| finding.rule.default || finding.rule.severity > Severity::Info)
        .map(|finding| finding.rule.id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn pod(spec: &str) -> String {
    format!("{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{{spec}}}}}")
}

/// A Pod with one container that has an image.
fn container(fields: &str) -> String {
    pod(&format!("containers: [{{name: web, image: 'shop/web:1', {fields}}}]"))
}

#[track_caller]
fn assert_finds(text: &str, rule: &str, expected: bool) {
    let ids = found(text);
    assert_eq!(ids.contains(&rule), expected, "{rule} in {text}: {ids:?}");
}

#[test]
fn nulls_are_absent() {
    let nulls = container("resources: {limits: {memory: ~}}, securityContext: ~, livenessProbe:");
    for rule in ["memory-limit-missing", "seccomp-profile-missing", "liveness-probe-missing"] {
        assert_finds(&nulls, rule, true);
    }
    assert_finds(&pod("hostNetwork: ~"), "host-network", false);
}

#[test]
fn containers_have_roles() {
    let roles = "
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  initContainers:
  - {name: setup, image: 'a:1'}
  - {name: proxy, image: 'a:1', restartPolicy: Always}
  containers:
  - {name: web, image: 'a:1'}
  ephemeralContainers:
  - {name: debug, image: 'a:1'}
";
    let report = report(&[("app.yaml", roles)]);
    let named = |rule: &str| {
        let of_rule = report.findings.iter().filter(|finding| finding.rule.id == rule);
        let container = |finding: &careen_rule::Judged| finding.object.clone()?.container;
        of_rule.filter_map(container).collect::<Vec<_>>()
    };
    assert_eq!(named("readiness-probe-missing"), ["proxy", "web"]);
    assert_eq!(named("memory-limit-missing"), ["proxy", "web"]);
    assert_eq!(named("seccomp-profile-missing"), ["setup", "proxy", "web", "debug"]);
}

#[test]
fn jobs_end() {
    let job = "{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: {spec: \
               {restartPolicy: Never, containers: [{name: web, image: 'a:1'}]}}}}";
    assert_finds(job, "liveness-probe-missing", false);
    assert_finds(job, "readiness-probe-missing", false);
    assert_finds(job, "memory-limit-missing", true);
    let policy = job.replace("Never", "Always");
    assert_finds(&policy, "restart-policy-invalid", true);
    assert_finds(&policy.replace("Always", "'${POLICY}'"), "restart-policy-invalid", false);
    assert_finds(
        &container("").replace("containers:", "restartPolicy: Never, containers:"),
        "naked-pod",
        false,
    );
}

#[test]
fn the_container_goes_before_the_pod() {
    let text = |pod: &str, own: &str| {
        container(&format!("securityContext: {{{own}}}"))
            .replace("containers:", &format!("securityContext: {{{pod}}}, containers:"))
    };
    assert_finds(&text("runAsUser: 0", "runAsUser: 1000"), "run-as-user-root", false);
    assert_finds(&text("runAsUser: 1000", "runAsUser: 0"), "run-as-user-root", true);
    assert_finds(&text("runAsUser: 0", ""), "run-as-user-root", true);
    assert_finds(
        &text("runAsNonRoot: true", "runAsNonRoot: false"),
        "run-as-non-root-missing",
        true,
    );
    assert_finds(&text("runAsUser: 5", ""), "run-as-non-root-missing", false);
    assert_finds(&text("runAsUser: 0", ""), "run-as-non-root-missing", false);
    assert_finds(
        &text("seccompProfile: {type: Unconfined}", "seccompProfile: {type: RuntimeDefault}"),
        "seccomp-unconfined",
        false,
    );
    assert_finds(
        &text("seLinuxOptions: {type: container_t}", ""),
        "selinux-options-disallowed",
        false,
    );
    assert_finds(&text("seLinuxOptions: {user: root}", ""), "selinux-options-disallowed", true);
}

#[test]
fn privileged_says_it_all() {
    let text = container("securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN]}}");
    let ids = found(&text);
    assert!(ids.contains(&"privileged-container"));
    for rule in [
        "capability-dangerous-added",
        "capabilities-not-dropped-all",
        "privilege-escalation-not-disabled",
        "seccomp-profile-missing",
    ] {
        assert!(!ids.contains(&rule), "{rule}");
    }
    let text = container("securityContext: {capabilities: {add: [CAP_NET_RAW, chown]}}");
    assert_finds(&text, "capability-not-default-added", true);
    assert_finds(&text, "capability-dangerous-added", false);
}

#[test]
fn windows_lacks_what_linux_has() {
    let text = container("").replace("containers:", "os: {name: windows}, containers:");
    for rule in [
        "privilege-escalation-not-disabled",
        "read-only-root-filesystem-missing",
        "capabilities-not-dropped-all",
        "seccomp-profile-missing",
    ] {
        assert_finds(&text, rule, false);
    }
    assert_finds(&text, "memory-limit-missing", true);
}

#[test]
fn user_namespaces_make_root_nobody() {
    let text = container("securityContext: {runAsUser: 0, procMount: Unmasked}");
    assert_finds(&text, "run-as-user-root", true);
    assert_finds(&text, "proc-mount-unmasked", true);
    let text = text.replace("containers:", "hostUsers: false, containers:");
    assert_finds(&text, "run-as-user-root", false);
    assert_finds(&text, "proc-mount-unmasked", false);
}

#[test]
fn requests_are_those_in_effect() {
    let text = container("resources: {limits: {cpu: 1, memory: 1Gi}}");
    assert_finds(&text, "cpu-request-missing", false);
    assert_finds(&text, "memory-request-missing", false);
    let text = container("")
        .replace("containers:", "resources: {limits: {cpu: 1, memory: 1Gi}}, containers:");
    for rule in ["cpu-request-missing", "memory-limit-missing", "cpu-limit-missing"] {
        assert_finds(&text, rule, false);
    }
    for (request, limit, is_above) in
        [("1000m", "1", false), ("1.5", "1", true), ("2G", "2Gi", false), ("${A}", "1", false)]
    {
        let resources =
            format!("resources: {{requests: {{cpu: '{request}'}}, limits: {{cpu: '{limit}'}}}}");
        assert_finds(&container(&resources), "request-above-limit", is_above);
        assert_finds(&container(&resources), "quantity-invalid", false);
    }
    assert_finds(&container("resources: {limits: {cpu: -1}}"), "quantity-invalid", true);
    assert_finds(&container("resources: {limits: {memory: []}}"), "quantity-invalid", true);
}

#[test]
fn probes_are_read_with_their_defaults() {
    let probes = |liveness: &str, readiness: &str| {
        container(&format!("livenessProbe: {{{liveness}}}, readinessProbe: {{{readiness}}}"))
    };
    let same = "httpGet: {path: /, port: 80}";
    let turned = "httpGet: {port: 80, path: /}";
    assert_finds(&probes(same, turned), "liveness-readiness-identical", true);
    assert_finds(
        &probes(&format!("{same}, periodSeconds: 60"), same),
        "liveness-readiness-identical",
        false,
    );
    assert_finds(&probes(same, "tcpSocket: {port: 80}"), "liveness-readiness-identical", false);
    assert_finds(&probes("periodSeconds: 1", same), "probe-timeout-above-period", false);
    assert_finds(&probes("httpGet: {port: '80'}", same), "probe-port-not-exposed", true);
    assert_finds(
        &probes("httpGet: {host: '', port: 80}", same),
        "probe-or-lifecycle-host-set",
        false,
    );
}

#[test]
fn ports_of_the_node_are_reported_once() {
    let text = container("ports: [{containerPort: 80, hostPort: 80}]");
    assert_finds(&text, "host-port", true);
    let text = text.replace("containers:", "hostNetwork: true, containers:");
    assert_finds(&text, "host-port", false);
    let text = pod("volumes: [{name: a, hostPath: {path: /run/docker.sock}}]");
    assert_eq!(found(&text), ["container-runtime-socket-mount"]);
}

#[test]
fn patches_lack_nothing() {
    let patch = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    spec:
      containers:
      - name: web
        image: shop/web:2
        $patch: merge
        env: [{name: A, value: b}]
";
    assert_eq!(found(patch), [""; 0]);
}

#[test]
fn accounts_switch_tokens_off() {
    let pod = container("");
    let account = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}, \
                   automountServiceAccountToken: false}";
    let rule = "service-account-token-automounted";
    assert_finds(&pod, rule, true);
    let ids: Vec<_> = report(&[("a.yaml", &pod), ("b.yaml", account)]).findings;
    assert!(ids.iter().all(|finding| finding.rule.id != rule));
    let wanted = "automountServiceAccountToken: true, containers:";
    assert_finds(&pod.replace("containers:", wanted), rule, true);
    let own = format!("serviceAccountName: a, {wanted}");
    assert_finds(&pod.replace("containers:", &own), rule, false);
    let both = "serviceAccountName: a, serviceAccount: a, containers:";
    assert_finds(&pod.replace("containers:", both), "deprecated-service-account-field", false);
}

#[test]
fn a_single_pod_may_be_meant() {
    let deployment = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api}, spec: \
                      {replicas: 1, selector: {matchLabels: {a: b}}, template: {metadata: {labels: \
                      {a: b}}, spec: {containers: [{name: web, image: 'a:1'}]}}}}";
    let rule = "replicas-too-few";
    assert_finds(deployment, rule, true);
    assert_finds(&deployment.replace("replicas: 1, ", ""), rule, true);
    assert_finds(&deployment.replace("replicas: 1", "replicas: 0"), rule, false);
    let recreate = "replicas: 1, strategy: {type: Recreate}";
    assert_finds(&deployment.replace("replicas: 1", recreate), rule, false);
    let scaler = "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, \
                  spec: {scaleTargetRef: {kind: Deployment, name: api}, maxReplicas: 3}}";
    let scaled = report(&[("a.yaml", deployment), ("b.yaml", scaler)]).findings;
    assert!(scaled.iter().all(|finding| finding.rule.id != rule));
}

#[test]
fn strings_need_quotes_everywhere() {
    let text = "
apiVersion: v1
kind: Pod
metadata:
  name: a
  labels: {a: yes, b: 'yes', c: ~}
spec:
  nodeSelector: {b: 1}
  containers:
  - name: web
    args: [0123]
    env: [{name: A, value: 1e3}]
";
    let report = report(&[("app.yaml", text)]);
    let of_rule = report.findings.iter().filter(|finding| finding.rule.id == "value-needs-quotes");
    let fixes: Vec<_> =
        of_rule.map(|finding| finding.fix.as_ref().unwrap().edits[0].text.clone()).collect();
    assert_eq!(fixes, ["\"yes\"", "\"1\"", "\"0123\"", "\"1e3\""]);
    assert!(report.findings.iter().all(|finding| finding.rule.id != "field-type-invalid"));
}

#[test]
fn placeholders_are_no_values() {
    let text = "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: '${N}', template: {}}}";
    assert_finds(text, "field-type-invalid", false);
    let secret =
        "{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {a: <path:a#b>, b: $(B)}}";
    assert_finds(secret, "secret-data-not-base64", false);
    let sops =
        "{apiVersion: v1, kind: Secret, data: {a: 'ENC[AES256_GCM,data:a]'}, sops: {mac: a}}";
    assert_eq!(found(sops), [""; 0]);
}

#[test]
fn base64_is_as_strict_as_go() {
    for (value, is_flawed) in [
        ("YXBp", false),
        ("''", false),
        ("YQ==", false),
        ("YQ", true),
        ("'YX Bp'", true),
        ("\"YX\\nBp\"", false),
        ("YXB_", true),
    ] {
        let text = format!(
            "{{apiVersion: v1, kind: Secret, metadata: {{name: a}}, data: {{k: {value}}}}}"
        );
        assert_finds(&text, "secret-data-not-base64", is_flawed);
    }
}

#[test]
fn secrets_are_never_shown() {
    for text in [
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  k: hunter2*rest\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {k: 4815162342, hunter2: }\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: hunter2, a: hunter2}\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstrData: {a: hunter2}\nstringData: {b: [hunter2]}\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  a: \"hunter2\n  b: c\n",
    ] {
        let report = report(&[("app.yaml", text)]);
        assert!(!report.findings.is_empty(), "{text}");
        for finding in &report.findings {
            let fixes = finding.fix.iter().flat_map(|fix| &fix.edits);
            let fixes: String = fixes.map(|edit| edit.text.as_str()).collect();
            for shown in [&finding.message, &finding.snippet.text, &fixes] {
                assert!(!shown.contains("4815162342"), "{}: {shown}", finding.rule.id);
                let is_name =
                    ["value-needs-quotes", "yaml-keys-unsorted"].contains(&finding.rule.id);
                assert!(is_name || !shown.contains("hunter2"), "{}: {shown}", finding.rule.id);
            }
        }
    }
}

#[test]
fn damaged_manifests_are_checked_without_a_panic() {
    let mut random = Xorshift::new(7);
    for _ in 0..400 {
        let mut damaged = SHOP.as_bytes().to_vec();
        mutate(&mut random, &mut damaged);
        let damaged = String::from_utf8_lossy(&damaged).into_owned();
        let report = report(&[("app.yaml", &damaged)]);
        assert!(report.notes.iter().all(|note| !note.incomplete), "{damaged}: {:?}", report.notes);
    }
}

const SHOP: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: default, labels: {a: yes}}
spec:
  replicas: 1
  template:
    metadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined}}
    spec:
      hostNetwork: true
      serviceAccount: api
      securityContext: {sysctls: [{name: kernel.msgmax}], seLinuxOptions: {type: spc_t}}
      containers:
      - &web
        name: web
        image: shop/web
        imagePullPolicy: Never
        resources: {limits: {memory: 100m}, requests: {memory: 1Gi, cpu: 1 GB}}
        securityContext: {capabilities: {add: [ALL, cap_bpf]}, procMount: Unmasked}
        livenessProbe: &probe {httpGet: {path: /, port: http, host: a}, timeoutSeconds: 60}
        readinessProbe: *probe
        env: [{name: A, value: 1}, {name: A, value: on}]
      - {<<: *web, name: other}
      volumes: [{name: a, hostPath: {path: /etc}}]
---
apiVersion: v1
kind: Secret
metadata: {name: a}
data: {a: 'b c', a: d}
";
