//! What keeps data: databases, caches, queues and their kin.
//!
//! A store is known by the image that a workload runs, by the custom resource that an operator turns
//! into one, by the managed service that an object orders, by the chart that a release installs, or
//! by the volumes that a StatefulSet claims for its pods.

mod engines;

use careen_image_model::reference;
use careen_kube_model::{Container, ObjectView, PodTemplate, Role, Workload, field, path};

use crate::{Place, Snapshot};

/// Stores of one repository that are told; the rest of a hostile one is left out.
const MOST: usize = 10_000;

/// What a store is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StoreKind {
    /// Records that must not be lost: PostgreSQL, MySQL, MongoDB, etcd.
    Database,
    /// Copies that can be made again: Redis, Memcached.
    Cache,
    /// Messages on their way: Kafka, RabbitMQ, NATS.
    Queue,
    /// An index for search: Elasticsearch, OpenSearch, Solr.
    Search,
    /// Objects or blobs: MinIO, a bucket.
    Objects,
    /// A StatefulSet that claims volumes for something else.
    Other,
}

/// How a store came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StoreForm {
    /// The place is a workload of the repository that runs the store.
    Workload,
    /// The place is a custom resource that an operator turns into pods.
    Operator,
    /// The place is an object that orders the store from a cloud: RDS, Cloud SQL.
    Managed,
    /// The place is a release of a chart: a `HelmRelease` or an `Application`.
    Chart,
}

/// A store with the object that declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// What it is for.
    pub kind: StoreKind,
    /// Its proper name, such as `PostgreSQL`; empty for [`StoreKind::Other`].
    pub engine: &'static str,
    /// The object that declares it: see [`Snapshot::at`].
    pub place: Place,
    /// How it came to be known.
    pub form: StoreForm,
    /// The namespace it runs in, where one is written. For a chart this is the one it is installed into.
    pub namespace: Option<Box<str>>,
    /// The name of the container that runs it, for [`StoreForm::Workload`] with a known image.
    pub container: Option<Box<str>>,
    /// Whether its data outlives its pods: on claimed volumes, or because an operator or a cloud keeps
    /// it. Of a chart this is not known and taken to be so.
    pub persistent: bool,
}

/// The stores of a snapshot, in order of path and place. Each object is told once, a workload with
/// several stores once for each of its containers that is one. Parts of workloads, such as patches,
/// are left out, and so are Jobs and clients that use the image of a store.
#[must_use]
pub fn stores(snapshot: &Snapshot) -> Vec<Store> {
    snapshot.index(Index::of).0.clone()
}

struct Index(Vec<Store>);

impl Index {
    fn of(snapshot: &Snapshot) -> Self {
        let mut found = Vec::new();
        for (place, object) in snapshot.places() {
            if found.len() >= MOST {
                break;
            }
            let view = object.view;
            if view.is_fragment() {
                continue;
            }
            match of_resource(place, view) {
                Some(store) => found.push(store),
                None => of_workload(place, view, &mut found),
            }
        }
        found.truncate(MOST);
        Self(found)
    }
}

/// The database, cache or queue that an image holds: its kind and proper name. The reference is taken
/// apart; a client, an exporter or an operator of the store is none.
#[must_use]
pub fn store_of_image(image: &str) -> Option<(StoreKind, &'static str)> {
    let parsed = reference::parse(image).ok()?;
    engines::of_repository(&parsed.repository())
}

fn of_resource(place: Place, view: ObjectView<'_>) -> Option<Store> {
    let (kind, engine, form, namespace) = match engines::of_resource(view.group(), view.kind()) {
        Some((kind, engine, form)) => (kind, engine, form, view.namespace()),
        None => {
            let (chart, namespace) = chart(view)?;
            let (kind, engine) = engines::of_repository(chart)?;
            (kind, engine, StoreForm::Chart, namespace.or_else(|| view.namespace()))
        }
    };
    Some(Store {
        kind,
        engine,
        place,
        form,
        namespace: namespace.map(Into::into),
        container: None,
        persistent: true,
    })
}

/// The chart that a release of Flux, k3s or Argo CD installs, with the namespace it goes to.
fn chart(view: ObjectView<'_>) -> Option<(&str, Option<&str>)> {
    let (chart, namespace): (&[&str], &[&str]) = match (view.group(), view.kind()) {
        ("helm.toolkit.fluxcd.io", "HelmRelease") => {
            (&["spec", "chart", "spec", "chart"], &["spec", "targetNamespace"])
        }
        ("helm.cattle.io", "HelmChart") => (&["spec", "chart"], &["spec", "targetNamespace"]),
        ("argoproj.io", "Application") => {
            (&["spec", "source", "chart"], &["spec", "destination", "namespace"])
        }
        _ => return None,
    };
    let text = |keys| view.at(keys).and_then(|node| node.text());
    Some((text(chart)?, text(namespace)))
}

fn of_workload(place: Place, view: ObjectView<'_>, found: &mut Vec<Store>) {
    let claims = view.workload() == Some(Workload::StatefulSet)
        && view
            .at(&["spec", "volumeClaimTemplates"])
            .is_some_and(|list| list.items().next().is_some());
    for pod in view.pod_templates().filter(|pod| pod.is_long_running() && !pod.is_partial()) {
        let before = found.len();
        let persistent = claims || mounts_claim(pod);
        let store = |kind, engine, container: Option<&str>| Store {
            kind,
            engine,
            place,
            form: StoreForm::Workload,
            namespace: view.namespace().map(Into::into),
            container: container.map(Into::into),
            persistent,
        };
        for container in pod.containers().filter(runs_always) {
            let known = container.image().and_then(|image| store_of_image(image.text()?));
            if let Some((kind, engine)) = known.filter(|_| !runs_client(container)) {
                found.push(store(kind, engine, Some(container.name)));
            }
        }
        if found.len() == before && claims {
            found.push(store(StoreKind::Other, "", None));
        }
    }
}

fn runs_always(container: &Container<'_>) -> bool {
    matches!(container.role, Role::Main | Role::Sidecar)
}

/// Whether a container does something else with the image of a store: it dumps, asks or waits.
fn runs_client(container: Container<'_>) -> bool {
    let Some(command) = container.command() else { return false };
    let first = command.items().find_map(|word| word.text()).unwrap_or_default();
    let program = first.rsplit('/').next().unwrap_or(first);
    engines::CLIENTS.contains(&program)
}

/// Whether a pod has a volume that outlives it: a claim, or a folder of the node.
fn mounts_claim(pod: PodTemplate<'_>) -> bool {
    pod.volumes().any(|volume| {
        let claim = volume.source_of("persistentVolumeClaim");
        claim.and_then(|claim| field(claim, "claimName")).is_some()
            || volume.source_of("hostPath").and_then(|node| path(node, &["path"])).is_some()
    })
}

#[cfg(test)]
mod tests;
