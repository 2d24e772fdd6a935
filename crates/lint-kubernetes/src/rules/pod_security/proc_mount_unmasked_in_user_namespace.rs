use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::pss::has_user_namespace;

rule! {
    /// In a pod with user namespaces `procMount: Unmasked` is what containers that run containers
    /// need, and the baseline Pod Security Standard allows it from Kubernetes 1.35. The restricted
    /// standard does not.
    ///
    /// This rule is off by default and belongs to the profile of that standard.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   hostUsers: false
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     securityContext:
    ///       procMount: Unmasked
    /// #                ^^^^^^^^ container `web` in Pod `shop/api` sees the whole of `/proc`, if as a user of its pod alone
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   hostUsers: false
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "proc-mount-unmasked-in-user-namespace",
        summary: "container in a user namespace sees the whole of /proc",
        remedy: "Remove `procMount: Unmasked`.",
        severity: Info,
        check: Check::Container(check),
        peers: &["pss:procMount_restricted"],
        security: true,
        fragments: true,
        default: false,
        cwe: &[668],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
    }
}

fn check(container: Container<'_>, context: &Context, out: &mut Sink<'_>) {
    let mount = container.security("procMount");
    let mount = mount.filter(|node| node.text() != Some("Default"));
    if let Some(node) = mount.filter(|_| has_user_namespace(container.pod, context.kubernetes)) {
        let message = format!(
            "{} sees the whole of `/proc`, if as a user of its pod alone",
            container.display()
        );
        out.report(node.span(), message).field("securityContext.procMount");
    }
}
