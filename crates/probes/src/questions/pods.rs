//! Pods and their containers.

use k8s_openapi::api::core::v1::{ContainerStatus, Pod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::answer::Answer;
use crate::cluster::{Cluster, Name, word};

/// Seconds within which a restart is of now.
const RECENT: i64 = 60 * 60;
/// Seconds that a pod may take to go after the time it was given.
const SLOW: i64 = 5 * 60;

/// Reasons to wait that are part of every start.
const USUAL: [&str; 2] = ["ContainerCreating", "PodInitializing"];

pub(super) fn look(cluster: &Cluster, then: i64, answer: &mut Answer) {
    for (name, pod) in &cluster.pods {
        let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
        match (leaves_at(pod), phase) {
            (_, Some("Succeeded")) => {}
            (Some(time), _) if then.saturating_sub(time) > SLOW => {
                let minutes = then.saturating_sub(time) / 60;
                answer.problem("Pod", name, &format!("should be gone for {minutes} minutes"));
            }
            // It is on its way out, so that nothing is asked of it.
            (Some(_), _) => {}
            (None, Some("Failed")) => failed(cluster, name, pod, answer),
            (None, Some("Running")) => running(name, pod, then, answer),
            (None, Some("Pending")) => pending(name, pod, answer),
            (None, phase) => {
                let phase = word(phase.unwrap_or("not told"));
                answer.problem("Pod", name, &format!("is in no known state: `{phase}`"));
            }
        }
    }
}

/// The name of the controller of that kind.
pub(super) fn owner<'m>(metadata: &'m ObjectMeta, kind: &str) -> Option<&'m str> {
    let owners = metadata.owner_references.as_deref().unwrap_or_default();
    owners.iter().find(|owner| owner.kind == kind).map(|owner| owner.name.as_str())
}

/// Whether a pod says that it is ready.
pub(super) fn is_ready(pod: &Pod) -> bool {
    let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_ref());
    let ready = conditions.into_iter().flatten().find(|condition| condition.type_ == "Ready");
    ready.is_some_and(|condition| condition.status == "True")
}

fn leaves_at(pod: &Pod) -> Option<i64> {
    pod.metadata.deletion_timestamp.as_ref().map(|time| time.0.as_second())
}

/// A pod of a Job may fail: the Job tries again, and is asked itself.
fn failed(cluster: &Cluster, name: &Name, pod: &Pod, answer: &mut Answer) {
    if let Some(job) = owner(&pod.metadata, "Job") {
        let is_done = |other: &Pod| {
            let status = other.status.as_ref();
            status.and_then(|status| status.phase.as_deref()) == Some("Succeeded")
        };
        let tried_again = cluster.pods.iter().any(|(other, candidate)| {
            other.namespace == name.namespace
                && owner(&candidate.metadata, "Job") == Some(job)
                && is_done(candidate)
        });
        if tried_again || cluster.jobs.contains_key(&name.beside(job)) {
            return;
        }
    }
    let reason = pod.status.as_ref().and_then(|status| status.reason.as_deref());
    let reason = reason.map(|reason| format!(": `{}`", word(reason))).unwrap_or_default();
    answer.problem("Pod", name, &format!("has failed{reason}"));
}

fn pending(name: &Name, pod: &Pod, answer: &mut Answer) {
    let status = pod.status.clone().unwrap_or_default();
    let conditions = status.conditions.iter().flatten();
    let mut unmet = conditions.filter(|each| each.type_ == "PodScheduled" && each.status != "True");
    let waiting = containers(pod).find_map(|status| waiting(status));
    let reason = waiting.or_else(|| unmet.next().and_then(|condition| condition.reason.as_deref()));
    let reason = reason.map(|reason| format!(": `{}`", word(reason))).unwrap_or_default();
    answer.problem("Pod", name, &format!("is pending{reason}"));
}

fn running(name: &Name, pod: &Pod, then: i64, answer: &mut Answer) {
    let mut told = false;
    for status in containers(pod) {
        let container = word(&status.name);
        if let Some(reason) = waiting(status).filter(|reason| !USUAL.contains(reason)) {
            let what = format!("waits in container `{container}`: `{}`", word(reason));
            answer.problem("Pod", name, &what);
            told = true;
        } else if let Some(minutes) = restarted(status, then) {
            let times = status.restart_count;
            let what = format!(
                "restarted container `{container}` {minutes} minutes ago, {times} times in all"
            );
            answer.problem("Pod", name, &what);
        }
        if ran_out_of_memory(status) {
            let what = format!("was out of memory in container `{container}`: `OOMKilled`");
            answer.problem("Pod", name, &what);
        }
    }
    if !told && !is_ready(pod) {
        answer.problem("Pod", name, "runs and is not ready");
    }
}

fn containers(pod: &Pod) -> impl Iterator<Item = &ContainerStatus> {
    let status = pod.status.as_ref();
    let initial = status.and_then(|status| status.init_container_statuses.as_ref());
    let main = status.and_then(|status| status.container_statuses.as_ref());
    initial.into_iter().chain(main).flatten()
}

fn waiting(status: &ContainerStatus) -> Option<&str> {
    status.state.as_ref()?.waiting.as_ref()?.reason.as_deref()
}

/// Minutes since a restart of the last hour.
fn restarted(status: &ContainerStatus, then: i64) -> Option<i64> {
    let last = status.last_state.as_ref()?.terminated.as_ref()?;
    let since = then.saturating_sub(last.finished_at.as_ref()?.0.as_second());
    (status.restart_count > 0 && since <= RECENT).then_some((since / 60).max(0))
}

fn ran_out_of_memory(status: &ContainerStatus) -> bool {
    [&status.state, &status.last_state].into_iter().flatten().any(|state| {
        state.terminated.as_ref().and_then(|end| end.reason.as_deref()) == Some("OOMKilled")
    })
}
