use careen_kube_model::{PodTemplate, Workload};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::is_complete;

rule! {
    /// A Job that hangs is a Job that runs: it holds its resources for good, and a CronJob that
    /// forbids concurrency never starts another one. A deadline ends it and makes it fail, which
    /// is noticed.
    ///
    /// It is fine without one for jobs whose duration cannot be bounded. Off unless it is asked
    /// for.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: migrate
    /// #       ^^^^^^^ Job `shop/migrate` may run for ever
    ///   namespace: shop
    /// spec:
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       containers:
    ///       - name: migrate
    ///         image: registry.example.com/migrate:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: migrate
    ///   namespace: shop
    /// spec:
    ///   activeDeadlineSeconds: 600
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       containers:
    ///       - name: migrate
    ///         image: registry.example.com/migrate:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "job-deadline-missing",
        summary: "job may run for ever",
        remedy: "Set `activeDeadlineSeconds` to what the job takes at most.",
        severity: Low,
        check: Check::Pod(check),
        controls: &[control::AVAILABILITY],
        references: &[
            "https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup",
        ],
        default: false,
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let job: &[&str] = match pod.workload {
        Workload::Job => &["spec", DEADLINE],
        Workload::CronJob => &["spec", "jobTemplate", "spec", DEADLINE],
        _ => return,
    };
    let is_set = pod.object.at(job).is_some() || pod.field(DEADLINE).is_some();
    if !is_set && is_complete(pod) {
        let message = format!("{} may run for ever", pod.object.display());
        out.report(pod.object.name_span(), message).field("spec.activeDeadlineSeconds");
    }
}

const DEADLINE: &str = "activeDeadlineSeconds";
