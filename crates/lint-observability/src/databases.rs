//! Databases, and the metrics that their exporters have.

use careen_kube_model::PodTemplate;
use careen_model::{ObjectRef, Snapshot};

use crate::agents::last_part;
use crate::place::pods;

/// A database in a repository.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Database<'a> {
    /// What people call it.
    pub(crate) name: &'static str,
    /// What names of its metrics begin with.
    pub(crate) metrics: &'static [&'static str],
    pub(crate) object: ObjectRef<'a>,
}

const POSTGRES: &[&str] = &["pg_", "cnpg_", "ccp_", "patroni_", "postgres_", "pgbouncer_"];
const MYSQL: &[&str] = &["mysql_", "mysqld_", "mariadb_"];
const MONGO: &[&str] = &["mongodb_", "mongo_"];
const CASSANDRA: &[&str] = &["cassandra_", "mcac_", "org_apache_cassandra_", "scylla_"];
const COCKROACH: &[&str] =
    &["sys_", "sql_", "ranges_", "capacity", "liveness_", "replicas_", "crdb_", "admission_"];

/// Images by the last part of their repository.
const IMAGES: [(&str, &str, &[&str]); 17] = [
    ("postgres", "PostgreSQL", POSTGRES),
    ("postgresql", "PostgreSQL", POSTGRES),
    ("postgresql-repmgr", "PostgreSQL", POSTGRES),
    ("postgis", "PostgreSQL", POSTGRES),
    ("pgvector", "PostgreSQL", POSTGRES),
    ("timescaledb", "TimescaleDB", POSTGRES),
    ("mysql", "MySQL", MYSQL),
    ("mysql-server", "MySQL", MYSQL),
    ("percona-server", "MySQL", MYSQL),
    ("mariadb", "MariaDB", MYSQL),
    ("mariadb-galera", "MariaDB", MYSQL),
    ("mongo", "MongoDB", MONGO),
    ("mongodb", "MongoDB", MONGO),
    ("mongodb-community-server", "MongoDB", MONGO),
    ("cassandra", "Cassandra", CASSANDRA),
    ("scylla", "ScyllaDB", CASSANDRA),
    ("cockroach", "CockroachDB", COCKROACH),
];

/// Objects that an operator makes databases of, by group and kind.
const OBJECTS: [(&str, &str, &str, &[&str]); 15] = [
    ("postgresql.cnpg.io", "Cluster", "PostgreSQL", POSTGRES),
    ("acid.zalan.do", "postgresql", "PostgreSQL", POSTGRES),
    ("postgres-operator.crunchydata.com", "PostgresCluster", "PostgreSQL", POSTGRES),
    ("pgv2.percona.com", "PerconaPGCluster", "PostgreSQL", POSTGRES),
    ("stackgres.io", "SGCluster", "PostgreSQL", POSTGRES),
    ("pxc.percona.com", "PerconaXtraDBCluster", "MySQL", MYSQL),
    ("ps.percona.com", "PerconaServerMySQL", "MySQL", MYSQL),
    ("mysql.oracle.com", "InnoDBCluster", "MySQL", MYSQL),
    ("k8s.mariadb.com", "MariaDB", "MariaDB", MYSQL),
    ("mongodbcommunity.mongodb.com", "MongoDBCommunity", "MongoDB", MONGO),
    ("psmdb.percona.com", "PerconaServerMongoDB", "MongoDB", MONGO),
    ("k8ssandra.io", "K8ssandraCluster", "Cassandra", CASSANDRA),
    ("cassandra.datastax.com", "CassandraDatacenter", "Cassandra", CASSANDRA),
    ("scylla.scylladb.com", "ScyllaCluster", "ScyllaDB", CASSANDRA),
    ("crdb.cockroachlabs.com", "CrdbCluster", "CockroachDB", COCKROACH),
];

/// The databases that a repository runs, in order of path and place.
pub(crate) fn databases(snapshot: &Snapshot) -> Vec<Database<'_>> {
    let running = pods(snapshot).filter(|(_, pod)| pod.is_long_running());
    let by_image = running.filter_map(|(object, pod)| {
        let (_, name, metrics) = image(pod)?;
        Some(Database { name, metrics, object })
    });
    let by_object = OBJECTS.iter().flat_map(|(group, kind, name, metrics)| {
        let objects = snapshot.of_kind(kind);
        let objects = objects
            .filter(move |object| object.view.group() == *group && !object.view.is_fragment());
        objects.map(move |object| Database { name, metrics, object })
    });
    let mut found: Vec<_> = by_image.chain(by_object).collect();
    found.sort_by(|a, b| {
        let key = |database: &Database<'_>| {
            (database.object.source().shared_path(), database.object.index)
        };
        key(a).cmp(&key(b))
    });
    found
}

fn image(pod: PodTemplate<'_>) -> Option<(&'static str, &'static str, &'static [&'static str])> {
    pod.main_containers().find_map(|container| {
        let image = last_part(container.image()?.text()?);
        IMAGES.iter().find(|(known, ..)| *known == image).copied()
    })
}
