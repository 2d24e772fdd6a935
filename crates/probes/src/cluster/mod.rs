//! What is known of a cluster.

mod decode;
mod name;
mod usage;

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{
    Endpoints, Node, PersistentVolume, PersistentVolumeClaim, Pod, Service,
};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use serde_json::Value;

pub(crate) use name::{Name, word};
pub(crate) use usage::{Usage, Volume};

/// Bytes of a dump that is read at most.
pub const MOST_BYTES: usize = 64 << 20;
/// Objects of a cluster that are kept at most.
pub const MOST_OBJECTS: usize = 200_000;
/// Values in a dump: each takes memory, whatever it holds.
const MOST_VALUES: usize = 8_000_000;
/// Objects that could not be read and are told one by one.
const MOST_TROUBLES: usize = 100;

/// Objects of a cluster.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    pub(crate) nodes: BTreeMap<Name, Node>,
    pub(crate) leases: BTreeMap<Name, Lease>,
    pub(crate) pods: BTreeMap<Name, Pod>,
    pub(crate) claims: BTreeMap<Name, PersistentVolumeClaim>,
    pub(crate) volumes: BTreeMap<Name, PersistentVolume>,
    pub(crate) services: BTreeMap<Name, Service>,
    pub(crate) slices: BTreeMap<Name, EndpointSlice>,
    pub(crate) endpoints: BTreeMap<Name, Endpoints>,
    pub(crate) deployments: BTreeMap<Name, Deployment>,
    pub(crate) stateful_sets: BTreeMap<Name, StatefulSet>,
    pub(crate) daemon_sets: BTreeMap<Name, DaemonSet>,
    pub(crate) jobs: BTreeMap<Name, Job>,
    /// Names alone: what a Secret holds is dropped where it is read.
    pub(crate) secrets: BTreeSet<Name>,
    /// How full the disks of a node are, by its name.
    pub(crate) usage: BTreeMap<Name, Usage>,
    /// Objects that are there and could not be read.
    pub(crate) unread: BTreeSet<(&'static str, Name)>,
    listed: BTreeSet<&'static str>,
    newest: Option<i64>,
    objects: usize,
    troubles: Vec<Trouble>,
    more_troubles: usize,
}

/// Why a dump, or one of its objects, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// 1-based, where it is known.
    pub line: Option<u32>,
    /// What is wrong and what to do, in one sentence.
    pub message: String,
}

impl Trouble {
    fn new(message: impl Into<String>) -> Self {
        Self { line: None, message: message.into() }
    }
}

impl Cluster {
    /// Adds the objects of a dump: a `List`, a list of one kind, a single object, or the statistics of a
    /// node. Of two objects of one name the later counts. A single object that cannot be read is left
    /// out, told by [`troubles`](Self::troubles), and a problem to every probe that would look at it.
    ///
    /// # Errors
    ///
    /// What is wrong with the dump; nothing is added then.
    pub fn add(&mut self, json: &str) -> Result<(), Trouble> {
        let dump = decode::value(json)?;
        if dump.get("node").and_then(|node| node.get("nodeName")).is_some() {
            let (name, usage) = usage::read(dump)?;
            self.usage.insert(name, usage);
            return Ok(());
        }
        let (items, kind) = decode::items(dump)?;
        if self.objects + items.len() > MOST_OBJECTS {
            let message = format!("the cluster has more than {MOST_OBJECTS} objects: ask for less");
            return Err(Trouble::new(message));
        }
        if let Some(kind) = kind.and_then(|kind| decode::known(&kind)) {
            self.listed.insert(kind);
        }
        for (number, item) in items.into_iter().enumerate() {
            self.objects += 1;
            if let Err(what) = self.take(item) {
                self.trouble(format!("item {}: {what}", number + 1));
            }
        }
        Ok(())
    }

    /// Says that the cluster was asked for a kind, by any of the names that kubectl takes for it
    /// (`Pod`, `pods`, `po`): then none of it in the dump means that there is none. False for kinds that
    /// no probe looks at.
    pub fn was_asked_for(&mut self, resource: &str) -> bool {
        let kind = decode::known(resource);
        self.listed.extend(kind);
        kind.is_some()
    }

    /// Objects that could not be read; a probe does not see them.
    #[must_use]
    pub fn troubles(&self) -> &[Trouble] {
        &self.troubles
    }

    /// How many more there are of them.
    #[must_use]
    pub const fn more_troubles(&self) -> usize {
        self.more_troubles
    }

    /// How many objects were added, also of kinds that no probe looks at.
    #[must_use]
    pub const fn objects(&self) -> usize {
        self.objects
    }

    /// The newest time that the cluster itself wrote into an object, in Unix seconds: the dump was not
    /// made before.
    #[must_use]
    pub const fn newest(&self) -> Option<i64> {
        self.newest
    }

    /// Whether a kind was listed: there are objects of it, or there is a list for it.
    pub(crate) fn has(&self, kind: &str) -> bool {
        self.listed.contains(kind)
    }

    fn trouble(&mut self, message: String) {
        if self.troubles.len() < MOST_TROUBLES {
            self.troubles.push(Trouble::new(message));
        } else {
            self.more_troubles += 1;
        }
    }

    fn take(&mut self, item: Value) -> Result<(), String> {
        let Some(kind) = decode::kind_of(&item)? else { return Ok(()) };
        let Some(name) = Name::of(&item) else {
            self.unread.insert((kind, Name::new("", "unnamed")));
            return Err(format!("a {kind} has no name, and is left out"));
        };
        decode::times(&item, &mut |time| self.newest = self.newest.max(Some(time)));
        self.listed.insert(kind);
        let unread = name.clone();
        let taken = self.keep(kind, name, item);
        if taken.is_err() {
            self.unread.insert((kind, unread));
        }
        taken
    }

    fn keep(&mut self, kind: &'static str, name: Name, item: Value) -> Result<(), String> {
        match kind {
            "Node" => decode::put(&mut self.nodes, kind, name, item),
            "Lease" => decode::put(&mut self.leases, kind, name, item),
            "Pod" => decode::put(&mut self.pods, kind, name, item),
            "PersistentVolumeClaim" => decode::put(&mut self.claims, kind, name, item),
            "PersistentVolume" => decode::put(&mut self.volumes, kind, name, item),
            "Service" => decode::put(&mut self.services, kind, name, item),
            "EndpointSlice" => decode::put(&mut self.slices, kind, name, item),
            "Endpoints" => decode::put(&mut self.endpoints, kind, name, item),
            "Deployment" => decode::put(&mut self.deployments, kind, name, item),
            "StatefulSet" => decode::put(&mut self.stateful_sets, kind, name, item),
            "DaemonSet" => decode::put(&mut self.daemon_sets, kind, name, item),
            "Job" => decode::put(&mut self.jobs, kind, name, item),
            "Secret" => {
                self.secrets.insert(name);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
