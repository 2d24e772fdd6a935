use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A ConfigMap that changes in place reaches running pods at some time or never, and rolling
    /// the Deployment back does not bring the old settings back. An immutable one with a new name
    /// for each version rolls out and back with its workload, and spares the API server watching
    /// it. It takes tools that make the names, so the rule is off unless it is asked for.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// #       ^^^^^^^^ ConfigMap `shop/settings` can be changed in place
    ///   namespace: shop
    /// data: {theme: dark}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings-4
    ///   namespace: shop
    /// immutable: true
    /// data: {theme: dark}
    /// ```
    pub(crate) static RULE: Check = {
        id: "config-map-mutable",
        summary: "ConfigMap can be changed in place",
        remedy: "Set `immutable: true`, and give each version a name of its own.",
        severity: Info,
        check: Check::Kind(&["ConfigMap"], check),
        controls: &[control::ENV_CONFIGURED, control::AUTOMATIC_ROLLBACK],
        references: &["https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable"],
        default: false,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let is_fixed = field(object.root(), "immutable").and_then(|node| node.as_bool());
    let has_data = ["data", "binaryData"].iter().any(|key| field(object.root(), key).is_some());
    if object.group().is_empty() && has_data && is_fixed != Some(true) {
        let message = format!("{} can be changed in place", object.display());
        out.report(object.name_span(), message).field("immutable");
    }
}
