use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::rbac::{BINDINGS, Binding, Who};

rule! {
    /// `system:authenticated` is everybody who logs in and every pod that has a token, those of
    /// other teams and of tools from elsewhere too; with some clouds it is everybody with an
    /// account there. Roles of the cluster itself, such as for discovery, are fine.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: readers
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: view
    /// subjects:
    /// - kind: Group
    ///   name: system:authenticated
    /// #       ^^^^^^^^^^^^^^^^^^^^ ClusterRoleBinding `readers` grants ClusterRole `view` to everybody who logs in
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: readers
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: view
    /// subjects:
    /// - kind: Group
    ///   name: auditors
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-authenticated-group-binding",
        summary: "binding grants rights to everybody who logs in",
        remedy: "Bind the groups or service accounts that need it.",
        severity: High,
        check: Check::Kind(BINDINGS, check),
        peers: &["trivy:KSV-01011", "kubescape:C-0265"],
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
    if binding.role.starts_with("system:") {
        return;
    }
    let mut subjects = binding.subjects();
    let everybody = subjects.find(|subject| subject.who == Who::Group("system:authenticated"));
    if let Some(subject) = everybody {
        let message = format!("{} to everybody who logs in", binding.grants());
        let finding = out.report(subject.node.span(), message);
        finding.field("subjects").evidence(binding.role);
    }
}
