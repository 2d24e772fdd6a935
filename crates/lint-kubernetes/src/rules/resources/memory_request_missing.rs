use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::{does_work, pod_has_request};

rule! {
    /// The scheduler places pods by what they request. A container without a memory request
    /// counts as needing nothing: the node fills up with more than fits, and such pods are the
    /// first to be evicted or killed.
    ///
    /// A limit counts as a request where no request is written, as the API server fills it in. A
    /// request of the pod as a whole counts too.
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
    /// #         ^^^ container `web` in Pod `shop/api` has no memory request
    ///     image: registry.example.com/web:1.4.0
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
    ///     resources:
    ///       requests: {memory: 256Mi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "memory-request-missing",
        summary: "container has no memory request",
        remedy: "Set `resources.requests.memory` to what the container needs in normal operation.",
        severity: Medium,
        check: Check::Container(check),
        peers: &[
            "kube-score:container-resources",
            "polaris:memoryRequestsMissing",
            "kubesec:RequestsMemory",
            "checkov:CKV_K8S_12",
            "trivy:KSV-0016",
            "kubescape:C-0269",
            "kubescape:C-0004",
            "kics:memory_requests_not_defined",
            "popeye:106",
        ],
        controls: &[control::RESOURCE_LIMITS],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let own = container.effective_request("memory").is_some();
    if !own && !pod_has_request(container, "memory") && does_work(container) {
        let message = format!("{} has no memory request", container.display());
        out.report(container.name_span, message).field("resources.requests.memory");
    }
}
