//! What PeerAuthentications ask of those who connect.

use std::collections::BTreeMap;

use careen_kube_model::{Selector, field};
use careen_model::{ObjectRef, Snapshot};

use super::{ROOT, SECURITY};
use crate::endpoints::named;

/// Policies of one namespace that are looked at.
const POLICIES: usize = 100;

/// One policy.
#[derive(Clone, Copy, Debug)]
struct Policy<'a> {
    object: ObjectRef<'a>,
    mode: &'a str,
    /// Whether it is for some workloads only.
    selects: bool,
}

/// The PeerAuthentications of a repository, by namespace.
#[derive(Debug)]
pub(crate) struct Peers<'a> {
    by_namespace: BTreeMap<&'a str, Vec<Policy<'a>>>,
}

impl<'a> Peers<'a> {
    /// Collects them; those without a namespace may be anywhere and are left out.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let mut by_namespace: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let all = snapshot.of_kind("PeerAuthentication");
        for object in all.filter(|object| object.view.group() == SECURITY) {
            let Some(namespace) = object.view.namespace() else { continue };
            let root = object.view.root();
            let mode = named(root, &["spec", "mtls", "mode"]).map_or("UNSET", |(mode, _)| mode);
            let selector = object.view.at(&["spec", "selector"]);
            let labels = selector.and_then(|selector| field(selector, "matchLabels"));
            let selects = labels.is_some_and(|labels| labels.entries().next().is_some());
            let known = by_namespace.entry(namespace).or_default();
            if known.len() < POLICIES {
                known.push(Policy { object, mode, selects });
            }
        }
        Self { by_namespace }
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_namespace.is_empty()
    }

    /// The policy that surely lets only mutual TLS through to the pods of a Service, or to all of
    /// a namespace where there is none: of the workload, else of the namespace, else of the mesh.
    pub(crate) fn strict(
        &self,
        namespace: &str,
        service: Option<ObjectRef<'_>>,
    ) -> Option<ObjectRef<'a>> {
        let own = self.by_namespace.get(namespace).map(Vec::as_slice).unwrap_or_default();
        // A Service selects pods that have at least the labels it asks for, so a policy that asks
        // for some of them is for its pods.
        for policy in own.iter().filter(|policy| policy.selects) {
            let service = service?;
            match selects(policy.object, service) {
                Some(true) if policy.object.view.at(&["spec", "portLevelMtls"]).is_some() => {
                    return None;
                }
                Some(true) if policy.mode == "STRICT" => return Some(policy.object),
                Some(true) if policy.mode == "UNSET" => {}
                Some(false) => {}
                _ => return None,
            }
        }
        let root = self.by_namespace.get(ROOT).map(Vec::as_slice).unwrap_or_default();
        let wide = own.iter().chain(root).find(|policy| !policy.selects && policy.mode != "UNSET");
        // Of overlays, each may hold.
        let same = |policy: &Policy<'_>| {
            own.iter().all(|each| each.selects || each.mode == "UNSET" || each.mode == policy.mode)
        };
        wide.filter(|policy| policy.mode == "STRICT" && same(policy)).map(|policy| policy.object)
    }
}

/// Whether a policy is for the pods of a Service; none where only the pods would tell.
fn selects(policy: ObjectRef<'_>, service: ObjectRef<'_>) -> Option<bool> {
    let wanted = policy.view.at(&["spec", "selector"]).map(Selector::label_selector)?;
    let own = Selector::map(service.view.at(&["spec", "selector"])?);
    let mut sure = true;
    for (key, value) in wanted.equalities() {
        match own.equalities().find(|(own, _)| *own == key) {
            Some((_, own)) if own == value => {}
            Some(_) => return Some(false),
            None => sure = false,
        }
    }
    sure.then_some(true)
}
