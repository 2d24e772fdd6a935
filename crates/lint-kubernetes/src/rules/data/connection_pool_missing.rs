use careen_model::{Context, Snapshot, store_of_image};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::databases::{Pools, used};
use crate::relations::Workloads;
use crate::usage::stays;
use crate::variables::Variables;

rule! {
    /// A database takes some hundred connections, each with a process or much memory behind it. Pods
    /// that open them without bound take each other's: a release that starts twice as many pods, or
    /// an autoscaler under load, brings the database down. A pooler in between, or a size for the
    /// program's own pool, keeps the sum in bounds.
    ///
    /// Containers are looked at that are given a SQL database: `DATABASE_URL`, `DB_HOST`, a DSN, the
    /// URL of a data source. What counts as a pooler: PgBouncer, PgCat, Pgpool, ProxySQL and the
    /// like by host, Service or sidecar, a Pooler of CloudNativePG, a proxy of RDS. What counts as a
    /// setting: a variable, an argument, a parameter of the URL or a value of a ConfigMap such as
    /// `DB_POOL_SIZE`, `--max-open-conns`, `pool_max_conns=`.
    ///
    /// Must be asked for: most drivers have a size of their own, which may do.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         env:
    ///         - name: DATABASE_URL
    /// #               ^^^^^^^^^^^^ container `web` in Deployment `shop/web` opens connections to the database of `DATABASE_URL` without a pool: there is neither a pooler nor a size
    ///           valueFrom: {secretKeyRef: {name: web, key: database-url}}
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         env:
    ///         - name: DATABASE_URL
    ///           valueFrom: {secretKeyRef: {name: web, key: database-url}}
    ///         - name: DB_POOL_SIZE
    ///           value: "10"
    ///       - name: reports
    ///         image: registry.example.com/reports:1.4.0
    ///         env:
    ///         - name: DB_HOST
    ///           value: pgbouncer.data.svc
    /// ```
    pub(crate) static RULE: Check = {
        id: "connection-pool-missing",
        summary: "container uses a database without a pool of connections",
        remedy: "Put a pooler in between, or set the size of the program's pool.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        controls: &[control::CONNECTION_POOL_SET],
        references: &["https://www.pgbouncer.org/features.html"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let workloads = Workloads::of(snapshot);
    let variables = Variables::of(snapshot);
    let mut pools = None;
    for workload in workloads.iter() {
        let containers = workload.pod.containers().filter(|container| stays(*container));
        for container in containers {
            let image = container.image().and_then(|image| image.text());
            if image.and_then(store_of_image).is_some() {
                continue;
            }
            let all = variables.of_container(container);
            let Some(used) = used(&all) else { continue };
            let pools = pools.get_or_insert_with(|| Pools::of(snapshot, &workloads));
            if pools.are_set(container, &all)
                || pools.stand_between(container, used.host, &workloads)
            {
                continue;
            }
            let name = &used.variable.name;
            let message = format!(
                "{} opens connections to the database of `{name}` without a pool: there is \
                 neither a pooler nor a size",
                container.display()
            );
            let path = crate::place::path_of(workload.object.view, Some(container));
            out.report(workload.object.source(), used.variable.at, message)
                .object(path)
                .evidence(&**name);
        }
    }
}
