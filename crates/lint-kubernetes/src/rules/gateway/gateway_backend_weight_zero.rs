use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::gateway::{GROUP, ROUTES, rules};

rule! {
    /// Traffic is split over the backends of a rule by their weights. Where all of them are 0 no
    /// backend is left, and every request is answered with 500. It happens when a canary is
    /// switched off on both sides.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs:
    ///   - {name: edge}
    ///   rules:
    ///   - backendRefs:
    ///     - {name: web, port: 80, weight: 0}
    /// #                                   ^ HTTPRoute `shop` gives every backend of rule 1 the weight 0
    ///     - {name: canary, port: 80, weight: 0}
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: HTTPRoute
    /// metadata: {name: shop}
    /// spec:
    ///   parentRefs:
    ///   - {name: edge}
    ///   rules:
    ///   - backendRefs:
    ///     - {name: web, port: 80}
    ///     - {name: canary, port: 80, weight: 0}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-backend-weight-zero",
        summary: "every backend of a route's rule has the weight 0",
        remedy: "Give at least one backend a weight above 0.",
        severity: High,
        check: Check::Kind(ROUTES, check),
        confidence: Confidence::High,
        controls: &[control::SERVICE_URLS],
        references: &["https://gateway-api.sigs.k8s.io/guides/traffic-splitting/"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.group() != GROUP {
        return;
    }
    for (index, rule) in rules(object).enumerate() {
        let list = field(rule, "backendRefs");
        let mut weights = list.iter().flat_map(Node::items).map(|backend| field(backend, "weight"));
        let Some(Some(first)) = weights.next() else { continue };
        let is_zero = |node: Node<'_>| node.as_i64() == Some(0);
        if is_zero(first) && weights.all(|weight| weight.is_some_and(is_zero)) {
            let number = index + 1;
            let message =
                format!("{} gives every backend of rule {number} the weight 0", object.display());
            out.report(first.span(), message).field(format!("spec.rules[{index}].backendRefs"));
        }
    }
}
