//! What scales workloads: HorizontalPodAutoscalers and KEDA's ScaledObjects.

use std::collections::HashMap;

use careen_kube_model::{ObjectView, field};
use careen_model::{ObjectRef, Snapshot, namespaces_agree};
use careen_yaml::Node;

use super::{Workload, text};

/// A scaler with its target.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scaler<'a> {
    /// The object.
    pub(crate) object: ObjectRef<'a>,
    /// The target's kind.
    pub(crate) kind: &'a str,
    /// The target's name.
    pub(crate) name: &'a str,
    /// Where the target's name stands.
    pub(crate) node: Node<'a>,
}

impl<'a> Scaler<'a> {
    fn of(object: ObjectRef<'a>) -> Option<Self> {
        let target = object.view.at(&["spec", "scaleTargetRef"])?;
        let node = field(target, "name")?;
        let name = node.text().filter(|name| !name.is_empty())?;
        let kind = match text(target, "kind") {
            Some(kind) => kind,
            None if object.view.kind() == "ScaledObject" => "Deployment",
            None => return None,
        };
        Some(Self { object, kind, name, node })
    }

    /// The fewest pods it leaves.
    pub(crate) fn min(&self) -> i64 {
        let (key, least) = match self.object.view.kind() {
            "ScaledObject" => ("minReplicaCount", 0),
            _ => ("minReplicas", 1),
        };
        let node = self.object.view.at(&["spec", key]);
        node.and_then(|node| node.as_i64()).unwrap_or(least)
    }
}

/// Whether it is the cluster's own autoscaler.
fn is_horizontal(view: ObjectView<'_>) -> bool {
    view.is("autoscaling", "HorizontalPodAutoscaler")
}

/// All scalers of a repository, by target.
#[derive(Debug)]
pub(crate) struct Scalers<'a> {
    list: Vec<Scaler<'a>>,
    by_target: HashMap<(&'a str, &'a str), Vec<usize>>,
}

impl<'a> Scalers<'a> {
    /// Finds the scalers of a snapshot.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let mut scalers = Self { list: Vec::new(), by_target: HashMap::new() };
        let horizontal = snapshot.of_kind("HorizontalPodAutoscaler");
        let horizontal = horizontal.filter(|object| is_horizontal(object.view));
        let keda = snapshot.of_kind("ScaledObject");
        let keda = keda.filter(|object| object.view.group() == "keda.sh");
        for scaler in horizontal.chain(keda).filter_map(Scaler::of) {
            let index = scalers.list.len();
            scalers.by_target.entry((scaler.kind, scaler.name)).or_default().push(index);
            scalers.list.push(scaler);
        }
        scalers
    }

    /// All of them.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Scaler<'a>> {
        self.list.iter()
    }

    /// The first that scales a workload.
    pub(crate) fn for_workload(&self, workload: Workload<'_>) -> Option<Scaler<'a>> {
        let view = workload.object.view;
        let found = self.by_target.get(&(view.kind(), view.name()))?;
        let mut found = found.iter().filter_map(|&index| self.list.get(index).copied());
        found.find(|scaler| namespaces_agree(scaler.object.view.namespace(), view.namespace()))
    }
}
