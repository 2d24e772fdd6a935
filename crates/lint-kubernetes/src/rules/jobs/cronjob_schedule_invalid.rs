use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::place::cut;
use crate::placeholder::is_placeholder;
use crate::{Check, cron};

rule! {
    /// The API server refuses a schedule that it cannot read. It reads five fields, without seconds
    /// and without the extensions of Quartz or Jenkins; Sunday is 0 and not 7; a time zone belongs
    /// into `timeZone`. There is no case in which this is right.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    ///   namespace: shop
    /// spec:
    ///   schedule: "0 4 * * 7"
    /// #           ^^^^^^^^^^^ CronJob `shop/report` has the schedule `0 4 * * 7`, and its day of the week is not between 0 and 6
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
    ///   schedule: "*/15 8-18 * * mon-fri"
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
        id: "cronjob-schedule-invalid",
        summary: "CronJob has a schedule that cannot be read",
        remedy: "Write five fields (minute, hour, day, month, weekday from 0 to 6), or a word such as `@daily`.",
        severity: High,
        check: Check::Kind(&["CronJob"], check),
        controls: &[control::MANIFESTS_VALID, control::WORKLOADS_HEALTHY],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax"],
        fragments: true,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(node) = object.at(&["spec", "schedule"]).filter(|_| object.group() == "batch") else {
        return;
    };
    let Some(written) = node.text().filter(|written| !is_placeholder(written)) else { return };
    if let Err(problem) = cron::Schedule::parse(written) {
        let name = object.display();
        let message = format!("{name} has the schedule `{}`, and {problem}", cut(written));
        out.report(node.span(), message).field("spec.schedule");
    }
}
