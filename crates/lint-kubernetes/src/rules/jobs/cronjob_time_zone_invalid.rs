use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::place::cut;
use crate::placeholder::is_placeholder;
use crate::{Check, time_zone};

rule! {
    /// `timeZone` is a name of the IANA database with its capital letters. The API server refuses
    /// everything else: offsets such as `UTC+2`, abbreviations such as `CEST`, and `Local`. Cities
    /// are not looked up one by one. There is no case in which this is right.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    ///   namespace: shop
    /// spec:
    ///   schedule: "0 4 * * *"
    ///   timeZone: CEST
    /// #           ^^^^ CronJob `shop/report` has the time zone `CEST`, which does not exist
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
    ///   timeZone: Europe/Berlin
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
        id: "cronjob-time-zone-invalid",
        summary: "CronJob has a time zone that does not exist",
        remedy: "Name a zone of the IANA database, such as `Europe/Berlin` or `Etc/UTC`.",
        severity: High,
        check: Check::Kind(&["CronJob"], check),
        confidence: Confidence::High,
        controls: &[control::MANIFESTS_VALID, control::WORKLOADS_HEALTHY],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#time-zones"],
        fragments: true,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(node) = object.at(&["spec", "timeZone"]).filter(|_| object.group() == "batch") else {
        return;
    };
    let Some(zone) = node.text().filter(|zone| !is_placeholder(zone)) else { return };
    if !time_zone::can_exist(zone) {
        let name = object.display();
        let message = format!("{name} has the time zone `{}`, which does not exist", cut(zone));
        out.report(node.span(), message).field("spec.timeZone");
    }
}
