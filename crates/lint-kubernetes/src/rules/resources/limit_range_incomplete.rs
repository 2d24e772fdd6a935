use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::short_span;

/// Entries that are looked at; there is one for each type.
const ENTRIES: usize = 100;

rule! {
    /// A LimitRange without bounds lets a container ask for a whole node, and one without defaults
    /// gives nothing to the containers that ask for nothing. Kubernetes takes a missing `default`
    /// from `max`, and a missing `defaultRequest` from `default` or `min`, and so does this rule.
    ///
    /// A LimitRange may be there for one of these alone, so the rule is off unless it is asked for.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: LimitRange
    /// metadata:
    ///   name: defaults
    ///   namespace: shop
    /// spec:
    ///   limits:
    ///   - type: Container
    /// #   ^^^^^^^^^^^^^^^ LimitRange `shop/defaults` sets no `min`, `max` for containers
    ///     default: {memory: 256Mi}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: LimitRange
    /// metadata:
    ///   name: defaults
    ///   namespace: shop
    /// spec:
    ///   limits:
    ///   - type: Container
    ///     min: {memory: 16Mi}
    ///     max: {memory: 4Gi}
    ///     default: {memory: 256Mi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "limit-range-incomplete",
        summary: "LimitRange leaves bounds or defaults open",
        remedy: "Give `min`, `max`, and for containers `default` and `defaultRequest`.",
        severity: Low,
        check: Check::Kind(&["LimitRange"], check),
        peers: &["trivy:KSV-0039"],
        controls: &[control::RESOURCE_LIMITS, control::RESOURCE_QUOTAS],
        references: &["https://kubernetes.io/docs/concepts/policy/limit-range/"],
        default: false,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !object.group().is_empty() {
        return;
    }
    let Some(list) = object.at(&["spec", "limits"]) else { return };
    for entry in list.items().take(ENTRIES) {
        let has = |key| field(entry, key).is_some();
        let kind = field(entry, "type").and_then(|node| node.text());
        let noun = match kind {
            Some("Container") => "containers",
            Some("Pod") => "pods",
            Some(_) => "volume claims",
            None => {
                let message = format!("{} does not say what it limits", object.display());
                out.report(short_span(entry), message).field("spec.limits");
                continue;
            }
        };
        let is_container = kind == Some("Container");
        let has_default = !is_container || has("default") || has("max");
        let has_request = !is_container || has_default || has("defaultRequest") || has("min");
        let missing: Vec<&str> = [
            ("`min`", has("min")),
            ("`max`", has("max")),
            ("`default`", has_default),
            ("`defaultRequest`", has_request),
        ]
        .iter()
        .filter_map(|(key, is_set)| (!is_set).then_some(*key))
        .collect();
        if !missing.is_empty() {
            let message = format!("{} sets no {} for {noun}", object.display(), missing.join(", "));
            out.report(short_span(entry), message).field("spec.limits");
        }
    }
}
