//! Are all claims bound, and is there room?

use super::nodes::condition;
use crate::answer::{Answer, count};
use crate::cluster::{Cluster, Name, Volume, word};

/// The part of a disk from which on it is too full.
const FULL: f64 = 0.85;

pub(crate) fn ask(cluster: &Cluster) -> Answer {
    let mut answer = Answer::needing(cluster, &["PersistentVolumeClaim", "Node"]);
    for (name, claim) in &cluster.claims {
        let phase = claim.status.as_ref().and_then(|status| status.phase.as_deref());
        if phase != Some("Bound") {
            let phase = word(phase.unwrap_or("unknown"));
            answer.problem("PersistentVolumeClaim", name, &format!("is not bound but `{phase}`"));
        }
    }
    for (name, volume) in &cluster.volumes {
        let phase = volume.status.as_ref().and_then(|status| status.phase.as_deref());
        if phase == Some("Failed") {
            answer.problem("PersistentVolume", name, "could not be reclaimed: it is `Failed`");
        }
    }
    for (name, node) in &cluster.nodes {
        let pressure = condition(node, "DiskPressure");
        if pressure.is_some_and(|condition| condition.status != "False") {
            answer.problem("Node", name, "runs out of disk, or does not know: DiskPressure");
        }
    }
    measure(cluster, &mut answer);
    let (claims, nodes) = (cluster.claims.len(), cluster.nodes.len());
    let mut words = vec![count(claims, "claim", "claims"), count(nodes, "node", "nodes")];
    if cluster.has("PersistentVolume") {
        words.push(count(cluster.volumes.len(), "volume", "volumes"));
    }
    let measured = cluster.nodes.keys().filter(|name| cluster.usage.contains_key(name)).count();
    words.push(match measured {
        0 => "how full the disks are is not in the dump".to_owned(),
        measured => format!("disks of {measured} of {nodes} measured"),
    });
    answer.told(claims + nodes + cluster.volumes.len(), &words)
}

fn measure(cluster: &Cluster, answer: &mut Answer) {
    for (node, usage) in &cluster.usage {
        for (disk, volume) in [("its disk", usage.node), ("the disk of its images", usage.images)] {
            tell("Node", node, disk, volume.unwrap_or_default(), answer);
        }
        for (claim, volume) in &usage.claims {
            tell("PersistentVolumeClaim", claim, "its volume", *volume, answer);
        }
    }
}

fn tell(kind: &str, name: &Name, disk: &str, volume: Volume, answer: &mut Answer) {
    for (part, of) in [(volume.bytes, ""), (volume.inodes, " of inodes")] {
        if let Some(part) = part.filter(|part| *part > FULL) {
            answer.problem(kind, name, &format!("has {disk} {:.0} % full{of}", part * 100.0));
        }
    }
}
