use careen_kube_model::{PodTemplate, Workload, present};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;
use crate::relations::{is_complete, text};

rule! {
    /// A pod failure policy decides by the exit codes of pods that have ended, which pods that are
    /// restarted in place never do: the API server refuses it without `restartPolicy: Never`.
    /// Backoff limits for each index and success policies need indexed completions. There is no
    /// case in which this is right.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: import
    ///   namespace: shop
    /// spec:
    ///   podFailurePolicy:
    /// # ^^^^^^^^^^^^^^^^ Job `shop/import` has a `podFailurePolicy`, which needs `restartPolicy: Never`
    ///     rules:
    ///     - action: FailJob
    ///       onExitCodes: {operator: In, values: [42]}
    ///   template:
    ///     spec:
    ///       restartPolicy: OnFailure
    ///       containers:
    ///       - name: import
    ///         image: registry.example.com/import:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: import
    ///   namespace: shop
    /// spec:
    ///   podFailurePolicy:
    ///     rules:
    ///     - action: FailJob
    ///       onExitCodes: {operator: In, values: [42]}
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       containers:
    ///       - name: import
    ///         image: registry.example.com/import:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "pod-failure-policy-invalid",
        summary: "job has a setting that needs another one",
        remedy: "Set `restartPolicy: Never` beside `podFailurePolicy`, and `completionMode: Indexed` beside limits for each index.",
        severity: High,
        check: Check::Pod(check),
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let job: &[&str] = match pod.workload {
        Workload::Job => &["spec"],
        Workload::CronJob => &["spec", "jobTemplate", "spec"],
        _ => return,
    };
    let Some(job) = pod.object.at(job).filter(|_| is_complete(pod)) else { return };
    let is_indexed = text(job, "completionMode") == Some("Indexed");
    let policy = pod.restart_policy();
    for (key, is_fine, needed) in [
        ("podFailurePolicy", policy == "Never" || is_placeholder(policy), "restartPolicy: Never"),
        ("backoffLimitPerIndex", is_indexed, "completionMode: Indexed"),
        ("successPolicy", is_indexed, "completionMode: Indexed"),
    ] {
        let Some(entry) = job.entry(key).filter(|entry| present(entry.value).is_some()) else {
            continue;
        };
        if !is_fine {
            let name = pod.object.display();
            let message = format!("{name} has a `{key}`, which needs `{needed}`");
            out.report(entry.key.span(), message).field(key);
        }
    }
}
