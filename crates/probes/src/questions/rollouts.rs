//! Rollouts of Deployments, StatefulSets and DaemonSets, and Jobs.

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use k8s_openapi::api::batch::v1::Job;

use super::pods::owner;
use crate::answer::Answer;
use crate::cluster::{Cluster, Name, word};

pub(super) fn look(cluster: &Cluster, answer: &mut Answer) {
    for (name, deployment) in &cluster.deployments {
        of_deployment(name, deployment, answer);
    }
    for (name, set) in &cluster.stateful_sets {
        of_stateful_set(name, set, answer);
    }
    for (name, set) in &cluster.daemon_sets {
        of_daemon_set(name, set, answer);
    }
    for (name, job) in &cluster.jobs {
        if has(job, "Failed") && !has_succeeded_since(cluster, name, job) {
            answer.problem("Job", name, "has failed");
        }
    }
}

/// How many replicas are as they should be.
struct Progress {
    kind: &'static str,
    desired: i32,
    counts: Vec<(&'static str, i32)>,
    /// Whether the controller has seen the object as it is.
    observed: bool,
}

impl Progress {
    fn tell(&self, name: &Name, answer: &mut Answer) {
        if !self.observed {
            let what = "was changed, and its controller has not seen that yet";
            answer.problem(self.kind, name, what);
        }
        for (what, number) in &self.counts {
            if *number < self.desired {
                let told = format!("has {number} of {} replicas {what}", self.desired);
                answer.problem(self.kind, name, &told);
            }
        }
    }
}

fn observed(generation: Option<i64>, seen: Option<i64>) -> bool {
    seen.unwrap_or(0) >= generation.unwrap_or(0)
}

fn of_deployment(name: &Name, deployment: &Deployment, answer: &mut Answer) {
    let status = deployment.status.clone().unwrap_or_default();
    let desired = deployment.spec.replicas.unwrap_or(1);
    let updated = status.updated_replicas.unwrap_or(0);
    let progress = Progress {
        kind: "Deployment",
        desired,
        counts: vec![
            ("updated", updated),
            ("ready", status.ready_replicas.unwrap_or(0)),
            ("available", status.available_replicas.unwrap_or(0)),
        ],
        observed: observed(deployment.metadata.generation, status.observed_generation),
    };
    progress.tell(name, answer);
    let old = status.replicas.unwrap_or(0).saturating_sub(updated);
    if old > 0 {
        answer.problem(
            "Deployment",
            name,
            &format!("still has {old} replicas of an older version"),
        );
    }
    let stuck = status.conditions.iter().flatten().find(|each| {
        each.type_.as_deref() == Some("Progressing") && each.status.as_deref() == Some("False")
    });
    if let Some(condition) = stuck {
        let reason = word(condition.reason.as_deref().unwrap_or("no reason"));
        answer.problem("Deployment", name, &format!("does not progress: `{reason}`"));
    }
}

fn of_stateful_set(name: &Name, set: &StatefulSet, answer: &mut Answer) {
    let status = set.status.clone().unwrap_or_default();
    let desired = set.spec.replicas.unwrap_or(1);
    let progress = Progress {
        kind: "StatefulSet",
        desired,
        counts: vec![
            ("ready", status.ready_replicas.unwrap_or(0)),
            ("available", status.available_replicas.unwrap_or(0)),
        ],
        observed: observed(set.metadata.generation, status.observed_generation),
    };
    progress.tell(name, answer);
    let strategy = set.spec.update_strategy.as_ref();
    let by_hand = strategy.and_then(|each| each.type_.as_deref()) == Some("OnDelete");
    let rolling = strategy.and_then(|strategy| strategy.rolling_update.as_ref());
    let partition = rolling.and_then(|rolling| rolling.partition).unwrap_or(0);
    let meant = desired.saturating_sub(partition).max(0);
    let updated = status.updated_replicas.unwrap_or(0);
    let is_rolling = status.update_revision != status.current_revision;
    if !by_hand && is_rolling && updated < meant {
        let what = format!("has {updated} of {meant} replicas updated");
        answer.problem("StatefulSet", name, &what);
    }
}

fn of_daemon_set(name: &Name, set: &DaemonSet, answer: &mut Answer) {
    let status = set.status.clone().unwrap_or_default();
    let strategy = set.spec.update_strategy.as_ref();
    let by_hand = strategy.and_then(|each| each.type_.as_deref()) == Some("OnDelete");
    let mut counts =
        vec![("ready", status.number_ready), ("available", status.number_available.unwrap_or(0))];
    if !by_hand {
        counts.push(("updated", status.updated_number_scheduled.unwrap_or(0)));
    }
    let progress = Progress {
        kind: "DaemonSet",
        desired: status.desired_number_scheduled,
        counts,
        observed: observed(set.metadata.generation, status.observed_generation),
    };
    progress.tell(name, answer);
}

fn has(job: &Job, kind: &str) -> bool {
    let conditions = job.status.as_ref().and_then(|status| status.conditions.as_ref());
    let is_it = |condition: &k8s_openapi::api::batch::v1::JobCondition| {
        condition.type_ == kind && condition.status == "True"
    };
    conditions.into_iter().flatten().any(is_it)
}

/// Whether a later Job of the same CronJob succeeded: it keeps failed ones for those who look.
fn has_succeeded_since(cluster: &Cluster, name: &Name, job: &Job) -> bool {
    let Some(parent) = owner(&job.metadata, "CronJob") else { return false };
    let started = |job: &Job| job.status.as_ref()?.start_time.as_ref().map(|time| time.0);
    cluster.jobs.iter().any(|(other, candidate)| {
        other.namespace == name.namespace
            && owner(&candidate.metadata, "CronJob") == Some(parent)
            && has(candidate, "Complete")
            && started(candidate) > started(job)
    })
}
