//! Workloads whose pods break what their namespace asks for.

use std::collections::HashMap;

use careen_kube_model::{PodTemplate, Workload};
use careen_model::{KubernetesVersion, ObjectRef, Snapshot};
use careen_yaml::Node;

use super::labels::{Mode, asked};
use super::{Control, Policy};
use crate::relations::Workloads;

/// A workload, and what it breaks.
#[derive(Debug)]
pub(crate) struct Broken<'a> {
    /// The workload.
    pub(crate) workload: ObjectRef<'a>,
    /// Whether it is a pod itself.
    pub(crate) is_pod: bool,
    /// What the namespace asks for.
    pub(crate) asked: Asked<'a>,
    /// What of it is broken.
    pub(crate) controls: Vec<Control>,
}

/// What a namespace asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    /// The standard.
    pub(crate) policy: Policy,
    /// The label's value.
    pub(crate) node: Node<'a>,
    /// The namespace.
    pub(crate) namespace: ObjectRef<'a>,
}

impl Broken<'_> {
    /// What tells the workload from all others.
    pub(crate) fn key(&self) -> (&str, usize) {
        (self.workload.file.source.path(), self.workload.index)
    }

    /// The controls for a message, each by the field that a reader looks for.
    pub(crate) fn list(&self) -> String {
        let mut list = String::new();
        for control in &self.controls {
            list.push_str(if list.is_empty() { "" } else { ", " });
            list.push_str(&control.to_string());
        }
        list
    }

    /// The standard for a message, with its version where a label pins another than the cluster's.
    pub(crate) fn standard(&self) -> String {
        let Policy { level, version, cluster } = self.asked.policy;
        let level = level.name();
        if version == cluster { format!("`{level}`") } else { format!("`{level}` of {version}") }
    }
}

/// The workloads whose pods break what their namespace asks for by one of its labels. A namespace
/// that is defined several times has to ask it in all definitions, and what patches make of a
/// workload is not known.
pub(crate) fn broken(
    snapshot: &Snapshot,
    cluster: KubernetesVersion,
    mode: Mode,
) -> Vec<Broken<'_>> {
    let mut namespaces: HashMap<_, Vec<Asked<'_>>> = HashMap::new();
    for namespace in snapshot.of_kind("Namespace").filter(|found| found.view.group().is_empty()) {
        let Some((policy, node)) = asked(namespace.view, mode, cluster) else { continue };
        let all = namespaces.entry(namespace.view.name()).or_default();
        if !all.iter().any(|known| known.policy == policy) {
            all.push(Asked { policy, node, namespace });
        }
    }
    if namespaces.is_empty() {
        return Vec::new();
    }
    let workloads = Workloads::of(snapshot);
    let broken = workloads.iter().filter_map(|workload| {
        let all = namespaces.get(workload.object.view.namespace()?)?;
        // A template alone runs nothing.
        if workload.pod.workload == Workload::PodTemplate
            || !workloads.patches(*workload).is_empty()
        {
            return None;
        }
        let (asked, controls) = mildest(all, workload.pod)?;
        let is_pod = workload.pod.workload == Workload::Pod;
        Some(Broken { workload: workload.object, is_pod, asked, controls })
    });
    broken.collect()
}

/// What has the fewest objections, if all have some.
fn mildest<'a>(all: &[Asked<'a>], pod: PodTemplate<'_>) -> Option<(Asked<'a>, Vec<Control>)> {
    let judged = all.iter().map(|asked| (*asked, asked.policy.violations(pod)));
    let mildest = judged.min_by_key(|(_, controls)| controls.len())?;
    (!mildest.1.is_empty()).then_some(mildest)
}
