use std::sync::Arc;

use careen_kube_model::{Container, Quantity};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

/// Resources of one container that are compared; there are a handful.
const RESOURCES: usize = 100;

rule! {
    /// The API server refuses a pod that requests more of a resource than its limit allows. A
    /// Deployment with such a template is accepted and then never makes a pod, which is noticed
    /// when the old ones are gone.
    ///
    /// There is no case in which this is right.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     resources:
    ///       requests: {memory: 2Gi}
    /// #                        ^^^ container `web` in Pod `shop/api` requests more `memory` than its limit: `2Gi` is above `1Gi`
    ///       limits: {memory: 1Gi}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     resources:
    ///       requests: {memory: 1Gi}
    ///       limits: {memory: 1024Mi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "request-above-limit",
        summary: "resource request exceeds its limit",
        remedy: "Raise the limit to the request, or lower the request.",
        severity: High,
        check: Check::Container(check),
        fragments: true,
        controls: &[control::RESOURCE_LIMITS, control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(requests) = container.requests() else { return };
    for entry in requests.entries().take(RESOURCES) {
        let Some(resource) = entry.name() else { continue };
        let Some(limit) = container.limit(resource) else { continue };
        let (Ok(asked), Ok(most)) = (Quantity::of(entry.value), Quantity::of(limit)) else {
            continue;
        };
        if asked > most {
            let (asked, most) = (entry.value.text(), limit.text());
            let message = format!(
                "{} requests more `{resource}` than its limit: `{}` is above `{}`",
                container.display(),
                asked.unwrap_or_default(),
                most.unwrap_or_default(),
            );
            let source = Arc::clone(out.source());
            out.report(entry.value.span(), message)
                .field(format!("resources.requests.{resource}"))
                .related(&source, limit.span(), "the limit");
        }
    }
}
