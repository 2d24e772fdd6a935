//! Hosts of Services in values, beyond the examples of their rules.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_lint_kubernetes::KubernetesLinter;
use careen_rule::Confidence;
use careen_testkit::check_files;

/// The findings of both rules about hosts.
fn found(files: &[(&str, &str)]) -> Vec<(Confidence, String)> {
    let report = check_files(&KubernetesLinter, files);
    let about_hosts =
        report.findings.iter().filter(|finding| finding.rule.id.starts_with("service-host"));
    about_hosts.map(|finding| (finding.confidence, finding.message.clone())).collect()
}

const SERVICES: &str = "
{apiVersion: v1, kind: Service, metadata: {name: orders, namespace: shop}, spec: {selector: {a: b}, ports: [{port: 80}, {port: 9090}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: billing, namespace: finance}, spec: {selector: {a: b}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: {clusterIP: None, selector: {a: b}, ports: [{port: 5432}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: anywhere}, spec: {selector: {a: b}, ports: [{port: 80}]}}
";

/// A variable in a pod of the namespace `shop`.
fn variable(value: &str) -> String {
    format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: web, namespace: shop}}, spec: {{containers: \
         [{{name: web, image: 'web:1', env: [{{name: URL, value: '{value}'}}]}}]}}}}"
    )
}

fn of_value(value: &str) -> Vec<(Confidence, String)> {
    found(&[("services.yaml", SERVICES), ("web.yaml", &variable(value))])
}

#[test]
fn hosts_without_service() {
    for (value, confidence, end) in [
        ("order.shop.svc", Confidence::High, "has no Service `order`: did you mean `orders`?"),
        ("billing.shop.svc.cluster.local:80", Confidence::High, "has no Service `billing`"),
        ("inventory.shop.svc", Confidence::Medium, "has no Service `inventory`"),
        ("http://inventory.finance/x", Confidence::Low, "`finance` has no Service `inventory`"),
        ("redis://inventory:6379", Confidence::Low, "`shop` has no Service `inventory`"),
        ("redis://ordesr", Confidence::Medium, "did you mean `orders`?"),
        ("inventory-0.inventory.shop.svc", Confidence::Medium, "has no Service `inventory`"),
    ] {
        let found = of_value(value);
        assert_eq!(found.len(), 1, "{value}: {found:?}");
        assert!(found[0].0 == confidence && found[0].1.ends_with(end), "{value}: {found:?}");
    }
}

#[test]
fn hosts_that_may_be_answered() {
    for value in [
        "orders.shop.svc",
        "db-0.db.shop.svc",
        "anywhere.finance.svc",
        "http://orders",
        "http://orders.shop:9090",
        "billing.elsewhere.svc",
        "kubernetes.default.svc",
        "kube-dns.kube-system.svc",
        "prometheus-operated.shop.svc",
        "http://localhost:8080",
        "http://shop.example",
        "http://$(HOST):80",
        "https://example.com",
        "inventory",
    ] {
        assert_eq!(of_value(value), [], "{value}");
    }
}

#[test]
fn what_is_not_in_the_repository_may_answer() {
    let value = variable("inventory-rw.shop.svc");
    let with = |other: &str| {
        found(&[("services.yaml", SERVICES), ("web.yaml", &value), ("kustomization.yaml", other)])
    };
    assert_eq!(with("resources: [web.yaml]")[0].0, Confidence::Medium);
    assert_eq!(with("resources: ['https://example.com/base?ref=v1']")[0].0, Confidence::Low);
    for other in [
        "helmCharts: [{name: inventory, namespace: shop}]",
        "{apiVersion: kustomize.config.k8s.io/v1beta1, kind: Kustomization, namePrefix: inventory-}\n---\n{apiVersion: v1, kind: Service, metadata: {name: rw}}",
        "{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: inventory, namespace: shop}}",
        "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: a, namespace: shop}}",
        "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a, namespace: argocd}, \
         spec: {destination: {namespace: shop}, source: {chart: inventory}}}",
        "{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: inventory-rw, namespace: shop}}",
    ] {
        assert_eq!(with(other), [], "{other}");
    }
}

#[test]
fn ports_of_services() {
    for (value, expected) in [
        ("http://orders.shop.svc", None),
        ("http://orders:9090", None),
        ("orders.shop.svc:8080", Some(Confidence::High)),
        ("https://orders.shop.svc", Some(Confidence::Medium)),
        ("http://user:word@orders.shop:8080/x", Some(Confidence::High)),
        ("postgres://db.shop.svc:6432", None),
        ("orders.shop.svc:$(PORT)", None),
        ("web-0.orders.shop.svc:8080", None),
        ("orders.shop.svc", None),
    ] {
        let found = of_value(value);
        assert_eq!(found.first().map(|found| found.0), expected, "{value}: {found:?}");
        assert!(found.iter().all(|found| found.1.ends_with("which has only 80, 9090")));
    }
}

#[test]
fn settings_are_read_without_their_comments() {
    let map = "
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: shop}
data:
  app.yaml: |
    # gone: inventory.shop.svc
    stock: inventory.shop.svc:80
    upstream: http://inner:8080
";
    let found = found(&[("services.yaml", SERVICES), ("map.yaml", map)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.starts_with("`app.yaml` of ConfigMap `shop/web` names host"), "{found:?}");
}
