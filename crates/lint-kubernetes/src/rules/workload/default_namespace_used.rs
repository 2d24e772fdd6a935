use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// Everything that says no better ends up in the namespace `default`: quotas, network
    /// policies and roles for it hit things that have nothing to do with each other, and it
    /// cannot be deleted.
    ///
    /// Only an explicit `default` is reported. A manifest without a namespace goes wherever it is
    /// applied.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: default
    /// #            ^^^^^^^ Pod `default/agent` is put into the namespace `default`
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "default-namespace-used",
        summary: "workload is put into the namespace `default`",
        remedy: "Give the workload a namespace of its own.",
        severity: Low,
        check: Check::Pod(check),
        aliases: &["namespace-default-used"],
        peers: &[
            "kube-linter:use-namespace",
            "checkov:CKV_K8S_21",
            "trivy:KSV-0110",
            "kubescape:C-0061",
            "kubescape:C-0212",
            "kics:using_unrecommended_namespace",
        ],
        controls: &[control::NAMESPACE_DECLARED],
        references: &[
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
        ],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    if pod.object.namespace() != Some("default") {
        return;
    }
    if let Some(node) = pod.object.at(&["metadata", "namespace"]) {
        let message = format!("{} is put into the namespace `default`", pod.object.display());
        out.report(node.span(), message).field("metadata.namespace");
    }
}
