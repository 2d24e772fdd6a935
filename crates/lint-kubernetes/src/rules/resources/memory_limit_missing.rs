use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::{does_work, pod_has_limit};

rule! {
    /// Without a memory limit a container that leaks takes the node's memory until the kernel
    /// kills whatever it finds, often a neighbour. With a limit only the culprit is restarted.
    ///
    /// A limit of the pod as a whole (`spec.resources`) covers its containers. Init containers
    /// are left out: they are gone before the work begins. A namespace's LimitRange can supply a
    /// default; say so with a suppression if yours does.
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
    /// #         ^^^ container `web` in Pod `shop/api` has no memory limit
    ///     image: registry.example.com/web:1.4.0
    ///     resources:
    ///       limits: {cpu: "1"}
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
    ///       limits: {memory: 256Mi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "memory-limit-missing",
        summary: "container has no memory limit",
        remedy: "Set `resources.limits.memory` to what the container needs at its peak.",
        severity: High,
        check: Check::Container(check),
        peers: &[
            "kube-linter:unset-memory-requirements",
            "kube-score:container-resources",
            "polaris:memoryLimitsMissing",
            "kubesec:LimitsMemory",
            "checkov:CKV_K8S_13",
            "trivy:KSV-0018",
            "kubescape:C-0271",
            "kubescape:C-0004",
            "kubescape:C-0009",
            "kics:memory_limits_not_defined",
            "kubeaudit:LimitsNotSet",
            "kubeaudit:LimitsMemoryNotSet",
            "popeye:106",
            "popeye:107",
        ],
        security: true,
        cwe: &[770],
        controls: &[control::RESOURCE_LIMITS],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let is_set = container.limit("memory").is_some() || pod_has_limit(container, "memory");
    if !is_set && does_work(container) {
        let message = format!("{} has no memory limit", container.display());
        out.report(container.name_span, message).field("resources.limits.memory");
    }
}
