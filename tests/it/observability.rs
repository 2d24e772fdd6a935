//! Rules, dashboards and monitors of one small repository, found to the column.

use crate::harness::{AT, folder, run};

const RULES: &str = r#"apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: web, namespace: shop}
spec:
  groups:
  - name: web
    rules:
    - alert: WebErrors
      # Two lines, and ümlauts before the error.
      expr: |
        sum(rate(http_requests_total{code=~"5..", path!="/ü"}[5m]))
          / sum(rates(http_requests_total{job="wep"}[5m])) > 0.05
      for: 5min
    - alert: WebDown
      expr: "up{job=\"web\", x=\"\u00fc\"} = 0"
    - alert: WebSlow
      expr: >-
        histogram_quantile(0.99,
        sum by (le (rate(http_request_duration_seconds_bucket[5m])))
      annotations:
        summary: 'it''s {{ $label.job }}'
"#;

const MONITORS: &str = r#"apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  endpoints: [{port: metrics}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  selector: {app: web}
  ports: [{name: metrics, port: 9090}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "registry.example.com/web:1", ports: [{containerPort: 9090}]}]
---
apiVersion: v1
kind: Pod
metadata: {name: lone, namespace: shop}
spec:
  containers: [{name: lone, image: "registry.example.com/lone:1", ports: [{containerPort: 80}]}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: dashboards, namespace: shop, labels: {grafana_dashboard: "1"}}
data:
  web.json: |
    {
      "title": "Web",
      "panels": [
        {"id": 1, "title": "Row", "type": "row", "panels": [
          {"id": 2, "targets": [{"expr": "sum(rate(x{job=\"web\"}[$__rate_interval]) by (code)"}]}
        ]},
        {"id": 3, "datasource": {"type": "loki"}, "targets": [{"expr": "{a=\"b\"} |= ("}]}
      ]
    }
"#;

/// The rules of this linter that nobody has to ask for.
const DEFAULT: &str = "alert-expression-invalid,alert-name-invalid,alert-for-invalid,\
                       alert-template-invalid,dashboard-invalid,dashboard-query-invalid,\
                       scrape-annotation-port-mismatch";

/// The findings of this linter in a folder with these files.
fn findings(files: &[(&str, &str)], asked: &str) -> Vec<String> {
    let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    let folder = folder(&files);
    let select = format!("{DEFAULT},{asked}");
    let run = run(folder.path(), &["check", "--at", AT, "--format", "json", "--select", &select]);
    run.findings()
}

#[test]
fn errors_of_promql_are_found_to_the_column() {
    let found = findings(&[("rules.yaml", RULES), ("web.yaml", MONITORS)], "alert-job-unknown");
    assert_eq!(
        found,
        [
            "rules.yaml:12:17 alert-expression-invalid",
            "rules.yaml:12:48 alert-job-unknown",
            "rules.yaml:13:12 alert-for-invalid",
            "rules.yaml:15:44 alert-expression-invalid",
            "rules.yaml:19:20 alert-expression-invalid",
            "rules.yaml:21:28 alert-template-invalid",
            "web.yaml:40:86 dashboard-query-invalid",
        ]
    );
}

#[test]
fn absence_is_told_only_when_asked_for() {
    let files = [("web.yaml", MONITORS)];
    let quiet = findings(&files, "alert-job-unknown");
    assert_eq!(quiet, ["web.yaml:40:86 dashboard-query-invalid"]);
    let asked = "alerts-missing,metrics-not-scraped,dashboard-missing,log-collection-missing,\
                 error-tracking-missing";
    let found = findings(&files, asked);
    assert_eq!(
        found,
        [
            "web.yaml:17:18 alerts-missing",
            "web.yaml:17:18 error-tracking-missing",
            "web.yaml:17:18 log-collection-missing",
            "web.yaml:27:18 dashboard-missing",
            "web.yaml:27:18 metrics-not-scraped",
            "web.yaml:40:86 dashboard-query-invalid",
        ]
    );
}

#[test]
fn files_of_rules_and_dashboards_are_read_as_well() {
    let found = findings(
        &[
            ("rules/a.rules.yml", "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: up ==\n"),
            (
                "dashboards/a.json",
                "{\"title\": \"A\",\n \"panels\": [{\"id\": 1, \"targets\": [{\"expr\": \"a b\"}]}],}\n",
            ),
        ],
        "alert-job-unknown",
    );
    assert_eq!(
        found,
        [
            "dashboards/a.json:2:47 dashboard-query-invalid",
            "dashboards/a.json:2:54 dashboard-invalid",
            "rules/a.rules.yml:5:14 alert-expression-invalid",
        ]
    );
}
