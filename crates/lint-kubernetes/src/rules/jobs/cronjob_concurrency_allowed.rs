use careen_kube_model::{ObjectView, field, path};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::{Check, cron};

/// Minutes between runs that are not often.
const SELDOM: u32 = 60;

rule! {
    /// Unless it is told otherwise a CronJob starts the next run whether the last one has ended or
    /// not. When a job of every few minutes hangs, its pods pile up until the namespace or the node
    /// is full, and jobs that were not made for it work on the same data together.
    ///
    /// Jobs that run less often than every hour are left out, and so are those with a deadline
    /// (`activeDeadlineSeconds`) that is no longer than the time between two runs. To write `Allow`
    /// is fine.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    ///   namespace: shop
    /// spec:
    ///   schedule: "*/5 * * * *"
    /// #           ^^^^^^^^^^^^^ CronJob `shop/report` runs every 5 min, also while earlier runs still go on
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
    ///   schedule: "*/5 * * * *"
    ///   concurrencyPolicy: Forbid
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
        id: "cronjob-concurrency-allowed",
        summary: "frequent CronJob may run several times at once",
        remedy: "Set `concurrencyPolicy: Forbid`, or `Allow` if the job is made for it.",
        severity: Low,
        check: Check::Kind(&["CronJob"], check),
        controls: &[control::AVAILABILITY, control::DATA_INTEGRITY],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(spec) = object.spec().filter(|_| object.group() == "batch") else { return };
    let Some(node) = field(spec, "schedule") else { return };
    if field(spec, "concurrencyPolicy").is_some() || path(spec, &["jobTemplate", "spec"]).is_none()
    {
        return;
    }
    let Some(Ok(schedule)) = node.text().map(cron::Schedule::parse) else { return };
    let gap = schedule.shortest_gap();
    if gap > SELDOM {
        return;
    }
    let deadline = path(spec, &["jobTemplate", "spec", "activeDeadlineSeconds"]);
    let deadline = deadline.and_then(|node| node.as_i64());
    if deadline.is_some_and(|seconds| seconds <= i64::from(gap) * 60) {
        return;
    }
    let message =
        format!("{} runs every {gap} min, also while earlier runs still go on", object.display());
    out.report(node.span(), message).field("spec.concurrencyPolicy");
}
