use careen_kube_model::field;
use careen_model::{Context, ObjectRef, Snapshot, Store, StoreForm, StoreKind, stores};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::backups::Subject;
use crate::encryption::{Encryption, of_class};
use crate::place::cut;
use crate::placeholder::is_placeholder;

rule! {
    /// Who gets hold of a disk, a snapshot or a copy of it reads the database, unless its storage is
    /// encrypted. That is asked for by the StorageClass of its volumes, or by the order of a managed
    /// database, and cannot be changed afterwards without moving the data.
    ///
    /// Where the StorageClass is not in the repository, or its provisioner is not known, the rule
    /// says that the encryption cannot be seen. Google's, Azure's, Oracle's and DigitalOcean's disks
    /// are always encrypted. Must be asked for; `persistent-volume-unencrypted` judges the
    /// StorageClasses themselves.
    ///
    /// ```yaml bad
    /// apiVersion: postgresql.cnpg.io/v1
    /// kind: Cluster
    /// metadata: {name: orders, namespace: shop}
    /// #                ^^^^^^ Cluster `shop/orders` (PostgreSQL) is not encrypted at rest: StorageClass `fast` does not set `encrypted`
    /// spec:
    ///   instances: 3
    ///   storage: {size: 20Gi, storageClass: fast}
    /// ---
    /// apiVersion: storage.k8s.io/v1
    /// kind: StorageClass
    /// metadata: {name: fast}
    /// provisioner: ebs.csi.aws.com
    /// parameters: {type: gp3}
    /// ---
    /// apiVersion: rds.services.k8s.aws/v1alpha1
    /// kind: DBInstance
    /// metadata: {name: ledger, namespace: shop}
    /// #                ^^^^^^ DBInstance `shop/ledger` (RDS) is not encrypted at rest: it does not set `storageEncrypted`
    /// spec: {engine: postgres, dbInstanceClass: db.m7g.large}
    /// ---
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata: {name: mysql, namespace: shop}
    /// #                ^^^^^ whether StatefulSet `shop/mysql` (MySQL) is encrypted at rest cannot be seen: it names no StorageClass
    /// spec:
    ///   serviceName: mysql
    ///   selector: {matchLabels: {app: mysql}}
    ///   template:
    ///     metadata: {labels: {app: mysql}}
    ///     spec:
    ///       containers:
    ///       - name: mysql
    ///         image: mysql:8.4.3
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
    ///   storage: {size: 20Gi, storageClass: fast}
    /// ---
    /// apiVersion: storage.k8s.io/v1
    /// kind: StorageClass
    /// metadata: {name: fast}
    /// provisioner: ebs.csi.aws.com
    /// parameters: {type: gp3, encrypted: "true"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "database-not-encrypted",
        summary: "storage of a database does not ask for encryption",
        remedy: "Use a StorageClass that encrypts, or set `storageEncrypted`; then move the data.",
        severity: Medium,
        check: Check::Snapshot(check),
        default: false,
        security: true,
        cwe: &[311],
        controls: &[control::DATABASE_ENCRYPTED],
        references: &[
            "https://kubernetes.io/docs/concepts/storage/storage-classes/",
            "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
        ],
    }
}

/// Stores that are looked at.
const STORES: usize = 1_000;
/// Nodes of one custom resource that are searched for the name of a StorageClass.
const NODES: usize = 10_000;

/// What is known of a database.
enum Finding {
    /// It is not encrypted, for this reason.
    Off(String),
    /// It cannot be seen, for this reason.
    Unseen(String),
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let stores = stores(snapshot);
    let databases =
        stores.iter().filter(|store| store.kind == StoreKind::Database && store.persistent);
    for store in databases.take(STORES) {
        let Some(object) = snapshot.at(store.place) else { continue };
        let Some(found) = look(snapshot, object, store) else { continue };
        let who = format!("{} ({})", object.view.display(), store.engine);
        let (message, confidence) = match found {
            Finding::Off(why) => {
                (format!("{who} is not encrypted at rest: {why}"), Confidence::High)
            }
            Finding::Unseen(why) => {
                let message = format!("whether {who} is encrypted at rest cannot be seen: {why}");
                (message, Confidence::Low)
            }
        };
        out.report(object.source(), object.view.name_span(), message)
            .object(object.path())
            .confidence(confidence);
    }
}

fn look(snapshot: &Snapshot, object: ObjectRef<'_>, store: &Store) -> Option<Finding> {
    let classes: Vec<Option<&str>> = match store.form {
        StoreForm::Managed => return of_order(object),
        StoreForm::Workload => Subject::of(snapshot, store)?.classes().collect(),
        StoreForm::Operator | StoreForm::Chart => named_classes(object).map(Some).collect(),
    };
    if classes.is_empty() {
        let why = match store.form {
            StoreForm::Workload => "it keeps its data in a folder of the node",
            _ => "it names no StorageClass",
        };
        return Some(Finding::Unseen(why.to_owned()));
    }
    classes.into_iter().find_map(|class| match class {
        None => Some(Finding::Unseen("it names no StorageClass".to_owned())),
        Some(name) => of_name(snapshot, name),
    })
}

fn of_name(snapshot: &Snapshot, name: &str) -> Option<Finding> {
    if is_placeholder(name) {
        return Some(Finding::Unseen("its StorageClass is filled in later".to_owned()));
    }
    let shown = cut(name);
    let mut known = snapshot.named("StorageClass", None, name).peekable();
    if known.peek().is_none() {
        let why = format!("StorageClass `{shown}` is not in the repository");
        return Some(Finding::Unseen(why));
    }
    known.find_map(|class| match of_class(class.view) {
        Encryption::On => None,
        Encryption::Refused(parameter, _) | Encryption::NotAsked(parameter) => {
            Some(Finding::Off(format!("StorageClass `{shown}` does not set `{parameter}`")))
        }
        Encryption::Unknown => {
            Some(Finding::Unseen(format!("the provisioner of StorageClass `{shown}` is not known")))
        }
    })
}

/// The StorageClasses that a custom resource or the values of a chart name.
fn named_classes<'a>(object: ObjectRef<'a>) -> impl Iterator<Item = &'a str> {
    let spec = object.view.spec();
    let visits = spec.into_iter().flat_map(|spec| spec.walk().take(NODES));
    visits.filter_map(|visit| {
        let key = visit.key.and_then(|key| key.text());
        let is_class = matches!(key, Some("storageClass" | "storageClassName"));
        visit.node.text().filter(|name| is_class && !name.is_empty() && *name != "-")
    })
}

/// What the order of a managed database says. Only Amazon's relational and document databases can be
/// had without encryption; a member of a cluster has its cluster's.
fn of_order(object: ObjectRef<'_>) -> Option<Finding> {
    let view = object.view;
    let group = view.group();
    if !["rds.", "docdb.", "documentdb.services", "database.aws"]
        .iter()
        .any(|start| group.starts_with(start))
    {
        return None;
    }
    let spec = view.at(&["spec", "forProvider"]).or_else(|| view.spec())?;
    let member = [
        "dbClusterIdentifier",
        "clusterIdentifier",
        "dbClusterIdentifierRef",
        "clusterIdentifierRef",
    ];
    if view.kind() != "Cluster"
        && view.kind() != "DBCluster"
        && member.iter().any(|key| field(spec, key).is_some())
    {
        return None;
    }
    match field(spec, "storageEncrypted") {
        Some(node) if node.as_bool() == Some(true) => None,
        Some(node) if node.text().is_some_and(is_placeholder) => None,
        _ => Some(Finding::Off("it does not set `storageEncrypted`".to_owned())),
    }
}
