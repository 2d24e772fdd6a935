use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Names, Workloads};

rule! {
    /// Pods of a service account that does not exist are refused: the workload stays at zero pods,
    /// and the reason stands only in an event of its ReplicaSet. It is fine where the account is
    /// made elsewhere, such as by the tool that gives it its cloud role.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   serviceAccountName: web
    /// #                     ^^^ Pod `web` runs as ServiceAccount `web`, which is not in the repository
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   serviceAccountName: web
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: web
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-account-not-found",
        summary: "pod runs as a service account that does not exist",
        remedy: "Add the ServiceAccount, or name one that exists.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &[
            "kube-linter:non-existent-service-account",
            "kubescape:C-0307",
            "popeye:307",
            "popeye:507",
        ],
        controls: &[control::SERVICE_ACCOUNT],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let accounts = Names::of(snapshot, &[("", "ServiceAccount")]);
    for workload in Workloads::of(snapshot).iter() {
        let view = workload.object.view;
        let Some(node) = workload.pod.service_account_name() else { continue };
        let Some(name) = node.text().filter(|name| *name != "default") else { continue };
        if accounts.has("ServiceAccount", view.namespace(), name) {
            continue;
        }
        let message = format!(
            "{} runs as ServiceAccount `{name}`, which is not in the repository",
            view.display()
        );
        let finding = out.report(workload.object.source(), node.span(), message);
        finding.object(workload.object.path()).evidence(name);
        // Where no account is declared at all, they come from elsewhere.
        if accounts.is_empty() {
            finding.severity(Severity::Low).confidence(Confidence::Low);
        }
    }
}
