use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_text::Span;
use careen_yaml::Node;

use crate::Check;

rule! {
    /// A backup without a retention is kept for ever: the bucket or the array of snapshots grows
    /// until it is full, and then the next backup fails. Personal data that had to be deleted stays
    /// in it, too.
    ///
    /// Only tools are looked at that keep everything where nothing is said: CloudNativePG, Percona's
    /// operators, pgBackRest, K8up and snapscheduler. Velero deletes after 30 days by itself. A rule
    /// of the bucket may delete old objects, so the rule must be asked for.
    ///
    /// ```yaml bad
    /// apiVersion: snapscheduler.backube/v1
    /// kind: SnapshotSchedule
    /// metadata: {name: nightly, namespace: shop}
    /// #                ^^^^^^^ SnapshotSchedule `shop/nightly` keeps its backups for ever: it has no `spec.retention`
    /// spec:
    ///   schedule: 0 2 * * *
    /// ```
    /// ```yaml good
    /// apiVersion: snapscheduler.backube/v1
    /// kind: SnapshotSchedule
    /// metadata: {name: nightly, namespace: shop}
    /// spec:
    ///   schedule: 0 2 * * *
    ///   retention: {maxCount: 14}
    /// ```
    pub(crate) static RULE: Check = {
        id: "backup-retention-missing",
        summary: "backups are kept for ever",
        remedy: "Say how many backups are kept, or for how long.",
        severity: Low,
        check: Check::Kind(&KINDS, check),
        default: false,
        controls: &[control::BACKUP_CONFIGURED],
        references: &[
            "https://cloudnative-pg.io/documentation/current/backup/",
            "https://backube.github.io/snapscheduler/usage.html",
        ],
    }
}

const KINDS: [&str; 7] = [
    "Cluster",
    "PerconaPGCluster",
    "PerconaServerMongoDB",
    "PerconaXtraDBCluster",
    "PostgresCluster",
    "Schedule",
    "SnapshotSchedule",
];

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let missing = match (view.group(), view.kind()) {
        ("snapscheduler.backube", "SnapshotSchedule") => {
            let retention = view.at(&["spec", "retention"]);
            let says = ["maxCount", "expires"];
            let is_said =
                retention.is_some_and(|node| says.iter().any(|key| field(node, key).is_some()));
            (!is_said).then(|| (view.name_span(), "spec.retention".to_owned()))
        }
        ("postgresql.cnpg.io", "Cluster") => of_cloud_native_pg(view),
        ("pxc.percona.com" | "psmdb.percona.com", _) => of_percona(view),
        ("postgres-operator.crunchydata.com" | "pgv2.percona.com", _) => of_pgbackrest(view),
        ("k8up.io", "Schedule") => {
            let backs_up = view.at(&["spec", "backup"]).is_some();
            let prunes = view.at(&["spec", "prune", "retention"]).is_some();
            (backs_up && !prunes).then(|| (view.name_span(), "spec.prune.retention".to_owned()))
        }
        _ => None,
    };
    if let Some((span, lacks)) = missing {
        let name = view.display();
        let message = format!("{name} keeps its backups for ever: it has no `{lacks}`");
        out.report(span, message).field(lacks);
    }
}

fn key_span(view: ObjectView<'_>, holder: Option<Node<'_>>, key: &str) -> Span {
    let entry = holder.and_then(|holder| holder.entry(key));
    entry.map_or_else(|| view.name_span(), |entry| entry.key.span())
}

/// The object store of CloudNativePG; volume snapshots follow the class of the snapshot.
fn of_cloud_native_pg(view: ObjectView<'_>) -> Option<(Span, String)> {
    let backup = view.at(&["spec", "backup"])?;
    field(backup, "barmanObjectStore")?;
    let lacks = field(backup, "retentionPolicy").is_none();
    lacks.then(|| (key_span(view, view.spec(), "backup"), "spec.backup.retentionPolicy".to_owned()))
}

/// The first schedule of Percona's operators that keeps all.
fn of_percona(view: ObjectView<'_>) -> Option<(Span, String)> {
    let key = if view.kind() == "PerconaXtraDBCluster" { "schedule" } else { "tasks" };
    let list = view.at(&["spec", "backup", key])?;
    list.items().enumerate().find_map(|(index, item)| {
        let is_said = ["keep", "retention"].iter().any(|key| field(item, key).is_some());
        let place = field(item, "name").or_else(|| field(item, "schedule"));
        let span = place.map_or_else(|| view.name_span(), |node| node.span());
        (!is_said).then(|| (span, format!("spec.backup.{key}[{index}].keep")))
    })
}

/// The first repository of pgBackRest with a schedule and without `repoN-retention-full`.
fn of_pgbackrest(view: ObjectView<'_>) -> Option<(Span, String)> {
    let tool = view.at(&["spec", "backups", "pgbackrest"])?;
    let settings = field(tool, "global");
    field(tool, "repos")?.items().find_map(|repository| {
        field(repository, "schedules")?;
        let name = field(repository, "name")?;
        let key = format!("{}-retention-full", crate::place::cut(name.text()?));
        let is_said = settings.is_some_and(|settings| field(settings, &key).is_some());
        (!is_said).then(|| (name.span(), format!("spec.backups.pgbackrest.global.{key}")))
    })
}
