//! Jobs that dump a store.

use careen_kube_model::{Container, PodTemplate, Workload, field};
use careen_model::{ObjectRef, Snapshot, namespaces_agree};

use super::Subject;
use crate::program::image_of;
use crate::relations::{self, Workloads};
use crate::variables::{Origin, Variables};

/// Programs that save data, with the engines that they know; one without engines saves any file.
const TOOLS: [(&str, &[&str]); 26] = [
    ("barman", &["PostgreSQL"]),
    ("borg", &[]),
    ("clickhouse-backup", &["ClickHouse"]),
    ("cockroach dump", &["CockroachDB"]),
    ("elasticdump", &["Elasticsearch", "OpenSearch"]),
    ("etcdctl snapshot", &["etcd"]),
    ("influx backup", &["InfluxDB"]),
    ("kopia", &[]),
    ("mariabackup", &["MySQL", "MariaDB"]),
    ("mariadb-backup", &["MySQL", "MariaDB"]),
    ("mariadb-dump", &["MySQL", "MariaDB"]),
    ("mc mirror", &["MinIO"]),
    ("medusa", &["Cassandra"]),
    ("mongodump", &["MongoDB"]),
    ("mydumper", &["MySQL", "MariaDB"]),
    ("mysqldump", &["MySQL", "MariaDB"]),
    ("mysqlpump", &["MySQL", "MariaDB"]),
    ("neo4j-admin", &["Neo4j"]),
    ("pg_basebackup", &["PostgreSQL"]),
    ("pg_dump", &["PostgreSQL"]),
    ("pg_dumpall", &["PostgreSQL"]),
    ("pgbackrest", &["PostgreSQL"]),
    ("rclone", &[]),
    ("restic", &[]),
    ("wal-g", &["PostgreSQL", "MySQL", "MariaDB", "MongoDB"]),
    ("xtrabackup", &["MySQL", "MariaDB"]),
];

/// Bytes of arguments of one container that are searched.
const SEARCHED: usize = 1 << 18;
/// Pods that are compared with each store.
const MOST: usize = 1_000;

/// A pod that dumps something on a schedule, with its object.
pub(crate) type Dumper<'a> = (ObjectRef<'a>, PodTemplate<'a>);

/// The pods that dump something on a schedule: those of CronJobs, and those that run an image made for
/// it and keep time themselves.
pub(crate) fn dumpers<'a>(snapshot: &'a Snapshot) -> Vec<Dumper<'a>> {
    let workloads = Workloads::of(snapshot);
    let made = workloads.iter().filter(|workload| {
        let is_timed = workload.pod.workload == Workload::CronJob;
        workload.pod.containers().any(|container| {
            is_made_for_it(container) || (is_timed && tools(&words(container)).next().is_some())
        })
    });
    made.map(|workload| (workload.object, workload.pod)).take(MOST).collect()
}

/// Whether one of the pods dumps a store.
pub(super) fn save<'a>(
    dumpers: &[Dumper<'a>],
    variables: &Variables<'a>,
    subject: &Subject<'_>,
) -> bool {
    dumpers.iter().any(|(object, pod)| {
        !std::ptr::eq(object.view.object, subject.view().object)
            && pod.containers().any(|container| saves(container, variables, subject))
    })
}

fn saves<'a>(container: Container<'a>, variables: &Variables<'a>, subject: &Subject<'_>) -> bool {
    let words = words(container);
    let engine = subject.store.engine;
    let mut knows = tools(&words).any(|engines| engines.is_empty() || engines.contains(&engine));
    knows |= is_made_for_it(container) && is_image_of(container, engine);
    if !knows {
        return false;
    }
    let variables = variables.of_container(container);
    let named = subject.is_named_in(&words)
        || variables
            .iter()
            .any(|variable| variable.text().is_some_and(|text| subject.is_named_in(text)));
    let namespace = container.pod.object.namespace();
    let is_hidden = || {
        variables.iter().any(|variable| variable.origin == Origin::Secret)
            || container.env_from().any(|source| field(source, "secretRef").is_some())
    };
    named || mounts_its_claim(container.pod, subject)
        // Where the connection is a Secret's, the engine and the namespace have to do.
        || (namespaces_agree(namespace, subject.namespace()) && !engine.is_empty() && is_hidden())
}

/// Whether a pod mounts a claim of the store, as `restic` and its kin need it.
fn mounts_its_claim(pod: PodTemplate<'_>, subject: &Subject<'_>) -> bool {
    pod.volumes().any(|volume| {
        let claim = volume.source_of("persistentVolumeClaim");
        let name = claim.and_then(|claim| relations::text(claim, "claimName"));
        name.is_some_and(|name| subject.claims(name))
    })
}

/// The command and the arguments in one line.
fn words(container: Container<'_>) -> String {
    let mut line = String::new();
    for (word, _) in container.words() {
        if line.len() + word.len() > SEARCHED {
            break;
        }
        line.push_str(word);
        line.push(' ');
    }
    line
}

/// The engines of each tool that a line runs.
fn tools(line: &str) -> impl Iterator<Item = &'static [&'static str]> + use<'_> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let runs = move |tool: &str| {
        line.match_indices(tool).any(|(at, _)| {
            let before = line.get(..at).and_then(|text| text.chars().next_back());
            let after = line.get(at + tool.len()..).and_then(|text| text.chars().next());
            !before.is_some_and(part) && !after.is_some_and(part)
        })
    };
    TOOLS.iter().filter(move |(tool, _)| runs(tool)).map(|(_, engines)| *engines)
}

/// Whether the image of a container is made to save databases: `postgres-backup-local`,
/// `mysql-backup`.
fn is_made_for_it(container: Container<'_>) -> bool {
    last_of_image(container).is_some_and(|last| last.contains("backup") || last.contains("dump"))
}

fn is_image_of(container: Container<'_>, engine: &str) -> bool {
    let words: &[&str] = match engine {
        "PostgreSQL" => &["postgres", "pg"],
        "MySQL" | "MariaDB" => &["mysql", "mariadb"],
        "MongoDB" => &["mongo"],
        "etcd" => &["etcd"],
        "Elasticsearch" => &["elastic"],
        _ => &[],
    };
    last_of_image(container).is_some_and(|last| words.iter().any(|word| last.contains(word)))
}

fn last_of_image(container: Container<'_>) -> Option<String> {
    let (image, _) = image_of(container)?;
    let repository = image.repository();
    repository.rsplit('/').next().map(str::to_ascii_lowercase)
}
