use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use crate::Check;
use crate::relations::is_complete;

rule! {
    /// The labels that the Kubernetes documentation recommends, `app.kubernetes.io/name` and its
    /// kin, are what dashboards, cost reports and `kubectl get -l` of any tool understand. A
    /// matter of convention, so it must be asked for.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    /// ^^^^^^^^ Job `report` lacks the recommended labels `app.kubernetes.io/name`, `app.kubernetes.io/version`
    ///   name: report
    ///   labels:
    ///     app.kubernetes.io/instance: report
    ///     app.kubernetes.io/component: batch
    ///     app.kubernetes.io/part-of: shop
    ///     app.kubernetes.io/managed-by: kustomize
    /// spec:
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       containers:
    ///       - {name: report, image: "registry.example.com/report:1.4.0"}
    /// ```
    /// ```config
    /// rules: {recommended-labels-missing: {labels: [app.kubernetes.io/name]}}
    /// ```
    /// ```yaml good
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: report
    ///   labels:
    ///     app.kubernetes.io/name: report
    /// spec:
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       containers:
    ///       - {name: report, image: "registry.example.com/report:1.4.0"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "recommended-labels-missing",
        summary: "workload lacks recommended labels",
        remedy: "Add the labels of `app.kubernetes.io`.",
        severity: Info,
        check: Check::Pod(check),
        peers: &["kubescape:C-0077"],
        controls: &[control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/",
        ],
        default: false,
        options: &[RuleOption {
            name: "labels",
            kind: OptionKind::Words,
            summary: "The labels to ask for; without it the six of `app.kubernetes.io`.",
        }],
    }
}

const RECOMMENDED: [&str; 6] = [
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/version",
    "app.kubernetes.io/component",
    "app.kubernetes.io/part-of",
    "app.kubernetes.io/managed-by",
];

fn check(pod: PodTemplate<'_>, context: &Context, out: &mut Sink<'_>) {
    if !is_complete(pod) {
        return;
    }
    let view = pod.object;
    let labels = view.labels();
    let own = context.options.words(RULE.meta.id, "labels");
    let missing: Vec<&str> = if own.is_empty() {
        RECOMMENDED.into_iter().filter(|label| !labels.has(label)).collect()
    } else {
        own.iter().map(String::as_str).filter(|label| !labels.has(label)).collect()
    };
    if !missing.is_empty() {
        let place = view.root().entry("metadata").map_or(view.kind_span(), |it| it.key.span());
        let list = missing.join("`, `");
        out.report(place, format!("{} lacks the recommended labels `{list}`", view.display()));
    }
}
