//! Where the pods of gateways run: they take their Secrets from there, not from beside the
//! Gateway.

use std::collections::BTreeSet;

use careen_kube_model::{Labels, Selector};
use careen_model::{ObjectRef, Snapshot};

/// Comparisons of a selector with pods: a limit on hostile input.
const COMPARISONS: usize = 5_000_000;

/// The pods of a repository, to be asked by gateways.
#[derive(Debug)]
pub(crate) struct Homes<'a> {
    pods: Vec<(Labels<'a>, Option<&'a str>)>,
    left: usize,
}

impl<'a> Homes<'a> {
    /// Collects the pods.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let pods = snapshot.workloads().flat_map(|workload| {
            let namespace = workload.view.namespace();
            workload.view.pod_templates().map(move |pod| (pod.labels(), namespace))
        });
        Self { pods: pods.collect(), left: COMPARISONS }
    }

    /// The namespaces of the pods that an Istio Gateway selects. Nothing where the repository has
    /// none of them, or one whose namespace it does not say.
    pub(crate) fn of_gateway(&mut self, gateway: ObjectRef<'_>) -> BTreeSet<&'a str> {
        let selector = gateway.view.at(&["spec", "selector"]).map(Selector::map);
        let selector = selector.filter(|selector| !selector.is_empty());
        self.left = self.left.saturating_sub(self.pods.len());
        let Some(selector) = selector.filter(|_| self.left > 0) else { return BTreeSet::new() };
        let selected = self.pods.iter().filter(|(labels, _)| selector.matches(*labels));
        let namespaces: Option<BTreeSet<_>> = selected.map(|(_, namespace)| *namespace).collect();
        namespaces.unwrap_or_default()
    }
}
