use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// Some teams want `app.kubernetes.io/instance` to be the name of the workload, so that one
    /// finds the other. Helm puts the name of the release there instead, which is as good; so the
    /// rule must be asked for.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: report
    ///   labels:
    ///     app.kubernetes.io/instance: nightly
    /// #                               ^^^^^^^ Job `report` has the label `app.kubernetes.io/instance` `nightly`
    /// spec:
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       containers:
    ///       - {name: report, image: "registry.example.com/report:1.4.0"}
    /// ```
    /// ```yaml good
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: report
    ///   labels:
    ///     app.kubernetes.io/instance: report
    /// spec:
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       containers:
    ///       - {name: report, image: "registry.example.com/report:1.4.0"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "instance-label-mismatch",
        summary: "label `app.kubernetes.io/instance` is not the name of the workload",
        remedy: "Make the label and the name one, or leave the rule off.",
        severity: Info,
        check: Check::Pod(check),
        peers: &["polaris:metadataAndInstanceMismatched"],
        controls: &[control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/",
        ],
        default: false,
    }
}

const INSTANCE: &str = "app.kubernetes.io/instance";

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = pod.object;
    let Some(label) = view.labels().iter().find(|label| label.key == INSTANCE) else { return };
    if !view.name().is_empty() && label.value != view.name() {
        let message = format!("{} has the label `{INSTANCE}` `{}`", view.display(), label.value);
        out.report(label.value_node.span(), message).field("metadata.labels");
    }
}
