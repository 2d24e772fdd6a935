use careen_model::{Context, Snapshot, StoreForm, StoreKind, stores};
use careen_rule::{Confidence, OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::backups::{Backups, Subject};

rule! {
    /// Data that stands on one volume is lost with it: by a deleted claim, a broken disk, a bad
    /// migration. The rule looks at databases, search indexes, object stores and StatefulSets that
    /// claim volumes, and tells those that nothing in the repository saves.
    ///
    /// What counts: a Schedule of Velero or K8up, a Policy of Kasten, schedules of snapshots
    /// (snapscheduler, Longhorn, Portworx, Gemini, VolSync), the backups of the store's own operator,
    /// such as a ScheduledBackup of CloudNativePG, what a cloud does for a managed database, and a
    /// CronJob that dumps: `pg_dump`, `mysqldump`, `mongodump`, `restic` and the like, with the
    /// store's host or claim. Where the host of a dump comes from a Secret, its engine and namespace
    /// have to fit.
    ///
    /// Must be asked for: backups are often set up outside of the repository. Caches and queues are
    /// left out unless they are asked for.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata:
    ///   name: postgres
    /// #       ^^^^^^^^ StatefulSet `shop/postgres` (PostgreSQL) has no backup: no schedule, snapshot or dump job covers it
    ///   namespace: shop
    /// spec:
    ///   serviceName: postgres
    ///   selector: {matchLabels: {app: postgres}}
    ///   template:
    ///     metadata: {labels: {app: postgres}}
    ///     spec:
    ///       containers:
    ///       - name: postgres
    ///         image: postgres:17.2
    ///   volumeClaimTemplates:
    ///   - metadata: {name: data}
    ///     spec:
    ///       accessModes: [ReadWriteOnce]
    ///       resources: {requests: {storage: 20Gi}}
    /// ```
    /// ```yaml good
    /// apiVersion: postgresql.cnpg.io/v1
    /// kind: Cluster
    /// metadata: {name: orders, namespace: shop}
    /// spec:
    ///   instances: 3
    ///   storage: {size: 20Gi}
    ///   backup:
    ///     retentionPolicy: 30d
    ///     barmanObjectStore: {destinationPath: "s3://backups/orders"}
    /// ---
    /// apiVersion: postgresql.cnpg.io/v1
    /// kind: ScheduledBackup
    /// metadata: {name: orders, namespace: shop}
    /// spec:
    ///   schedule: "0 0 2 * * *"
    ///   cluster: {name: orders}
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata: {name: postgres, namespace: shop}
    /// spec:
    ///   serviceName: postgres
    ///   selector: {matchLabels: {app: postgres}}
    ///   template:
    ///     metadata: {labels: {app: postgres}}
    ///     spec:
    ///       containers:
    ///       - name: postgres
    ///         image: postgres:17.2
    ///   volumeClaimTemplates:
    ///   - metadata: {name: data}
    ///     spec:
    ///       accessModes: [ReadWriteOnce]
    ///       resources: {requests: {storage: 20Gi}}
    /// ---
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata: {name: dump, namespace: shop}
    /// spec:
    ///   schedule: 0 2 * * *
    ///   jobTemplate:
    ///     spec:
    ///       template:
    ///         spec:
    ///           restartPolicy: OnFailure
    ///           containers:
    ///           - name: dump
    ///             image: postgres:17.2
    ///             command: [pg_dump, --host=postgres.shop.svc, --file=/backup/shop.sql, shop]
    /// ```
    pub(crate) static RULE: Check = {
        id: "backup-missing",
        summary: "nothing saves the data of a store",
        remedy: "Add a schedule of your backup tool, the operator's own backup, or a CronJob that dumps it.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        controls: &[control::BACKUP_CONFIGURED],
        references: &[
            "https://velero.io/docs/main/api-types/schedule/",
            "https://cloudnative-pg.io/documentation/current/backup/",
        ],
        options: &[RuleOption {
            name: "kinds",
            kind: OptionKind::Words,
            summary: "Which stores need a backup, of `database`, `cache`, `queue`, `search`, `objects`, `other`; without it, all but `cache` and `queue`.",
        }],
    }
}

/// Stores that are compared with what saves them.
const STORES: usize = 1_000;

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let kinds = context.options.words(RULE.meta.id, "kinds");
    let is_asked_for = |kind: StoreKind| {
        if kinds.is_empty() {
            return !matches!(kind, StoreKind::Cache | StoreKind::Queue);
        }
        kinds.iter().any(|word| word == word_of(kind))
    };
    let stores = stores(snapshot);
    let mut asked = stores
        .iter()
        .filter(|store| store.persistent && is_asked_for(store.kind))
        // What is stored as objects in a cloud is kept several times by it.
        .filter(|store| store.kind != StoreKind::Objects || store.form != StoreForm::Managed)
        .take(STORES)
        .peekable();
    if asked.peek().is_none() {
        return;
    }
    let backups = Backups::of(snapshot);
    for subject in asked.filter_map(|store| Subject::of(snapshot, store)) {
        if backups.save(&subject) {
            continue;
        }
        let (object, engine) = (subject.object, subject.store.engine);
        let engine = if engine.is_empty() { String::new() } else { format!(" ({engine})") };
        let message = format!(
            "{}{engine} has no backup: no schedule, snapshot or dump job covers it",
            object.view.display()
        );
        out.report(object.source(), object.view.name_span(), message).object(object.path());
    }
}

const fn word_of(kind: StoreKind) -> &'static str {
    match kind {
        StoreKind::Database => "database",
        StoreKind::Cache => "cache",
        StoreKind::Queue => "queue",
        StoreKind::Search => "search",
        StoreKind::Objects => "objects",
        StoreKind::Other => "other",
    }
}
