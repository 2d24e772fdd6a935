use super::{Defect, Report, check};
use crate::KubernetesVersion;
use crate::testing::{File, SHOP};

const OLD: KubernetesVersion = KubernetesVersion::OLDEST;
const NEW: KubernetesVersion = KubernetesVersion::NEWEST;

fn report(text: &str, version: KubernetesVersion) -> Report {
    let report = check(File::new(text).first(), version);
    assert!(report.known, "{text}");
    report
}

/// Each problem as what stands at its place and what is said of it.
fn told(text: &str, version: KubernetesVersion) -> Vec<String> {
    let file = File::new(text);
    let problems = check(file.first(), version).problems;
    problems.iter().map(|problem| format!("{} {problem}", file.slice(problem.span))).collect()
}

fn pod(spec: &str) -> String {
    format!("{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{{spec}}}}}")
}

fn container(fields: &str) -> String {
    pod(&format!("containers: [{{name: web, image: a, {fields}}}]"))
}

#[test]
fn unknown_fields_have_their_place() {
    let text = "
apiVersion: v1
kind: Pod
spec:
  containers:
    - name: web
      image: a
      imagePullpolicy: Always
      securityContext: {privledged: true}
label: {}
";
    assert_eq!(
        told(text, NEW),
        [
            "imagePullpolicy has an unknown field `spec.containers[0].imagePullpolicy`: did you mean `imagePullPolicy`?",
            "privledged has an unknown field `spec.containers[0].securityContext.privledged`: did you mean `privileged`?",
            "label has an unknown field `label`",
        ]
    );
}

#[test]
fn wrong_values_have_their_place() {
    for (text, expected) in [
        (
            "{apiVersion: apps/v1, kind: ReplicaSet, spec: {replicas: '3', selector: {}, template: {}}}",
            "'3' has a string in `spec.replicas`, where a whole number belongs",
        ),
        (
            &pod("containers: {name: a}"),
            "{name: a} has a mapping in `spec.containers`, where a list belongs",
        ),
        (
            &pod("containers: [a]"),
            "a has a string in `spec.containers[0]`, where a mapping belongs",
        ),
        (
            "{apiVersion: v1, kind: ConfigMap, data: {a: yes}}",
            "yes has a boolean in `data.a`, where a string belongs",
        ),
        (
            "{apiVersion: v1, kind: ConfigMap, data: [a]}",
            "[a] has a list in `data`, where a mapping belongs",
        ),
        (
            &container("stdin: 'true'"),
            "'true' has a string in `spec.containers[0].stdin`, where a boolean belongs",
        ),
        (
            &container("ports: [{containerPort: 3.5}]"),
            "3.5 has a fraction in `spec.containers[0].ports[0].containerPort`, where a whole number",
        ),
        (&container("ports: [{containerPort: 3000000000}]"), "3000000000 has a larger number in"),
        (
            "{apiVersion: v1, kind: Namespace, metadata: {creationTimestamp: secret}}",
            "secret has another string in `metadata.creationTimestamp`, where a time like",
        ),
        (
            &container("resources: {limits: {memory: 128MB}}"),
            "128MB has an invalid quantity in `spec.containers[0].resources.limits.memory`: its suffix",
        ),
        (
            &container("resources: {limits: {memory: true}}"),
            "true has an invalid quantity in `spec.containers[0].resources.limits.memory`: it is neither",
        ),
        (
            &container("livenessProbe: {tcpSocket: {port: 1.5}}"),
            "1.5 has a number in `spec.containers[0].livenessProbe.tcpSocket.port`, where a whole number or",
        ),
        (
            &container("imagePullPolicy: IfNotPresnt"),
            "IfNotPresnt has a value in `spec.containers[0].imagePullPolicy` that it does not take: did you mean `IfNotPresent`?",
        ),
        (
            &container("ports: [{containerPort: 1, protocol: http}]"),
            "http has a value in `spec.containers[0].ports[0].protocol` that it does not take: use `SCTP`, `TCP` or `UDP`",
        ),
        (&pod("hostNetwork: true"), "spec lacks the required field `spec.containers`"),
        (&pod("containers: ~"), "spec lacks the required field `spec.containers`"),
        (
            &pod("containers: [{image: a}]"),
            "image lacks the required field `spec.containers[0].name`",
        ),
        (&pod("containers: [{}]"), "{} lacks the required field `spec.containers[0].name`"),
        ("{apiVersion: apps/v1, kind: Deployment}", "Deployment lacks the required field `spec`"),
        (
            &pod("containers: [{name: a}, {name: b}, {name: a}]"),
            "a has a second item with the same `name` in `spec.containers[2]`",
        ),
        (
            "{apiVersion: v1, kind: Service, spec: {ports: [{name: a, port: 80}, {name: b, port: 80, protocol: TCP}]}}",
            "80 has a second item with the same `port,protocol` in `spec.ports[1]`",
        ),
    ] {
        for version in [OLD, NEW] {
            let told = told(text, version);
            let [only] = told.as_slice() else { panic!("{text}: {told:?}") };
            assert!(only.starts_with(expected), "{text}: {only}");
        }
    }
}

#[test]
fn what_the_api_server_takes_is_no_problem() {
    for text in [
        &pod(
            "containers: [{name: a, resources: {limits: {cpu: 2, memory: 1.5, a: ' 1Gi '}}, args: [~]}]",
        ),
        &pod("hostNetwork: on, containers: [], volumes: [{name: a, emptyDir: }]"),
        &pod("containers: [], volumes: [{name: b, secret: {defaultMode: 0644}}]"),
        &pod("containers: [], terminationGracePeriodSeconds: 3e1, dnsPolicy: ''"),
        &container("ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53}]"),
        "{apiVersion: v1, kind: ConfigMap, metadata: {labels: {a: ~}, creationTimestamp: null}}",
        "{apiVersion: v1, kind: Service, spec: {ports: [{port: 80, targetPort: http}]}}",
        "{apiVersion: v1, kind: Service, spec: {ports: [{port: 80, targetPort: 0x50}]}}",
        "{apiVersion: v1, kind: Secret, data: {a: \"aGVs\\nbG8=\", b: 'not base64'}}",
        "{apiVersion: v1, kind: Secret, data: ~, stringData: {}}",
        "{apiVersion: v1, kind: Pod, metadata: {creationTimestamp: 2024-01-01T00:00:00Z}, spec: {containers: []}, status: {conditions: [{}]}}",
        "{apiVersion: apps/v1, kind: ControllerRevision, revision: 1, data: {anything: [goes]}}",
        &SHOP.replace("8080]", "'8080']").replace("value: on", "value: 'on'"),
    ] {
        for version in [OLD, NEW] {
            assert_eq!(told(text, version), [""; 0], "{text}");
        }
    }
}

#[test]
fn fields_belong_to_versions() {
    let service = "{apiVersion: v1, kind: Service, spec: {trafficDistribution: PreferClose}}";
    for (text, minor) in [
        (&*container("resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]"), 27),
        (&pod("containers: [], resourceClaims: [{name: a}]"), 26),
        (&pod("initContainers: [{name: a, restartPolicy: Always}], containers: []"), 28),
        (&pod("containers: [], schedulingGates: [{name: example.com/a}]"), 26),
        (service, 30),
        ("{apiVersion: batch/v1, kind: Job, spec: {backoffLimitPerIndex: 1, template: {}}}", 28),
    ] {
        for version in 25..=37 {
            let problems = report(text, KubernetesVersion::minor(version)).problems;
            assert_eq!(
                problems.is_empty(),
                version >= minor,
                "{text} in 1.{version}: {problems:?}"
            );
        }
    }
    assert_eq!(
        told(service, OLD),
        [
            "trafficDistribution has the field `spec.trafficDistribution`, which Kubernetes 1.30 brought"
        ]
    );
    let claim = "{apiVersion: v1, kind: Pod, spec: {containers: [], resourceClaims: [{name: a, source: {}}]}}";
    assert_eq!(
        told(claim, NEW),
        [
            "source has the field `spec.resourceClaims[0].source`, which only Kubernetes 1.26 to 1.30 have"
        ]
    );
}

#[test]
fn versions_that_do_not_serve_a_kind_use_the_nearest() {
    let text = "{apiVersion: flowcontrol.apiserver.k8s.io/v1beta2, kind: FlowSchema, spec: {a: 1}}";
    for version in [OLD, NEW] {
        assert_eq!(report(text, version).problems.len(), 2, "{:?}", told(text, version));
    }
    let file = File::new("{apiVersion: apps/v1beta1, kind: Deployment, a: 1}");
    assert_eq!(check(file.first(), NEW), Report::default());
}

#[test]
fn the_same_kinds_are_good_in_all_versions() {
    for text in include_str!("good.yaml").split("---\n") {
        for minor in 25..=37 {
            assert_eq!(told(text, KubernetesVersion::minor(minor)), [""; 0], "1.{minor}: {text}");
        }
    }
}

#[test]
fn reports_are_bounded() {
    let items: String = (0..1000).map(|index| format!("x{index}: 1, ")).collect();
    let text = format!("{{apiVersion: v1, kind: Namespace, {items}}}");
    assert_eq!(report(&text, NEW).problems.len(), 100);
    // A schema that holds itself.
    let text = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  group: a
  names: {kind: A, plural: a}
  scope: Cluster
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema: &a {type: objekt, properties: {a: *a, b: *a}}
";
    let problems = report(text, NEW).problems;
    assert!(problems.len() <= 100, "{}", problems.len());
    assert!(problems.iter().all(|problem| matches!(problem.defect, Defect::Word { .. })));
}
