//! Workloads, found by the labels of their pods.

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;
use std::sync::Arc;

use careen_kube_model::{Container, Labels, ObjectView, PodPlace, PodTemplate, Selector, field};
use careen_model::{ObjectRef, Place, Snapshot, namespaces_agree};
use careen_yaml::Node;

use super::multimap::Multimap;
use super::text;

/// Comparisons of a selector with labels that one check makes. Far more than a repository needs;
/// what is left out in a hostile one is taken to be in order.
const COMPARISONS: usize = 20_000_000;
/// Workloads with one label or name that are compared when nothing is selected, and patches of one
/// workload that are read.
const LOOKED_AT: usize = 1000;

/// An object that makes pods, with its pod. An object with several pods is several of these.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Workload<'a> {
    /// The object.
    pub(crate) object: ObjectRef<'a>,
    /// Its pod.
    pub(crate) pod: PodTemplate<'a>,
    /// The pod's labels.
    pub(crate) labels: Labels<'a>,
}

/// A pod with the object it stands in, for as long as the snapshot.
type Kept = (Place, PodPlace);

/// What the workloads of a snapshot are found by, built once for all checks.
#[derive(Default)]
struct Index {
    /// Pods that are whole, in order of path and place.
    whole: Vec<Kept>,
    by_namespace: Multimap,
    by_label: Multimap,
    by_name: Multimap,
    /// Pods that are parts of a workload: patches of an overlay.
    parts: Vec<Kept>,
    /// The same by kind and name of the object.
    by_target: Multimap,
    /// `replicas` that patches give.
    replicas: Vec<(Place, i64)>,
    /// The same by kind and name of the object.
    by_scaled: Multimap,
    /// `replicas` of Kustomizations, by name.
    counts: HashMap<Box<str>, i64>,
}

impl Index {
    fn of(snapshot: &Snapshot) -> Self {
        let mut index = Self { counts: counts(snapshot), ..Self::default() };
        for (place, object) in snapshot.places() {
            let view = object.view;
            if let Some(count) = patched_replicas(view) {
                index.by_scaled.note(&(view.kind(), view.name()), index.replicas.len());
                index.replicas.push((place, count));
            }
            for pod in view.pod_templates() {
                let kept = (place, pod.kept());
                if pod.is_partial() {
                    index.by_target.note(&(view.kind(), view.name()), index.parts.len());
                    index.parts.push(kept);
                    continue;
                }
                let at = index.whole.len();
                index.by_namespace.note(&view.namespace(), at);
                index.by_name.note(&view.name(), at);
                for label in pod.labels().iter() {
                    index.by_label.note(&(label.key, label.value), at);
                }
                index.whole.push(kept);
            }
        }
        for map in [
            &mut index.by_namespace,
            &mut index.by_label,
            &mut index.by_name,
            &mut index.by_target,
            &mut index.by_scaled,
        ] {
            map.seal();
        }
        index
    }
}

fn patched_replicas(view: ObjectView<'_>) -> Option<i64> {
    if !view.is_fragment() || !view.workload()?.has_replicas() {
        return None;
    }
    view.at(&["spec", "replicas"])?.as_i64()
}

fn counts(snapshot: &Snapshot) -> HashMap<Box<str>, i64> {
    let mut counts: HashMap<Box<str>, i64> = HashMap::new();
    for object in snapshot.of_kind("Kustomization").chain(snapshot.of_kind("Component")) {
        let list = field(object.view.root(), "replicas");
        for item in list.iter().flat_map(Node::items) {
            if let (Some(name), Some(count)) =
                (text(item, "name"), field(item, "count").and_then(|count| count.as_i64()))
            {
                let known = counts.entry(name.into()).or_insert(count);
                *known = count.max(*known);
            }
        }
    }
    counts
}

/// All workloads of a repository that are whole, and what patches say about them.
pub(crate) struct Workloads<'a> {
    snapshot: &'a Snapshot,
    index: Arc<Index>,
    /// Made when first asked for.
    list: OnceCell<Vec<Workload<'a>>>,
    comparisons: Cell<usize>,
}

impl<'a> Workloads<'a> {
    /// The workloads of a snapshot, which are indexed once for all checks.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let index = snapshot.index(Index::of);
        Self { snapshot, index, list: OnceCell::new(), comparisons: Cell::new(0) }
    }

    fn list(&self) -> &[Workload<'a>] {
        self.list.get_or_init(|| {
            let whole = self.index.whole.iter();
            // Every place is one of this snapshot, so none is left out.
            whole.filter_map(|kept| self.read(kept)).collect()
        })
    }

    fn read(&self, &(place, pod): &Kept) -> Option<Workload<'a>> {
        let object = self.snapshot.at(place)?;
        let pod = PodTemplate::at(object.view, pod);
        Some(Workload { object, pod, labels: pod.labels() })
    }

    /// All of them, in order of path and place.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Workload<'a>> {
        self.list().iter()
    }

    fn get(&self, at: usize) -> Option<Workload<'a>> {
        match self.list.get() {
            Some(list) => list.get(at).copied(),
            None => self.read(self.index.whole.get(at)?),
        }
    }

    /// Whether there is one whose namespace agrees.
    pub(crate) fn any_in(&self, namespace: Option<&str>) -> bool {
        match namespace {
            None => !self.index.whole.is_empty(),
            Some(_) => [namespace, None].iter().any(|own| {
                let mut places = self.index.by_namespace.get(own);
                places.any(|at| {
                    self.get(at).is_some_and(|found| found.object.view.namespace() == *own)
                })
            }),
        }
    }

    /// Indexes of the workloads of agreeing namespaces whose pods a selector selects, in order.
    /// None where too much would have to be compared: nothing is known then.
    pub(crate) fn selected(
        &self,
        namespace: Option<&str>,
        selector: &Selector<'_>,
    ) -> Option<Vec<usize>> {
        let index = &*self.index;
        let pairs = selector.equalities().map(|pair| index.by_label.get(&pair));
        let mut found = Vec::new();
        match (pairs.min_by_key(ExactSizeIterator::len), namespace) {
            (Some(rarest), _) => self.keep(rarest, namespace, selector, &mut found)?,
            (None, None) => self.keep(0..index.whole.len(), namespace, selector, &mut found)?,
            (None, Some(_)) => {
                for own in [namespace, None] {
                    let there = index.by_namespace.get(&own);
                    self.keep(there, namespace, selector, &mut found)?;
                }
                found.sort_unstable();
                found.dedup();
            }
        }
        Some(found)
    }

    /// As [`Workloads::selected`], with the workloads themselves.
    pub(crate) fn selected_by(
        &self,
        namespace: Option<&str>,
        selector: &Selector<'_>,
    ) -> Option<Vec<Workload<'a>>> {
        let found = self.selected(namespace, selector)?;
        Some(found.into_iter().filter_map(|index| self.get(index)).collect())
    }

    fn keep(
        &self,
        candidates: impl ExactSizeIterator<Item = usize>,
        namespace: Option<&str>,
        selector: &Selector<'_>,
        found: &mut Vec<usize>,
    ) -> Option<()> {
        let comparisons = self.comparisons.get().saturating_add(candidates.len());
        if comparisons > COMPARISONS {
            return None;
        }
        self.comparisons.set(comparisons);
        found.extend(candidates.filter(|&index| {
            self.get(index).is_some_and(|workload| {
                namespaces_agree(workload.object.view.namespace(), namespace)
                    && selector.matches(workload.labels)
            })
        }));
        Some(())
    }

    /// What the author of a selector that selects nothing probably meant: the workload of an
    /// agreeing namespace that shares most of its labels, else one of the given name.
    pub(crate) fn meant(
        &self,
        namespace: Option<&str>,
        name: &str,
        selector: &Selector<'_>,
    ) -> Option<Workload<'a>> {
        self.closest(namespace, selector).or_else(|| {
            let called = self.index.by_name.get(&name).take(LOOKED_AT);
            called.filter_map(|at| self.get(at)).find(|found| {
                let view = found.object.view;
                view.name() == name && namespaces_agree(view.namespace(), namespace)
            })
        })
    }

    fn closest(&self, namespace: Option<&str>, selector: &Selector<'_>) -> Option<Workload<'a>> {
        let mut best: Option<(usize, usize)> = None;
        for pair in selector.equalities() {
            for index in self.index.by_label.get(&pair).take(LOOKED_AT) {
                let Some(workload) = self.get(index) else { continue };
                if !namespaces_agree(workload.object.view.namespace(), namespace) {
                    continue;
                }
                let shared = selector
                    .equalities()
                    .filter(|(key, value)| workload.labels.get(key) == Some(value))
                    .count();
                if best.is_none_or(|(most, at)| shared > most || (shared == most && index < at)) {
                    best = Some((shared, index));
                }
            }
        }
        self.get(best.filter(|(shared, _)| *shared > 0)?.1)
    }

    /// The parts of a workload that overlays give.
    pub(crate) fn patches(&self, workload: Workload<'_>) -> Vec<PodTemplate<'a>> {
        self.parts_of(workload.object.view)
    }

    fn parts_of(&self, object: ObjectView<'_>) -> Vec<PodTemplate<'a>> {
        let target = (object.kind(), object.name());
        let found = self.index.by_target.get(&target).take(LOOKED_AT);
        let found = found.filter_map(|at| self.read(self.index.parts.get(at)?));
        let found = found.filter(|part| {
            let view = part.object.view;
            (view.kind(), view.name()) == target
        });
        found.map(|part| part.pod).collect()
    }

    /// Whether the pods of a part of a workload, whose rest is elsewhere, match a selector.
    pub(crate) fn is_patched_to_match(
        &self,
        namespace: Option<&str>,
        selector: &Selector<'_>,
    ) -> bool {
        let mut parts = self.index.parts.iter().take(LOOKED_AT).filter_map(|kept| self.read(kept));
        parts.any(|part| {
            namespaces_agree(part.object.view.namespace(), namespace)
                && selector.matches(part.labels)
        })
    }

    /// The most pods that the workload, a patch of it or a Kustomization asks for; 1 where nothing
    /// says so, none for kinds without `replicas`.
    pub(crate) fn replicas(&self, workload: Workload<'_>) -> Option<i64> {
        if !workload.pod.workload.has_replicas() {
            return None;
        }
        let own = workload.pod.replicas().map_or(Some(1), |node| node.as_i64())?;
        let view = workload.object.view;
        let is_own = |part: ObjectRef<'_>| {
            part.view.kind() == view.kind() && part.view.name() == view.name()
        };
        let patched = self.index.by_scaled.get(&(view.kind(), view.name())).take(LOOKED_AT);
        let patched = patched.filter_map(|at| self.index.replicas.get(at));
        let patched = patched
            .filter(|(place, _)| self.snapshot.at(*place).is_some_and(is_own))
            .map(|(_, count)| *count);
        let counted = self.index.counts.get(view.name()).copied();
        patched.chain(counted).fold(own, i64::max).into()
    }

    /// Whether a container of this name has a request for a resource in some patch.
    pub(crate) fn is_requested_by_patch(&self, container: Container<'_>, resource: &str) -> bool {
        let parts = self.parts_of(container.pod.object);
        parts
            .into_iter()
            .flat_map(PodTemplate::containers)
            .any(|part| part.name == container.name && part.effective_request(resource).is_some())
    }
}

/// Whether a pod is whole rather than a part of one.
pub(crate) fn is_complete(pod: PodTemplate<'_>) -> bool {
    !pod.is_partial()
}

/// Labels that all parts of one application have, so that sharing them says little.
const COMMON: &[&str] = &[
    "app.kubernetes.io/component",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/part-of",
    "app.kubernetes.io/version",
    "chart",
    "component",
    "environment",
    "heritage",
    "instance",
    "release",
    "role",
    "tier",
];

impl Workload<'_> {
    /// Whether an object of the name with the selector was meant for these pods: it has the name
    /// of the workload, or most of the labels are theirs, one of them a label that tells
    /// workloads apart.
    pub(crate) fn is_alike(self, name: &str, selector: &Selector<'_>) -> bool {
        let (mut shared, mut wanted, mut is_telling) = (0, 0, false);
        for (key, value) in selector.equalities() {
            wanted += 1;
            if self.labels.get(key) == Some(value) {
                shared += 1;
                is_telling |= !COMMON.contains(&key);
            }
        }
        self.object.view.name() == name || (is_telling && shared * 2 >= wanted)
    }
}
