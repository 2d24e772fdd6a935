use std::collections::HashSet;

use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// Of two entries with one name the last one counts, so that one of them does nothing. Worse,
    /// server-side merges use the name as key: an update of such a list can lose the wrong one,
    /// or fail.
    ///
    /// There is no case in which this is right. To build on an earlier value give the variables
    /// different names.
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
    ///     env:
    ///     - {name: MODE, value: safe}
    ///     - {name: MODE, value: fast}
    /// #            ^^^^ container `web` in Pod `shop/api` sets `MODE` twice
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
    ///     env:
    ///     - {name: MODE, value: safe}
    ///     - {name: LEVEL, value: fast}
    /// ```
    pub(crate) static RULE: Check = {
        id: "duplicate-env-var",
        summary: "container sets a variable twice",
        remedy: "Keep one of the entries.",
        severity: Medium,
        check: Check::Container(check),
        fragments: true,
        peers: &[
            "kube-linter:duplicate-env-var",
            "kube-score:environment-variable-key-duplication",
            "kubescape:C-0295",
        ],
        controls: &[control::ENV_CONFIGURED],
        references: &[
            "https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    // Most lists are short: those are compared pair by pair, without a set.
    let mut set = HashSet::new();
    let is_long = container.env().nth(SHORT).is_some();
    for (index, variable) in container.env().enumerate() {
        let is_known = if is_long {
            !set.insert(variable.name)
        } else {
            container.env().take(index).any(|earlier| earlier.name == variable.name)
        };
        if is_known && !variable.name.is_empty() {
            let name = variable.name;
            let span = field(variable.node, "name").unwrap_or(variable.node).span();
            let message = format!("{} sets `{name}` twice", container.display());
            out.report(span, message).field("env").evidence(name);
        }
    }
}

/// Lists of at most so many variables are compared pair by pair.
const SHORT: usize = 12;
