//! SQL databases that containers use, by their variables.

use careen_kube_model::{Container, PodTemplate, ReferenceKind, references};
use careen_model::{Snapshot, namespaces_agree};
use careen_yaml::Node;

use crate::program::image_of;
use crate::relations::{Names, Workloads, selector_of};
use crate::variables::{Origin, Variable};

/// Bytes of one text that are searched for settings of a pool.
const SEARCHED: usize = 1 << 16;

/// Schemes of URLs of SQL databases, without what names the driver after a `+`.
const SCHEMES: [&str; 14] = [
    "cockroachdb",
    "mariadb",
    "mssql",
    "mysql",
    "mysql2",
    "oracle",
    "pg",
    "pgx",
    "pgx5",
    "postgis",
    "postgres",
    "postgresql",
    "sqlserver",
    "yugabytedb",
];

/// Ends of names of variables that hold a URL or another connection string.
const STRINGS: [&str; 14] = [
    "DATABASE_URL",
    "DATABASE_URI",
    "DATABASE_DSN",
    "DATASOURCE_URL",
    "DB_URL",
    "DB_URI",
    "DB_DSN",
    "JDBC_URL",
    "JDBC_DATABASE_URL",
    "MYSQL_DSN",
    "MYSQL_URL",
    "PG_DSN",
    "POSTGRES_DSN",
    "POSTGRES_URL",
];

/// Ends of names of variables that hold a host.
const HOSTS: [&str; 10] = [
    "DATABASE_HOST",
    "DATABASE_HOSTNAME",
    "DB_HOST",
    "DB_HOSTNAME",
    "MARIADB_HOST",
    "MYSQL_HOST",
    "PGHOST",
    "POSTGRESQL_HOST",
    "POSTGRES_HOST",
    "POSTGRES_HOSTNAME",
];

/// Words in names of what keeps connections open for others.
const POOLERS: [&str; 9] = [
    "maxscale",
    "odyssey",
    "pgbouncer",
    "pgcat",
    "pgdog",
    "pgpool",
    "pooler",
    "proxysql",
    "supavisor",
];

/// A database that a container uses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used<'v, 'a> {
    /// The variable that leads to it.
    pub(crate) variable: &'v Variable<'a>,
    /// The host, where the repository shows it.
    pub(crate) host: Option<&'a str>,
}

/// The first SQL database that variables lead to.
pub(crate) fn used<'v, 'a>(variables: &'v [Variable<'a>]) -> Option<Used<'v, 'a>> {
    variables.iter().find_map(|variable| {
        let name = &*variable.name;
        let ends = |ends: &[&str]| {
            ends.iter().any(|end| {
                name.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
            })
        };
        let Some(text) = variable.text() else {
            let hidden = matches!(variable.origin, Origin::Secret | Origin::ConfigMap);
            let is_database = hidden && (ends(&STRINGS) || ends(&HOSTS));
            return is_database.then_some(Used { variable, host: None });
        };
        let is_database = match text.split_once("://") {
            Some((scheme, _)) => is_sql(scheme),
            None => {
                text.contains("@tcp(")
                    || (ends(&STRINGS) && text.contains("host="))
                    || (ends(&HOSTS) && !text.is_empty())
            }
        };
        is_database.then(|| Used { variable, host: host(text) })
    })
}

fn is_sql(scheme: &str) -> bool {
    let scheme = scheme.strip_prefix("jdbc:").unwrap_or(scheme);
    let own = scheme.split(['+', ':']).next().unwrap_or(scheme);
    SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(own))
}

/// The host in a URL, in a string such as `user@tcp(host:3306)/name` or `host=a dbname=b`, or alone.
fn host(text: &str) -> Option<&str> {
    let rest = match text.split_once("://") {
        Some((_, rest)) => {
            let authority = rest.split(['/', '?']).next().unwrap_or(rest);
            authority.rsplit('@').next().unwrap_or(authority)
        }
        None => match (text.split_once("@tcp("), text.split_once("host=")) {
            (Some((_, rest)), _) | (None, Some((_, rest))) => rest,
            (None, None) => text,
        },
    };
    let end = |c: char| c.is_whitespace() || matches!(c, ':' | ',' | ')' | ';' | '/' | '\'');
    rest.split(end).next().filter(|host| !host.is_empty())
}

/// Finds what pools connections.
pub(crate) struct Pools<'a> {
    snapshot: &'a Snapshot,
    services: Names<'a>,
    maps: Names<'a>,
    /// Namespaces with a pooler of their own.
    poolers: Vec<Option<&'a str>>,
}

impl<'a> Pools<'a> {
    /// Reads the poolers of a snapshot.
    pub(crate) fn of(snapshot: &'a Snapshot, workloads: &Workloads<'a>) -> Self {
        let own = snapshot
            .of_kind("Pooler")
            .filter(|object| object.view.group() == "postgresql.cnpg.io")
            .map(|object| object.view.namespace());
        let runs = workloads
            .iter()
            .filter(|workload| workload.pod.is_long_running() && runs_pooler(workload.pod))
            .map(|workload| workload.object.view.namespace());
        Self {
            snapshot,
            services: Names::of(snapshot, &[("", "Service")]),
            maps: Names::of(snapshot, &[("", "ConfigMap")]),
            poolers: own.chain(runs).collect(),
        }
    }

    /// Whether connections of a container go through a pooler.
    pub(crate) fn stand_between(
        &self,
        container: Container<'a>,
        host: Option<&str>,
        workloads: &Workloads<'a>,
    ) -> bool {
        if runs_pooler(container.pod) {
            return true;
        }
        let namespace = container.pod.object.namespace();
        let Some(host) = host else {
            return self.poolers.iter().any(|own| namespaces_agree(*own, namespace));
        };
        let lower = host.to_ascii_lowercase();
        if is_pooler(&lower) || (lower.contains(".proxy-") && lower.ends_with(".amazonaws.com")) {
            return true;
        }
        let mut labels = host.split('.');
        let name = labels.next().unwrap_or_default();
        let there = labels.next().or(namespace);
        self.snapshot.named("Pooler", there, name).next().is_some()
            || self.services.all("Service", there, name).any(|service| {
                let selector = selector_of(service.view);
                let found = selector.and_then(|selector| {
                    workloads.selected_by(service.view.namespace(), &selector)
                });
                found.unwrap_or_default().iter().any(|workload| runs_pooler(workload.pod))
            })
    }

    /// Whether a container is told how many connections to keep: by a variable, an argument, or a
    /// ConfigMap that its pod uses.
    pub(crate) fn are_set(&self, container: Container<'a>, variables: &[Variable<'a>]) -> bool {
        let namespace = container.pod.object.namespace();
        variables.iter().any(|variable| {
            says_pool(&variable.name)
                || says_pool_in_name(&variable.name)
                || variable.text().is_some_and(says_pool)
        }) || container.words().any(|(word, _)| says_pool(word))
            || references(container.pod)
                .filter(|reference| reference.kind == ReferenceKind::ConfigMap)
                .any(|reference| {
                    let mut maps = self.maps.all("ConfigMap", namespace, reference.name).take(20);
                    maps.any(|map| {
                        let data = map.view.at(&["data"]);
                        let mut entries = data.iter().flat_map(Node::entries);
                        entries.any(|entry| entry.value.text().is_some_and(says_pool))
                    })
                })
    }
}

fn is_pooler(name: &str) -> bool {
    POOLERS.iter().any(|word| name.contains(word))
}

fn runs_pooler(pod: PodTemplate<'_>) -> bool {
    pod.containers().any(|container| {
        image_of(container).is_some_and(|(image, _)| is_pooler(&image.repository()))
    })
}

/// Whether a name is that of a pool's setting: `DB_POOL`, `RAILS_MAX_THREADS`.
fn says_pool_in_name(name: &str) -> bool {
    name.to_ascii_uppercase().split('_').any(|word| word == "POOL") || name == "RAILS_MAX_THREADS"
}

/// Whether a text sets the size of a pool: `pool_size`, `maximumPoolSize`, `max-open-conns`,
/// `connection_limit`.
fn says_pool(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "connectionlimit",
        "connectionpool",
        "maxconn",
        "maximumpool",
        "maxopenconn",
        "maxpool",
        "poolmax",
        "poolsize",
        "pool=",
    ];
    let text = text.get(..text.floor_char_boundary(SEARCHED)).unwrap_or(text);
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, '-' | '_' | '.' | ' '))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    WORDS.iter().any(|word| plain.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{host, is_sql, says_pool, says_pool_in_name};

    #[test]
    fn hosts_are_found() {
        for (text, expected) in [
            ("postgres://u:p%40@db.shop.svc:5432/x?sslmode=require", Some("db.shop.svc")),
            ("jdbc:postgresql://db/x", Some("db")),
            ("u:p@tcp(db:3306)/x", Some("db")),
            ("host=db user=u", Some("db")),
            ("db.shop", Some("db.shop")),
            ("", None),
        ] {
            assert_eq!(host(text), expected, "{text}");
        }
    }

    #[test]
    fn schemes_of_sql_databases() {
        for scheme in ["postgres", "postgresql+asyncpg", "jdbc:mysql", "MySQL"] {
            assert!(is_sql(scheme), "{scheme}");
        }
        for scheme in ["redis", "mongodb+srv", "http", "sqlite", ""] {
            assert!(!is_sql(scheme), "{scheme}");
        }
    }

    #[test]
    fn settings_of_pools() {
        for text in ["HIKARI_MAXIMUM_POOL_SIZE", "--max-open-conns=20", "x?pool_max_conns=4"] {
            assert!(says_pool(text), "{text}");
        }
        assert!(says_pool_in_name("DB_POOL"));
        for text in ["spool", "DATABASE_URL", "carpool-service"] {
            assert!(!says_pool(text) && !says_pool_in_name(text), "{text}");
        }
    }
}
