//! What each control of the fixture that is GO rests on: taken away, the control turns.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rayon::prelude::*;
use serde_json::Value;

use super::{audit, copy_of, status};

/// What is changed in which file, so that which control no longer passes.
struct Turn {
    control: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
}

const fn turn(
    control: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
) -> Turn {
    Turn { control, file, from, to }
}

const API: &str = "deploy/api.yaml";
const DATABASE: &str = "deploy/database.yaml";
const RELEASE: &str = "deploy/release.yaml";
const MONITORING: &str = "deploy/monitoring.yaml";
const RUNBOOK: &str = "docs/runbook.md";

/// A line of the repository for every control that rests on one.
const TURNS: &[Turn] = &[
    turn("alerts-configured", MONITORING, "labels: {severity: critical}", "labels: {}"),
    turn("alerts-configured", MONITORING, "code=~\"5..\"}[5m]", "code=~\"5..\"}[5"),
    turn("automatic-rollback", RELEASE, "kind: Canary", "kind: Sparrow"),
    turn(
        "autoscaling",
        API,
        "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}",
        "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}",
    ),
    turn("availability", API, "maxUnavailable: 1", "maxUnavailable: 0"),
    turn("backup-configured", DATABASE, "kind: ScheduledBackup", "kind: Backup"),
    turn("canary-strategy", RELEASE, "stepWeights: [5, 50, 100]", "stepWeights: [50, 100]"),
    turn("canary-strategy", RELEASE, "interval: 30m", "interval: 1m"),
    turn(
        "cloud-iam",
        API,
        "- name: THEME",
        "- name: AWS_SECRET_ACCESS_KEY\n          valueFrom:\n            secretKeyRef: {name: shop-notify, key: token}\n        - name: THEME",
    ),
    turn("connection-pool-set", API, "- name: DATABASE_POOL_SIZE", "- name: DATABASE_NUMBER"),
    turn(
        "connection-string-in-secret",
        API,
        "          value: \"10\"",
        "          value: \"postgres://shop:fPz7kQ2mWx9L@db.example.org:5432/shop\"",
    ),
    turn("dashboards", "dashboards/api.json", "\"Shop: api\"", "\"Shop: api\", \"title\": \"\""),
    turn("database-alerts", MONITORING, "cnpg_pg_replication_lag", "up"),
    turn("database-encrypted", DATABASE, "encrypted: \"true\"", "encrypted: \"false\""),
    turn("dns-load-balancer", "deploy/ingress.yaml", "external-dns.alpha", "internal-dns.alpha"),
    turn("docs-changelog", "CHANGELOG.md", "- Orders tell the harbour master.", ""),
    turn("docs-openapi-current", "openapi.yaml", "name: order\n", "name: ordre\n"),
    turn("docs-readme-current", "README.md", "(openapi.yaml)", "(open-api.yaml)"),
    turn("docs-runbook", RUNBOOK, "## Rollback", "## Something"),
    turn("docs-runbook", RUNBOOK, "## Known issues", "## Else"),
    turn("emergency-contacts", "ops/contacts.yaml", "email: ines@harbor.example", "email: TODO"),
    turn("env-configured", API, "name: api-settings, key: theme", "name: api-settings, key: thyme"),
    turn("env-configured", ".env.example", "NOTIFY_TOKEN=\n", ""),
    turn("error-tracking", API, "SENTRY_DSN", "OTHER_DSN"),
    turn("health-probes", API, "readinessProbe:", "readynessProbe:"),
    turn(
        "image-base",
        "Dockerfile",
        "nodejs24-debian13@sha256:2f1f8d2d0f4cdb9e2f1e6a1c6b7cf7e5b42a5e1d3d1a7d0c1b2a3f4e5d6c7b8a",
        "nodejs24-debian13",
    ),
    turn(
        "image-in-registry",
        API,
        "api:1.4.0@sha256:9f2c1d3e4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "api:1.4.0",
    ),
    turn("image-scanned", API, "9f2c1d3e4b5a6978", "0f2c1d3e4b5a6978"),
    turn("image-minimal", "Dockerfile", "EXPOSE 8080", "EXPOSE 22"),
    turn("image-non-root", API, "runAsUser: 65532", "runAsUser: 0"),
    turn("log-aggregation", MONITORING, "kind: OpenTelemetryCollector", "kind: Something"),
    turn(
        "manifests-valid",
        API,
        "terminationGracePeriodSeconds: 45",
        "terminationGraceSeconds: 45",
    ),
    turn("metrics-exposed", MONITORING, "matchLabels: {app: api}", "matchLabels: {app: web}"),
    turn("migrations-tested", "db/migrations/0007_orders_notified.down.sql", "", ""),
    turn("namespace-declared", "deploy/namespace.yaml", "kind: Namespace", "kind: Nothing"),
    turn(
        "network-policies",
        "deploy/namespace.yaml",
        "policyTypes: [Ingress, Egress]",
        "policyTypes: [Ingress]\n  ingress: [{}]",
    ),
    turn(
        "rbac-least-privilege",
        "deploy/namespace.yaml",
        "---\n",
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: all}\nrules:\n- apiGroups: [\"*\"]\n  resources: [\"*\"]\n  verbs: [\"*\"]\n---\n",
    ),
    turn("resource-limits", API, "limits: {cpu: \"1\", memory: 256Mi}", "limits: {cpu: \"1\"}"),
    turn("resource-quotas", "deploy/limits.yaml", "kind: ResourceQuota", "kind: Quota"),
    turn("resource-quotas", "deploy/limits.yaml", "kind: LimitRange", "kind: Limits"),
    turn(
        "secrets-in-vault",
        "deploy/secrets.yaml",
        "apiVersion: external-secrets.io/v1\nkind: ExternalSecret",
        "apiVersion: v1\nkind: Secret",
    ),
    turn(
        "secrets-in-vault",
        "deploy/secrets.yaml",
        "target: {name: shop-sentry}",
        "target: {name: shop-sentri}",
    ),
    turn(
        "secrets-not-in-repo",
        "src/notify.js",
        "process.env.NOTIFY_TOKEN",
        "'ghp_16C7e42F292c6912E7710c838347Ae178B4a'",
    ),
    turn(
        "security-trigger",
        API,
        "serviceAccountName: api",
        "serviceAccountName: api\n      hostPID: true",
    ),
    turn(
        "service-account",
        API,
        "serviceAccountName: api\n      automountServiceAccountToken: false",
        "automountServiceAccountToken: true",
    ),
    turn(
        "service-urls",
        API,
        "          value: \"10\"",
        "          value: \"10\"\n        - name: ORDERS_URL\n          value: http://orders.shop.svc.cluster.local:8080",
    ),
    turn("ssh-keys", "Dockerfile", "EXPOSE 8080", "EXPOSE 22"),
    turn(
        "tls-enabled",
        "deploy/ingress.yaml",
        "  tls:\n  - hosts: [shop.example.com]\n    secretName: shop-tls\n",
        "",
    ),
    turn(
        "tls-valid",
        "deploy/ingress.yaml",
        "dnsNames: [shop.example.com]",
        "dnsNames: [shop.example.org]",
    ),
];

/// Controls that ask for nothing that this repository could lack a line of: they fall with everything.
const FALL_WITH_ALL: &[&str] =
    &["secrets-encrypted", "credential-rotation", "dependencies-scanned"];

#[test]
fn each_control_turns_without_the_line_that_it_rests_on() {
    let failures: Vec<String> = TURNS.par_iter().filter_map(stays).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Why a control still passes, if it does.
fn stays(turn: &Turn) -> Option<String> {
    let folder = copy_of("seaworthy");
    let path = folder.path().join(turn.file);
    if turn.from.is_empty() {
        fs::remove_file(&path).unwrap();
    } else {
        let text = fs::read_to_string(&path).unwrap();
        if !text.contains(turn.from) {
            return Some(format!("{}: `{}` is not in {}", turn.control, turn.from, turn.file));
        }
        fs::write(&path, text.replacen(turn.from, turn.to, 1)).unwrap();
    }
    let report = audit(folder.path(), &[]).json();
    let control = report["controls"].as_array().unwrap().iter().find(|it| it["id"] == turn.control);
    let control = control.unwrap();
    let (is, reason) = (control["status"].as_str().unwrap(), &control["reason"]);
    // What people signed and what was recorded falls with any change; the line itself must be told.
    let told = control["causes"].as_array().unwrap().iter().any(|it| it["rule"].is_string())
        || ["fail", "not-run"].contains(&is)
        || !reason.as_str().unwrap().contains("another content");
    let turned = is != "pass" && told;
    (!turned).then(|| format!("{}: is {is} without `{}`: {reason}", turn.control, turn.from))
}

/// Every report and every signature that a control names as its proof.
#[test]
fn each_control_turns_without_its_evidence_and_signatures() {
    let folder = copy_of("seaworthy");
    let report = audit(folder.path(), &[]).json();
    let mut files: BTreeSet<(String, String)> = BTreeSet::new();
    for (control, proof) in proofs(&report) {
        let path = proof["path"].as_str().map(str::to_owned);
        match proof["kind"].as_str().unwrap() {
            "evidence" | "cluster" => files.extend(path.map(|path| (control, path))),
            "sign-off" => {
                files.extend(path.map(|path| (control, format!("{path}.sig"))));
            }
            _ => {}
        }
    }
    assert!(files.len() > 30, "{}", files.len());
    let failures: Vec<String> = files
        .par_iter()
        .filter_map(|(control, file)| {
            let folder = copy_of("seaworthy");
            fs::remove_file(folder.path().join(file)).unwrap();
            let report = audit(folder.path(), &[]).json();
            let is = status(&report, control);
            let due = report["controls"].as_array().unwrap().iter();
            let due = due.filter(|it| it["phase"] == "before").any(|it| it["id"] == **control);
            let holds = due && report["verdict"]["outcome"] != "no-go";
            (is == "pass" || holds).then(|| format!("{control}: {is} without {file}"))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// No control is left out of these tests.
#[test]
fn every_control_is_turned_by_something() {
    let folder = copy_of("seaworthy");
    let report = audit(folder.path(), &[]).json();
    let mut turned: BTreeSet<String> = TURNS.iter().map(|turn| turn.control.to_owned()).collect();
    turned.extend(FALL_WITH_ALL.iter().map(|&control| control.to_owned()));
    let words = ["evidence", "cluster", "sign-off"];
    turned.extend(
        proofs(&report)
            .filter(|(_, proof)| words.contains(&proof["kind"].as_str().unwrap()))
            .map(|(control, _)| control),
    );
    let all = report["controls"].as_array().unwrap();
    let ids: BTreeSet<_> = all.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
    let left: Vec<_> = ids.difference(&turned).collect();
    assert!(left.is_empty(), "{left:?}");
    for control in FALL_WITH_ALL {
        assert!(falls_with_all(folder.path(), control), "{control}");
    }
}

fn falls_with_all(folder: &Path, control: &str) -> bool {
    let empty = tempfile::tempdir().unwrap();
    let _ = folder;
    status(&audit(empty.path(), &[]).json(), control) != "pass"
}

/// Each proof with the control that rests on it.
fn proofs(report: &Value) -> impl Iterator<Item = (String, &Value)> {
    let controls = report["controls"].as_array().unwrap().iter();
    controls.flat_map(|control| {
        let id = control["id"].as_str().unwrap();
        control["evidence"].as_array().unwrap().iter().map(move |proof| (id.to_owned(), proof))
    })
}
