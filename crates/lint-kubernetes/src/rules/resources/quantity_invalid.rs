use careen_kube_model::{Container, Quantity, present};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;

/// Resources of one container that are read; there are a handful.
const RESOURCES: usize = 100;

rule! {
    /// Resource quantities are a number and a suffix that Kubernetes knows: `500m`, `2`, `128Mi`,
    /// `1G`. Anything else, `128MB` or `1 Gi` or a negative amount, is refused by the API server,
    /// and the rollout stops there.
    ///
    /// Values with a place for another tool to fill in, such as `${MEMORY}`, are left alone.
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
    ///       requests: {memory: 128MB}
    /// #                        ^^^^^ container `web` in Pod `shop/api` has an invalid `memory` request: its suffix is none of
    ///       limits: {memory: 256Mi}
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
    ///       requests: {memory: 128M}
    ///       limits: {memory: 256Mi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "quantity-invalid",
        summary: "resource quantity cannot be read",
        remedy: "Write a number with one of the suffixes `m`, `k`, `M`, `G`, `Ki`, `Mi`, `Gi`.",
        severity: High,
        check: Check::Container(check),
        fragments: true,
        controls: &[control::RESOURCE_LIMITS, control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let lists =
        [("request", "requests", container.requests()), ("limit", "limits", container.limits())];
    for (noun, key, list) in lists {
        let entries = list.into_iter().flat_map(|list| list.entries());
        for entry in entries.take(RESOURCES) {
            let (Some(resource), Some(value)) = (entry.name(), present(entry.value)) else {
                continue;
            };
            let problem = match Quantity::of(value) {
                Ok(quantity) if !quantity.is_negative() => continue,
                Ok(_) => "it is negative".to_owned(),
                Err(_) if value.text().is_some_and(is_placeholder) => continue,
                Err(problem) => problem.to_string(),
            };
            let message =
                format!("{} has an invalid `{resource}` {noun}: {problem}", container.display());
            out.report(value.span(), message).field(format!("resources.{key}.{resource}"));
        }
    }
}
