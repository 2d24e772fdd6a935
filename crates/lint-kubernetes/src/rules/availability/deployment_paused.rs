use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A paused Deployment takes every change and rolls out none: a new image, a fixed setting, a
    /// rotated secret stay on paper, and nothing reports an error. Pausing is for the time of a
    /// change by hand. In a manifest it pauses for ever.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   paused: true
    /// #         ^^^^ Deployment `shop/api` is paused, so that changes are not rolled out
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   replicas: 2
    ///   selector:
    ///     matchLabels: {app: api}
    ///   template:
    ///     metadata:
    ///       labels: {app: api}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "deployment-paused",
        summary: "Deployment is paused",
        remedy: "Remove `paused`.",
        severity: Medium,
        check: Check::Kind(&["Deployment"], check),
        controls: &[control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pausing-and-resuming-a-deployment"],
        fragments: true,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let node = object.at(&["spec", "paused"]).filter(|node| node.as_bool() == Some(true));
    if let Some(node) = node.filter(|_| object.group() == "apps") {
        let message = format!("{} is paused, so that changes are not rolled out", object.display());
        out.report(node.span(), message).field("spec.paused");
    }
}
