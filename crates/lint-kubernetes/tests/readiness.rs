//! What covers a store, guides a release or supplies a secret, and what does not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_lint_kubernetes::KubernetesLinter;
use careen_testkit::check_files;

/// The messages of a rule.
fn told(text: &str, rule: &str) -> Vec<String> {
    let report = check_files(&KubernetesLinter, &[("app.yaml", text)]);
    let of_rule = report.findings.iter().filter(|finding| finding.rule.id == rule);
    of_rule.map(|finding| finding.message.clone()).collect()
}

const STORE: &str = "
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: postgres, namespace: shop, labels: {tier: data}}
spec:
  serviceName: postgres
  selector: {matchLabels: {app: postgres}}
  template:
    metadata: {labels: {app: postgres}}
    spec: {containers: [{name: postgres, image: 'postgres:17'}]}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
";

fn is_saved(text: &str) -> bool {
    told(&format!("{STORE}---{text}"), "backup-missing").is_empty()
}

fn velero(template: &str) -> String {
    format!(
        "
apiVersion: velero.io/v1
kind: Schedule
metadata: {{name: nightly, namespace: velero}}
spec:
  schedule: 0 2 * * *
  template: {template}
"
    )
}

#[test]
fn schedules_of_velero_hold_namespaces_and_labels() {
    assert!(!is_saved("\n"));
    for template in [
        "{}",
        "{includedNamespaces: ['*']}",
        "{includedNamespaces: [shop]}",
        "{labelSelector: {matchLabels: {tier: data}}}",
        "{snapshotVolumes: false, defaultVolumesToFsBackup: true}",
        "{excludedNamespaces: [kube-system]}",
    ] {
        assert!(is_saved(&velero(template)), "{template}");
    }
    for template in [
        "{includedNamespaces: [other]}",
        "{excludedNamespaces: [shop]}",
        "{labelSelector: {matchLabels: {tier: web}}}",
        "{snapshotVolumes: false}",
        "{includedResources: [configmaps]}",
    ] {
        assert!(!is_saved(&velero(template)), "{template}");
    }
}

fn dump(namespace: &str, container: &str) -> String {
    format!(
        "
apiVersion: batch/v1
kind: CronJob
metadata: {{name: dump, namespace: {namespace}}}
spec:
  schedule: 0 2 * * *
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - {{name: dump, {container}}}
"
    )
}

#[test]
fn dumps_name_the_store() {
    let from_secret = "image: 'postgres:17', command: [sh, -c, 'pg_dump > /x'], \
                       envFrom: [{secretRef: {name: db}}]";
    for (namespace, container) in [
        ("ops", "image: 'postgres:17', command: [sh, -c, 'pg_dump -h postgres.shop.svc > /x']"),
        ("ops", "image: 'x:1', command: [wal-g, push], env: [{name: PGHOST, value: postgres}]"),
        ("shop", from_secret),
    ] {
        assert!(is_saved(&dump(namespace, container)), "{container}");
    }
    for (namespace, container) in [
        ("ops", "image: 'postgres:17', command: [pg_dump, -h, orders.shop.svc]"),
        ("ops", from_secret),
        ("shop", "image: 'mysql:8', command: [mysqldump, -h, postgres]"),
        ("shop", "image: 'postgres:17', command: [psql, -h, postgres]"),
    ] {
        assert!(!is_saved(&dump(namespace, container)), "{container}");
    }
}

fn rollout(strategy: &str) -> String {
    format!(
        "
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {{name: web, namespace: shop}}
spec:
  workloadRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  strategy: {strategy}
"
    )
}

#[test]
fn steps_are_compared_with_what_is_asked_for() {
    for (strategy, expected) in [
        ("{canary: {}}", 1),
        ("{blueGreen: {activeService: web}}", 1),
        ("{canary: {steps: [{setWeight: 5}, {pause: {}}, {setWeight: 50}, {pause: {}}]}}", 1),
        (
            "{canary: {trafficRouting: {nginx: {}}, scaleDownDelaySeconds: 1800, steps: [\
             {setWeight: 2}, {pause: {duration: 1h}}, {setWeight: 30}, {pause: {duration: '900'}}]}}",
            0,
        ),
        ("\n    canary:\n      steps:\n      - setWeight: 80\n      - pause: {duration: 2h}", 2),
        (
            "{canary: {steps: [{setWeight: 10}, {pause: {duration: 1h}}, {setWeight: 100}, \
             {pause: {duration: 30m}}]}}",
            1,
        ),
    ] {
        let told = told(&rollout(strategy), "canary-steps-differ");
        assert_eq!(told.len(), expected, "{strategy} {told:?}");
    }
}

#[test]
fn a_deployment_may_be_guided_from_elsewhere() {
    let deployment = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'web:1'}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
---";
    for rule in ["canary-missing", "rollback-not-automatic"] {
        assert_eq!(told(deployment, rule).len(), 1, "{rule}");
        let measured = rollout("{canary: {analysis: {templates: [{templateName: errors}]}}}");
        assert_eq!(told(&format!("{deployment}{measured}"), rule), Vec::<String>::new(), "{rule}");
    }
    let plain = rollout("{canary: {}}");
    let told = told(&format!("{deployment}{plain}"), "rollback-not-automatic");
    assert!(told[0].contains("Rollout"), "{told:?}");
}

fn pod(env: &str) -> String {
    format!(
        "
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: shop}}
spec:
  containers: [{{name: web, image: 'web:1', env: {env}}}]
"
    )
}

#[test]
fn secrets_of_operators_come_from_a_store() {
    const RULE: &str = "secret-not-from-store";
    let user = pod("[{name: A, valueFrom: {secretKeyRef: {name: db-app, key: uri}}}]");
    assert_eq!(told(&user, RULE).len(), 1);
    let cluster = "---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: db, namespace: shop}
spec: {instances: 3}
";
    assert_eq!(told(&format!("{user}{cluster}"), RULE), Vec::<String>::new());
}

#[test]
fn keys_of_other_stores_are_no_keys_of_a_cloud() {
    const RULE: &str = "cloud-key-in-env";
    let key = "{name: AWS_SECRET_ACCESS_KEY, valueFrom: {secretKeyRef: {name: a, key: b}}}";
    assert_eq!(told(&pod(&format!("[{key}]")), RULE).len(), 1);
    let minio = "{name: S3_ENDPOINT, value: 'http://minio:9000'}";
    assert_eq!(told(&pod(&format!("[{key}, {minio}]")), RULE).len(), 0);
    let file = pod("[{name: GOOGLE_APPLICATION_CREDENTIALS, value: /etc/config/a.json}]");
    assert_eq!(told(&file, RULE).len(), 0);
}

#[test]
fn pools_are_seen_in_several_places() {
    const RULE: &str = "connection-pool-missing";
    for (env, expected) in [
        ("[{name: A, value: 'postgres://db/x'}]", 1),
        ("[{name: A, value: 'postgres://db/x?pool_max_conns=5'}]", 0),
        ("[{name: A, value: 'postgres://shop-pooler/x'}]", 0),
        ("[{name: DB_HOST, value: db}, {name: DB_POOL, value: '5'}]", 0),
        ("[{name: DB_HOST, value: db.proxy-abc.eu-central-1.rds.amazonaws.com}]", 0),
        ("[{name: A, value: 'redis://cache'}]", 0),
    ] {
        assert_eq!(told(&pod(env), RULE).len(), expected, "{env}");
    }
}
