//! How full disks are: what the kubelet of a node says, read by
//! `kubectl get --raw /api/v1/nodes/NAME/proxy/stats/summary`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Name, Trouble};

/// The disks of a node.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Usage {
    /// The file system of the node itself.
    pub(crate) node: Option<Volume>,
    /// The file system of images, where it is another.
    pub(crate) images: Option<Volume>,
    /// Volumes of claims, by the claim.
    pub(crate) claims: BTreeMap<Name, Volume>,
}

/// A file system; parts are between 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Volume {
    /// How much of its bytes is used.
    pub(crate) bytes: Option<f64>,
    /// How much of its inodes is used.
    pub(crate) inodes: Option<f64>,
}

#[derive(Deserialize)]
struct Summary {
    node: NodeStats,
    pods: Option<Vec<PodStats>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NodeStats {
    node_name: String,
    fs: Option<Stats>,
    runtime: Option<Runtime>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Runtime {
    image_fs: Option<Stats>,
}

#[derive(Deserialize)]
struct PodStats {
    volume: Option<Vec<VolumeStats>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VolumeStats {
    pvc_ref: Option<Reference>,
    #[serde(flatten)]
    stats: Stats,
}

#[derive(Deserialize)]
struct Reference {
    name: String,
    namespace: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stats {
    capacity_bytes: Option<u64>,
    used_bytes: Option<u64>,
    inodes: Option<u64>,
    inodes_used: Option<u64>,
}

pub(super) fn read(dump: Value) -> Result<(Name, Usage), Trouble> {
    let summary: Summary = serde_json::from_value(dump)
        .map_err(|_| Trouble::new("is not what the kubelet says of its node"))?;
    let mut claims: BTreeMap<Name, Volume> = BTreeMap::new();
    let volumes =
        summary.pods.into_iter().flatten().flat_map(|pod| pod.volume.into_iter().flatten());
    for volume in volumes {
        // Volumes without a claim lie on the disk of the node.
        let Some(claim) = volume.pvc_ref else { continue };
        claims.insert(Name::new(&claim.namespace, &claim.name), part(&volume.stats));
    }
    let node = summary.node.fs.as_ref().map(part);
    let images = summary.node.runtime.and_then(|runtime| runtime.image_fs).as_ref().map(part);
    Ok((Name::new("", &summary.node.node_name), Usage { node, images, claims }))
}

fn part(stats: &Stats) -> Volume {
    Volume {
        bytes: ratio(stats.used_bytes, stats.capacity_bytes),
        inodes: ratio(stats.inodes_used, stats.inodes),
    }
}

fn ratio(used: Option<u64>, all: Option<u64>) -> Option<f64> {
    let (used, all) = (used?, all.filter(|&all| all > 0)?);
    // In thousandths, since no exact conversion of 64 bits to a double exists; that is exact enough.
    let thousandths = u128::from(used) * 1_000 / u128::from(all);
    Some(f64::from(u32::try_from(thousandths).unwrap_or(u32::MAX)) / 1_000.0)
}
