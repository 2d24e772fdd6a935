//! Kinds of objects that save something on a schedule: where their schedules stand, and what stops them.

/// A field with schedules in it.
pub(super) struct Kind {
    /// The API group.
    pub(super) group: &'static str,
    /// The kind.
    pub(super) kind: &'static str,
    /// The path to the schedule; `*` stands for the items of a list or the values of a mapping.
    pub(super) schedule: &'static [&'static str],
    /// The path to what stops it by being `true`; empty where there is nothing.
    pub(super) stop: &'static [&'static str],
    /// Whether the schedule starts with seconds.
    pub(super) seconds: bool,
}

const fn kind(
    group: &'static str,
    kind: &'static str,
    schedule: &'static [&'static str],
    stop: &'static [&'static str],
) -> Kind {
    Kind { group, kind, schedule, stop, seconds: false }
}

/// The kinds.
pub(super) const KINDS: [Kind; 18] = [
    kind("velero.io", "Schedule", &["spec", "schedule"], &["spec", "paused"]),
    Kind {
        group: "postgresql.cnpg.io",
        kind: "ScheduledBackup",
        schedule: &["spec", "schedule"],
        stop: &["spec", "suspend"],
        seconds: true,
    },
    kind("snapscheduler.backube", "SnapshotSchedule", &["spec", "schedule"], &["spec", "disabled"]),
    kind("longhorn.io", "RecurringJob", &["spec", "cron"], &[]),
    kind(
        "volsync.backube",
        "ReplicationSource",
        &["spec", "trigger", "schedule"],
        &["spec", "paused"],
    ),
    kind(
        "k8s.mariadb.com",
        "Backup",
        &["spec", "schedule", "cron"],
        &["spec", "schedule", "suspend"],
    ),
    kind(
        "k8s.mariadb.com",
        "PhysicalBackup",
        &["spec", "schedule", "cron"],
        &["spec", "schedule", "suspend"],
    ),
    kind("pingcap.com", "BackupSchedule", &["spec", "schedule"], &["spec", "pause"]),
    kind(
        "medusa.k8ssandra.io",
        "MedusaBackupSchedule",
        &["spec", "cronSchedule"],
        &["spec", "disabled"],
    ),
    kind("stash.appscode.com", "BackupConfiguration", &["spec", "schedule"], &["spec", "paused"]),
    kind(
        "core.kubestash.com",
        "BackupConfiguration",
        &["spec", "sessions", "*", "scheduler", "schedule"],
        &["spec", "paused"],
    ),
    kind("stork.libopenstorage.org", "VolumeSnapshotSchedule", &[], &["spec", "suspend"]),
    kind("stork.libopenstorage.org", "ApplicationBackupSchedule", &[], &["spec", "suspend"]),
    kind(
        "pxc.percona.com",
        "PerconaXtraDBCluster",
        &["spec", "backup", "schedule", "*", "schedule"],
        &[],
    ),
    kind(
        "ps.percona.com",
        "PerconaServerMySQL",
        &["spec", "backup", "schedule", "*", "schedule"],
        &[],
    ),
    kind(
        "psmdb.percona.com",
        "PerconaServerMongoDB",
        &["spec", "backup", "tasks", "*", "schedule"],
        &[],
    ),
    kind(
        "postgres-operator.crunchydata.com",
        "PostgresCluster",
        &["spec", "backups", "pgbackrest", "repos", "*", "schedules", "*"],
        &[],
    ),
    kind(
        "pgv2.percona.com",
        "PerconaPGCluster",
        &["spec", "backups", "pgbackrest", "repos", "*", "schedules", "*"],
        &[],
    ),
];
