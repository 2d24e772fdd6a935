use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::placeholder::is_placeholder;

rule! {
    /// A pod with a high priority takes the place of others, so that not every team should have
    /// every class, least of all those of the system. Which ones are fine is yours to say:
    /// `allowed` lists them, and without it the rule says nothing. Pods without a class are left
    /// out.
    ///
    /// ```config
    /// rules: {priority-class-not-allowed: {allowed: [serving, batch]}}
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
    ///       priorityClassName: system-node-critical
    /// #                        ^^^^^^^^^^^^^^^^^^^^ Deployment `shop/api` has the priority class `system-node-critical`, which is not allowed
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```config
    /// rules: {priority-class-not-allowed: {allowed: [serving, batch]}}
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
    ///       priorityClassName: serving
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "priority-class-not-allowed",
        summary: "pod has a priority class that is not allowed",
        remedy: "Use one of the classes that are allowed.",
        severity: Low,
        check: Check::Pod(check),
        peers: &["kube-linter:priority-class-name"],
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/"],
        default: false,
        fragments: true,
        options: &[RuleOption { name: "allowed", kind: OptionKind::Words, summary: "The classes that pods may have; without them the rule says nothing." }],
    }
}

fn check(pod: PodTemplate<'_>, context: &Context, out: &mut Sink<'_>) {
    let allowed = context.options.words(RULE.meta.id, "allowed");
    let Some(node) = pod.field("priorityClassName").filter(|_| !allowed.is_empty()) else { return };
    let Some(class) = node.text().filter(|class| !class.is_empty()) else { return };
    if !allowed.iter().any(|known| known == class) && !is_placeholder(class) {
        let name = pod.object.display();
        let message =
            format!("{name} has the priority class `{}`, which is not allowed", cut(class));
        out.report(node.span(), message).field("spec.priorityClassName");
    }
}
