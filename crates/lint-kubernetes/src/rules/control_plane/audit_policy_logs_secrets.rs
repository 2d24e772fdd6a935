use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::leaks;

rule! {
    /// At the level `RequestResponse` the audit log holds what was answered, and at `Request` what
    /// was sent. For Secrets and token reviews that is the secret itself: every password and token
    /// of the cluster is then in log files, in their archive and in whatever reads them.
    ///
    /// The first rule that matches decides, so a rule for these resources at level `Metadata` has
    /// to come before a general one.
    ///
    /// ```yaml bad
    /// apiVersion: audit.k8s.io/v1
    /// kind: Policy
    /// rules:
    /// - level: Metadata
    ///   resources:
    ///   - group: authentication.k8s.io
    ///     resources: [tokenreviews]
    /// - level: RequestResponse
    /// #        ^^^^^^^^^^^^^^^ Policy writes the content of `secrets` to the log
    /// ```
    /// ```yaml good
    /// apiVersion: audit.k8s.io/v1
    /// kind: Policy
    /// rules:
    /// - level: Metadata
    ///   resources:
    ///   - group: ""
    ///     resources: [secrets, configmaps, serviceaccounts/token]
    ///   - group: authentication.k8s.io
    ///     resources: [tokenreviews]
    /// - level: RequestResponse
    /// ```
    pub(crate) static RULE: Check = {
        id: "audit-policy-logs-secrets",
        summary: "audit policy writes secrets to the log",
        remedy: "Put a rule with `level: Metadata` for `secrets`, `tokenreviews` and `serviceaccounts/token` first.",
        severity: High,
        check: Check::Kind(&["Policy"], check),
        security: true,
        cwe: &[532],
        controls: &[control::LOG_MASKING, control::LOG_AGGREGATION],
        references: &["https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/"],
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if view.group() != "audit.k8s.io" {
        return;
    }
    for (level, resource) in leaks(view) {
        let message = format!("{} writes the content of {resource} to the log", view.display());
        out.report(level.span(), message).field("rules.level");
    }
}
