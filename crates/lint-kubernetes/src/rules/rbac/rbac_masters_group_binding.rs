use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{BINDINGS, Binding, Who};

rule! {
    /// Members of `system:masters` pass every check of the API server: no role and no binding
    /// limits them, and their certificates cannot be revoked. A binding for the group adds nothing
    /// and shows that somebody uses it for daily work; it is for the day when nothing else works.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: ops
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: cluster-admin
    /// subjects:
    /// - kind: Group
    ///   name: system:masters
    /// #       ^^^^^^^^^^^^^^ ClusterRoleBinding `ops` grants ClusterRole `cluster-admin` to group `system:masters`
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: ops
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: cluster-admin
    /// subjects:
    /// - kind: Group
    ///   name: platform-on-call
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-masters-group-binding",
        summary: "binding names the group that passes every check",
        remedy: "Bind a group of your own.",
        severity: High,
        check: Check::Kind(BINDINGS, check),
        peers: &["trivy:KSV-0123", "kubescape:C-0246"],
        security: true,
        cwe: &[269, 250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        references: &[
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
        ],
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(binding) = Binding::of(view) else { return };
    let mut subjects = binding.subjects();
    if let Some(subject) = subjects.find(|subject| subject.who == Who::Group("system:masters")) {
        let message = format!("{} to group `system:masters`", binding.grants());
        let finding = out.report(subject.node.span(), message);
        finding.field("subjects").evidence(binding.role);
    }
}
