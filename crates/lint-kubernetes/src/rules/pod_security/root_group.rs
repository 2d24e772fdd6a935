use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::pss::has_user_namespace;
use crate::usage::origin;

rule! {
    /// Files that belong to group root are many, on the node and in images, and often writable for
    /// it. A container with root as its group, or as one of its further groups, may read and change
    /// them; with `fsGroup: 0` all files of its volumes become such files.
    ///
    /// Images made for arbitrary users, as OpenShift runs them, keep their files in group 0 and
    /// need it; ignore the finding there. A pod with user namespaces is left out.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   securityContext:
    ///     fsGroup: 0
    /// #            ^ Pod `shop/api` gives its volumes to group root
    ///     supplementalGroups: [2000, 0]
    /// #                              ^ Pod `shop/api` adds group root
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     securityContext:
    ///       runAsGroup: 0
    /// #                 ^ container `web` in Pod `shop/api` runs in group root
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   securityContext:
    ///     fsGroup: 2000
    ///     runAsGroup: 20000
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "root-group",
        summary: "container runs in group root",
        remedy: "Use a group other than 0 for `runAsGroup`, `supplementalGroups` and `fsGroup`.",
        severity: Low,
        check: Check::Pod(check),
        peers: &["kube-linter:run-as-non-root", "trivy:KSV-0116", "kubescape:C-0013"],
        security: true,
        fragments: true,
        cwe: &[250],
        controls: &[control::IMAGE_NON_ROOT],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
    }
}

fn check(pod: PodTemplate<'_>, context: &Context, out: &mut Sink<'_>) {
    if pod.is_windows() || has_user_namespace(pod, context.kubernetes) {
        return;
    }
    let is_root = |node: &Node<'_>| node.as_i64() == Some(0);
    if let Some(node) = pod.security("fsGroup").filter(is_root) {
        let message = format!("{} gives its volumes to group root", pod.object.display());
        out.report(node.span(), message).field("spec.securityContext.fsGroup");
    }
    let groups = pod.security("supplementalGroups");
    if let Some(node) = groups.and_then(|groups| groups.items().find(is_root)) {
        let message = format!("{} adds group root", pod.object.display());
        out.report(node.span(), message).field("spec.securityContext.supplementalGroups");
    }
    for container in pod.containers() {
        let Some(group) = container.effective_run_as_group().filter(|group| group.value == 0)
        else {
            continue;
        };
        let message = format!("{} runs in group root{}", container.display(), origin(&group));
        out.report(group.node.span(), message).field("securityContext.runAsGroup");
    }
}
