use crate::cluster::{Cluster, Name};

/// Something wrong in a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// `Node/worker-3`, `Pod/shop/api-7d9c`.
    pub object: String,
    /// What is wrong, naming the object and the value, in one sentence.
    pub message: String,
}

/// What a probe says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Kinds that were needed and are not in the dump: nothing is known without them. `DNS` stands for
    /// names whose addresses no object of a cluster tells.
    pub missing: Vec<&'static str>,
    /// How many objects were looked at.
    pub seen: usize,
    /// What was seen, in words: `6 nodes`.
    pub what: String,
    /// What is wrong, in order of object.
    pub problems: Vec<Problem>,
}

impl Answer {
    /// An answer that misses those of these kinds that were not listed.
    pub(crate) fn needing(cluster: &Cluster, kinds: &[&'static str]) -> Self {
        let missing = kinds.iter().copied().filter(|kind| !cluster.has(kind)).collect();
        Self { missing, ..Self::default() }
    }

    /// Notes a problem with an object of that kind.
    pub(crate) fn problem(&mut self, kind: &str, name: &Name, what: &str) {
        self.problems.push(Problem {
            object: format!("{kind}/{name}"),
            message: format!("{kind} `{name}` {what}"),
        });
    }

    /// Says what was looked at.
    pub(crate) fn told(mut self, seen: usize, words: &[String]) -> Self {
        self.seen = seen;
        self.what = words.join(", ");
        self
    }
}

/// `1 node`, `6 nodes`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{number} {noun}")
}
