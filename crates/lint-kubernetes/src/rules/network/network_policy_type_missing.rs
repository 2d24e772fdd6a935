use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::policy_peers::is_network_policy;
use crate::relations::directions;

rule! {
    /// A NetworkPolicy restricts the directions in its `policyTypes` and no others. Rules for a
    /// direction that is not listed mean nothing: all traffic of that direction stays allowed,
    /// although the policy reads as if only some were. The rules have to be listed, or removed.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web}
    /// spec:
    ///   podSelector: {matchLabels: {app: web}}
    ///   policyTypes: [Ingress]
    /// #              ^^^^^^^^^ NetworkPolicy `web` has rules for egress and does not restrict it: `policyTypes` lacks `Egress`
    ///   egress:
    ///   - to: [{podSelector: {matchLabels: {app: database}}}]
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web}
    /// spec:
    ///   podSelector: {matchLabels: {app: web}}
    ///   policyTypes: [Ingress, Egress]
    ///   egress:
    ///   - to: [{podSelector: {matchLabels: {app: database}}}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "network-policy-type-missing",
        summary: "network policy has rules for a direction that it does not restrict",
        remedy: "Add the direction to `policyTypes`.",
        severity: High,
        check: Check::Kind(&["NetworkPolicy"], check),
        confidence: Confidence::High,
        security: true,
        cwe: &[923],
        controls: &[control::NETWORK_POLICIES],
        references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !is_network_policy(object) {
        return;
    }
    let Some(spec) = object.spec() else { return };
    let Some(types) = field(spec, "policyTypes") else { return };
    let (ingress, egress) = directions(spec, "policyTypes");
    for (direction, name, restricts) in
        [("ingress", "Ingress", ingress), ("egress", "Egress", egress)]
    {
        let has_rules = field(spec, direction).is_some_and(|list| list.items().next().is_some());
        if has_rules && !restricts {
            let message = format!(
                "{} has rules for {direction} and does not restrict it: `policyTypes` lacks `{name}`",
                object.display()
            );
            out.report(types.span(), message).field("spec.policyTypes").evidence(name);
        }
    }
}
