use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::place::cut;
use crate::{Check, cron};

rule! {
    /// The 30th of February is a day that the API server accepts and no calendar has: the job never
    /// runs, and nothing reports it. Some write it on purpose, for a job that is started by hand;
    /// `suspend: true` says so more clearly.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    ///   namespace: shop
    /// spec:
    ///   schedule: "0 0 30 2 *"
    /// #           ^^^^^^^^^^^^ CronJob `shop/report` never runs: no month of `0 0 30 2 *` has such a day
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
    ///   schedule: "0 0 28 2 *"
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
        id: "cronjob-schedule-never",
        summary: "CronJob has a schedule of a day that never comes",
        remedy: "Choose a day that the month has.",
        severity: High,
        check: Check::Kind(&["CronJob"], check),
        controls: &[control::WORKLOADS_HEALTHY],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax"],
        fragments: true,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(node) = object.at(&["spec", "schedule"]).filter(|_| object.group() == "batch") else {
        return;
    };
    let Some(written) = node.text() else { return };
    if cron::Schedule::parse(written).is_ok_and(cron::Schedule::never_runs) {
        let name = object.display();
        let message = format!("{name} never runs: no month of `{}` has such a day", cut(written));
        out.report(node.span(), message).field("spec.schedule");
    }
}
