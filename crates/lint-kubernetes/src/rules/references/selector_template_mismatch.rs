use careen_kube_model::{PodTemplate, Selector, Workload, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::{pairs, short_span};

rule! {
    /// The API server refuses a workload whose selector does not match the labels of its own pod
    /// template: the controller would make pods for ever and never find them.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app: web
    /// #     ^^^^^^^^ the selector of Deployment `web` does not match its own pod template: it asks for `app: web`
    ///   template:
    ///     metadata:
    ///       labels: {app: website}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    /// spec:
    ///   selector:
    ///     matchLabels:
    ///       app: web
    ///   template:
    ///     metadata:
    ///       labels: {app: web, tier: frontend}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "selector-template-mismatch",
        summary: "workload's selector does not match its own pod template",
        remedy: "Give the pod template the labels that the selector asks for.",
        severity: Critical,
        check: Check::Pod(check),
        aliases: &["selector-mismatch"],
        peers: &[
            "kube-linter:mismatching-selector",
            "kube-score:deployment-pod-selector-labels-match-template-metadata-labels",
            "kube-score:statefulset-pod-selector-labels-match-template-metadata-labels",
            "kubescape:C-0296",
            "popeye:508",
        ],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(node) = pod.object.spec().and_then(|spec| field(spec, "selector")) else { return };
    let selector = match pod.workload {
        Workload::Deployment
        | Workload::StatefulSet
        | Workload::DaemonSet
        | Workload::ReplicaSet
        | Workload::Rollout
        | Workload::CloneSet => Selector::label_selector(node),
        Workload::ReplicationController | Workload::DeploymentConfig => Selector::map(node),
        _ => return,
    };
    let labels = pod.labels();
    if selector.is_empty() || selector.matches(labels) {
        return;
    }
    let missing = || selector.equalities().filter(|(key, value)| labels.get(key) != Some(value));
    let name = pod.object.display();
    let mut message = format!("the selector of {name} does not match its own pod template");
    if missing().next().is_some() {
        message = format!("{message}: it asks for {}", pairs(missing()));
    }
    let wanted = field(node, "matchLabels").unwrap_or(node);
    // The first label that does not match, else the selector.
    let entry = missing().next().and_then(|(key, _)| wanted.entry(key));
    let place = match entry {
        Some(entry) if entry.value.span().start >= entry.key.span().start => {
            careen_text::Span::new(entry.key.span().start, entry.value.span().end)
        }
        Some(entry) => entry.key.span(),
        None => short_span(node),
    };
    let (place, source) = (place, std::sync::Arc::clone(out.source()));
    let finding = out.report(place, message);
    finding.field("spec.selector");
    let own = labels.node().map_or_else(|| pod.spec_span(), short_span);
    finding.related(&source, own, "the labels of the pod template");
}
