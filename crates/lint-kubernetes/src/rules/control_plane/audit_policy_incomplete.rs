use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::unlogged;
use crate::relations::short_span;

rule! {
    /// The first rule of an audit policy that matches a request decides, and what no rule matches
    /// is not logged. A policy that leaves out access to Secrets, ConfigMaps and token reviews,
    /// changes of pods and Deployments, or `exec`, `port-forward` and `proxy` has nothing to say
    /// after an intrusion.
    ///
    /// Rules for certain users, groups or namespaces are not counted. A last rule at level
    /// `Metadata` covers what was forgotten.
    ///
    /// ```yaml bad
    /// apiVersion: audit.k8s.io/v1
    /// kind: Policy
    /// rules:
    /// - level: None
    /// # ^^^^^^^^^^^ Policy does not log requests for `secrets`, `pods`, `deployments`
    ///   resources:
    ///   - group: ""
    ///     resources: [secrets, pods]
    /// - level: Metadata
    ///   resources:
    ///   - group: ""
    ///   - group: authentication.k8s.io
    /// ```
    /// ```yaml good
    /// apiVersion: audit.k8s.io/v1
    /// kind: Policy
    /// rules:
    /// - level: None
    ///   users: [system:kube-proxy]
    ///   verbs: [watch]
    /// - level: Metadata
    /// ```
    pub(crate) static RULE: Check = {
        id: "audit-policy-incomplete",
        summary: "audit policy leaves out requests that matter",
        remedy: "End the policy with a rule of `level: Metadata` that names nothing else.",
        severity: Low,
        check: Check::Kind(&["Policy"], check),
        peers: &["kubescape:C-0161", "kics:audit_policy_not_cover_key_security_concerns"],
        security: true,
        cwe: &[778],
        controls: &[control::LOG_AGGREGATION],
        references: &["https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/"],
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if view.group() != "audit.k8s.io" {
        return;
    }
    let unlogged = unlogged(view);
    if unlogged.is_empty() {
        return;
    }
    let span = view.at(&["rules"]).map_or_else(|| view.kind_span(), short_span);
    let message = format!("{} does not log requests for {}", view.display(), unlogged.join(", "));
    out.report(span, message).field("rules");
}
