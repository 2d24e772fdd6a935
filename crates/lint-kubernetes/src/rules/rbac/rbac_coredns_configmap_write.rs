use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::rbac::{Capability, ROLES};

rule! {
    /// The ConfigMap of CoreDNS decides where every name in the cluster leads: whoever can change
    /// it reads and answers the requests between all applications. A Role in `kube-system` that
    /// writes ConfigMaps without naming them can, too. It is fine for the tool that installs
    /// CoreDNS; a lock is better a Lease, and is reported less severely.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: dns
    ///   namespace: kube-system
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [configmaps]
    /// #             ^^^^^^^^^^ Role `kube-system/dns` can `update` `configmaps` named `coredns`
    ///   resourceNames: [coredns]
    ///   verbs: [update]
    /// ```
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: agent
    ///   namespace: kube-system
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [configmaps]
    /// #             ^^^^^^^^^^ Role `kube-system/agent` can `update` `configmaps`, that of CoreDNS among them
    ///   verbs: [create, update]
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: Role
    /// metadata:
    ///   name: agent
    ///   namespace: kube-system
    /// rules:
    /// - apiGroups: [""]
    ///   resources: [configmaps]
    ///   resourceNames: [agent-lock]
    ///   verbs: [update]
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-coredns-configmap-write",
        summary: "role can change the cluster's DNS",
        remedy: "Name the ConfigMaps that are written in `resourceNames`, without that of CoreDNS.",
        severity: Medium,
        check: Check::Kind(ROLES, check),
        peers: &["kubescape:C-0037"],
        security: true,
        cwe: &[250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        fragments: true,
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/rbac/"],
    }
}

static CAPABILITY: Capability = Capability {
    resources: &[("", &["configmaps"])],
    verbs: &["update", "patch", "delete", "deletecollection"],
    narrowed: true,
    milder: 0,
    ..Capability::DEFAULT
};

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    for grant in CAPABILITY.of(view) {
        let namespace = view.namespace();
        let is_there = grant.role.is_cluster || namespace.is_none_or(|name| name == "kube-system");
        if grant.rule.is_narrowed() {
            let is_named =
                grant.rule.names().any(|(name, _)| matches!(name, "coredns" | "kube-dns"));
            if is_there && is_named {
                grant.report(out);
            }
        } else if namespace == Some("kube-system") && !grant.role.is_cluster {
            // Mostly it is meant for a lock.
            let finding = grant.report(out).severity(Severity::Low);
            finding.message.push_str(", that of CoreDNS among them");
        }
    }
}
