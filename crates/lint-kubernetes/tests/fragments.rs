//! Parts of objects, and objects with several pods.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_lint_kubernetes::KubernetesLinter;
use careen_testkit::check_files;

/// The rules that run unasked and find something in a file, each once.
fn found(files: &[(&str, &str)], path: &str) -> Vec<&'static str> {
    let report = check_files(&KubernetesLinter, files);
    let of_file = report.findings.iter().filter(|finding| &*finding.path == path);
    let of_file = of_file.filter(|finding| finding.rule.default);
    let mut ids: Vec<_> = of_file.map(|finding| finding.rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[test]
fn a_patch_is_judged_by_what_stands_there() {
    let patch = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  template:
    spec:
      hostNetwork: true
      containers:
      - name: web
        securityContext: {privileged: true}
        resources: {requests: {cpu: 500}, limits: {cpu: 1}}
      - name: sidecar
        $patch: delete
";
    let expected = ["host-network", "privileged-container", "request-above-limit"];
    assert_eq!(found(&[("patch.yaml", patch)], "patch.yaml"), expected);
}

/// A whole Deployment by its shape, with much that is missing.
const WHOLE: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      hostPID: true
      containers: [{name: web, image: 'registry.example.com/web:1.2.3'}]
";

#[test]
fn a_kustomization_tells_a_patch() {
    let alone = found(&[("prod/web.yaml", WHOLE)], "prod/web.yaml");
    for rule in ["memory-limit-missing", "pod-without-network-policy", "host-pid"] {
        assert!(alone.contains(&rule), "{rule}: {alone:?}");
    }
    for kustomization in [
        "patches: [{path: web.yaml}]",
        "patchesStrategicMerge: [./web.yaml]",
        "patchesJson6902: [{path: ../prod/web.yaml}]",
    ] {
        let files = [("prod/web.yaml", WHOLE), ("prod/kustomization.yaml", kustomization)];
        assert_eq!(found(&files, "prod/web.yaml"), ["host-pid"], "{kustomization}");
    }
    let files = [("prod/web.yaml", WHOLE), ("prod/kustomization.yaml", "resources: [web.yaml]")];
    assert_eq!(found(&files, "prod/web.yaml"), alone);
}

#[test]
fn every_pod_of_an_object_is_judged() {
    let cluster = "
apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: ray, namespace: shop}
spec:
  headGroupSpec:
    template:
      spec:
        containers:
        - {name: head, image: 'registry.example.com/ray:2.9.0', securityContext: {privileged: true}}
  workerGroupSpecs:
  - template:
      spec:
        containers:
        - {name: worker, image: 'registry.example.com/ray:2.9.0', securityContext: {privileged: true}}
";
    let report = check_files(&KubernetesLinter, &[("ray.yaml", cluster)]);
    let messages = |rule: &str| {
        let of_rule = report.findings.iter().filter(|finding| finding.rule.id == rule);
        of_rule.map(|finding| finding.message.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(
        messages("privileged-container"),
        [
            "container `head` in RayCluster `shop/ray` runs privileged",
            "container `worker` in RayCluster `shop/ray` runs privileged",
        ]
    );
    assert_eq!(messages("memory-limit-missing").len(), 2);
    // Whether such pods stay, and how many there are, is the operator's affair.
    for rule in [
        "readiness-probe-missing",
        "liveness-probe-missing",
        "pdb-missing",
        "pod-anti-affinity-missing",
        "pod-without-network-policy",
        "replicas-too-few",
    ] {
        assert!(messages(rule).is_empty(), "{rule}");
    }
}

#[test]
fn what_an_operator_adds_is_not_missing() {
    let flink = "
apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: jobs, namespace: shop}
spec:
  podTemplate:
    spec:
      hostIPC: true
      containers: [{name: flink-main-container, image: 'registry.example.com/flink:1.20.0'}]
";
    assert_eq!(found(&[("flink.yaml", flink)], "flink.yaml"), ["host-ipc"]);
}

#[test]
fn steps_are_judged_by_what_stands_there() {
    let workflow = "
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata: {name: build, namespace: shop}
spec:
  templates:
  - name: build
    container:
      image: registry.example.com/builder:1.2.3
      securityContext: {privileged: true}
";
    assert_eq!(found(&[("w.yaml", workflow)], "w.yaml"), ["privileged-container"]);
}

#[test]
fn objects_of_an_openshift_template_are_objects() {
    let template = "
apiVersion: template.openshift.io/v1
kind: Template
metadata: {name: shop}
objects:
- apiVersion: v1
  kind: Pod
  metadata: {name: '${NAME}'}
  spec:
    restartPolicy: Never
    hostPID: true
    containers: [{name: web, image: '${IMAGE}'}]
parameters: [{name: NAME}, {name: IMAGE}]
";
    assert!(found(&[("t.yaml", template)], "t.yaml").contains(&"host-pid"));
}
