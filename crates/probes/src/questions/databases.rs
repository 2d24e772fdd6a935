//! Has the Service of every database ready endpoints, and is its Secret there?
//!
//! A database is known by the image of its pods, or by the port of its Service. Caches are none.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::{Container, Pod, PodSpec, Service, ServicePort};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::network::{Backends, service_of};
use super::pods;
use crate::answer::{Answer, count};
use crate::cluster::{Cluster, Name};

/// PostgreSQL, MySQL, MongoDB, SQL Server, Cassandra, Oracle, CockroachDB.
const PORTS: [i32; 7] = [5432, 3306, 27017, 1433, 9042, 1521, 26257];

/// The last part of the names of images that are databases.
const IMAGES: [&str; 24] = [
    "postgres",
    "postgresql",
    "postgis",
    "timescaledb",
    "timescaledb-ha",
    "pgvector",
    "spilo",
    "crunchy-postgres",
    "mysql",
    "mysql-server",
    "community-server",
    "mariadb",
    "mariadb-galera",
    "percona",
    "percona-server",
    "percona-xtradb-cluster",
    "mongo",
    "mongodb",
    "percona-server-mongodb",
    "cassandra",
    "scylla",
    "cockroach",
    "couchdb",
    "neo4j",
];

pub(crate) fn ask(cluster: &Cluster) -> Answer {
    let backends = Backends::of(cluster);
    let mut answer = Answer { missing: backends.missing(), ..Answer::default() };
    if !["Service", "Pod"].into_iter().any(|kind| cluster.has(kind)) {
        answer.missing.push("Service");
    }
    let pods: BTreeMap<&Name, &Pod> =
        cluster.pods.iter().filter(|(_, pod)| is_database(pod.spec.as_ref())).collect();
    let services = services(cluster, &pods);
    for name in &services {
        ask_service(cluster, name, &backends, &mut answer);
    }
    for (name, pod) in &pods {
        let is_served = services.iter().any(|service| serves(cluster, service, name, pod));
        if !is_served && !pods::is_ready(pod) {
            answer.problem("Pod", name, "is a database that is not ready");
        }
    }
    ask_sets(cluster, &mut answer);
    let mut words = told(services.len(), pods.len());
    if !pods.is_empty() {
        ask_secrets(cluster, &pods, &mut answer, &mut words);
    }
    answer.missing.dedup();
    answer.told(services.len() + pods.len(), &words)
}

fn told(services: usize, pods: usize) -> Vec<String> {
    if services + pods == 0 {
        return vec!["no database is in the dump".to_owned()];
    }
    let services = count(services, "Service of a database", "Services of databases");
    vec![services, count(pods, "pod of a database", "pods of databases")]
}

/// The Services that lead to databases; where Services were not listed, by their slices.
fn services(cluster: &Cluster, pods: &BTreeMap<&Name, &Pod>) -> BTreeSet<Name> {
    let by_port_or_pod = cluster.services.iter().filter(|(name, service)| {
        has_port(service) || pods.iter().any(|(pod, found)| selects(service, name, pod, found))
    });
    let mut all: BTreeSet<Name> = by_port_or_pod.map(|(name, _)| name.clone()).collect();
    if !cluster.has("Service") {
        for (name, slice) in &cluster.slices {
            let by_port = slice
                .ports
                .iter()
                .flatten()
                .any(|port| port.port.is_some_and(|port| PORTS.contains(&port)));
            let targets = slice
                .endpoints
                .iter()
                .flatten()
                .filter_map(|endpoint| endpoint.target_ref.as_ref()?.name.as_deref());
            let by_pod = targets.map(|pod| name.beside(pod)).any(|pod| pods.contains_key(&pod));
            all.extend(service_of(name, slice).filter(|_| by_port || by_pod));
        }
    }
    all
}

fn ask_service(cluster: &Cluster, name: &Name, backends: &Backends, answer: &mut Answer) {
    let spec = cluster.services.get(name).and_then(|service| service.spec.as_ref());
    if spec.and_then(|spec| spec.type_.as_deref()) == Some("ExternalName") {
        // Where the name leads to is no object of the cluster.
        if !answer.missing.contains(&"DNS") {
            answer.missing.push("DNS");
        }
    } else if backends.known && backends.of_service(name) == 0 {
        answer.problem("Service", name, "leads to a database and has no ready endpoint");
    }
}

/// A set of which no replica is ready is down, whatever its Service says.
fn ask_sets(cluster: &Cluster, answer: &mut Answer) {
    for (name, set) in &cluster.stateful_sets {
        let template = set.spec.template.spec.as_ref();
        let desired = set.spec.replicas.unwrap_or(1);
        let ready = set.status.as_ref().and_then(|status| status.ready_replicas).unwrap_or(0);
        if is_database(template) && desired > 0 && ready == 0 {
            answer.problem("StatefulSet", name, "is a database without a ready replica");
        }
    }
}

fn ask_secrets(
    cluster: &Cluster,
    pods: &BTreeMap<&Name, &Pod>,
    answer: &mut Answer,
    words: &mut Vec<String>,
) {
    if !cluster.has("Secret") {
        words.push("Secrets are not in the dump".to_owned());
        return;
    }
    for (name, pod) in pods {
        for secret in pod.spec.as_ref().map(secrets).unwrap_or_default() {
            if !cluster.secrets.contains(&name.beside(secret)) {
                let what = format!("needs Secret `{}`, which is not there", name.beside(secret));
                answer.problem("Pod", name, &what);
            }
        }
    }
}

/// The Secrets that a pod cannot do without.
fn secrets(spec: &PodSpec) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for container in containers(spec) {
        let values = container.env.iter().flatten().filter_map(|each| each.value_from.as_ref());
        let keys = values.filter_map(|value| value.secret_key_ref.as_ref());
        names.extend(keys.filter(|key| key.optional != Some(true)).map(|key| key.name.as_str()));
        let whole = container.env_from.iter().flatten().filter_map(|each| each.secret_ref.as_ref());
        names.extend(
            whole.filter(|each| each.optional != Some(true)).map(|each| each.name.as_str()),
        );
    }
    let volumes = spec.volumes.iter().flatten().filter_map(|volume| volume.secret.as_ref());
    let needed = volumes.filter(|secret| secret.optional != Some(true));
    names.extend(needed.filter_map(|secret| secret.secret_name.as_deref()));
    names.retain(|name| !name.is_empty());
    names
}

fn containers(spec: &PodSpec) -> impl Iterator<Item = &Container> {
    spec.init_containers.iter().flatten().chain(&spec.containers)
}

fn is_database(spec: Option<&PodSpec>) -> bool {
    let images = spec.into_iter().flat_map(|spec| &spec.containers);
    images.filter_map(|container| container.image.as_deref()).any(is_database_image)
}

/// Whether an image is known to be a database, wherever it is kept and whatever its version.
fn is_database_image(image: &str) -> bool {
    let path = image.split('@').next().unwrap_or_default();
    let (folder, last) = path.rsplit_once('/').unwrap_or(("", path));
    let last = last.split(':').next().unwrap_or_default();
    IMAGES.contains(&last) || (last == "server" && folder.ends_with("mssql"))
}

fn has_port(service: &Service) -> bool {
    let is_one = |port: &ServicePort| {
        let target = match port.target_port {
            Some(IntOrString::Int(number)) => number,
            _ => port.port,
        };
        PORTS.contains(&port.port) || PORTS.contains(&target)
    };
    let ports = service.spec.as_ref().and_then(|spec| spec.ports.as_ref());
    ports.into_iter().flatten().any(is_one)
}

fn selects(service: &Service, name: &Name, pod_name: &Name, pod: &Pod) -> bool {
    let Some(selector) = service.spec.as_ref().and_then(|spec| spec.selector.as_ref()) else {
        return false;
    };
    let labels = pod.metadata.labels.as_ref();
    let has = |(key, value): (&String, &String)| {
        labels.and_then(|labels| labels.get(key)).is_some_and(|known| known == value)
    };
    !selector.is_empty() && name.namespace == pod_name.namespace && selector.iter().all(has)
}

fn serves(cluster: &Cluster, service: &Name, pod_name: &Name, pod: &Pod) -> bool {
    match cluster.services.get(service) {
        Some(found) => selects(found, service, pod_name, pod),
        // Known by its slices alone, which name its pods.
        None => cluster.slices.iter().any(|(name, slice)| {
            let is_it = |pod: &str| name.beside(pod) == *pod_name;
            let mut targets = slice
                .endpoints
                .iter()
                .flatten()
                .filter_map(|endpoint| endpoint.target_ref.as_ref()?.name.as_deref());
            service_of(name, slice).as_ref() == Some(service) && targets.any(is_it)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::is_database_image;

    #[test]
    fn databases_are_known_by_their_images() {
        for image in [
            "postgres",
            "postgres:16.4",
            "registry.example.com:5000/bitnami/postgresql:16@sha256:00",
            "mcr.microsoft.com/mssql/server:2022-latest",
            "docker.io/library/mongo@sha256:00",
        ] {
            assert!(is_database_image(image), "{image}");
        }
        for image in
            ["", "postgres-exporter:1", "mysql/mysqld-exporter", "redis:7", "shop/server:1"]
        {
            assert!(!is_database_image(image), "{image}");
        }
    }
}
