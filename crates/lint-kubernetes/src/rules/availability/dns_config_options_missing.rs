use careen_kube_model::{PodTemplate, path};
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use crate::Check;
use crate::relations::{is_complete, text};

rule! {
    /// Pods look up every name with fewer than five dots in the cluster's search domains first:
    /// `api.example.com` costs four or more questions that fail, for each address family. `ndots:
    /// 2` spares them. Which options your pods need is yours to say: `required` maps each to its
    /// value, and without it the rule says nothing. An empty value asks for the option alone.
    ///
    /// ```config
    /// rules: {dns-config-options-missing: {required: {ndots: "2"}}}
    /// ```
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    /// #   ^^^^ Deployment `shop/api` has no DNS option `ndots` of `2`
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```config
    /// rules: {dns-config-options-missing: {required: {ndots: "2"}}}
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       dnsConfig:
    ///         options:
    ///         - {name: ndots, value: "2"}
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "dns-config-options-missing",
        summary: "pod lacks an option for name resolution",
        remedy: "Add the option to `dnsConfig.options`.",
        severity: Low,
        check: Check::Pod(check),
        peers: &["kube-linter:dnsconfig-options"],
        controls: &[control::NETWORK_REACHABLE, control::SERVICE_URLS],
        references: &["https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config"],
        default: false,
        options: &[RuleOption { name: "required", kind: OptionKind::Map, summary: "Options with their values, such as `ndots: 2`; without them the rule says nothing." }],
    }
}

fn check(pod: PodTemplate<'_>, context: &Context, out: &mut Sink<'_>) {
    let required = context.options.map(RULE.meta.id, "required");
    if required.is_empty() || !is_complete(pod) {
        return;
    }
    let options = || path(pod.spec, &["dnsConfig", "options"]).into_iter();
    for (name, value) in required {
        let is_set = options().flat_map(|list| list.items()).any(|option| {
            text(option, "name") == Some(name)
                && (value.is_empty() || text(option, "value") == Some(value))
        });
        if is_set {
            continue;
        }
        let object = pod.object.display();
        let message = match value.as_str() {
            "" => format!("{object} has no DNS option `{name}`"),
            value => format!("{object} has no DNS option `{name}` of `{value}`"),
        };
        out.report(pod.spec_span(), message)
            .field("spec.dnsConfig.options")
            .evidence(name.as_str());
    }
}
