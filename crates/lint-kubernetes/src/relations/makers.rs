//! Custom resources that an operator turns into pods.

use std::collections::BTreeSet;

use careen_model::{Snapshot, namespaces_agree};

/// Groups whose objects configure something and make no pods.
const IDLE_GROUPS: &[&str] = &[
    "bitnami.com",
    "cert-manager.io",
    "external-secrets.io",
    "kustomize.config.k8s.io",
    "kyverno.io",
    "networking.istio.io",
    "projectcontour.io",
    "security.istio.io",
    "snapshot.storage.k8s.io",
    "traefik.io",
    "trust.cert-manager.io",
];
/// Kinds that make no pods though others of their group do.
const IDLE_KINDS: &[&str] = &[
    "AlertmanagerConfig",
    "AppProject",
    "GitRepository",
    "HelmRepository",
    "PodMonitor",
    "Probe",
    "PrometheusRule",
    "Rollout",
    "Route",
    "ScaledObject",
    "ScrapeConfig",
    "ServiceMonitor",
];

/// The namespaces with custom resources that may become pods: databases, monitoring stacks,
/// releases of charts. What selects their pods selects nothing in the repository.
#[derive(Debug)]
pub(crate) struct Makers<'a>(BTreeSet<Option<&'a str>>);

impl<'a> Makers<'a> {
    /// Reads the custom resources of a repository.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let mut namespaces = BTreeSet::new();
        for object in snapshot.objects() {
            let view = object.view;
            if is_built_in(view.group())
                || IDLE_GROUPS.contains(&view.group())
                || IDLE_KINDS.contains(&view.kind())
                || view.pod_templates().next().is_some()
            {
                continue;
            }
            namespaces.insert(view.namespace());
            for path in [&["spec", "destination", "namespace"][..], &["spec", "targetNamespace"]] {
                if let Some(name) = view.at(path).and_then(|node| node.text()) {
                    namespaces.insert(Some(name));
                }
            }
        }
        Self(namespaces)
    }

    /// Whether pods of the namespace may come from somewhere else than its manifests: from an
    /// operator, or from the cluster itself.
    pub(crate) fn work_in(&self, namespace: Option<&str>) -> bool {
        match namespace {
            Some("kube-system") => true,
            Some(_) => self.0.contains(&namespace) || self.0.contains(&None),
            None => self.0.iter().any(|&place| namespaces_agree(place, namespace)),
        }
    }
}

/// Whether the group is one of Kubernetes itself.
fn is_built_in(group: &str) -> bool {
    !group.contains('.') || group.ends_with(".k8s.io")
}
