use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::capabilities::name;
use crate::place::cut;

rule! {
    /// Each capability that a container adds is a right that its neighbours do not have. This rule
    /// lists them all, for a review of who may do what; it is off by default. What reaches beyond
    /// the container is reported by `capability-dangerous-added` and
    /// `capability-not-default-added`, what the restricted Pod Security Standard refuses by
    /// `capability-restricted-added`.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     securityContext:
    ///       capabilities:
    ///         drop: [ALL]
    ///         add: [NET_BIND_SERVICE]
    /// #             ^^^^^^^^^^^^^^^^ container `web` in Pod `shop/api` adds the capability `NET_BIND_SERVICE`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     securityContext:
    ///       capabilities:
    ///         drop: [ALL]
    /// ```
    pub(crate) static RULE: Check = {
        id: "capability-added",
        summary: "container adds a capability",
        remedy: "Remove the capability if the container works without it.",
        severity: Info,
        check: Check::Container(check),
        peers: &[
            "checkov:CKV_K8S_25",
            "trivy:KSV-0022",
            "kics:containers_with_added_capabilities",
            "kubeaudit:CapabilityAdded",
        ],
        security: true,
        fragments: true,
        default: false,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for (written, node) in container.capabilities("add") {
        let written = cut(written);
        let message = format!("{} adds the capability `{written}`", container.display());
        out.report(node.span(), message)
            .field("securityContext.capabilities.add")
            .evidence(name(written));
    }
}
