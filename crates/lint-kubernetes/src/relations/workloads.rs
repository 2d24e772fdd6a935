//! Workloads, found by the labels of their pods.

use std::cell::Cell;
use std::collections::HashMap;

use careen_kube_model::{Container, Labels, PodTemplate, Selector, field};
use careen_model::{ObjectRef, Snapshot, namespaces_agree};

use super::text;

/// Comparisons of a selector with labels that one check makes. Far more than a repository needs;
/// what is left out in a hostile one is taken to be in order.
const COMPARISONS: usize = 20_000_000;
/// Workloads with one label or name that are compared when nothing is selected.
const LOOKED_AT: usize = 1000;

/// An object that makes pods, with its pod.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Workload<'a> {
    /// The object.
    pub(crate) object: ObjectRef<'a>,
    /// Its pod.
    pub(crate) pod: PodTemplate<'a>,
    /// The pod's labels.
    pub(crate) labels: Labels<'a>,
}

/// All workloads of a repository that are whole, and what patches say about them.
#[derive(Debug)]
pub(crate) struct Workloads<'a> {
    list: Vec<Workload<'a>>,
    by_namespace: HashMap<Option<&'a str>, Vec<usize>>,
    by_label: HashMap<(&'a str, &'a str), Vec<usize>>,
    by_name: HashMap<&'a str, Vec<usize>>,
    /// Objects that are parts of a workload, by kind and name: patches of an overlay.
    patches: HashMap<(&'a str, &'a str), Vec<PodTemplate<'a>>>,
    /// `replicas` of Kustomizations, by name.
    counts: HashMap<&'a str, i64>,
    comparisons: Cell<usize>,
}

impl<'a> Workloads<'a> {
    /// Indexes the workloads of a snapshot.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let mut workloads = Self {
            list: Vec::new(),
            by_namespace: HashMap::new(),
            by_label: HashMap::new(),
            by_name: HashMap::new(),
            patches: HashMap::new(),
            counts: HashMap::new(),
            comparisons: Cell::new(0),
        };
        for object in snapshot.objects() {
            if let Some(pod) = object.view.pod_template() {
                workloads.add(object, pod);
            }
        }
        for object in snapshot.of_kind("Kustomization").chain(snapshot.of_kind("Component")) {
            let list = field(object.view.root(), "replicas");
            for item in list.iter().flat_map(careen_yaml::Node::items) {
                if let (Some(name), Some(count)) =
                    (text(item, "name"), field(item, "count").and_then(|count| count.as_i64()))
                {
                    let known = workloads.counts.entry(name).or_insert(count);
                    *known = count.max(*known);
                }
            }
        }
        workloads
    }

    fn add(&mut self, object: ObjectRef<'a>, pod: PodTemplate<'a>) {
        if !is_complete(pod) {
            let name = (object.view.kind(), object.view.name());
            self.patches.entry(name).or_default().push(pod);
            return;
        }
        let index = self.list.len();
        let labels = pod.labels();
        self.by_namespace.entry(object.view.namespace()).or_default().push(index);
        self.by_name.entry(object.view.name()).or_default().push(index);
        for label in labels.iter() {
            self.by_label.entry((label.key, label.value)).or_default().push(index);
        }
        self.list.push(Workload { object, pod, labels });
    }

    /// All of them, in order of path and place.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Workload<'a>> {
        self.list.iter()
    }

    /// Whether there is one whose namespace agrees.
    pub(crate) fn any_in(&self, namespace: Option<&str>) -> bool {
        match namespace {
            None => !self.list.is_empty(),
            Some(_) => {
                self.by_namespace.contains_key(&namespace) || self.by_namespace.contains_key(&None)
            }
        }
    }

    /// Indexes of the workloads of agreeing namespaces whose pods a selector selects, in order.
    /// None where too much would have to be compared: nothing is known then.
    pub(crate) fn selected(
        &self,
        namespace: Option<&str>,
        selector: &Selector<'_>,
    ) -> Option<Vec<usize>> {
        let rarest = selector
            .equalities()
            .map(|pair| self.by_label.get(&pair).map(Vec::as_slice).unwrap_or_default())
            .min_by_key(|list| list.len());
        let mut found = Vec::new();
        match rarest {
            Some(list) => self.keep(list.iter().copied(), namespace, selector, &mut found)?,
            None => match namespace {
                None => self.keep(0..self.list.len(), namespace, selector, &mut found)?,
                Some(_) => {
                    for key in [namespace, None] {
                        let list = self.by_namespace.get(&key).map(Vec::as_slice);
                        let list = list.unwrap_or_default().iter().copied();
                        self.keep(list, namespace, selector, &mut found)?;
                    }
                    found.sort_unstable();
                }
            },
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
        Some(found.into_iter().filter_map(|index| self.list.get(index).copied()).collect())
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
            self.list.get(index).is_some_and(|workload| {
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
            let called = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
            let mut called = called.iter().take(LOOKED_AT).filter_map(|&at| self.list.get(at));
            called.find(|found| namespaces_agree(found.object.view.namespace(), namespace)).copied()
        })
    }

    fn closest(&self, namespace: Option<&str>, selector: &Selector<'_>) -> Option<Workload<'a>> {
        let mut best: Option<(usize, usize)> = None;
        for pair in selector.equalities() {
            let list = self.by_label.get(&pair).map(Vec::as_slice).unwrap_or_default();
            for &index in list.iter().take(LOOKED_AT) {
                let Some(workload) = self.list.get(index) else { continue };
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
        self.list.get(best?.1).copied()
    }

    /// The parts of a workload that overlays give.
    pub(crate) fn patches<'s>(&'s self, workload: Workload<'s>) -> &'s [PodTemplate<'s>] {
        let view = workload.object.view;
        self.patches.get(&(view.kind(), view.name())).map(Vec::as_slice).unwrap_or_default()
    }

    /// The most pods that the workload, a patch of it or a Kustomization asks for; 1 where nothing
    /// says so, none for kinds without `replicas`.
    pub(crate) fn replicas(&self, workload: Workload<'_>) -> Option<i64> {
        if !workload.pod.workload.has_replicas() {
            return None;
        }
        let own = workload.pod.replicas().map_or(Some(1), |node| node.as_i64())?;
        let patched = self.patches(workload).iter();
        let patched = patched.filter_map(|patch| patch.replicas()?.as_i64());
        let counted = self.counts.get(workload.object.view.name()).copied();
        patched.chain(counted).fold(own, i64::max).into()
    }

    /// Whether a container of this name has a request for a resource in some patch.
    pub(crate) fn is_requested_by_patch(&self, container: Container<'_>, resource: &str) -> bool {
        let view = container.pod.object;
        let patches = self.patches.get(&(view.kind(), view.name()));
        patches.into_iter().flatten().flat_map(|patch| patch.containers()).any(|patched| {
            patched.name == container.name && patched.effective_request(resource).is_some()
        })
    }
}

/// Whether a workload is whole rather than a patch of one: it has an image, and the selector or
/// restart policy that the API server insists on.
pub(crate) fn is_complete(pod: PodTemplate<'_>) -> bool {
    use careen_kube_model::Workload as Kind;
    let spec = pod.object.spec();
    let has_its_own = match pod.workload {
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::ReplicaSet => {
            pod.object.group() != "apps" || spec.and_then(|spec| field(spec, "selector")).is_some()
        }
        Kind::Job | Kind::CronJob => pod.field("restartPolicy").is_some(),
        _ => true,
    };
    has_its_own && pod.containers().any(|container| container.image().is_some())
}
