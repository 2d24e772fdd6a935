use careen_kube_model::schema::{Defect, Report};
use careen_kube_model::{Container, ObjectView, PodTemplate, Quantity, present};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::place::path_of;
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
        check: Check::Schema(check),
        fragments: true,
        controls: &[control::RESOURCE_LIMITS, control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/",
        ],
    }
}

fn check(view: ObjectView<'_>, report: &Report, _: &Context, out: &mut Sink<'_>) {
    let mut told = Vec::new();
    for container in view.pod_template().into_iter().flat_map(PodTemplate::containers) {
        check_container(container, out, &mut told);
    }
    for problem in &report.problems {
        if matches!(problem.defect, Defect::Quantity(_))
            && !told.contains(&problem.span)
            && !is_placeholder(out.source().slice(problem.span))
        {
            let message = format!("{} {problem}", view.display());
            out.report(problem.span, message).field(problem.path.as_str());
        }
    }
}

/// Requests and limits of containers, also of custom workloads, may not be negative besides.
fn check_container(container: Container<'_>, out: &mut Sink<'_>, told: &mut Vec<Span>) {
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
            told.push(value.span());
            let finding = out.report(value.span(), message);
            finding.field(format!("resources.{key}.{resource}"));
            finding.object(path_of(container.pod.object, Some(container)));
        }
    }
}
