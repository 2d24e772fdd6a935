use careen_kube_model::{PodTemplate, Workload};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::{Check, rollout};

rule! {
    /// With a history limit of zero the old revisions are deleted as soon as an update is through,
    /// and `kubectl rollout undo` finds nothing. The way back from a bad release is then another
    /// release. Old revisions cost next to nothing.
    ///
    /// It is fine where all that is ever applied comes from a repository, whose history is the way
    /// back.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   revisionHistoryLimit: 0
    /// #                       ^ Deployment `shop/api` keeps no revision to go back to
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   revisionHistoryLimit: 3
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "revision-history-limit-zero",
        summary: "workload keeps no revision to go back to",
        remedy: "Remove `revisionHistoryLimit: 0`; the default keeps ten.",
        severity: Medium,
        check: Check::Pod(check),
        controls: &[control::AUTOMATIC_ROLLBACK, control::ROLLBACK_REHEARSED],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#clean-up-policy"],
        fragments: true,
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let has_history = matches!(
        pod.workload,
        Workload::Deployment
            | Workload::StatefulSet
            | Workload::DaemonSet
            | Workload::DeploymentConfig
    );
    if !has_history {
        return;
    }
    if let Some((0, node)) = rollout::number(pod.object, "revisionHistoryLimit") {
        let message = format!("{} keeps no revision to go back to", pod.object.display());
        out.report(node.span(), message).field("spec.revisionHistoryLimit");
    }
}
