use careen_kube_model::Workload;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Policies, Workloads};

rule! {
    /// A pod that no NetworkPolicy selects takes traffic from every pod of the cluster and may
    /// send to anywhere. One compromised pod then reaches all databases and the cloud's metadata
    /// service. Policies of Cilium and Calico count as well. It is fine where the cluster's
    /// administrators isolate namespaces by policies that are not in this repository.
    ///
    /// ```yaml bad file=deploy/web.yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// #       ^^^ no NetworkPolicy selects the pods of Deployment `web`
    /// spec:
    ///   selector:
    ///     matchLabels: {app: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml bad file=deploy/policy.yaml
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: api
    /// spec:
    ///   podSelector:
    ///     matchLabels: {app: api}
    ///   policyTypes: [Ingress, Egress]
    /// ```
    /// ```yaml good file=deploy/web.yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     matchLabels: {app: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good file=deploy/policy.yaml
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector:
    ///     matchLabels: {app: web}
    ///   policyTypes: [Ingress, Egress]
    ///   ingress:
    ///   - from:
    ///     - podSelector:
    ///         matchLabels: {app: gateway}
    /// ```
    pub(crate) static RULE: Check = {
        id: "pod-without-network-policy",
        summary: "no network policy selects the pod",
        remedy: "Add a NetworkPolicy that selects the pods and allows only the traffic they need, or a default deny for the namespace.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        security: true,
        cwe: &[923],
        peers: &[
            "kube-linter:non-isolated-pod",
            "kube-score:pod-networkpolicy",
            "polaris:missingNetworkPolicy",
            "checkov:CKV2_K8S_6",
            "kubescape:C-0260",
            "kubescape:C-0030",
            "kics:pod_misconfigured_network_policy",
            "popeye:1204",
            "popeye:1205",
        ],
        controls: &[control::NETWORK_POLICIES],
        references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let workloads = Workloads::of(snapshot);
    let Some(covered) = Policies::of(snapshot).cover(&workloads) else { return };
    for (workload, covered) in workloads.iter().zip(covered) {
        // The node's network has no policies, a template alone runs nothing, and the pods of a
        // custom resource have labels that only its operator knows.
        if covered.by.is_some()
            || workload.pod.host_network().is_some()
            || workload.pod.workload.is_custom()
            || workload.pod.workload == Workload::PodTemplate
        {
            continue;
        }
        let view = workload.object.view;
        let message = format!("no NetworkPolicy selects the pods of {}", view.display());
        let finding = out.report(workload.object.source(), view.name_span(), message);
        finding.object(workload.object.path());
        // What ends serves nobody, and policies of the cluster's own pods can break the cluster.
        let is_system = view.namespace() == Some("kube-system");
        if is_system || !workload.pod.is_long_running() {
            finding.severity(Severity::Low);
        }
    }
}
