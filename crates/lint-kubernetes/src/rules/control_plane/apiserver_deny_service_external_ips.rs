use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// Whoever may create a Service may set `externalIPs`, and the nodes then send the traffic for
    /// these addresses to the pods of that Service. So a user of one namespace can read what others
    /// send to a foreign address. The admission plugin `DenyServiceExternalIPs` refuses new ones.
    ///
    /// It is fine without it where a policy engine watches over `externalIPs`, or where a cluster
    /// hands out addresses that way.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-apiserver
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command:
    ///     - kube-apiserver
    ///     - --enable-admission-plugins=NodeRestriction
    /// #                                ^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` lets Services claim any address
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-apiserver
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command:
    ///     - kube-apiserver
    ///     - --enable-admission-plugins=NodeRestriction,DenyServiceExternalIPs
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-deny-service-external-ips",
        summary: "API server lets Services claim external addresses",
        remedy: "Add `DenyServiceExternalIPs` to `--enable-admission-plugins`.",
        severity: Low,
        check: Check::Component(check),
        peers: &["trivy:KCV-0003", "kubescape:C-0115", "kubescape:C-0283"],
        security: true,
        cwe: &[284],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",
        ],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(span) = component.lacks_plugin("DenyServiceExternalIPs") {
        component.report(out, span, "enable-admission-plugins", "lets Services claim any address");
    }
}
