use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Policies, Workloads};

rule! {
    /// A NetworkPolicy isolates only the directions it names. Pods with rules for incoming traffic
    /// alone may still send to anywhere, so that a compromised one can carry data out; pods with
    /// rules for outgoing traffic alone are reachable by everyone. It is fine where the other
    /// direction is open on purpose.
    ///
    /// ```yaml bad file=deploy/web.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// #       ^^^ no NetworkPolicy restricts the egress of Pod `web`
    ///   labels: {app: web}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml bad file=deploy/policy.yaml
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata:
    ///   name: web
    /// spec:
    ///   podSelector:
    ///     matchLabels: {app: web}
    ///   policyTypes: [Ingress]
    /// ```
    /// ```yaml good file=deploy/web.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   labels: {app: web}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
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
    ///   egress:
    ///   - to:
    ///     - podSelector:
    ///         matchLabels: {app: database}
    /// ```
    pub(crate) static RULE: Check = {
        id: "network-policy-direction-missing",
        summary: "network policies restrict only one direction of a pod's traffic",
        remedy: "Add the other direction to `policyTypes`, with rules for the traffic that is needed, such as DNS.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        security: true,
        cwe: &[923],
        peers: &[
            "kube-score:pod-networkpolicy",
            "polaris:missingNetworkPolicy",
            "kubescape:C-0030",
            "popeye:1204",
        ],
        controls: &[control::NETWORK_POLICIES],
        references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let policies = Policies::of(snapshot);
    if policies.list.is_empty() {
        return;
    }
    let workloads = Workloads::of(snapshot);
    let Some(covered) = policies.cover(&workloads) else { return };
    for (workload, covered) in workloads.iter().zip(covered) {
        let Some(policy) = covered.by.and_then(|by| policies.list.get(by)) else { continue };
        let missing = match (covered.ingress, covered.egress) {
            (true, false) => "egress",
            (false, true) => "ingress",
            _ => continue,
        };
        if workload.pod.host_network().is_some() {
            continue;
        }
        let view = workload.object.view;
        let message = format!("no NetworkPolicy restricts the {missing} of {}", view.display());
        let policy = policy.object;
        out.report(workload.object.source(), view.name_span(), message)
            .object(workload.object.path())
            .evidence(missing)
            .related(
                policy.source(),
                policy.view.name_span(),
                format!("{} restricts the other direction", policy.view.display()),
            );
    }
}
