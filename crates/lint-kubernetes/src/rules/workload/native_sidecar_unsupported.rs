use careen_kube_model::{Container, Role};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// Before Kubernetes 1.29 the API server drops `restartPolicy` of an init container. The
    /// sidecar is then an ordinary init container that never ends, and the pod never gets past it.
    /// The version of the cluster is taken from the configuration.
    ///
    /// ```config
    /// kubernetes-version: "1.27"
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   initContainers:
    ///   - name: proxy
    ///     image: registry.example.com/proxy:1.4.0
    ///     restartPolicy: Always
    /// #                  ^^^^^^ sidecar container `proxy` in Pod `shop/api` needs Kubernetes 1.29 or later, and the cluster has 1.27
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
    ///   initContainers:
    ///   - name: proxy
    ///     image: registry.example.com/proxy:1.4.0
    ///     restartPolicy: Always
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "native-sidecar-unsupported",
        summary: "sidecar container needs a newer Kubernetes",
        remedy: "Upgrade to Kubernetes 1.29, or run the sidecar as a container of its own.",
        severity: High,
        check: Check::Container(check),
        controls: &[control::MANIFESTS_VALID, control::WORKLOADS_HEALTHY],
        references: &["https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/"],
        fragments: true,
    }
}

fn check(container: Container<'_>, context: &Context, out: &mut Sink<'_>) {
    if container.role != Role::Sidecar || context.kubernetes.is_at_least(29) {
        return;
    }
    let Some(node) = container.field("restartPolicy") else { return };
    let message = format!(
        "{} needs Kubernetes 1.29 or later, and the cluster has {}",
        container.display(),
        context.kubernetes
    );
    out.report(node.span(), message).field("restartPolicy");
}
