use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::{Check, rollout};

/// Seconds between two looks of the controller.
const NEEDED: i64 = 10;

rule! {
    /// The controller may take ten seconds to see that a run is due. With a starting deadline of
    /// less the run counts as missed by then, and the job may never run, without anything that says
    /// so.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    ///   namespace: shop
    /// spec:
    ///   schedule: "0 4 * * *"
    ///   startingDeadlineSeconds: 5
    /// #                          ^ CronJob `shop/report` leaves out a run that starts 5 s late, and the controller may need 10 s
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
        id: "cronjob-deadline-too-short",
        summary: "CronJob has a starting deadline that it may always miss",
        remedy: "Raise `startingDeadlineSeconds` to at least 10, better to some minutes.",
        severity: Medium,
        check: Check::Kind(&["CronJob"], check),
        controls: &[control::WORKLOADS_HEALTHY],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline"],
        fragments: true,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some((seconds, node)) = rollout::number(object, "startingDeadlineSeconds") else { return };
    if object.group() == "batch" && (0..NEEDED).contains(&seconds) {
        let message = format!(
            "{} leaves out a run that starts {seconds} s late, and the controller may need \
             {NEEDED} s",
            object.display()
        );
        out.report(node.span(), message).field("spec.startingDeadlineSeconds");
    }
}
