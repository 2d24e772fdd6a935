use careen_kube_model::{PodTemplate, Workload};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::is_complete;

rule! {
    /// A CronJob whose controller was away catches up on the last run it missed, however late.
    /// After a hundred missed runs without a deadline older clusters gave up altogether. With
    /// `startingDeadlineSeconds` a run that is too late is left out.
    ///
    /// It is fine without one where a late run is as good as any. Off unless it is asked for.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    /// #       ^^^^^^ CronJob `shop/report` has no starting deadline
    ///   namespace: shop
    /// spec:
    ///   schedule: "0 4 * * *"
    ///   jobTemplate:
    ///     spec:
    ///       template:
    ///         spec:
    ///           restartPolicy: Never
    ///           containers:
    ///           - name: report
    ///             image: registry.example.com/report:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    ///   namespace: shop
    /// spec:
    ///   schedule: "0 4 * * *"
    ///   startingDeadlineSeconds: 300
    ///   jobTemplate:
    ///     spec:
    ///       template:
    ///         spec:
    ///           restartPolicy: Never
    ///           containers:
    ///           - name: report
    ///             image: registry.example.com/report:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "cronjob-deadline-missing",
        summary: "CronJob has no starting deadline",
        remedy: "Set `startingDeadlineSeconds` to how late a run is still useful.",
        severity: Info,
        check: Check::Pod(check),
        peers: &["kube-score:cronjob-has-deadline", "kics:cronjob_deadline_not_configured"],
        controls: &[control::AVAILABILITY],
        references: &[
            "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline",
        ],
        default: false,
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let deadline = || pod.object.at(&["spec", "startingDeadlineSeconds"]);
    if pod.workload == Workload::CronJob && deadline().is_none() && is_complete(pod) {
        let message = format!("{} has no starting deadline", pod.object.display());
        out.report(pod.object.name_span(), message).field("spec.startingDeadlineSeconds");
    }
}
