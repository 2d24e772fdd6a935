use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::rbac::{Capability, ROLES, Role};

rule! {
    /// A signed certificate is an identity: whoever can approve requests for the signers of the API
    /// server becomes any user and any group, such as another node or an administrator, until the
    /// certificate expires, for it cannot be revoked. It is fine for an approver of one signer that
    /// is no identity in the cluster, listed in `resourceNames` of the rule for `signers`: roles
    /// that name only such are not reported, and those for `kubernetes.io/kubelet-serving` less
    /// severely.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: approver
    /// rules:
    /// - apiGroups: [certificates.k8s.io]
    ///   resources: [certificatesigningrequests/approval]
    /// #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ClusterRole `approver` can `update` `certificatesigningrequests/approval`
    ///   verbs: [update]
    /// - apiGroups: [certificates.k8s.io]
    ///   resources: [signers]
    ///   verbs: [approve]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRole
    /// metadata:
    ///   name: approver
    /// rules:
    /// - apiGroups: [certificates.k8s.io]
    ///   resources: [certificatesigningrequests/approval]
    ///   verbs: [update]
    /// - apiGroups: [certificates.k8s.io]
    ///   resources: [signers]
    ///   resourceNames: [example.com/mesh]
    ///   verbs: [approve]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-approve-csr",
        summary: "role can approve certificate requests",
        remedy: "List the signers in `resourceNames` of the rule with `approve`, or remove `certificatesigningrequests/approval`.",
        severity: High,
        check: Check::Kind(ROLES, check),
        peers: &["checkov:CKV_K8S_156", "kubescape:C-0280"],
        security: true,
        cwe: &[269, 250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        references: &[
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
            "https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/",
        ],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[("certificates.k8s.io", &["certificatesigningrequests/approval"])],
    verbs: &["update", "patch"],
    cluster_scoped: true,
    narrowed: true,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let mut known = None;
    for grant in CAPABILITY.of(view) {
        match *known.get_or_insert_with(|| signers(grant.role)) {
            Signers::Own => return,
            Signers::Serving => {
                grant.report(out).severity(Severity::Medium);
            }
            Signers::Any => {
                grant.report(out);
            }
        }
    }
}

/// The signers that a role may approve for.
#[derive(Clone, Copy)]
enum Signers {
    /// Those of an operator alone.
    Own,
    /// That of kubelets as servers, too.
    Serving,
    /// Those of identities in the cluster, or another role says.
    Any,
}

fn signers(role: Role<'_>) -> Signers {
    let mut found = None;
    let is_approve = |(word, _): (&str, Node<'_>)| word == "approve" || word == "*";
    for rule in role.rules() {
        let is_about = rule.resources().any(|(word, _)| word == "signers" || word == "*");
        if !is_about || !rule.has_group("certificates.k8s.io") || !rule.verbs().any(is_approve) {
            continue;
        }
        if !rule.is_narrowed() {
            return Signers::Any;
        }
        for (name, _) in rule.names() {
            match name {
                "kubernetes.io/kubelet-serving" => found = Some(Signers::Serving),
                "kubernetes.io/legacy-unknown" => {}
                name if name.starts_with("kubernetes.io/") => return Signers::Any,
                _ => {}
            }
            found.get_or_insert(Signers::Own);
        }
    }
    found.unwrap_or(Signers::Any)
}
