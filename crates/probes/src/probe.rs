use crate::questions::{databases, external, network, nodes, storage, workloads};
use crate::{Answer, Cluster};

/// A question about a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Probe {
    /// Are all nodes ready, without pressure?
    ClusterHealthy,
    /// Are all claims bound, and is there room?
    StorageAvailable,
    /// Has every Service ready endpoints?
    NetworkReachable,
    /// Are all rollouts complete, all pods ready, without restarts?
    WorkloadsHealthy,
    /// Has the Service of every database ready endpoints, and is its Secret there?
    DatabaseReachable,
    /// Do all names that lead out of the cluster have an address?
    ExternalServices,
}

impl Probe {
    /// All probes.
    pub const ALL: [Self; 6] = [
        Self::ClusterHealthy,
        Self::StorageAvailable,
        Self::NetworkReachable,
        Self::WorkloadsHealthy,
        Self::DatabaseReachable,
        Self::ExternalServices,
    ];

    /// The word users write.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClusterHealthy => "cluster-healthy",
            Self::StorageAvailable => "storage-available",
            Self::NetworkReachable => "network-reachable",
            Self::WorkloadsHealthy => "workloads-healthy",
            Self::DatabaseReachable => "database-reachable",
            Self::ExternalServices => "external-services",
        }
    }

    /// Asks. `now` is in Unix seconds; what is old is measured against the newest time in the dump, or
    /// against `now` where that is earlier, so that a dump does not become wrong by lying about.
    #[must_use]
    pub fn ask(self, cluster: &Cluster, now: i64) -> Answer {
        let then = cluster.newest().map_or(now, |newest| newest.min(now));
        let mut answer = match self {
            Self::ClusterHealthy => nodes::ask(cluster, then),
            Self::StorageAvailable => storage::ask(cluster),
            Self::NetworkReachable => network::ask(cluster),
            Self::WorkloadsHealthy => workloads::ask(cluster, then),
            Self::DatabaseReachable => databases::ask(cluster),
            Self::ExternalServices => external::ask(cluster),
        };
        for (kind, name) in &cluster.unread {
            if self.kinds().contains(kind) {
                answer.problem(kind, name, "is in the dump and could not be read");
            }
        }
        answer.problems.sort();
        answer.problems.dedup();
        answer
    }

    /// The kinds that it looks at, if they are there.
    const fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::ClusterHealthy => &["Node", "Lease"],
            Self::StorageAvailable => &["Node", "PersistentVolume", "PersistentVolumeClaim"],
            Self::NetworkReachable | Self::ExternalServices => {
                &["Endpoints", "EndpointSlice", "Service"]
            }
            Self::WorkloadsHealthy => &["DaemonSet", "Deployment", "Job", "Pod", "StatefulSet"],
            Self::DatabaseReachable => {
                &["Endpoints", "EndpointSlice", "Pod", "Secret", "Service", "StatefulSet"]
            }
        }
    }
}
