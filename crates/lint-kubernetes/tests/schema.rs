//! What the rules of the API say: versions, kinds, values, custom resources, and nothing twice.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_lint_kubernetes::KubernetesLinter;
use careen_testkit::check_files;

/// The findings about the API, as rule, line and message.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    const RULES: [&str; 13] = [
        "api-version-deprecated",
        "api-version-removed",
        "api-version-too-new",
        "custom-resource-invalid",
        "duplicate-env-var",
        "enum-value-invalid",
        "field-type-invalid",
        "kind-unknown",
        "list-key-duplicate",
        "quantity-invalid",
        "required-field-missing",
        "restart-policy-invalid",
        "unknown-field",
    ];
    let report = check_files(&KubernetesLinter, files);
    let wanted = report.findings.iter().filter(|finding| RULES.contains(&finding.rule.id));
    wanted.map(|finding| format!("{}: {}", finding.rule.id, finding.message)).collect()
}

fn of(text: &str) -> Vec<String> {
    found(&[("app.yaml", text)])
}

#[test]
fn one_defect_is_one_finding() {
    let container = |fields: &str| {
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, \
             spec: {{containers: [{{name: web, image: 'a:1', {fields}}}]}}}}"
        )
    };
    for (text, rule) in [
        (container("resources: {limits: {memory: 1MB}}"), "quantity-invalid"),
        (container("resources: {limits: {memory: -1}}"), "quantity-invalid"),
        (container("resources: {limits: {memory: [1]}}"), "quantity-invalid"),
        (container("env: [{name: A, value: b}, {name: A, value: c}]"), "duplicate-env-var"),
        (container("imagepullPolicy: Always"), "unknown-field"),
        (container("imagePullPolicy: Sometimes"), "enum-value-invalid"),
        (container("volumeMounts: [{mountPath: /a}]"), "required-field-missing"),
        (
            container("ports: [{containerPort: 1, name: a}, {containerPort: 1, name: b}]"),
            "list-key-duplicate",
        ),
        (
            "{apiVersion: v1, kind: Pod, metadata: {name: a}, \
             spec: {restartPolicy: Sometimes, containers: [{name: web, image: 'a:1'}]}}"
                .to_owned(),
            "restart-policy-invalid",
        ),
    ] {
        let found = of(&text);
        let [only] = found.as_slice() else { panic!("{text}: {found:#?}") };
        assert!(only.starts_with(rule), "{text}: {only}");
    }
}

#[test]
fn all_defects_of_an_object_are_told() {
    let text = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: three
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
      - name: web
        image: web:1
        ports: [{containerPort: http}]
        tty: 'yes'
        livenessprobe: {}
";
    let found = of(text);
    assert_eq!(found.len(), 4, "{found:#?}");
}

#[test]
fn patches_are_left_alone() {
    let patch = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    spec:
      containers:
      - {name: web, image: 'web:1', resources: {limits: {memory: 1Gi}}}
      volumes: [{$patch: delete, name: a}]
";
    assert_eq!(of(patch), [""; 0]);
    let service =
        "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{name: a}]}}";
    let kustomization = "patches: [{path: service.yaml}]\n";
    let named = [("kustomization.yaml", kustomization), ("service.yaml", service)];
    assert_eq!(found(&named), [""; 0]);
    assert_eq!(of(service).len(), 1);
}

#[test]
fn places_for_values_are_left_alone() {
    let text = "
apiVersion: v1
kind: Service
metadata: {name: a}
spec:
  type: ${TYPE}
  healthCheckNodePort: ${PORT}
  ports: [{port: 80, targetPort: \"{{ port }}\", protocol: <protocol>}]
";
    assert_eq!(of(text), [""; 0]);
}

#[test]
fn kinds_are_known() {
    for (object, expected) in [
        ("apiVersion: v1, kind: Deployment", "`v1` does not have: it is in `apps/v1`"),
        ("apiVersion: apps/v2, kind: Deployment", "1.25 on has in `apps/v2`: use `apps/v1`"),
        ("apiVersion: networking/v1, kind: Ingress", ""),
        ("apiVersion: batch/v1beta1, kind: Job", "1.25 on has in `batch/v1beta1`: use `batch/v1`"),
        ("apiVersion: v1, kind: Sevice", "`v1` does not have: did you mean `Service`?"),
        ("apiVersion: apps/v1, kind: PetSet", "no Kubernetes from 1.25 on has in `apps/v1`"),
        ("apiVersion: v1, kind: Config", ""),
        ("apiVersion: v1, kind: ImageStream", ""),
        ("apiVersion: apps.kruise.io/v1, kind: CloneSet", ""),
        ("apiVersion: apps/v1, kind: DeploymentList", ""),
    ] {
        let text = format!("{{{object}, metadata: {{name: a}}}}");
        let found: Vec<_> =
            of(&text).into_iter().filter(|each| each.starts_with("kind-unknown")).collect();
        match expected {
            "" => assert_eq!(found, [""; 0], "{text}"),
            _ => assert!(found.len() == 1 && found[0].ends_with(expected), "{text}: {found:?}"),
        }
    }
}

#[test]
fn versions_have_their_fate() {
    for (object, expected) in [
        (
            "apiVersion: extensions/v1beta1, kind: Ingress",
            "Kubernetes 1.22 removed: use `networking.k8s.io/v1`",
        ),
        (
            "apiVersion: networking.k8s.io/v1beta1, kind: ServiceCIDR",
            "Kubernetes 1.37 removed: use `networking.k8s.io/v1`",
        ),
        (
            "apiVersion: policy/v1beta1, kind: PodSecurityPolicy",
            "Kubernetes 1.25 removed without a successor",
        ),
        (
            "apiVersion: cert-manager.io/v1alpha2, kind: Issuer",
            "cert-manager 1.6 removed: use `cert-manager.io/v1`",
        ),
        (
            "apiVersion: v1, kind: Endpoints",
            "is of a kind that Kubernetes 1.33 deprecated: use `EndpointSlice`",
        ),
        (
            "apiVersion: resource.k8s.io/v1beta1, kind: DeviceClass",
            "Kubernetes 1.34 deprecated: use `resource.k8s.io/v1`",
        ),
    ] {
        let text = format!("{{{object}, metadata: {{name: a}}}}");
        let found: Vec<_> =
            of(&text).into_iter().filter(|each| each.starts_with("api-version")).collect();
        assert!(found.len() == 1 && found[0].ends_with(expected), "{text}: {found:?}");
    }
}

#[test]
fn the_definition_that_fits_best_counts() {
    let crd = |field: &str| {
        format!(
            "{{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, \
             metadata: {{name: a.example.com}}, spec: {{group: example.com, scope: Cluster, \
             names: {{kind: A, plural: a}}, versions: [{{name: v1, served: true, storage: true, \
             schema: {{openAPIV3Schema: {{type: object, properties: {{{field}: \
             {{type: string}}}}}}}}}}]}}}}"
        )
    };
    let (old, new) = (crd("old"), crd("new"));
    let object = |field: &str| {
        format!("{{apiVersion: example.com/v1, kind: A, metadata: {{name: a}}, {field}: b}}")
    };
    let check = |object: &str| found(&[("1.yaml", &old), ("2.yaml", &new), ("a.yaml", object)]);
    assert_eq!(check(&object("old")), [""; 0]);
    assert_eq!(check(&object("new")), [""; 0]);
    let found = check(&object("ne"));
    assert!(found.len() == 1 && found[0].contains("unknown field `ne`"), "{found:?}");
}
