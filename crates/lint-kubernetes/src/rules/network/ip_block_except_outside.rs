use careen_kube_model::{ObjectView, field, strings};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::cidr::Cidr;
use crate::placeholder::is_placeholder;
use crate::policy_peers::{is_network_policy, peers};

rule! {
    /// `except` takes addresses out of the block it belongs to, so it has to lie inside and be
    /// smaller. The API server refuses a policy where it does not, and the pods stay open; what was
    /// to be kept away is usually the cloud's metadata service.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web}
    /// spec:
    ///   podSelector: {matchLabels: {app: web}}
    ///   policyTypes: [Egress]
    ///   egress:
    ///   - to:
    ///     - ipBlock:
    ///         cidr: 10.0.0.0/8
    ///         except: [169.254.169.254/32]
    /// #                ^^^^^^^^^^^^^^^^^^ egress rule 1 of NetworkPolicy `web` takes `169.254.169.254/32` out of `10.0.0.0/8`, which does not hold it
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: NetworkPolicy
    /// metadata: {name: web}
    /// spec:
    ///   podSelector: {matchLabels: {app: web}}
    ///   policyTypes: [Egress]
    ///   egress:
    ///   - to:
    ///     - ipBlock:
    ///         cidr: 0.0.0.0/0
    ///         except: [169.254.169.254/32]
    /// ```
    pub(crate) static RULE: Check = {
        id: "ip-block-except-outside",
        summary: "exception of a block of addresses is not inside the block",
        remedy: "Let `except` name smaller blocks inside `cidr`.",
        severity: High,
        check: Check::Kind(&["NetworkPolicy"], check),
        confidence: Confidence::High,
        security: true,
        cwe: &[923],
        controls: &[control::NETWORK_POLICIES, control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !is_network_policy(object) {
        return;
    }
    for peer in peers(object) {
        let Some(block) = peer.block() else { continue };
        let Some(except) = field(block, "except") else { continue };
        let Some(whole) = field(block, "cidr").and_then(|cidr| cidr.text()) else { continue };
        let Some(cidr) = Cidr::parse(whole) else { continue };
        for (text, node) in strings(except).filter(|(text, _)| !is_placeholder(text)) {
            let part = Cidr::parse(text);
            if part.is_some_and(|part| cidr.strictly_contains(part)) {
                continue;
            }
            let why = if part.is_none() { "which is no CIDR" } else { "which does not hold it" };
            let shown = crate::place::cut(text);
            let message =
                format!("{} takes `{shown}` out of `{whole}`, {why}", peer.rule_of(object));
            out.report(node.span(), message).field(peer.path()).evidence(shown);
        }
    }
}
