use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::{does_work, pod_has_limit};

rule! {
    /// Without a CPU limit a busy container may use every idle core of its node, so that its
    /// speed depends on its neighbours and tells nothing about the next node.
    ///
    /// This is contested: a limit throttles a container even where cores are idle, and requests
    /// already share a full node fairly. The rule is therefore off unless it is asked for; teams
    /// that bill or benchmark by limits want it.
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
    /// #         ^^^ container `web` in Pod `shop/api` has no CPU limit
    ///     image: registry.example.com/web:1.4.0
    ///     resources:
    ///       limits: {memory: 256Mi}
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
    ///       limits: {cpu: "1", memory: 256Mi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cpu-limit-missing",
        summary: "container has no CPU limit",
        remedy: "Set `resources.limits.cpu`, or rely on requests alone and leave this rule off.",
        severity: Low,
        check: Check::Container(check),
        peers: &[
            "kube-score:container-resources",
            "polaris:cpuLimitsMissing",
            "kubesec:LimitsCPU",
            "checkov:CKV_K8S_11",
            "trivy:KSV-0011",
            "kubescape:C-0270",
            "kubescape:C-0050",
            "kubescape:C-0009",
            "kics:cpu_limits_not_set",
            "kubeaudit:LimitsNotSet",
            "kubeaudit:LimitsCPUNotSet",
            "popeye:106",
            "popeye:107",
        ],
        controls: &[control::RESOURCE_LIMITS],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
        ],
        default: false,
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let is_set = container.limit("cpu").is_some() || pod_has_limit(container, "cpu");
    if !is_set && does_work(container) {
        let message = format!("{} has no CPU limit", container.display());
        out.report(container.name_span, message).field("resources.limits.cpu");
    }
}
