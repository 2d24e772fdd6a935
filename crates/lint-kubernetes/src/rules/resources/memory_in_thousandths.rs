use careen_kube_model::{Container, Quantity, field};
use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, control, rule};
use careen_yaml::Style;

use crate::Check;

rule! {
    /// The suffix `m` means thousandths. It is right for CPU, but `512m` of memory is half a
    /// byte: the API server takes it, and no container can start within such a limit. `Mi` was
    /// meant.
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
    ///       requests: {cpu: 250m, memory: 256Mi}
    ///       limits: {memory: 512m}
    /// #                      ^^^^ container `web` in Pod `shop/api` has a `memory` limit of `512m`, and `m` means thousandths of a byte
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
    ///       requests: {cpu: 250m, memory: 256Mi}
    ///       limits: {memory: 512Mi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "memory-in-thousandths",
        summary: "memory quantity is in thousandths of a byte",
        remedy: "Write `Mi` (or `M`) for mebibytes (or megabytes).",
        severity: High,
        check: Check::Container(check),
        fragments: true,
        controls: &[control::RESOURCE_LIMITS],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-memory",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for (noun, key, list) in
        [("request", "requests", container.requests()), ("limit", "limits", container.limits())]
    {
        for resource in ["memory", "ephemeral-storage"] {
            let Some(value) = list.and_then(|list| field(list, resource)) else { continue };
            let Some(text) = value.text().filter(|text| text.ends_with('m')) else { continue };
            if Quantity::parse(text).is_err() {
                continue;
            }
            let message = format!(
                "{} has a `{resource}` {noun} of `{text}`, and `m` means thousandths of a byte",
                container.display()
            );
            let finding = out.report(value.span(), message);
            finding.field(format!("resources.{key}.{resource}"));
            if value.style() == Style::Plain && !value.is_alias() {
                let edit = Edit { span: value.span(), text: text.replace('m', "Mi") };
                finding.fix("write mebibytes", Safety::Unsafe, vec![edit]);
            }
        }
    }
}
