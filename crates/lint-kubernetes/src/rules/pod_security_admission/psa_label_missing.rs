use std::collections::BTreeSet;

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::pss::labels::{ENFORCE, is_system, watches_pods};

rule! {
    /// Without a label `pod-security.kubernetes.io/enforce` a namespace takes privileged pods, host
    /// paths and all else that leads from a pod to its node, unless the cluster has another
    /// default. One pod of a compromised pipeline is then enough.
    ///
    /// It is fine where a policy engine watches pods: with policies of Kyverno, Gatekeeper,
    /// Kubewarden or the API server, or a webhook for pods in the repository, nothing is reported;
    /// neither are the namespaces of Kubernetes itself.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    /// #       ^^^^ Namespace `shop` does not enforce a Pod Security Standard
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: baseline
    /// ```
    pub(crate) static RULE: Check = {
        id: "psa-label-missing",
        summary: "namespace enforces no Pod Security Standard",
        remedy: "Label the namespace `pod-security.kubernetes.io/enforce: baseline` or `restricted`.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &["kubescape:C-0192"],
        security: true,
        cwe: &[693],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
            "https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let namespaces = || snapshot.of_kind("Namespace").filter(|found| found.view.group().is_empty());
    if namespaces().next().is_none() || snapshot.objects().any(|object| watches_pods(object.view)) {
        return;
    }
    let labelled: BTreeSet<_> = namespaces()
        .filter(|found| found.view.labels().has(ENFORCE))
        .map(|found| found.view.name())
        .collect();
    for namespace in namespaces() {
        let name = namespace.view.name();
        if !labelled.contains(name) && !is_system(name) {
            let message =
                format!("{} does not enforce a Pod Security Standard", namespace.view.display());
            out.report(namespace.source(), namespace.view.name_span(), message)
                .object(namespace.path());
        }
    }
}
