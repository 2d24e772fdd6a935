use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::rbac::{Who, bindings};
use crate::relations::Workloads;

rule! {
    /// The account of the Kubernetes dashboard is known to everybody, and whoever opens the
    /// dashboard without a login acts as it: rights that are bound to it are open to all who reach
    /// that page, as in several known break-ins. Bind the people who use the dashboard instead, who
    /// log in with their own tokens. A workload other than the dashboard has no reason to run as
    /// it. The roles that come with the dashboard are fine.
    ///
    /// ```yaml bad
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: dashboard
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: cluster-admin
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: kubernetes-dashboard
    /// #       ^^^^^^^^^^^^^^^^^^^^ ClusterRoleBinding `dashboard` grants ClusterRole `cluster-admin` to the account of the dashboard
    ///   namespace: kubernetes-dashboard
    /// ```
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    ///   namespace: kubernetes-dashboard
    /// spec:
    ///   selector:
    ///     matchLabels: {app: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       serviceAccountName: kubernetes-dashboard
    /// #                         ^^^^^^^^^^^^^^^^^^^^ Deployment `kubernetes-dashboard/web` runs as the account of the dashboard
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: rbac.authorization.k8s.io/v1
    /// kind: ClusterRoleBinding
    /// metadata:
    ///   name: dashboard
    /// roleRef:
    ///   apiGroup: rbac.authorization.k8s.io
    ///   kind: ClusterRole
    ///   name: kubernetes-dashboard
    /// subjects:
    /// - kind: ServiceAccount
    ///   name: kubernetes-dashboard
    ///   namespace: kubernetes-dashboard
    /// ```
    pub(crate) static RULE: Check = {
        id: "rbac-dashboard-service-account",
        summary: "dashboard account is used by something else",
        remedy: "Remove the binding or give the workload its own account.",
        severity: Medium,
        check: Check::Snapshot(check),
        peers: &["kubescape:C-0014"],
        security: true,
        cwe: &[250],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &[
            "https://kubernetes.io/docs/tasks/access-application-cluster/web-ui-dashboard/",
            "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for (object, binding) in bindings(snapshot) {
        // Those of the dashboard's own installation, with their prefixes.
        if binding.role.contains(ACCOUNT) {
            continue;
        }
        let mut subjects = binding.subjects();
        let found = subjects
            .find(|subject| matches!(subject.who, Who::Account { name, .. } if name == ACCOUNT));
        if let Some(subject) = found {
            let message = format!("{} to the account of the dashboard", binding.grants());
            out.report(object.source(), subject.node.span(), message)
                .object(object.path())
                .field("subjects")
                .evidence(binding.role);
        }
    }
    for workload in Workloads::of(snapshot).iter() {
        let Some(node) = workload.pod.service_account_name() else { continue };
        let view = workload.object.view;
        let is_dashboard = |text: &str| text.contains("dashboard");
        if node.text() != Some(ACCOUNT)
            || is_dashboard(view.name())
            || workload.pod.containers().any(|container| {
                let image = container.image().and_then(|image| image.text());
                image.is_some_and(is_dashboard)
            })
        {
            continue;
        }
        let message = format!("{} runs as the account of the dashboard", view.display());
        out.report(workload.object.source(), node.span(), message)
            .object(workload.object.path())
            .field("spec.serviceAccountName");
    }
}

const ACCOUNT: &str = "kubernetes-dashboard";
