use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// `kube-system`, `kube-public` and `kube-node-lease` belong to the cluster. What runs there
    /// stands beside the parts that keep the cluster alive, is exempt from many admission
    /// policies, and may read their secrets. Fine for add-ons of the cluster itself, such as a CNI
    /// or metrics-server.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: kube-system
    /// #            ^^^^^^^^^^^ Pod `kube-system/agent` is put into the namespace `kube-system` of the cluster
    /// spec:
    ///   containers:
    ///   - {name: agent, image: "registry.example.com/agent:1.4.0"}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   containers:
    ///   - {name: agent, image: "registry.example.com/agent:1.4.0"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "system-namespace-used",
        summary: "workload is put into a namespace of the cluster",
        remedy: "Give the workload a namespace of its own.",
        severity: Low,
        check: Check::Pod(check),
        security: true,
        peers: &["trivy:KSV-0037", "kics:using_unrecommended_namespace"],
        controls: &[control::NAMESPACE_DECLARED],
        references: &[
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces",
        ],
        fragments: true,
    }
}

const SYSTEM: [&str; 3] = ["kube-system", "kube-public", "kube-node-lease"];

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = pod.object;
    let Some(namespace) = view.namespace().filter(|name| SYSTEM.contains(name)) else { return };
    if let Some(node) = view.at(&["metadata", "namespace"]) {
        let message =
            format!("{} is put into the namespace `{namespace}` of the cluster", view.display());
        out.report(node.span(), message).field("metadata.namespace");
    }
}
