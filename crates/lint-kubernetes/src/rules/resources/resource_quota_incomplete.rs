use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// What a quota does not name is not bounded. A quota for requests alone still lets the limits
    /// of a namespace add up to many times what the nodes have, and one for CPU alone says nothing
    /// of memory.
    ///
    /// It is fine to leave limits for CPU out where containers have none, or to bound other things
    /// in a second quota, so the rule is off unless it is asked for. Quotas for a scope, such as
    /// one priority class, are left out.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ResourceQuota
    /// metadata:
    ///   name: quota
    ///   namespace: shop
    /// spec:
    ///   hard:
    /// # ^^^^ ResourceQuota `shop/quota` does not bound `limits.cpu`, `limits.memory`
    ///     requests.cpu: "8"
    ///     requests.memory: 16Gi
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ResourceQuota
    /// metadata:
    ///   name: quota
    ///   namespace: shop
    /// spec:
    ///   hard:
    ///     cpu: "8"
    ///     memory: 16Gi
    ///     limits.cpu: "16"
    ///     limits.memory: 32Gi
    /// ```
    pub(crate) static RULE: Check = {
        id: "resource-quota-incomplete",
        summary: "ResourceQuota leaves CPU or memory open",
        remedy: "Bound `requests.cpu`, `requests.memory`, `limits.cpu` and `limits.memory`.",
        severity: Low,
        check: Check::Kind(&["ResourceQuota"], check),
        peers: &["trivy:KSV-0040"],
        controls: &[control::RESOURCE_QUOTAS],
        references: &["https://kubernetes.io/docs/concepts/policy/resource-quotas/"],
        default: false,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(spec) = object.spec().filter(|_| object.group().is_empty()) else { return };
    let is_scoped = ["scopes", "scopeSelector"].iter().any(|key| field(spec, key).is_some());
    let Some(hard) = field(spec, "hard").filter(|_| !is_scoped) else { return };
    let has = |keys: &[&str]| keys.iter().any(|key| field(hard, key).is_some());
    let missing: Vec<&str> = [
        ("`requests.cpu`", has(&["requests.cpu", "cpu"])),
        ("`requests.memory`", has(&["requests.memory", "memory"])),
        ("`limits.cpu`", has(&["limits.cpu"])),
        ("`limits.memory`", has(&["limits.memory"])),
    ]
    .iter()
    .filter_map(|(key, is_set)| (!is_set).then_some(*key))
    .collect();
    if !missing.is_empty() {
        let message = format!("{} does not bound {}", object.display(), missing.join(", "));
        let key = spec.entry("hard").map_or_else(|| hard.span(), |entry| entry.key.span());
        out.report(key, message).field("spec.hard");
    }
}
