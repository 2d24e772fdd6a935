use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A suspended CronJob runs at none of its times, and nothing reports it: a backup or a
    /// clean-up that was stopped for one night stays stopped. It is right for jobs that are started
    /// by hand, and queues suspend the jobs they admit, so the rule is off unless it is asked for.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    ///   namespace: shop
    /// spec:
    ///   schedule: "0 4 * * *"
    ///   suspend: true
    /// #          ^^^^ CronJob `shop/report` is suspended
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
        id: "cronjob-suspended",
        summary: "job is suspended",
        remedy: "Remove `suspend: true`.",
        severity: Info,
        check: Check::Kind(&["CronJob", "Job"], check),
        peers: &["popeye:1500"],
        controls: &[control::WORKLOADS_HEALTHY],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-suspension"],
        default: false,
        fragments: true,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let node = object.at(&["spec", "suspend"]).filter(|node| node.as_bool() == Some(true));
    if let Some(node) = node.filter(|_| object.group() == "batch") {
        out.report(node.span(), format!("{} is suspended", object.display())).field("spec.suspend");
    }
}
