use std::collections::HashSet;

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::pss::labels::Mode;
use crate::pss::namespaces::{Broken, broken};

rule! {
    /// The namespace warns about a Pod Security Standard, or has it audited, that the workload's
    /// pods do not keep. Today they run; the day the label `enforce` follows they are refused.
    /// Whoever applies the workload sees the same warning.
    ///
    /// Workloads that the namespace refuses already are reported by `psa-violation`.
    ///
    /// ```yaml bad file=deploy/namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: baseline
    ///     pod-security.kubernetes.io/warn: restricted
    /// ```
    /// ```yaml bad file=deploy/api.yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    /// #       ^^^ pods of Deployment `shop/api` break `restricted`, which Namespace `shop` warns about: runAsNonRoot
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
    ///           allowPrivilegeEscalation: false
    ///           capabilities: {drop: [ALL]}
    /// ```
    /// ```yaml good file=deploy/namespace.yaml
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: baseline
    ///     pod-security.kubernetes.io/warn: restricted
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
        id: "psa-violation-announced",
        summary: "namespace warns about the pods of the workload",
        remedy: "Set what the standard asks for in the pod before the namespace enforces it.",
        severity: Info,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        security: true,
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-admission/"],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let of = |mode| broken(snapshot, context.kubernetes, mode);
    let announced = [(Mode::Warn, "warns about"), (Mode::Audit, "audits")];
    let announced = announced.map(|(mode, verb)| (of(mode), verb));
    if announced.iter().all(|(list, _)| list.is_empty()) {
        return;
    }
    let refused = of(Mode::Enforce);
    let mut told: HashSet<_> = refused.iter().map(Broken::key).collect();
    for (broken, verb) in
        announced.iter().flat_map(|(list, verb)| list.iter().map(move |broken| (broken, verb)))
    {
        if !told.insert(broken.key()) {
            continue;
        }
        let (view, namespace) = (broken.workload.view, broken.asked.namespace);
        let (object, by) = (view.display(), namespace.view.display());
        let who = if broken.is_pod {
            format!("{object} breaks")
        } else {
            format!("pods of {object} break")
        };
        let (standard, list) = (broken.standard(), broken.list());
        let message = format!("{who} {standard}, which {by} {verb}: {list}");
        let what = "what the namespace asks for";
        out.report(broken.workload.source(), view.name_span(), message)
            .object(broken.workload.path())
            .related(namespace.source(), broken.asked.node.span(), what);
    }
}
