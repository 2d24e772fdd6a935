//! Where findings belong, and how things are shown in messages.

use careen_kube_model::{Container, PodTemplate};
use careen_model::{ObjectRef, PathClass, Snapshot};
use careen_rule::ObjectPath;

/// The start of a name from a file, short enough for a message.
pub(crate) fn cut(name: &str) -> &str {
    name.get(..name.floor_char_boundary(120)).unwrap_or(name)
}

/// The path of a container, or of the object around a pod.
pub(crate) fn path_of(pod: PodTemplate<'_>, container: Option<Container<'_>>) -> ObjectPath {
    let view = pod.object;
    ObjectPath {
        api_version: view.api_version().to_owned(),
        kind: view.kind().to_owned(),
        namespace: view.namespace().map(str::to_owned),
        name: view.name().to_owned(),
        container: container.map(|container| container.name.to_owned()),
        field: None,
    }
}

/// The pods that are whole, with their objects, in order of path and place.
pub(crate) fn pods(snapshot: &Snapshot) -> impl Iterator<Item = (ObjectRef<'_>, PodTemplate<'_>)> {
    snapshot.objects().flat_map(|object| {
        let pods = object.view.pod_templates();
        pods.filter(|pod| !pod.is_partial()).map(move |pod| (object, pod))
    })
}

/// The workload that stands for the whole repository: the first that runs on, of those in tests and
/// examples only if there is no other.
pub(crate) fn first_workload(snapshot: &Snapshot) -> Option<ObjectRef<'_>> {
    let running = || pods(snapshot).filter(|(_, pod)| pod.is_long_running());
    let mut real = running().filter(|(object, _)| object.file.class == PathClass::Production);
    real.next().or_else(|| running().next()).map(|(object, _)| object)
}
