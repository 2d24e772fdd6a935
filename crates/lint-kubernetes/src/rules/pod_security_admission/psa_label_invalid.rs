use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::placeholder::is_placeholder;
use crate::pss::labels::{PREFIX, Pin, level, pin};

rule! {
    /// The labels `pod-security.kubernetes.io/enforce`, `audit` and `warn` take `privileged`,
    /// `baseline` or `restricted`, and each of them with `-version` takes `latest` or a version
    /// such as `v1.33`. The API server refuses a namespace with another value. Another key has no
    /// effect at all, so that the namespace looks protected and is not.
    ///
    /// A version above that of the cluster works as `latest` until the cluster gets there; it is
    /// reported mildly.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: strict
    /// #                                       ^^^^^^ Namespace `shop` has the label `pod-security.kubernetes.io/enforce: strict`, which is no level
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforced: restricted
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Namespace `shop` has the label `pod-security.kubernetes.io/enforced`, which has no effect
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: baseline
    ///     pod-security.kubernetes.io/enforce-version: "1.33"
    /// #                                               ^^^^^^ Namespace `shop` has the label `pod-security.kubernetes.io/enforce-version: 1.33`, which is no version
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata:
    ///   name: shop
    ///   labels:
    ///     pod-security.kubernetes.io/enforce: baseline
    ///     pod-security.kubernetes.io/enforce-version: v1.33
    /// ```
    pub(crate) static RULE: Check = {
        id: "psa-label-invalid",
        summary: "label of Pod Security is wrong",
        remedy: "Use `privileged`, `baseline` or `restricted` for a level, and `latest` or `v1.` with a number for a version.",
        severity: High,
        check: Check::Kind(&["Namespace"], check),
        security: true,
        fragments: true,
        cwe: &[693],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/",
            "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
        ],
    }
}

fn check(object: ObjectView<'_>, context: &Context, out: &mut Sink<'_>) {
    if !object.group().is_empty() {
        return;
    }
    for label in object.labels().iter() {
        let Some(mode) = label.key.strip_prefix(PREFIX) else { continue };
        let mut severity = Severity::High;
        let (node, why) = match mode {
            "enforce" | "audit" | "warn" if level(label.value).is_none() => {
                (label.value_node, "is no level")
            }
            "enforce-version" | "audit-version" | "warn-version" => match pin(label.value) {
                None => (label.value_node, "is no version"),
                Some(Pin::Minor(minor)) if minor > context.kubernetes.number() => {
                    severity = Severity::Low;
                    (label.value_node, "is above the version of the cluster")
                }
                Some(_) => continue,
            },
            "enforce" | "audit" | "warn" => continue,
            _ => (label.key_node, "has no effect"),
        };
        if is_placeholder(label.value) {
            continue;
        }
        let (object, key) = (object.display(), cut(label.key));
        let value = if node.id() == label.key_node.id() { "" } else { cut(label.value) };
        let between = if value.is_empty() { "" } else { ": " };
        let message = format!("{object} has the label `{key}{between}{value}`, which {why}");
        out.report(node.span(), message).severity(severity).field("metadata.labels").evidence(key);
    }
}
