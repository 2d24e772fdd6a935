use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A variable that is set to nothing is there all the same: most programs take the empty text
    /// for the value, and not the default that they would have without the variable. Often it is
    /// what is left of a template whose value was missing.
    ///
    /// Must be asked for: an empty text may be meant, such as to switch a proxy off.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     env:
    ///     - name: SMTP_HOST
    /// #           ^^^^^^^^^ variable `SMTP_HOST` of container `web` in Pod `shop/web` is empty
    ///       value: ""
    ///     - name: SMTP_PORT
    /// #           ^^^^^^^^^ variable `SMTP_PORT` of container `web` in Pod `shop/web` is empty
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     env:
    ///     - name: SMTP_HOST
    ///       value: mail.example.com
    /// ```
    pub(crate) static RULE: Check = {
        id: "env-value-empty",
        summary: "variable of a container is empty",
        remedy: "Give it a value, or remove it.",
        severity: Low,
        check: Check::Container(check),
        default: false,
        controls: &[control::ENV_CONFIGURED],
        references: &[
            "https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for variable in container.env().filter(|variable| !variable.name.is_empty()) {
        let is_empty = match variable.value {
            Some(value) => value.text().is_some_and(|text| text.trim().is_empty()),
            None => variable.value_from.is_none(),
        };
        if is_empty {
            let name = variable.name;
            let span = field(variable.node, "name").unwrap_or(variable.node).span();
            let message = format!("variable `{name}` of {} is empty", container.display());
            out.report(span, message).field("env").evidence(name);
        }
    }
}
