//! Schedules of backup tools and of snapshots, and which stores they save.

use careen_kube_model::{Selector, field, path};
use careen_model::{ObjectRef, Snapshot, StoreForm, namespaces_agree};
use careen_yaml::{Kind, Node};

use super::tools::{self, KINDS};
use super::{Subject, holds_namespace, is_true};
use crate::relations::text;

/// Values of one path that are read.
const VALUES: usize = 100;

/// An object that saves something, with its schedules.
pub(crate) struct Schedule<'a> {
    /// The object.
    pub(crate) object: ObjectRef<'a>,
    /// Its schedules.
    pub(crate) times: Vec<Node<'a>>,
    /// What stops it, if it is stopped.
    pub(crate) stopped: Option<Node<'a>>,
    /// Whether its schedules start with seconds.
    pub(crate) seconds: bool,
}

/// All schedules of backup tools of a repository.
pub(crate) fn schedules(snapshot: &Snapshot) -> impl Iterator<Item = Schedule<'_>> {
    KINDS.iter().flat_map(move |kind| {
        let found = snapshot
            .of_kind(kind.kind)
            .filter(|object| object.view.group() == kind.group && !object.view.is_fragment());
        found.map(|object| of(object, kind))
    })
}

fn of<'a>(object: ObjectRef<'a>, kind: &tools::Kind) -> Schedule<'a> {
    let mut times = Vec::new();
    if !kind.schedule.is_empty() {
        values(object.view.root(), kind.schedule, &mut times);
    }
    let stop = object.view.at(kind.stop).filter(|_| !kind.stop.is_empty());
    let stopped = stop.filter(|node| node.as_bool() == Some(true));
    Schedule { object, times, stopped, seconds: kind.seconds }
}

/// The scalars at the end of a path with `*` in it.
fn values<'a>(node: Node<'a>, keys: &[&str], found: &mut Vec<Node<'a>>) {
    match keys {
        [] if found.len() < VALUES && node.kind() == Kind::Scalar => found.push(node),
        [] => {}
        ["*", rest @ ..] => {
            for item in node.items().take(VALUES) {
                values(item, rest, found);
            }
            for entry in node.entries().take(VALUES) {
                values(entry.value, rest, found);
            }
        }
        [key, rest @ ..] => {
            if let Some(node) = field(node, key) {
                values(node, rest, found);
            }
        }
    }
}

/// Whether a schedule of a tool that knows nothing of the store saves it.
pub(super) fn save(snapshot: &Snapshot, subject: &Subject<'_>) -> bool {
    let any = |kind: &str, group: &str, saves: &dyn Fn(ObjectRef<'_>) -> bool| {
        snapshot.of_kind(kind).any(|object| object.view.group() == group && saves(object))
    };
    let here =
        |object: ObjectRef<'_>| namespaces_agree(object.view.namespace(), subject.namespace());
    let on_claim = |object: ObjectRef<'_>, keys: &[&str]| {
        let claim = object.view.at(keys).and_then(|node| node.text());
        here(object) && claim.is_some_and(|claim| subject.claims(claim))
    };
    any("Schedule", "velero.io", &|object| of_velero(object, subject))
        || any("SnapshotSchedule", "snapscheduler.backube", &|object| {
            here(object) && selects(object.view.at(&["spec", "claimSelector"]), subject)
        })
        || any("RecurringJob", "longhorn.io", &|object| of_longhorn(snapshot, object, subject))
        || any("Schedule", "k8up.io", &|object| {
            here(object) && object.view.at(&["spec", "backup", "schedule"]).is_some()
        })
        || any("ReplicationSource", "volsync.backube", &|object| {
            on_claim(object, &["spec", "sourcePVC"])
        })
        || any("VolumeSnapshotSchedule", "stork.libopenstorage.org", &|object| {
            on_claim(object, &["spec", "template", "spec", "persistentVolumeClaimName"])
        })
        || any("ApplicationBackupSchedule", "stork.libopenstorage.org", &|object| {
            let list = object.view.at(&["spec", "template", "spec", "namespaces"]);
            list.is_some() && holds_namespace(list, subject.namespace())
        })
        || any("SnapshotGroup", "gemini.fairwinds.com", &|object| {
            on_claim(object, &["spec", "persistentVolumeClaim", "claimName"])
        })
        || any("Policy", "config.kio.kasten.io", &|object| of_kasten(object, subject))
}

fn selects(selector: Option<Node<'_>>, subject: &Subject<'_>) -> bool {
    selector.is_none_or(|node| subject.fits(&Selector::label_selector(node)))
}

/// Whether a schedule of Velero holds the namespace and the labels of a store, and its volumes.
fn of_velero(object: ObjectRef<'_>, subject: &Subject<'_>) -> bool {
    let Some(template) = object.view.at(&["spec", "template"]) else { return false };
    let list = |key| field(template, key);
    let resources = list("includedResources");
    let holds_volumes = resources.is_none_or(|resources| {
        let mut names = resources.items().filter_map(|item| item.text()).peekable();
        let volumes = ["*", "persistentvolumeclaims", "persistentvolumeclaim", "pvc", "pods", "po"];
        names.peek().is_none() || names.any(|name| volumes.contains(&name))
    });
    let excluded = list("excludedNamespaces").filter(|list| list.items().next().is_some());
    let is_excluded = subject.namespace().is_some()
        && excluded.is_some()
        && holds_namespace(excluded, subject.namespace());
    let by_files = ["defaultVolumesToFsBackup", "defaultVolumesToRestic"];
    let by_files = by_files.iter().any(|key| is_true(Some(template), key)) || is_annotated(subject);
    let refuses = list("snapshotVolumes").and_then(|node| node.as_bool()) == Some(false);
    let either = list("orLabelSelectors")
        .map(|list| list.items().any(|node| subject.fits(&Selector::label_selector(node))));
    holds_volumes
        && !is_excluded
        && holds_namespace(list("includedNamespaces"), subject.namespace())
        && (!refuses || by_files)
        && selects(list("labelSelector"), subject)
        && either.unwrap_or(true)
}

/// Whether the pods name volumes that Velero is to save file by file.
fn is_annotated(subject: &Subject<'_>) -> bool {
    subject
        .view()
        .pod_templates()
        .any(|pod| pod.annotations().has("backup.velero.io/backup-volumes"))
}

/// Whether a policy of Kasten makes backups of the store's namespace.
fn of_kasten(object: ObjectRef<'_>, subject: &Subject<'_>) -> bool {
    let actions = object.view.at(&["spec", "actions"]);
    let saves = actions
        .into_iter()
        .flat_map(|list| list.items())
        .any(|item| text(item, "action") == Some("backup"));
    let Some(selector) = object.view.at(&["spec", "selector"]) else { return saves };
    const NAMESPACE: &str = "k10.kasten.io/appNamespace";
    let named = path(selector, &["matchLabels", NAMESPACE]).and_then(|node| node.text());
    let wanted = field(selector, "matchExpressions");
    let listed = wanted.into_iter().flat_map(|list| list.items()).any(|item| {
        text(item, "key") == Some(NAMESPACE)
            && holds_namespace(field(item, "values"), subject.namespace())
    });
    let here = subject.namespace().is_none() || named == subject.namespace();
    saves && ((named.is_some() && here) || listed)
}

/// Whether a recurring job of Longhorn saves the volumes of a store: those of a group, or the ones that
/// name it.
fn of_longhorn(snapshot: &Snapshot, object: ObjectRef<'_>, subject: &Subject<'_>) -> bool {
    let task = object.view.at(&["spec", "task"]).and_then(|node| node.text());
    let saves = task.is_some_and(|task| {
        task.starts_with("backup")
            || (task.starts_with("snapshot")
                && !task.ends_with("cleanup")
                && !task.ends_with("delete"))
    });
    let groups = object.view.at(&["spec", "groups"]);
    let mut groups =
        groups.into_iter().flat_map(|list| list.items()).filter_map(|item| item.text());
    let name = object.view.name();
    let by_label = |group: &str| {
        let keys = [
            format!("recurring-job-group.longhorn.io/{group}"),
            format!("recurring-job.longhorn.io/{name}"),
        ];
        subject.claims.iter().any(|claim| keys.iter().any(|key| claim.labels.has(key)))
    };
    let is_meant = by_label("") || groups.any(|group| group == "default" || by_label(group));
    saves && is_meant && is_on_longhorn(snapshot, subject)
}

/// Whether the volumes of a store may be Longhorn's: they say so, or leave it to the cluster.
fn is_on_longhorn(snapshot: &Snapshot, subject: &Subject<'_>) -> bool {
    subject.store.form != StoreForm::Workload
        || subject.classes().any(|class| {
            class.is_none_or(|class| {
                let known = snapshot.named("StorageClass", None, class).next();
                let by = known.and_then(|known| text(known.view.root(), "provisioner"));
                by.map_or(class.contains("longhorn"), |by| by.ends_with("driver.longhorn.io"))
            })
        })
}
