use careen_kube_model::{PodTemplate, Workload};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::relations::is_complete;

const TTL: &str = "ttlSecondsAfterFinished";

rule! {
    /// A Job that nobody owns stays in the cluster when it has finished, with its pods, until
    /// somebody deletes it; a pipeline that makes one for each release fills etcd slowly. With
    /// `ttlSecondsAfterFinished` Kubernetes cleans up. A CronJob does so by its history limits; there
    /// the field deletes runs, also failed ones, before those limits say so.
    ///
    /// It is fine without for Jobs that Helm or Argo CD delete by their hook policies.
    ///
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: migrate
    /// #       ^^^^^^^ Job `shop/migrate` stays in the cluster when it has finished
    ///   namespace: shop
    /// spec:
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       containers:
    ///       - name: migrate
    ///         image: registry.example.com/migrate:1.4.0
    /// ```
    /// ```yaml bad
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata:
    ///   name: report
    ///   namespace: shop
    /// spec:
    ///   schedule: "0 3 * * *"
    ///   jobTemplate:
    ///     spec:
    ///       ttlSecondsAfterFinished: 60
    /// #                              ^^ CronJob `shop/report` deletes its jobs 60 s after they end, whatever its history limits say
    ///       template:
    ///         spec:
    ///           restartPolicy: Never
    ///           containers:
    ///           - name: report
    ///             image: registry.example.com/report:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: batch/v1
    /// kind: Job
    /// metadata:
    ///   name: migrate
    ///   namespace: shop
    ///   annotations: {owner: release}
    /// spec:
    ///   ttlSecondsAfterFinished: 86400
    ///   template:
    ///     spec:
    ///       restartPolicy: Never
    ///       containers:
    ///       - name: migrate
    ///         image: registry.example.com/migrate:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "job-ttl-misconfigured",
        summary: "finished jobs are kept for ever, or deleted against the history limits",
        remedy: "Set `ttlSecondsAfterFinished` on a Job of its own; leave it out of a CronJob.",
        severity: Low,
        check: Check::Pod(check),
        peers: &["kube-linter:job-ttl-seconds-after-finished"],
        controls: &[control::STORAGE_AVAILABLE],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let object = pod.object;
    match pod.workload {
        Workload::Job if is_left_alone(pod) => {
            let message = format!("{} stays in the cluster when it has finished", object.display());
            out.report(object.name_span(), message).field(format!("spec.{TTL}"));
        }
        Workload::CronJob => {
            let Some(ttl) = object.at(&["spec", "jobTemplate", "spec", TTL]) else { return };
            let Some(seconds) = ttl.as_i64() else { return };
            let message = format!(
                "{} deletes its jobs {seconds} s after they end, whatever its history limits say",
                object.display()
            );
            out.report(ttl.span(), message).field(format!("spec.jobTemplate.spec.{TTL}"));
        }
        _ => {}
    }
}

/// Whether nothing will clean the Job up: no time to live, no owner, no hook that deletes it.
fn is_left_alone(pod: PodTemplate<'_>) -> bool {
    let object = pod.object;
    let hooked = ["helm.sh/hook", "argocd.argoproj.io/hook"]
        .iter()
        .any(|hook| object.annotations().get(hook).is_some());
    is_complete(pod)
        && !hooked
        && object.at(&["spec", TTL]).is_none()
        && object.at(&["metadata", "ownerReferences"]).is_none()
}
