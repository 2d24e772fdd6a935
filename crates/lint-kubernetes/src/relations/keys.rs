//! The keys that pods ask ConfigMaps and Secrets for.

use std::fmt;

use careen_kube_model::refs::volume_keys;
use careen_kube_model::{Container, ObjectView, PodTemplate, ReferenceKind, field, references};
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::SnapshotSink;
use careen_yaml::Node;

use super::{Names, RELATED, Workloads, text};

/// One key that is asked for.
struct Asked<'a> {
    name: &'a str,
    key: &'a str,
    node: Node<'a>,
    who: Who<'a>,
}

/// What asks for it.
enum Who<'a> {
    Container(Container<'a>),
    Volume(&'a str, ObjectView<'a>),
}

impl fmt::Display for Who<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Container(container) => container.display().fmt(formatter),
            Self::Volume(name, object) => {
                write!(formatter, "volume `{name}` of {}", object.display())
            }
        }
    }
}

/// Reports the keys that no object of the kind and name has.
pub(crate) fn check(
    kind: ReferenceKind,
    snapshot: &Snapshot,
    _: &Context,
    out: &mut SnapshotSink<'_>,
) {
    let noun = kind.kind();
    let names = Names::of(snapshot, &[("", noun)]);
    if names.is_empty() {
        return;
    }
    for workload in Workloads::of(snapshot).iter() {
        let view = workload.object.view;
        for Asked { name, key, node, who } in asked(workload.pod, kind) {
            let mut found = names.all(noun, view.namespace(), name).peekable();
            if found.peek().is_none() {
                continue;
            }
            let found: Vec<ObjectRef<'_>> = found.collect();
            if found.iter().any(|object| has_key(*object, key)) {
                continue;
            }
            let message =
                format!("{who} needs key `{key}` of {noun} `{name}`, which it does not have");
            let finding = out.report(workload.object.source(), node.span(), message);
            finding.object(workload.object.path()).evidence(format!("{name}/{key}"));
            for object in found.iter().take(RELATED) {
                let message = format!("{} has no key `{key}`", object.view.display());
                finding.related(object.source(), object.view.name_span(), message);
            }
        }
    }
}

fn asked(pod: PodTemplate<'_>, kind: ReferenceKind) -> Vec<Asked<'_>> {
    let mut asked: Vec<Asked<'_>> = references(pod)
        .filter(|found| found.kind == kind && !found.optional)
        .filter_map(|found| {
            let node = found.key?;
            let who = Who::Container(found.container?);
            Some(Asked { name: found.name, key: node.text()?, node, who })
        })
        .collect();
    let (source, name) = match kind {
        ReferenceKind::Secret => ("secret", "secretName"),
        _ => ("configMap", "name"),
    };
    for volume in pod.volumes() {
        let Some(node) = volume.source_of(source) else { continue };
        let optional = field(node, "optional").and_then(|node| node.as_bool()) == Some(true);
        let Some(name) = text(node, name).filter(|_| !optional) else { continue };
        let keys = volume_keys(volume).unwrap_or_default();
        asked.extend(keys.into_iter().map(|(key, node)| Asked {
            name,
            key,
            node,
            who: Who::Volume(volume.name, pod.object),
        }));
    }
    asked
}

/// Whether an object has a key, or may have it: one without any key is filled in by something
/// else, such as an overlay or a controller.
fn has_key(object: ObjectRef<'_>, key: &str) -> bool {
    let mut any = false;
    for list in ["data", "stringData", "binaryData"] {
        let Some(list) = field(object.view.root(), list) else { continue };
        if list.get(key).is_some() {
            return true;
        }
        any |= list.entries().next().is_some();
    }
    !any
}
