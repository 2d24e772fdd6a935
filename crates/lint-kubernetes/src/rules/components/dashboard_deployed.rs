use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::program::runs;

rule! {
    /// The Kubernetes dashboard is a web page with the rights of its service account. Left open, it
    /// has been the way into many clusters. What it shows, `kubectl` and the consoles of clouds
    /// show too, with the rights of the person who looks. Fine if it is reached through
    /// `kubectl port-forward` alone and its account can read only.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: board
    ///   namespace: ops
    /// spec:
    ///   containers:
    ///   - name: board
    ///     image: kubernetesui/dashboard:v2.7.0
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ container `board` in Pod `ops/board` runs the Kubernetes dashboard
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: board
    ///   namespace: ops
    /// spec:
    ///   containers:
    ///   - name: board
    ///     image: grafana/grafana:12.3.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "dashboard-deployed",
        summary: "container runs the Kubernetes dashboard",
        remedy: "Remove the dashboard, or let it read only and reach it by port-forward.",
        severity: Medium,
        check: Check::Container(check),
        security: true,
        peers: &["checkov:CKV_K8S_33", "kubescape:C-0014", "kics:dashboard_is_enabled"],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &[
            "https://kubernetes.io/docs/tasks/access-application-cluster/web-ui-dashboard/",
        ],
        fragments: true,
    }
}

const NAMES: [&str; 6] = [
    "kubernetesui/dashboard",
    "kubernetesui/dashboard-api",
    "kubernetesui/dashboard-web",
    "kubernetesui/dashboard-auth",
    "kubernetes-dashboard-amd64",
    "kubernetes-dashboard",
];

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some((image, span)) = runs(container, &NAMES) else { return };
    let message =
        format!("{} runs the Kubernetes dashboard: `{}`", container.display(), cut(image));
    out.report(span, message).field("image");
}
