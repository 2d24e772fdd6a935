use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;

/// 63 less the suffix that the controller appends.
const LONGEST: usize = 52;

rule! {
    /// A CronJob names its jobs after itself and appends eleven characters, and no name may be
    /// longer than 63. The API server refuses a CronJob whose name has more than 52 characters.
    /// There is no case in which this is right.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: send-the-monthly-report-to-every-customer-in-the-eu-west
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ CronJob `send-the-monthly-report-to-every-customer-in-the-eu-west` has a name of 56 characters, and 52 are allowed
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
        id: "cronjob-name-too-long",
        summary: "CronJob has a name that is too long for its jobs",
        remedy: "Shorten the name to 52 characters.",
        severity: High,
        check: Check::Kind(&["CronJob"], check),
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/"],
        fragments: true,
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let length = object.name().len();
    if length > LONGEST && object.group() == "batch" && !is_placeholder(object.name()) {
        let message = format!(
            "{} has a name of {length} characters, and {LONGEST} are allowed",
            object.display()
        );
        out.report(object.name_span(), message).field("metadata.name");
    }
}
