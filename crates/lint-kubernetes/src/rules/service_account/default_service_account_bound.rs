use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::rbac::{BINDINGS, Binding, Who};

rule! {
    /// Every pod of a namespace that names no account runs as `default`: rights that are bound to
    /// it go to all of them, and to those that come later. The groups `system:serviceaccounts` and
    /// `system:serviceaccounts:NAMESPACE` are all accounts, that one among them. Make an account
    /// for the workload that needs the rights. Roles of the cluster itself are fine for the groups.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: reader
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: view
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: default
    /// #       ^^^^^^^ ClusterRoleBinding `reader` grants ClusterRole `view` to ServiceAccount `shop/default`
    ///   namespace: shop
    /// ```
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: reader
    ///   namespace: shop
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: view
    /// subjects:
    /// - kind: Group
    ///   name: system:serviceaccounts:shop
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^ RoleBinding `shop/reader` grants ClusterRole `view` to every service account of `shop`, `default` among them
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: RoleBinding
    /// metadata:
    ///   name: reader
    ///   namespace: shop
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: view
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: web
    ///   namespace: shop
    /// ```
    pub(crate) static RULE: Check = {
        id: "default-service-account-bound",
        summary: "binding grants rights to the default service account",
        remedy: "Make a ServiceAccount for the workload and bind that.",
        severity: Medium,
        check: Check::Kind(BINDINGS, check),
        peers: &[
            "checkov:CKV_K8S_42",
            "kubescape:C-0225",
            "kubescape:C-0239",
            "kics:role_binding_to_default_service_account",
            "popeye:308",
        ],
        security: true,
        cwe: &[250],
        controls: &[control::SERVICE_ACCOUNT],
        fragments: true,
        references: &[
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
            "https://kubernetes.io/docs/concepts/security/service-accounts/",
        ],
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(binding) = Binding::of(view) else { return };
    for subject in binding.subjects() {
        let who = match subject.who {
            Who::Account { name: "default", .. } => subject.who.to_string(),
            _ if binding.role.starts_with("system:") => continue,
            who => match who.accounts() {
                Some(Some(namespace)) => {
                    format!("every service account of `{}`, `default` among them", cut(namespace))
                }
                Some(None) => "every service account of the cluster".to_owned(),
                None => continue,
            },
        };
        let message = format!("{} to {who}", binding.grants());
        let finding = out.report(subject.node.span(), message);
        finding.field("subjects").evidence(format!("{}/{}", binding.role, subject.who));
        if binding.is_cluster {
            finding.severity(Severity::High);
        }
    }
}
