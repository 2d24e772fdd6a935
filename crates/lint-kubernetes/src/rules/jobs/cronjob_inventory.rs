use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;

rule! {
    /// Lists all CronJobs for a review: what runs on a schedule runs unseen, also for an intruder
    /// who wants to stay. It is an inventory and no defect, so it is off unless it is asked for.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    ///   namespace: shop
    /// spec:
    ///   schedule: "0 4 * * *"
    /// #           ^^^^^^^^^^^ CronJob `shop/report` runs on the schedule `0 4 * * *`
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
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "cronjob-inventory",
        summary: "repository has a CronJob",
        remedy: "Make sure that the job is still needed, and that it may do what it does.",
        severity: Info,
        check: Check::Kind(&["CronJob"], check),
        peers: &["kubescape:C-0026"],
        controls: &[control::WORKLOADS_HEALTHY],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/"],
        default: false,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(node) = object.at(&["spec", "schedule"]).filter(|_| object.group() == "batch") else {
        return;
    };
    let schedule = cut(node.text().unwrap_or_default());
    let message = format!("{} runs on the schedule `{schedule}`", object.display());
    out.report(node.span(), message).field("spec.schedule");
}
