//! Roles that amount to more than they say.

use careen_yaml::Node;

use super::{GROUP, PolicyRule, Role};

/// Where a role grants every verb on every resource of every group.
pub(crate) fn everything(role: Role<'_>) -> Option<Node<'_>> {
    role.rules().find_map(PolicyRule::everything)
}

impl<'a> PolicyRule<'a> {
    /// Where the rule grants every verb on every resource of every group.
    pub(crate) fn everything(self) -> Option<Node<'a>> {
        let resource = self.any_resource()?;
        let is_all = self.any_verb().is_some() && self.any_group().is_some();
        (is_all && !self.is_narrowed()).then_some(resource.1)
    }
}

/// Where a role grants what leads to the whole cluster if it is granted everywhere, without being
/// everything: reading all Secrets, else making pods.
pub(crate) fn takes_over<'a>(role: Role<'a>) -> Option<Node<'a>> {
    if everything(role).is_some() {
        return None;
    }
    const MAKERS: [(&str, &str); 7] = [
        ("", "pods"),
        ("apps", "deployments"),
        ("apps", "daemonsets"),
        ("apps", "statefulsets"),
        ("apps", "replicasets"),
        ("batch", "jobs"),
        ("batch", "cronjobs"),
    ];
    let reads = |rule: PolicyRule<'a>| rule.grants("", "secrets", &["get", "list", "watch"]);
    let makes = |rule: PolicyRule<'a>| {
        let mut makers = MAKERS.iter();
        makers.find_map(|(group, resource)| rule.grants(group, resource, &["create"]))
    };
    let secrets = role.rules().find_map(reads);
    secrets.or_else(|| role.rules().find_map(makes)).map(|(_, node)| node)
}

/// Where a role lets its holder have more rights than its own: by `bind` or `escalate`, named or
/// as `*`, on roles. One that grants everything is left out.
pub(crate) fn escalates(role: Role<'_>) -> Option<Node<'_>> {
    if everything(role).is_some() {
        return None;
    }
    role.rules().find_map(|rule| {
        let cluster = rule.grants(GROUP, "clusterroles", &["bind", "escalate"]);
        let found = cluster.or_else(|| rule.grants(GROUP, "roles", &["bind", "escalate"]));
        found.map(|(_, node)| node)
    })
}

/// Where a role starts that shows nothing but whether the API server is well.
pub(crate) fn health_only(role: Role<'_>) -> Option<Node<'_>> {
    let mut first = None;
    for rule in role.rules() {
        if rule.resources().next().is_some() {
            return None;
        }
        for (url, node) in rule.urls() {
            let url = url.trim_end_matches(['*', '/']);
            if !matches!(url, "/healthz" | "/livez" | "/readyz" | "/version") {
                return None;
            }
            first.get_or_insert(node);
        }
    }
    first
}
