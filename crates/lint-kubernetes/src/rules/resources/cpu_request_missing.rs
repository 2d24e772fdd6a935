use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::{does_work, pod_has_request};

rule! {
    /// The scheduler places pods by what they request. A container without a CPU request counts
    /// as needing nothing: it is put on a full node, gets the smallest share of it, and an
    /// autoscaler by CPU utilisation has nothing to compare with.
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
    /// #         ^^^ container `web` in Pod `shop/api` has no CPU request
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
    ///       requests: {cpu: 250m}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cpu-request-missing",
        summary: "container has no CPU request",
        remedy: "Set `resources.requests.cpu` to what the container needs in normal operation.",
        severity: Medium,
        check: Check::Container(check),
        peers: &[
            "kube-linter:unset-cpu-requirements",
            "kube-score:container-resources",
            "polaris:cpuRequestsMissing",
            "kubesec:RequestsCPU",
            "checkov:CKV_K8S_10",
            "trivy:KSV-0015",
            "kubescape:C-0268",
            "kubescape:C-0050",
            "kics:cpu_requests_not_set",
            "popeye:106",
        ],
        controls: &[control::RESOURCE_LIMITS],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let own = container.effective_request("cpu").is_some();
    if !own && !pod_has_request(container, "cpu") && does_work(container) {
        let message = format!("{} has no CPU request", container.display());
        out.report(container.name_span, message).field("resources.requests.cpu");
    }
}
