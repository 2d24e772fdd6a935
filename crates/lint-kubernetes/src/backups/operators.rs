//! Backups that the operator or the cloud of a store makes by itself.

use careen_kube_model::{ObjectView, field};
use careen_model::{Snapshot, StoreForm};
use careen_yaml::Node;

use super::{Subject, is_filled, is_true, names};

/// Stores whose own object asks for backups: group, kind, and what has to be there.
const OWN: [(&str, &str, &[&str]); 15] = [
    ("acid.zalan.do", "postgresql", &["spec", "enableLogicalBackup"]),
    ("couchbase.com", "CouchbaseCluster", &["spec", "backup", "managed"]),
    ("mongodb.com", "MongoDB", &["spec", "backup", "mode"]),
    ("moco.cybozu.com", "MySQLCluster", &["spec", "backupPolicyName"]),
    ("mysql.oracle.com", "InnoDBCluster", &["spec", "backupSchedules"]),
    ("mysql.presslabs.org", "MysqlCluster", &["spec", "backupSchedule"]),
    ("planetscale.com", "VitessCluster", &["spec", "backup"]),
    ("ps.percona.com", "PerconaServerMySQL", &["spec", "backup", "schedule"]),
    ("psmdb.percona.com", "PerconaServerMongoDB", &["spec", "backup", "tasks"]),
    ("pxc.percona.com", "PerconaXtraDBCluster", &["spec", "backup", "schedule"]),
    ("scylla.scylladb.com", "ScyllaCluster", &["spec", "backups"]),
    ("stackgres.io", "SGCluster", &["spec", "configurations", "backups"]),
    ("kubegres.reactive-tech.io", "Kubegres", &["spec", "backup", "schedule"]),
    ("opensearch.opster.io", "OpenSearchCluster", &["spec", "general", "snapshotRepositories"]),
    ("app.redislabs.com", "RedisEnterpriseCluster", &["spec", "backup"]),
];

/// Kinds that save a store by its name: group, kind, the path to the name, and the store's group.
const OTHERS: [(&str, &str, &[&str], &str); 7] = [
    ("k8s.mariadb.com", "Backup", &["spec", "mariaDbRef", "name"], "k8s.mariadb.com"),
    ("k8s.mariadb.com", "PhysicalBackup", &["spec", "mariaDbRef", "name"], "k8s.mariadb.com"),
    (
        "medusa.k8ssandra.io",
        "MedusaBackupSchedule",
        &["spec", "backupSpec", "cassandraDatacenter"],
        "cassandra.datastax.com",
    ),
    ("pingcap.com", "BackupSchedule", &["spec", "backupTemplate", "br", "cluster"], "pingcap.com"),
    ("stash.appscode.com", "BackupConfiguration", &["spec", "target", "ref", "name"], ""),
    ("core.kubestash.com", "BackupConfiguration", &["spec", "target", "name"], ""),
    ("postgresql.cnpg.io", "ScheduledBackup", &["spec", "cluster", "name"], "postgresql.cnpg.io"),
];

/// Whether the store's operator is asked for backups.
pub(super) fn saves(snapshot: &Snapshot, subject: &Subject<'_>) -> bool {
    let view = subject.view();
    if subject.store.form == StoreForm::Chart {
        return is_of_chart(view);
    }
    let own = OWN.iter().any(|(group, kind, keys)| view.is(group, kind) && is_filled(view, keys));
    own || is_of_pgbackrest(view) || is_archived(view) || has_other(snapshot, subject)
}

fn has_other(snapshot: &Snapshot, subject: &Subject<'_>) -> bool {
    OTHERS.iter().any(|(group, kind, keys, of)| {
        (of.is_empty() || *of == subject.view().group())
            && snapshot.of_kind(kind).any(|object| {
                object.view.group() == *group
                    && names(object.view, keys, subject)
                    && (*kind != "ScheduledBackup" || has_place(subject.view()))
            })
    })
}

/// Whether a cluster of CloudNativePG says where its backups go.
fn has_place(view: ObjectView<'_>) -> bool {
    is_filled(view, &["spec", "backup"]) || is_filled(view, &["spec", "plugins"])
}

/// Whether a repository of pgBackRest has a schedule, as Crunchy's and Percona's operators have it.
fn is_of_pgbackrest(view: ObjectView<'_>) -> bool {
    let known = matches!(view.kind(), "PostgresCluster" | "PerconaPGCluster");
    let repositories = view.at(&["spec", "backups", "pgbackrest", "repos"]);
    known
        && repositories.into_iter().flat_map(|list| list.items()).any(|repository| {
            field(repository, "schedules").is_some_and(|list| list.entries().next().is_some())
        })
}

/// Whether Zalando's operator is given a bucket for the log of a cluster; it makes the backups, too.
fn is_archived(view: ObjectView<'_>) -> bool {
    let variables = view.at(&["spec", "env"]).filter(|_| view.group() == "acid.zalan.do");
    variables.into_iter().flat_map(|list| list.items()).any(|variable| {
        let name = field(variable, "name").and_then(|node| node.text()).unwrap_or_default();
        name.starts_with("WAL_") && name.ends_with("_BUCKET")
            || matches!(
                name,
                "WALE_S3_PREFIX" | "WALG_S3_PREFIX" | "WALG_GS_PREFIX" | "WALG_AZ_PREFIX"
            )
    })
}

/// Whether the values of a chart switch on its own backups.
fn is_of_chart(view: ObjectView<'_>) -> bool {
    [&["spec", "values", "backup"][..], &["spec", "values", "backups"]]
        .iter()
        .any(|keys| is_true(view.at(keys), "enabled"))
}

/// Whether the order of a managed store switches off what the cloud does by itself.
pub(super) fn refuses(view: ObjectView<'_>) -> bool {
    let spec = view.at(&["spec", "forProvider"]).or_else(|| view.spec());
    let number = |key| spec.and_then(|spec| field(spec, key)).and_then(|node| node.as_i64());
    if number("backupRetentionPeriod") == Some(0) {
        return true;
    }
    match view.kind() {
        "SQLInstance" | "DatabaseInstance" => !is_of_cloud_sql(spec),
        "Table" => !recovers(spec),
        _ => false,
    }
}

/// Whether Cloud SQL is asked for backups, which it does not make by itself. A replica has its
/// primary's.
fn is_of_cloud_sql(spec: Option<Node<'_>>) -> bool {
    let Some(spec) = spec else { return true };
    let replica = ["masterInstanceName", "masterInstanceRef", "instanceType"];
    if replica.iter().any(|key| field(spec, key).is_some()) {
        return true;
    }
    let backup = only(spec, "settings").and_then(|node| only(node, "backupConfiguration"));
    is_true(backup, "enabled")
}

/// A field, or the only item of it: Crossplane's older objects have lists of one.
fn only<'a>(node: Node<'a>, key: &str) -> Option<Node<'a>> {
    let found = field(node, key)?;
    found.items().next().or(Some(found))
}

/// Whether a table of DynamoDB can be brought back to a point in time.
fn recovers(spec: Option<Node<'_>>) -> bool {
    let own = spec.and_then(|spec| {
        field(spec, "continuousBackups").or_else(|| field(spec, "pointInTimeRecovery"))
    });
    let Some(own) = own else { return false };
    let mut visits = own.walk().take(100);
    visits.any(|visit| {
        let key = visit.key.and_then(|key| key.text()).unwrap_or_default();
        matches!(key, "enabled" | "pointInTimeRecoveryEnabled")
            && visit.node.as_bool() == Some(true)
    })
}
