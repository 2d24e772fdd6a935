//! What is in order in manifests as operators, charts and clusters have them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_lint_kubernetes::KubernetesLinter;
use careen_rule::Severity;
use careen_testkit::check_files;

/// How heavy the heaviest finding of a rule is, if there is one.
fn weight(text: &str, rule: &str) -> Option<Severity> {
    let report = check_files(&KubernetesLinter, &[("app.yaml", text)]);
    let of_rule = report.findings.iter().filter(|finding| finding.rule.id == rule);
    of_rule.map(|finding| finding.severity).max()
}

const CONTROLLER: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: controller, namespace: tools}
spec:
  replicas: 1
  selector: {matchLabels: {app: controller}}
  template:
    metadata: {labels: {app: controller}}
    spec:
      serviceAccountName: controller
      containers: [{name: controller, image: 'registry.example.com/controller:1.4.0'}]
---
";

fn controller_and(text: &str) -> String {
    format!("{CONTROLLER}{text}")
}

#[test]
fn a_token_that_is_used_is_in_order() {
    const RULE: &str = "service-account-token-automounted";
    assert_eq!(weight(CONTROLLER, RULE), Some(Severity::Medium));
    let bound = controller_and(
        "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: controller}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: controller, namespace: tools}]
",
    );
    assert_eq!(weight(&bound, RULE), None);
    let elsewhere = bound.replace("namespace: tools}]", "namespace: other}]");
    assert_eq!(weight(&elsewhere, RULE), Some(Severity::Medium));
    let asked = controller_and(
        "
apiVersion: v1
kind: ServiceAccount
metadata: {name: controller, namespace: tools}
automountServiceAccountToken: true
",
    );
    assert_eq!(weight(&asked, RULE), None);
}

#[test]
fn nobody_waits_for_a_worker() {
    let serving = CONTROLLER.replace("1.4.0'}", "1.4.0', ports: [{containerPort: 80}]}");
    for rule in ["readiness-probe-missing", "replicas-too-few"] {
        assert_eq!(weight(CONTROLLER, rule), Some(Severity::Low), "{rule}");
        assert_eq!(weight(&serving, rule), Some(Severity::Medium), "{rule}");
    }
}

#[test]
fn operators_and_the_cluster_make_pods() {
    const RULE: &str = "service-selector-dangling";
    let service = |namespace: &str, labels: &str| {
        format!(
            "
apiVersion: v1
kind: Service
metadata: {{name: metrics, namespace: {namespace}}}
spec: {{selector: {{{labels}}}, ports: [{{port: 80}}]}}
---
"
        )
    };
    let prometheus = "
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: main, namespace: tools}
spec: {replicas: 2}
";
    let monitor = prometheus.replace("Prometheus", "ServiceMonitor");
    let other = controller_and(&service("tools", "app.kubernetes.io/name: prometheus"));
    assert_eq!(weight(&other, RULE), Some(Severity::Medium));
    assert_eq!(weight(&format!("{other}{monitor}"), RULE), Some(Severity::Medium));
    assert_eq!(weight(&format!("{other}{prometheus}"), RULE), Some(Severity::Low));
    // Most of the labels are there: an operator makes no difference.
    let typo = controller_and(&service("tools", "app: controller, tier: web"));
    assert_eq!(weight(&format!("{typo}{prometheus}"), RULE), Some(Severity::High));
    let system = controller_and(&service("kube-system", "k8s-app: kube-dns"));
    let system = system.replace("namespace: tools", "namespace: kube-system");
    assert_eq!(weight(&system, RULE), Some(Severity::Low));
    // Not a label at all: the type of the value is wrong.
    let placeholder = controller_and(&service("tools", "app: {app}"));
    assert_eq!(weight(&placeholder, RULE), None);
}

#[test]
fn roles_of_the_cluster_come_with_other_things() {
    let binding = "
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: tools}
rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: controller, namespace: tools}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: raeder}
subjects: [{kind: ServiceAccount, name: controller, namespace: tools}]
";
    assert_eq!(weight(binding, "rbac-role-ref-not-found"), Some(Severity::Medium));
    let cluster = binding.replace("kind: Role, name: raeder", "kind: ClusterRole, name: workflows");
    assert_eq!(weight(&cluster, "rbac-role-ref-not-found"), Some(Severity::Low));
}

#[test]
fn a_pod_on_the_network_of_the_node_asks_itself() {
    let pod = |network: &str, host: &str| {
        format!(
            "
apiVersion: v1
kind: Pod
metadata: {{name: api}}
spec:
  {network}
  containers:
  - name: api
    image: registry.example.com/api:1.4.0
    livenessProbe: {{httpGet: {{path: /, port: 80, host: '{host}'}}}}
"
        )
    };
    for (network, host, expected) in [
        ("hostNetwork: true", "127.0.0.1", None),
        ("hostNetwork: true", "localhost", None),
        ("hostNetwork: true", "169.254.20.10", None),
        ("hostNetwork: true", "[::1]", None),
        ("hostNetwork: true", "10.0.0.1", Some(Severity::Medium)),
        ("hostNetwork: false", "127.0.0.1", Some(Severity::Medium)),
    ] {
        let found = weight(&pod(network, host), "probe-or-lifecycle-host-set");
        assert_eq!(found, expected, "{network} {host}");
    }
}

#[test]
fn tests_of_a_chart_are_no_production() {
    let hook = |events: &str| {
        format!(
            "
apiVersion: v1
kind: Pod
metadata: {{name: test, annotations: {{helm.sh/hook: '{events}'}}}}
spec:
  restartPolicy: Never
  containers:
  - name: test
    image: registry.example.com/test:1.4.0
    securityContext: {{privileged: true}}
"
        )
    };
    for (events, expected) in [
        ("test", None),
        ("test-success, test-failure", None),
        ("pre-install,test", Some(Severity::High)),
    ] {
        assert_eq!(weight(&hook(events), "memory-limit-missing"), expected, "{events}");
        assert_eq!(weight(&hook(events), "privileged-container"), Some(Severity::Critical));
    }
}

#[test]
fn reading_the_kernel_weighs_less_than_reading_everything() {
    let pod = |path: &str, mode: &str| {
        format!(
            "
apiVersion: v1
kind: Pod
metadata: {{name: agent}}
spec:
  containers:
  - name: agent
    image: registry.example.com/agent:1.4.0
    volumeMounts: [{{name: host, mountPath: /host, {mode}}}]
  volumes: [{{name: host, hostPath: {{path: {path}}}}}]
"
        )
    };
    for (path, mode, expected) in [
        ("/sys", "readOnly: true", Severity::Medium),
        ("/sys", "readOnly: false", Severity::High),
        ("/etc", "readOnly: true", Severity::High),
        ("/", "readOnly: true", Severity::High),
    ] {
        assert_eq!(weight(&pod(path, mode), "host-path-sensitive"), Some(expected), "{path}");
    }
}

#[test]
fn jobs_and_the_cluster_need_policies_less() {
    const RULE: &str = "pod-without-network-policy";
    assert_eq!(weight(CONTROLLER, RULE), Some(Severity::Medium));
    let system = CONTROLLER.replace("namespace: tools", "namespace: kube-system");
    assert_eq!(weight(&system, RULE), Some(Severity::Low));
    let job = "
apiVersion: batch/v1
kind: Job
metadata: {name: once, namespace: tools}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: once, image: 'registry.example.com/once:1.4.0'}]
";
    assert_eq!(weight(job, RULE), Some(Severity::Low));
}
