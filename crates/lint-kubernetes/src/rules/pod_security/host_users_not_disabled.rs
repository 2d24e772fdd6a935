use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::is_complete;

rule! {
    /// With `hostUsers: false` a pod has users of its own: root in it is an unprivileged user of
    /// the node, so that most ways out of a container end nowhere. It is on for all nodes with a
    /// recent kernel since Kubernetes 1.33.
    ///
    /// Not all volumes and runtimes can do it, so this rule is off by default. Pods that share a
    /// namespace of the node cannot have it and are left out.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    /// ^^^^ Pod `shop/api` uses the users of the node
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
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
        id: "host-users-not-disabled",
        summary: "pod uses the users of the node",
        remedy: "Set `hostUsers: false`.",
        severity: Info,
        check: Check::Pod(check),
        peers: &["kubesec:HostUsers"],
        security: true,
        default: false,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let written = pod.field("hostUsers");
    let shares = pod.host_network().or_else(|| pod.host_pid()).or_else(|| pod.host_ipc());
    if written.is_some_and(|node| node.as_bool() != Some(true))
        || shares.is_some()
        || pod.is_windows()
        || !is_complete(pod)
    {
        return;
    }
    let span = written.map_or_else(|| pod.spec_span(), |node| node.span());
    let message = format!("{} uses the users of the node", pod.object.display());
    out.report(span, message).field("spec.hostUsers");
}
