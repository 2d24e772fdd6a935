//! What an audit policy logs.

use careen_kube_model::{ObjectView, field};
use careen_yaml::Node;

/// A request that an investigation needs a trace of.
struct Request {
    group: &'static str,
    resource: &'static str,
    subresource: &'static str,
    verb: &'static str,
    /// For a message.
    name: &'static str,
}

const fn request(
    group: &'static str,
    resource: &'static str,
    subresource: &'static str,
    verb: &'static str,
    name: &'static str,
) -> Request {
    Request { group, resource, subresource, verb, name }
}

/// What the CIS benchmark names.
const REQUESTS: &[Request] = &[
    request("", "secrets", "", "get", "`secrets`"),
    request("", "configmaps", "", "update", "`configmaps`"),
    request("authentication.k8s.io", "tokenreviews", "", "create", "`tokenreviews`"),
    request("", "pods", "", "create", "`pods`"),
    request("apps", "deployments", "", "update", "`deployments`"),
    request("", "pods", "exec", "create", "`pods/exec`"),
    request("", "pods", "portforward", "create", "`pods/portforward`"),
    request("", "pods", "proxy", "get", "`pods/proxy`"),
    request("", "services", "proxy", "get", "`services/proxy`"),
];

/// Those of the requests that matter which a policy does not log, for a message.
pub(crate) fn unlogged(policy: ObjectView<'_>) -> Vec<&'static str> {
    let is_logged = |request: &Request| {
        // What no rule matches is not logged.
        first_rule(policy, request).is_some_and(|(level, _)| level != "None")
    };
    REQUESTS.iter().filter(|request| !is_logged(request)).map(|request| request.name).collect()
}

/// Requests whose body or answer is a secret, and the levels that log it.
const SECRETS: &[(Request, &[&str])] = &[
    (request("", "secrets", "", "get", "`secrets`"), &["RequestResponse"]),
    (request("", "secrets", "", "update", "`secrets`"), &["Request", "RequestResponse"]),
    (
        request("authentication.k8s.io", "tokenreviews", "", "create", "`tokenreviews`"),
        &["Request", "RequestResponse"],
    ),
    (
        request("", "serviceaccounts", "token", "create", "`serviceaccounts/token`"),
        &["RequestResponse"],
    ),
];

/// Where a policy writes secrets to the log, and of which resource.
pub(crate) fn leaks(policy: ObjectView<'_>) -> Vec<(Node<'_>, &'static str)> {
    let mut found: Vec<(Node<'_>, &str)> = Vec::new();
    for (request, levels) in SECRETS {
        if let Some((level, node)) = first_rule(policy, request)
            && levels.contains(&level)
            && !found.iter().any(|(known, _)| *known == node)
        {
            found.push((node, request.name));
        }
    }
    found
}

/// The level of the first rule that matches a request, which decides.
fn first_rule<'a>(policy: ObjectView<'a>, request: &Request) -> Option<(&'a str, Node<'a>)> {
    let rules = policy.at(&["rules"])?;
    let rule = rules.items().find(|rule| covers(*rule, request))?;
    let level = field(rule, "level")?;
    Some((level.text()?, level))
}

/// Whether a rule matches the request whoever makes it, in whatever namespace.
fn covers(rule: Node<'_>, request: &Request) -> bool {
    // An empty list matches everything, as a missing one does.
    let items = |key| field(rule, key).filter(|node| node.items().next().is_some());
    let is_narrow = ["users", "userGroups", "namespaces"].iter().any(|key| items(key).is_some());
    let has_verb = items("verbs").is_none_or(|verbs| contains(verbs, &[request.verb]));
    if is_narrow || !has_verb {
        return false;
    }
    let Some(groups) = items("resources") else {
        return items("nonResourceURLs").is_none();
    };
    groups.items().any(|group| {
        let name = field(group, "group").and_then(|node| node.text()).unwrap_or_default();
        let is_named =
            field(group, "resourceNames").is_some_and(|node| node.items().next().is_some());
        let resources = field(group, "resources").filter(|node| node.items().next().is_some());
        name == request.group
            && !is_named
            && resources.is_none_or(|node| has_resource(node, request))
    })
}

/// `pods` is pods alone, `pods/*` all their subresources, `*/proxy` one of any resource.
fn has_resource(resources: Node<'_>, request: &Request) -> bool {
    resources.items().filter_map(|node| node.text()).any(|pattern| {
        let (resource, subresource) = pattern.split_once('/').unwrap_or((pattern, ""));
        let is_all = pattern == "*";
        is_all
            || ((resource == "*" || resource == request.resource)
                && (subresource == request.subresource
                    || (subresource == "*" && !request.subresource.is_empty())))
    })
}

fn contains(node: Node<'_>, wanted: &[&str]) -> bool {
    node.items().filter_map(|item| item.text()).any(|text| text == "*" || wanted.contains(&text))
}
