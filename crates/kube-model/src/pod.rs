//! The pod of a workload.

use std::slice;

use careen_text::Span;
use careen_yaml::{Items, Kind, Node, NodeId};

use crate::container::{Container, Role};
use crate::labels::Labels;
use crate::node::{field, items, path, present, text};
use crate::template::{self, Place, Which};
use crate::view::ObjectView;
use crate::workload::Workload;

/// Containers of one list that are looked at; a pod has a handful.
const CONTAINERS: usize = 1_000;

/// A pod, or the template a workload makes pods from.
#[derive(Clone, Copy, Debug)]
pub struct PodTemplate<'a> {
    /// The object that holds it.
    pub object: ObjectView<'a>,
    /// What the object is.
    pub workload: Workload,
    /// The pod's `spec`, a mapping.
    pub spec: Node<'a>,
    /// The pod's own `metadata`; for a Pod that of the object.
    pub metadata: Option<Node<'a>>,
    /// The mapping that holds both.
    holder: Node<'a>,
    place: Place,
    which: Which,
}

/// Where a pod stands in its tree, for whoever keeps it longer than a borrow.
#[derive(Clone, Copy, Debug)]
pub struct PodPlace {
    workload: Workload,
    spec: NodeId,
    metadata: Option<NodeId>,
    holder: NodeId,
    place: Place,
    which: Which,
}

/// One entry of `spec.volumes`.
#[derive(Clone, Copy, Debug)]
pub struct Volume<'a> {
    /// The entry.
    pub node: Node<'a>,
    /// Its name; empty where it has none.
    pub name: &'a str,
    /// The source's field, such as `hostPath`, with its value (`null` counts as empty: the API
    /// server takes a volume without a source for an `emptyDir`).
    pub source: Option<(&'a str, Node<'a>)>,
}

impl<'a> Volume<'a> {
    fn of(node: Node<'a>) -> Self {
        let source = node.entries().find_map(|entry| {
            let key = entry.key.text()?;
            (key != "name" && present(entry.value).is_some()).then_some((key, entry.value))
        });
        Self { node, name: text(node, "name").unwrap_or_default(), source }
    }

    /// The source's value, where it is of this type.
    #[must_use]
    pub fn source_of(self, key: &str) -> Option<Node<'a>> {
        self.source.filter(|(found, _)| *found == key).map(|(_, value)| value)
    }
}

impl<'a> PodTemplate<'a> {
    /// The pods an object is or makes.
    pub(crate) fn all(object: ObjectView<'a>) -> Vec<Self> {
        Self::found(object).collect()
    }

    /// The first of them.
    pub(crate) fn first(object: ObjectView<'a>) -> Option<Self> {
        Self::found(object).next()
    }

    fn found(object: ObjectView<'a>) -> impl Iterator<Item = Self> + use<'a> {
        let found = template::of(object.object).or_else(|| template::of_unknown(object));
        found.into_iter().flat_map(move |(workload, places)| {
            places.iter().flat_map(move |&place| {
                let holders = template::holders(object.root(), place);
                holders.filter_map(move |(holder, which)| {
                    let spec =
                        if workload.is_bare() { Some(holder) } else { field(holder, "spec") };
                    let spec = spec.filter(|spec| spec.kind() == Kind::Mapping)?;
                    let metadata = field(holder, "metadata");
                    Some(Self { object, workload, spec, metadata, holder, place, which })
                })
            })
        })
    }

    /// The pod's place in its tree.
    #[must_use]
    pub fn kept(self) -> PodPlace {
        let Self { object: _, workload, spec, metadata, holder, place, which } = self;
        let metadata = metadata.map(|node| node.id());
        PodPlace { workload, spec: spec.id(), metadata, holder: holder.id(), place, which }
    }

    /// The pod at a place that [`PodTemplate::kept`] gave for the same object.
    #[must_use]
    pub fn at(object: ObjectView<'a>, kept: PodPlace) -> Self {
        let PodPlace { workload, spec, metadata, holder, place, which } = kept;
        let node = |id| object.tree.node(id);
        let metadata = metadata.map(node);
        Self { object, workload, spec: node(spec), metadata, holder: node(holder), place, which }
    }

    /// Whether the object is the pod, rather than holding a template of it.
    #[must_use]
    pub const fn is_object(self) -> bool {
        self.place.is_empty()
    }

    /// Where the template stands in the object, such as `spec.template`; empty for a Pod. A `*`
    /// stands for an item of a list or a key of a mapping.
    #[must_use]
    pub const fn path_prefix(self) -> &'static [&'static str] {
        self.place
    }

    /// Whether this is a part of a pod only, so that what it lacks may be said elsewhere: the
    /// object is a [fragment](ObjectView::is_fragment), an operator adds the rest, or no container
    /// has an image. The tests of a Helm chart, which run when somebody asks for them, are taken
    /// as they are, too.
    #[must_use]
    pub fn is_partial(self) -> bool {
        self.object.is_fragment()
            || self.workload.is_completed()
            || self.object.annotations().get("helm.sh/hook").is_some_and(is_test)
            || !self.containers().any(|container| container.image().is_some())
    }

    /// The path of `spec` in the object, such as `spec.template.spec`.
    #[must_use]
    pub fn spec_path(self) -> String {
        let mut joined = template::written(self.object.tree, self.place, self.which);
        if self.workload.is_bare() {
            return joined;
        }
        if !joined.is_empty() {
            joined.push('.');
        }
        joined + "spec"
    }

    /// The value of a field of `spec` that is there and not `null`.
    #[must_use]
    pub fn field(self, key: &str) -> Option<Node<'a>> {
        field(self.spec, key)
    }

    /// The pod's labels, which selectors are held against.
    #[must_use]
    pub fn labels(self) -> Labels<'a> {
        Labels::of(self.metadata, "labels")
    }

    /// The pod's annotations.
    #[must_use]
    pub fn annotations(self) -> Labels<'a> {
        Labels::of(self.metadata, "annotations")
    }

    /// All containers: init containers and native sidecars, then main, then ephemeral ones, each
    /// list in the order of the file; the steps of a Task or Workflow are main ones.
    pub fn containers(self) -> Containers<'a> {
        Containers { pod: self, slots: self.workload.containers().iter(), slot: None }
    }

    /// The containers of `spec.containers`.
    pub fn main_containers(self) -> impl Iterator<Item = Container<'a>> + use<'a> {
        self.containers().filter(|container| container.role == Role::Main)
    }

    /// `spec.volumes`.
    pub fn volumes(self) -> impl Iterator<Item = Volume<'a>> + use<'a> {
        items(self.spec, "volumes").filter(|node| node.kind() == Kind::Mapping).map(Volume::of)
    }

    /// `spec.securityContext`; an empty mapping counts as there.
    #[must_use]
    pub fn security_context(self) -> Option<Node<'a>> {
        self.field("securityContext")
    }

    /// A field of `spec.securityContext`.
    #[must_use]
    pub fn security(self, key: &str) -> Option<Node<'a>> {
        field(self.security_context()?, key)
    }

    /// `spec.serviceAccountName`, else the deprecated `spec.serviceAccount`, where it names one.
    #[must_use]
    pub fn service_account_name(self) -> Option<Node<'a>> {
        let named =
            |key| self.field(key).filter(|name| name.text().is_some_and(|name| !name.is_empty()));
        named("serviceAccountName").or_else(|| named("serviceAccount"))
    }

    /// `spec.automountServiceAccountToken`.
    #[must_use]
    pub fn automount_service_account_token(self) -> Option<Node<'a>> {
        self.field("automountServiceAccountToken")
    }

    /// `spec.hostNetwork`, where it is true.
    #[must_use]
    pub fn host_network(self) -> Option<Node<'a>> {
        self.true_field("hostNetwork")
    }

    /// `spec.hostPID`, where it is true.
    #[must_use]
    pub fn host_pid(self) -> Option<Node<'a>> {
        self.true_field("hostPID")
    }

    /// `spec.hostIPC`, where it is true.
    #[must_use]
    pub fn host_ipc(self) -> Option<Node<'a>> {
        self.true_field("hostIPC")
    }

    /// A field of `spec` that is true.
    #[must_use]
    pub fn true_field(self, key: &str) -> Option<Node<'a>> {
        self.field(key).filter(|node| node.as_bool() == Some(true))
    }

    /// The restart policy in effect: `Always` where none is written.
    #[must_use]
    pub fn restart_policy(self) -> &'a str {
        text(self.spec, "restartPolicy").unwrap_or("Always")
    }

    /// `spec.terminationGracePeriodSeconds` in effect: 30 where none is written.
    #[must_use]
    pub fn termination_grace_period(self) -> i64 {
        self.field("terminationGracePeriodSeconds").and_then(|node| node.as_i64()).unwrap_or(30)
    }

    /// Whether the pod is meant to run until it is replaced: a Job's is not, and neither is a bare
    /// Pod that is not restarted after it has ended.
    #[must_use]
    pub fn is_long_running(self) -> bool {
        match self.workload {
            Workload::Pod | Workload::PodTemplate => self.restart_policy() == "Always",
            workload => workload.is_long_running(),
        }
    }

    /// Whether the pod says that it runs on Windows, by `spec.os.name` or the node selector.
    #[must_use]
    pub fn is_windows(self) -> bool {
        let os = path(self.spec, &["os", "name"]).and_then(|node| node.text());
        let node = Labels::of(Some(self.spec), "nodeSelector").get("kubernetes.io/os");
        os.or(node) == Some("windows")
    }

    /// The object's `spec.replicas`; none where the field is missing or the kind has none.
    #[must_use]
    pub fn replicas(self) -> Option<Node<'a>> {
        if !self.workload.has_replicas() {
            return None;
        }
        field(self.object.spec()?, "replicas")
    }

    /// Where to point when a field of the pod's `spec` is missing: the key `spec`, which is short
    /// and on one line.
    #[must_use]
    pub fn spec_span(self) -> Span {
        self.holder.entry("spec").map_or_else(|| self.spec.span(), |entry| entry.key.span())
    }
}

/// The containers of a pod, list by list. A type with a name, not a chain of adapters: hundreds of
/// rules go over it, and each chain would be compiled anew in every one of them.
#[derive(Clone, Debug)]
pub struct Containers<'a> {
    pod: PodTemplate<'a>,
    slots: slice::Iter<'static, (Role, &'static [&'static str])>,
    slot: Option<Slot<'a>>,
}

/// The place of a list of containers, or of a single one.
#[derive(Clone, Debug)]
struct Slot<'a> {
    role: Role,
    keys: &'static [&'static str],
    one: Option<Node<'a>>,
    many: Items<'a>,
    /// Items that were looked at, and those that are containers.
    index: usize,
    taken: usize,
}

impl<'a> Slot<'a> {
    fn next(&mut self) -> Option<(Option<usize>, Node<'a>)> {
        if let Some(one) = self.one.take() {
            return Some((None, one));
        }
        while self.taken < CONTAINERS {
            let node = self.many.next()?;
            let index = self.index;
            self.index += 1;
            if node.kind() == Kind::Mapping {
                self.taken += 1;
                return Some((Some(index), node));
            }
        }
        None
    }
}

impl<'a> Iterator for Containers<'a> {
    type Item = Container<'a>;

    fn next(&mut self) -> Option<Container<'a>> {
        loop {
            if let Some(slot) = &mut self.slot
                && let Some((index, node)) = slot.next()
            {
                return Some(Container::of(self.pod, slot.role, slot.keys, index, node));
            }
            let &(role, keys) = self.slots.next()?;
            self.slot = path(self.pod.spec, keys).map(|found| Slot {
                role,
                keys,
                one: (found.kind() == Kind::Mapping).then_some(found),
                many: found.items(),
                index: 0,
                taken: 0,
            });
        }
    }
}

/// Whether a hook of Helm runs with `helm test` only.
fn is_test(hook: &str) -> bool {
    let mut events = hook.split(',').map(str::trim);
    events.all(|event| matches!(event, "test" | "test-success" | "test-failure"))
}

#[cfg(test)]
mod tests;
