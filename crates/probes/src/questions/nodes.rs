//! Are all nodes ready, without pressure?

use k8s_openapi::api::core::v1::{Node, NodeCondition};

use crate::answer::{Answer, count};
use crate::cluster::{Cluster, Name, word};

/// Seconds without a sign of life. A kubelet renews its Lease every 10 seconds and writes its status at
/// least every 5 minutes.
const SILENT: i64 = 15 * 60;

/// Conditions that say what is wrong.
const BAD: [(&str, &str); 4] = [
    ("MemoryPressure", "runs out of memory"),
    ("DiskPressure", "runs out of disk"),
    ("PIDPressure", "runs out of process ids"),
    ("NetworkUnavailable", "has no network"),
];

pub(crate) fn ask(cluster: &Cluster, then: i64) -> Answer {
    let mut answer = Answer::needing(cluster, &["Node"]);
    for (name, node) in &cluster.nodes {
        look(cluster, name, node, then, &mut answer);
    }
    if answer.missing.is_empty() && cluster.nodes.is_empty() {
        let name = Name::new("", "none");
        answer.problem("Node", &name, "is all there is: the cluster has no node that can be read");
    }
    let nodes = cluster.nodes.len();
    answer.told(nodes, &[count(nodes, "node", "nodes")])
}

fn look(cluster: &Cluster, name: &Name, node: &Node, then: i64, answer: &mut Answer) {
    match condition(node, "Ready") {
        Some(ready) if ready.status == "True" => {}
        Some(ready) => {
            let reason = ready.reason.as_deref().map(|reason| format!(" ({})", word(reason)));
            let status = word(&ready.status);
            let reason = reason.unwrap_or_default();
            answer.problem("Node", name, &format!("is not ready: Ready is `{status}`{reason}"));
        }
        None => answer.problem("Node", name, "does not say whether it is ready"),
    }
    for (kind, what) in BAD {
        if condition(node, kind).is_some_and(|condition| condition.status == "True") {
            answer.problem("Node", name, &format!("{what}: {kind} is `True`"));
        }
    }
    if node.spec.as_ref().and_then(|spec| spec.unschedulable) == Some(true) {
        answer.problem("Node", name, "is cordoned: no pod is put on it");
    }
    if let Some(last) = sign_of_life(cluster, name, node)
        && then.saturating_sub(last) > SILENT
    {
        let minutes = then.saturating_sub(last) / 60;
        answer.problem("Node", name, &format!("has given no sign of life for {minutes} minutes"));
    }
}

/// The condition of that type.
pub(super) fn condition<'n>(node: &'n Node, kind: &str) -> Option<&'n NodeCondition> {
    let conditions = node.status.as_ref()?.conditions.as_ref()?;
    conditions.iter().find(|condition| condition.type_ == kind)
}

/// The later of its heartbeat and its Lease.
fn sign_of_life(cluster: &Cluster, name: &Name, node: &Node) -> Option<i64> {
    let heartbeat = condition(node, "Ready")
        .and_then(|ready| ready.last_heartbeat_time.as_ref())
        .map(|time| time.0.as_second());
    let lease = cluster.leases.get(&Name::new("kube-node-lease", &name.name));
    let renewed = lease.and_then(|lease| lease.spec.as_ref()?.renew_time.as_ref());
    heartbeat.max(renewed.map(|time| time.0.as_second()))
}
