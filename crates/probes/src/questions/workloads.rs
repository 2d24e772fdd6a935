//! Are all rollouts complete, all pods ready, without restarts?

use super::{pods, rollouts};
use crate::answer::{Answer, count};
use crate::cluster::Cluster;

pub(crate) fn ask(cluster: &Cluster, then: i64) -> Answer {
    let mut answer = Answer::needing(cluster, &["Pod"]);
    pods::look(cluster, then, &mut answer);
    rollouts::look(cluster, &mut answer);
    let kinds = [
        ("Deployment", "Deployments", cluster.deployments.len()),
        ("StatefulSet", "StatefulSets", cluster.stateful_sets.len()),
        ("DaemonSet", "DaemonSets", cluster.daemon_sets.len()),
        ("Job", "Jobs", cluster.jobs.len()),
    ];
    let mut seen = cluster.pods.len();
    let mut words = vec![count(seen, "pod", "pods")];
    let mut absent = Vec::new();
    for (one, many, number) in kinds {
        seen += number;
        if cluster.has(one) {
            words.push(count(number, one, many));
        } else {
            absent.push(many);
        }
    }
    if !absent.is_empty() {
        words.push(format!("no {} in the dump", absent.join(", no ")));
    }
    answer.told(seen, &words)
}
