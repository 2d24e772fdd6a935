use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::pss::labels::Mode;
use crate::pss::namespaces::broken;

rule! {
    /// The namespace enforces a Pod Security Standard that the workload's pods do not keep. The API
    /// server takes the workload and refuses every pod that its controller makes: the rollout
    /// stands still, with the reason only in the events.
    ///
    /// The standard is read as the label `enforce-version` pins it, else as the cluster's version
    /// has it. A namespace that several files define differently, as overlays do, has to refuse the
    /// pods in all of them, and a workload that overlays patch is left out.
    ///
    /// ```yaml bad file=deploy/namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: restricted
    /// ```
    /// ```yaml bad file=deploy/api.yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    /// #       ^^^ pods of Deployment `shop/api` are refused by Namespace `shop`, which enforces `restricted`: allowPrivilegeEscalation, runAsNonRoot
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       securityContext:
    ///         seccompProfile: {type: RuntimeDefault}
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         securityContext:
    ///           capabilities: {drop: [ALL]}
    /// ```
    /// ```yaml good file=deploy/namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: restricted
    /// ```
    /// ```yaml good file=deploy/api.yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       securityContext:
    ///         runAsNonRoot: true
    ///         seccompProfile: {type: RuntimeDefault}
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         securityContext:
    ///           allowPrivilegeEscalation: false
    ///           capabilities: {drop: [ALL]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "psa-violation",
        summary: "namespace refuses the pods of the workload",
        remedy: "Set what the standard asks for in the pod, or label the namespace with a milder one.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        security: true,
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
        ],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    for broken in broken(snapshot, context.kubernetes, Mode::Enforce) {
        let (view, namespace) = (broken.workload.view, broken.asked.namespace);
        let (object, by) = (view.display(), namespace.view.display());
        let who =
            if broken.is_pod { format!("{object} is") } else { format!("pods of {object} are") };
        let (standard, list) = (broken.standard(), broken.list());
        let message = format!("{who} refused by {by}, which enforces {standard}: {list}");
        let what = "what the namespace enforces";
        out.report(broken.workload.source(), view.name_span(), message)
            .object(broken.workload.path())
            .related(namespace.source(), broken.asked.node.span(), what);
    }
}
