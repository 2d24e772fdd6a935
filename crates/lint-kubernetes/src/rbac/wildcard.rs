//! Wildcards in rules: each rule of a role is told by one rule of this linter.

use super::role::{PolicyRule, Word};
use super::{Capability, GROUP};

/// What the wildcards of a rule amount to, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wildcard {
    /// Every verb on every resource of every group.
    Everything,
    /// Every resource of a group of the cluster's own: reading there reads Secrets, writing makes
    /// pods or roles.
    Resources,
    /// Every verb on a resource that has dangerous ones.
    Verb,
    /// Something else, such as every resource of an operator's own group; with the name of the
    /// list for a message.
    Other(&'static str),
}

/// Verbs that read.
const READ: [&str; 3] = ["get", "list", "watch"];
/// Verbs that write.
const WRITE: [&str; 5] = ["create", "update", "patch", "delete", "deletecollection"];

/// Groups whose resources lead to more when they are written.
const WRITE_GROUPS: [&str; 6] =
    ["", "apps", "batch", GROUP, "admissionregistration.k8s.io", "certificates.k8s.io"];

/// Resources on which some verb is worse than the usual ones.
pub(crate) static SENSITIVE: Capability = Capability {
    resources: &[
        ("", &["secrets", "pods", "nodes", "serviceaccounts", "users", "groups"]),
        ("apps", &["deployments", "daemonsets", "statefulsets", "replicasets"]),
        ("batch", &["jobs", "cronjobs"]),
        (GROUP, &["roles", "clusterroles", "rolebindings", "clusterrolebindings"]),
        ("certificates.k8s.io", &["certificatesigningrequests", "signers"]),
        (
            "admissionregistration.k8s.io",
            &["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
        ),
    ],
    verbs: &["*"],
    ..Capability::DEFAULT
};

impl<'a> PolicyRule<'a> {
    /// The wildcard of the rule that says most, with the `*`.
    pub(crate) fn wildcard(self) -> Option<(Wildcard, Word<'a>)> {
        let (resource, verb) = (self.any_resource(), self.any_verb());
        if let (Some(resource), false) = (resource, self.is_narrowed()) {
            if self.everything().is_some() {
                return Some((Wildcard::Everything, resource));
            }
            let has = |list: &[&str]| {
                verb.is_some() || self.verbs().any(|(word, _)| list.contains(&word))
            };
            let reads = has(&READ) && self.has_group("");
            let writes = has(&WRITE) && WRITE_GROUPS.iter().any(|group| self.has_group(group));
            if reads || writes {
                return Some((Wildcard::Resources, resource));
            }
        }
        if let Some(verb) = verb
            && !self.is_narrowed()
            && SENSITIVE.resources_of(self).next().is_some()
        {
            return Some((Wildcard::Verb, verb));
        }
        let verb = || Some(("verbs", verb?));
        let resource = || Some(("resources", resource?));
        let group = || Some(("API groups", self.any_group()?));
        let url = || Some(("URLs", self.urls().find(|(word, _)| *word == "*")?));
        let (list, word) = verb().or_else(resource).or_else(group).or_else(url)?;
        Some((Wildcard::Other(list), word))
    }
}
