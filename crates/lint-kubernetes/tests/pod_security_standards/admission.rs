//! Which namespaces and workloads belong together, and what other engines mean for a namespace.

use careen_lint_kubernetes::KubernetesLinter;
use careen_testkit::check_files;

/// The messages of a rule, in order.
fn messages(rule: &str, files: &[&str]) -> Vec<String> {
    let paths: Vec<_> = (0..files.len()).map(|index| format!("deploy/{index}.yaml")).collect();
    let files: Vec<_> = paths.iter().map(String::as_str).zip(files.iter().copied()).collect();
    let report = check_files(&KubernetesLinter, &files);
    let of_rule = report.findings.into_iter().filter(|finding| finding.rule.id == rule);
    of_rule.map(|finding| finding.message).collect()
}

fn namespace(name: &str, labels: &str) -> String {
    format!("{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}, labels: {{{labels}}}}}}}")
}

fn deployment(namespace: &str, more: &str) -> String {
    format!(
        "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: api{namespace}}}, spec: \
         {{selector: {{matchLabels: {{app: api}}}}, template: {{metadata: {{labels: {{app: api}}}}, \
         spec: {{{more}containers: [{{name: web, image: 'shop/web:1'}}]}}}}}}}}"
    )
}

const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

#[test]
fn only_pods_of_the_namespace_are_refused() {
    let refused = |labels: &str, workload: &str| {
        messages("psa-violation", &[&namespace("shop", labels), workload]).len()
    };
    let api = deployment(", namespace: shop", "hostPID: true, ");
    let [baseline, restricted, privileged] =
        ["baseline", "restricted", "privileged"].map(|level| format!("{ENFORCE}: {level}"));
    assert_eq!(refused(&baseline, &api), 1);
    assert_eq!(refused(&restricted, &api), 1);
    assert_eq!(refused(&privileged, &api), 0);
    assert_eq!(refused("pod-security.kubernetes.io/warn: restricted", &api), 0);
    // A label that the API server refuses says nothing.
    assert_eq!(refused(&format!("{ENFORCE}: strict"), &api), 0);
    // Elsewhere, or nobody knows where.
    assert_eq!(refused(&baseline, &deployment(", namespace: other", "hostPID: true, ")), 0);
    assert_eq!(refused(&baseline, &deployment("", "hostPID: true, ")), 0);
    // A pod without anything special keeps the baseline alone.
    let plain = deployment(", namespace: shop", "");
    assert_eq!(refused(&baseline, &plain), 0);
    assert_eq!(refused(&restricted, &plain), 1);
    // A template alone makes no pods.
    let template = "{apiVersion: v1, kind: PodTemplate, metadata: {name: a, namespace: shop}, \
                    template: {spec: {hostPID: true, containers: [{name: web, image: 'a:1'}]}}}";
    assert_eq!(refused(&baseline, template), 0);
}

#[test]
fn every_definition_of_the_namespace_has_to_refuse() {
    let [baseline, restricted, privileged] = ["baseline", "restricted", "privileged"]
        .map(|level| namespace("shop", &format!("{ENFORCE}: {level}")));
    let plain = deployment(", namespace: shop", "");
    let host = deployment(", namespace: shop", "hostPID: true, ");
    let refused = |files: &[&str]| messages("psa-violation", files);
    assert_eq!(refused(&[&baseline, &restricted, &plain]).len(), 0);
    assert_eq!(refused(&[&privileged, &restricted, &host]).len(), 0);
    assert_eq!(
        refused(&[&restricted, &baseline, &host]),
        ["pods of Deployment `shop/api` are refused by Namespace `shop`, which enforces \
             `baseline`: host namespaces"]
    );
    // What a patch makes of the workload is not known.
    let patch = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api}, spec: {template: \
                 {spec: {hostPID: false}}}}";
    assert_eq!(refused(&[&baseline, &host, patch]).len(), 0);
}

#[test]
fn what_is_announced_is_told_once() {
    let labels = |modes: &[(&str, &str)]| {
        let labels =
            modes.iter().map(|(mode, level)| format!("pod-security.kubernetes.io/{mode}: {level}"));
        labels.collect::<Vec<_>>().join(", ")
    };
    let plain = deployment(", namespace: shop", "");
    let announced = |modes: &[(&str, &str)]| {
        let namespace = namespace("shop", &labels(modes));
        messages("psa-violation-announced", &[&namespace, &plain]).len()
    };
    assert_eq!(announced(&[("enforce", "baseline"), ("warn", "restricted")]), 1);
    assert_eq!(announced(&[("audit", "restricted"), ("warn", "restricted")]), 1);
    assert_eq!(announced(&[("audit", "restricted")]), 1);
    assert_eq!(announced(&[("enforce", "restricted"), ("warn", "restricted")]), 0);
    assert_eq!(announced(&[("enforce", "privileged"), ("warn", "baseline")]), 0);
    assert_eq!(announced(&[("enforce", "baseline")]), 0);
}

#[test]
fn pinned_versions_are_told() {
    let labels = format!("{ENFORCE}: baseline, {ENFORCE}-version: v1.30");
    let sysctl = "securityContext: {sysctls: [{name: net.ipv4.tcp_rmem, value: '1'}]}, ";
    let api = deployment(", namespace: shop", sysctl);
    assert_eq!(
        messages("psa-violation", &[&namespace("shop", &labels), &api]),
        ["pods of Deployment `shop/api` are refused by Namespace `shop`, which enforces \
             `baseline` of 1.30: sysctls"]
    );
    let ahead = format!("{ENFORCE}: baseline, {ENFORCE}-version: v1.99");
    assert_eq!(messages("psa-violation", &[&namespace("shop", &ahead), &api]).len(), 0);
    assert_eq!(messages("psa-label-invalid", &[&namespace("shop", &ahead)]).len(), 1);
}

#[test]
fn other_engines_watch_pods() {
    let missing =
        |more: &str| messages("psa-label-missing", &[&namespace("shop", "a: b"), more]).len();
    assert_eq!(missing(""), 1);
    assert_eq!(missing(&namespace("shop", &format!("{ENFORCE}: baseline"))), 0);
    assert_eq!(missing(&namespace("kube-system", "a: b")), 1);
    for object in [
        "apiVersion: kyverno.io/v1, kind: ClusterPolicy",
        "apiVersion: constraints.gatekeeper.sh/v1beta1, kind: K8sAllowed",
        "apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy",
        "apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, \
         webhooks: [{rules: [{resources: [pods]}]}]",
    ] {
        assert_eq!(missing(&format!("{{{object}, metadata: {{name: a}}}}")), 0, "{object}");
    }
    let hook = "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, \
                metadata: {name: a}, webhooks: [{rules: [{resources: [certificates]}]}]}";
    assert_eq!(missing(hook), 1);
}
