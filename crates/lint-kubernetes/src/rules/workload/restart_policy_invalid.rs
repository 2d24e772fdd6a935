use careen_kube_model::{PodTemplate, Workload};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;

rule! {
    /// The API server refuses a workload with the wrong restart policy: a Job must end, so that
    /// `Always` is not allowed, and a Deployment, StatefulSet or DaemonSet must stay, so that
    /// nothing else is.
    ///
    /// There is no case in which this is right.
    ///
    /// ```yaml bad
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
    ///           restartPolicy: Always
    /// #                        ^^^^^^ CronJob `shop/report` has the restart policy `Always`, and only `OnFailure` and `Never` are allowed
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
    ///           restartPolicy: OnFailure
    ///           containers:
    ///           - name: report
    ///             image: registry.example.com/report:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "restart-policy-invalid",
        summary: "restart policy does not fit the workload",
        remedy: "Use `OnFailure` or `Never` for jobs, and leave `restartPolicy` out elsewhere.",
        severity: High,
        check: Check::Pod(check),
        fragments: true,
        aliases: &["cronjob-restart-policy-invalid"],
        peers: &["kube-score:cronjob-restartpolicy"],
        controls: &[control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-template",
            "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy",
        ],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(node) = pod.field("restartPolicy") else { return };
    let Some(policy) = node.text().filter(|policy| !is_placeholder(policy)) else { return };
    let (allowed, words): (&[&str], _) = match pod.workload {
        Workload::Pod | Workload::PodTemplate => {
            (&["Always", "OnFailure", "Never"], "only `Always`, `OnFailure` and `Never` are")
        }
        workload if workload.is_custom() => return,
        // A ScaledJob makes Jobs.
        workload if workload.is_job() => {
            (&["OnFailure", "Never"], "only `OnFailure` and `Never` are")
        }
        _ => (&["Always"], "only `Always` is"),
    };
    if !allowed.contains(&policy) {
        let message = format!(
            "{} has the restart policy `{}`, and {words} allowed",
            pod.object.display(),
            policy.get(..LONGEST).unwrap_or(policy)
        );
        out.report(node.span(), message).field("spec.restartPolicy");
    }
}

/// Longer words are cut in messages.
const LONGEST: usize = 40;
