use crate::Cluster;

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

/// Something wrong in a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `Node/worker-3`, `Pod/shop/api-7d9c`.
    pub object: String,
    /// What is wrong, naming the object and the value, in one sentence.
    pub message: String,
}

/// What a probe says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Kinds that were needed and are not in the dump: nothing is known without them.
    pub missing: Vec<&'static str>,
    /// How many objects were looked at.
    pub seen: usize,
    /// What was seen, in words: `6 nodes`.
    pub what: String,
    /// What is wrong, in order of object.
    pub problems: Vec<Problem>,
}

impl Probe {
    /// Asks. `now` is in Unix seconds.
    #[must_use]
    pub fn ask(self, cluster: &Cluster, now: i64) -> Answer {
        let _ = (cluster, now);
        Answer { missing: vec!["Node"], ..Answer::default() }
    }
}
