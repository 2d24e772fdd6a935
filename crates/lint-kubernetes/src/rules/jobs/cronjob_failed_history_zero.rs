use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::{Check, rollout};

rule! {
    /// With a limit of zero a failed job is deleted at once, along with its pods and their logs:
    /// alerts on failed jobs see nothing, and nobody can find out why it failed. It is fine where
    /// logs and outcomes are sent elsewhere.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    ///   namespace: shop
    /// spec:
    ///   schedule: "0 4 * * *"
    ///   failedJobsHistoryLimit: 0
    /// #                         ^ CronJob `shop/report` deletes failed jobs at once
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
    ///   failedJobsHistoryLimit: 3
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
        id: "cronjob-failed-history-zero",
        summary: "failed runs leave no trace",
        remedy: "Remove `failedJobsHistoryLimit: 0`; the default keeps the last one.",
        severity: Low,
        check: Check::Kind(&["CronJob"], check),
        controls: &[control::WORKLOADS_HEALTHY, control::LOG_AGGREGATION],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#jobs-history-limits"],
        fragments: true,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.group() != "batch" {
        return;
    }
    if let Some((0, node)) = rollout::number(object, "failedJobsHistoryLimit") {
        let message = format!("{} deletes failed jobs at once", object.display());
        out.report(node.span(), message).field("spec.failedJobsHistoryLimit");
    }
}
