use std::collections::HashSet;

use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::placeholder::is_placeholder;
use crate::relations::is_complete;

rule! {
    /// The API server refuses a pod with two containers of one name, and init, main and ephemeral
    /// containers share their names. There is no case in which this is right.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   initContainers:
    ///   - name: web
    ///     image: registry.example.com/migrate:1.4.0
    ///   containers:
    ///   - name: web
    /// #         ^^^ Pod `shop/api` has two containers `web`
    ///     image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   initContainers:
    ///   - name: migrate
    ///     image: registry.example.com/migrate:1.4.0
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "container-name-duplicate",
        summary: "pod has two containers of one name",
        remedy: "Give each container a name of its own.",
        severity: High,
        check: Check::Pod(check),
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/workloads/pods/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    if pod.containers().nth(1).is_none() || !is_complete(pod) {
        return;
    }
    let mut known = HashSet::new();
    for container in pod.containers() {
        let name = container.name;
        if name.is_empty() || is_placeholder(name) || known.insert(name) {
            continue;
        }
        let message = format!("{} has two containers `{}`", pod.object.display(), cut(name));
        out.report(container.name_span, message).evidence(name);
    }
}
