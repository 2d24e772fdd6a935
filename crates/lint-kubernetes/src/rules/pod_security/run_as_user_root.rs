use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::pss::has_user_namespace;
use crate::usage::origin;

rule! {
    /// The manifest makes the container run as user 0, whatever its image says. Root in a
    /// container is root on the node for every file that is mounted and for every flaw of the
    /// kernel.
    ///
    /// It is fine in a pod with user namespaces (`hostUsers: false`), where 0 is an unprivileged
    /// user of the node; such pods are left out from Kubernetes 1.35, as the Pod Security Standards
    /// do. A container's `runAsUser` goes before its pod's.
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
    ///       runAsUser: 0
    /// #                ^ container `web` in Pod `shop/api` runs as root
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
    ///       runAsUser: 10001
    /// ```
    pub(crate) static RULE: Check = {
        id: "run-as-user-root",
        summary: "container is told to run as root",
        remedy: "Set `runAsUser` to the number of an unprivileged user.",
        severity: High,
        check: Check::Container(check),
        peers: &[
            "kube-linter:run-as-non-root",
            "trivy:KSV-0105",
            "kubeaudit:RunAsUserCSCRoot",
            "kubeaudit:RunAsUserPSCRoot",
            "pss:runAsUser",
        ],
        security: true,
        fragments: true,
        cwe: &[250],
        controls: &[control::IMAGE_NON_ROOT],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
            "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
        ],
    }
}

fn check(container: Container<'_>, context: &Context, out: &mut Sink<'_>) {
    let Some(user) = container.effective_run_as_user().filter(|user| user.value == 0) else {
        return;
    };
    if !has_user_namespace(container.pod, context.kubernetes) && !container.pod.is_windows() {
        let message = format!("{} runs as root{}", container.display(), origin(&user));
        out.report(user.node.span(), message).field("securityContext.runAsUser");
    }
}
