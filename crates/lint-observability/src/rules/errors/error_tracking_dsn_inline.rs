use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::trackers::is_variable;

rule! {
    /// The address of an error tracker holds a key with which anybody can send errors. It opens nothing,
    /// but a flood of made-up errors uses up the quota and hides the real ones, and an address in a
    /// manifest is the same in every environment. From a Secret it can be changed.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1
    ///     env:
    ///     - name: SENTRY_DSN
    ///       value: https://example@sentry.example.com/4
    /// #            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `SENTRY_DSN` of container `web` in Pod `shop/web` is written into the manifest
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1
    ///     env:
    ///     - name: SENTRY_DSN
    ///       valueFrom: {secretKeyRef: {name: web, key: sentry-dsn}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "error-tracking-dsn-inline",
        summary: "address of an error tracker is written into a manifest",
        remedy: "Take the address from a Secret by `valueFrom.secretKeyRef`.",
        severity: Low,
        check: Check::Container(check),
        confidence: Confidence::High,
        default: false,
        fragments: true,
        controls: &[control::ERROR_TRACKING],
        references: &["https://docs.sentry.io/concepts/key-terms/dsn-explainer/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for variable in container.env().filter(|variable| is_variable(variable.name, &[])) {
        let Some(node) = variable.value else { continue };
        if node.text().is_some_and(has_key) {
            let message = format!(
                "`{}` of {} is written into the manifest",
                crate::place::cut(variable.name),
                container.display()
            );
            out.report(node.span(), message).evidence(variable.name).secret(node.span());
        }
    }
}

/// Whether the value is an address with a key: `https://KEY@HOST/PROJECT`.
fn has_key(value: &str) -> bool {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let key = rest.and_then(|rest| rest.split('/').next()).and_then(|host| host.split_once('@'));
    key.is_some_and(|(key, _)| !key.is_empty() && !key.contains(['$', '{', '<']))
}
