use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// Whoever may use this SecurityContextConstraints may start privileged containers, which are
    /// root on their nodes. One binding to a group such as `system:authenticated` gives the cluster
    /// away.
    ///
    /// OpenShift brings one for its own components; a second one is hardly ever needed.
    ///
    /// ```yaml bad
    /// apiVersion: security.openshift.io/v1
    /// kind: SecurityContextConstraints
    /// metadata:
    ///   name: builder
    /// allowPrivilegedContainer: true
    /// #                         ^^^^ SecurityContextConstraints `builder` allows privileged containers
    /// ```
    /// ```yaml good
    /// apiVersion: security.openshift.io/v1
    /// kind: SecurityContextConstraints
    /// metadata:
    ///   name: builder
    /// allowPrivilegedContainer: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "scc-allows-privileged",
        summary: "SecurityContextConstraints allow privileged containers",
        remedy: "Set `allowPrivilegedContainer: false` and allow the capabilities that are needed.",
        severity: High,
        check: Check::Kind(&["SecurityContextConstraints"], check),
        peers: &["kube-linter:scc-deny-privileged-container"],
        security: true,
        fragments: true,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let node = object.at(&["allowPrivilegedContainer"]);
    if let Some(node) = node.filter(|node| node.as_bool() == Some(true)) {
        let message = format!("{} allows privileged containers", object.display());
        out.report(node.span(), message).field("allowPrivilegedContainer");
    }
}
