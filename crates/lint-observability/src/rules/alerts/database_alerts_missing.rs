use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::databases::databases;
use crate::survey::Survey;

rule! {
    /// A database fails slowly: connections run out, replicas lag, a disk fills, transactions wrap
    /// around. Its exporter tells all of that, and no alert asks for it. Databases are known by their
    /// images and by the objects of their operators, the exporter by the names of its metrics: `pg_` and
    /// `cnpg_`, `mysql_`, `mongodb_`, `cassandra_`. It is fine where others run the database.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata: {name: orders, namespace: shop}
    /// #                ^^^^^^ no alert watches PostgreSQL in StatefulSet `shop/orders`: none asks for metrics that begin with `pg_`, `cnpg_`
    /// spec:
    ///   serviceName: orders
    ///   selector: {matchLabels: {app: orders}}
    ///   template:
    ///     metadata: {labels: {app: orders}}
    ///     spec:
    ///       containers: [{name: postgres, image: "postgres:17.2"}]
    /// ```
    /// ```yaml good
    /// apiVersion: postgresql.cnpg.io/v1
    /// kind: Cluster
    /// metadata: {name: orders, namespace: shop}
    /// spec: {instances: 3}
    /// ---
    /// apiVersion: monitoring.coreos.com/v1
    /// kind: PrometheusRule
    /// metadata: {name: orders, namespace: shop}
    /// spec:
    ///   groups:
    ///   - name: orders
    ///     rules:
    ///     - alert: ReplicaLags
    ///       expr: cnpg_pg_replication_lag > 30
    /// ```
    pub(crate) static RULE: Check = {
        id: "database-alerts-missing",
        summary: "no alert watches a database",
        remedy: "Run the exporter of the database, and alert on connections, replication, and space.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        controls: &[control::DATABASE_ALERTS],
        references: &[
            "https://github.com/prometheus-community/postgres_exporter",
            "https://cloudnative-pg.io/documentation/current/monitoring/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let survey = Survey::of(snapshot);
    let expressions = survey.alerts().filter_map(|(_, _, _, rule)| rule.expression.as_ref());
    let selectors = expressions.flat_map(|expression| &expression.query.selectors);
    let metrics: Vec<&str> = selectors.filter_map(|found| found.metric.as_deref()).collect();
    // A recorded series has the metric after its level: `cluster:pg_up:sum`.
    let names = |metric: &str, start: &str| metric.split(':').any(|part| part.starts_with(start));
    for database in databases(snapshot) {
        let is_asked = |start: &&'static str| metrics.iter().any(|metric| names(metric, start));
        if database.metrics.iter().any(is_asked) {
            continue;
        }
        let starts: Vec<String> =
            database.metrics.iter().take(2).map(|start| format!("`{start}`")).collect();
        let view = database.object.view;
        let message = format!(
            "no alert watches {} in {}: none asks for metrics that begin with {}",
            database.name,
            view.display(),
            starts.join(", ")
        );
        let finding = out.report(database.object.source(), view.name_span(), message);
        finding.object(database.object.path()).evidence(database.name);
    }
}
