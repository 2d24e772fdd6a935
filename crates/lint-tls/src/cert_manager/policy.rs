//! What CertificateRequestPolicies of approver-policy approve.
//!
//! A request is denied if policies are in charge of it and none permits it. Whether a requester may
//! `use` a policy is taken for granted; what an expression or a plugin of a policy says is taken
//! for a yes.

use careen_kube_model::{ObjectView, field, path, strings};
use careen_model::{ObjectRef, Snapshot};
use careen_yaml::Node;

use super::{Budget, Length, Request, Text, request::list, seconds};
use crate::endpoints::named;
use crate::names::Shown;

/// Most policies that are looked at.
const POLICIES: usize = 100;
/// Most values of one attribute, in a request and in a policy, that are compared.
const VALUES: usize = 1_000;

/// All policies of the repository.
#[derive(Debug)]
pub(crate) struct Policies<'a> {
    /// Each with the number of its values.
    list: Vec<(ObjectRef<'a>, usize)>,
}

/// Why a policy does not permit a request.
#[derive(Debug)]
pub(crate) struct Refusal<'a> {
    pub(crate) policy: ObjectRef<'a>,
    /// After "because": "its DNS name `a.b` is not allowed".
    pub(crate) reason: String,
    /// What in the request is not permitted, where it stands there.
    pub(crate) node: Option<Node<'a>>,
}

type Reason<'a> = (String, Option<Node<'a>>);

/// Whether a policy is in charge of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum InCharge {
    No,
    /// It depends on what the repository does not say.
    Maybe,
    Yes,
}

/// Attributes of a request that are lists, by their names in Certificates and in policies alike.
const LISTS: &[(&str, &[&str])] = &[
    ("URI", &["uris"]),
    ("email address", &["emailAddresses"]),
    ("organization", &["subject", "organizations"]),
    ("country", &["subject", "countries"]),
    ("organizational unit", &["subject", "organizationalUnits"]),
    ("locality", &["subject", "localities"]),
    ("province", &["subject", "provinces"]),
    ("street address", &["subject", "streetAddresses"]),
    ("postal code", &["subject", "postalCodes"]),
];

impl<'a> Policies<'a> {
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let policies = snapshot.of_kind("CertificateRequestPolicy").filter(|policy| {
            policy.view.group() == "policy.cert-manager.io" && !policy.view.is_fragment()
        });
        let size = |policy: ObjectRef<'_>| {
            let allowed = policy.view.at(&["spec", "allowed"]);
            allowed.map_or(0, |allowed| allowed.walk().take(VALUES).count())
        };
        Self { list: policies.take(POLICIES).map(|policy| (policy, size(policy))).collect() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Why no policy permits a request; none where one does, or where none is in charge for sure.
    pub(crate) fn refusal(
        &self,
        request: &Request<'a>,
        budget: &mut Budget,
    ) -> Option<Refusal<'a>> {
        let mut first = None;
        let names = request.dns_names.len() + request.addresses.len() + request.usages.len();
        for &(policy, size) in &self.list {
            if !budget.spend(names.min(VALUES).saturating_mul(size).max(1)) {
                return None;
            }
            let in_charge = in_charge(policy.view, request);
            if in_charge == InCharge::No {
                continue;
            }
            let (reason, node) = refuses(policy.view, request)?;
            if in_charge == InCharge::Yes && first.is_none() {
                first = Some(Refusal { policy, reason, node });
            }
        }
        first
    }
}

fn in_charge(policy: ObjectView<'_>, request: &Request<'_>) -> InCharge {
    let Some(selector) = policy.at(&["spec", "selector"]) else { return InCharge::No };
    by_issuer(selector, request).min(by_namespace(selector, request))
}

fn by_issuer(selector: Node<'_>, request: &Request<'_>) -> InCharge {
    let Some(wanted) = field(selector, "issuerRef") else { return InCharge::Yes };
    let Some(issuer) = &request.issuer else { return InCharge::Maybe };
    let group = if issuer.group.is_empty() { "cert-manager.io" } else { issuer.group };
    let parts = [("name", issuer.name.0), ("kind", issuer.kind), ("group", group)];
    let fits = |(key, value): (&str, &str)| {
        named(wanted, &[key]).is_none_or(|(pattern, _)| matches(pattern, value))
    };
    if parts.into_iter().all(fits) { InCharge::Yes } else { InCharge::No }
}

fn by_namespace(selector: Node<'_>, request: &Request<'_>) -> InCharge {
    let Some(wanted) = field(selector, "namespace") else { return InCharge::Yes };
    let names = list(wanted, "matchNames");
    let has_labels = field(wanted, "matchLabels").is_some();
    match request.namespace() {
        _ if names.is_empty() && !has_labels => InCharge::Yes,
        Some(namespace) if !names.is_empty() => {
            let named = names.iter().any(|(pattern, _)| matches(pattern, namespace));
            match (named, has_labels) {
                (false, _) => InCharge::No,
                (true, true) => InCharge::Maybe,
                (true, false) => InCharge::Yes,
            }
        }
        _ => InCharge::Maybe,
    }
}

/// The first reason for which a policy does not permit a request.
fn refuses<'a>(policy: ObjectView<'a>, request: &Request<'a>) -> Option<Reason<'a>> {
    let allowed = policy.at(&["spec", "allowed"]);
    let of = |keys: &[&str]| allowed.and_then(|allowed| path(allowed, keys));
    text("common name", request.common_name, of(&["commonName"]))
        .or_else(|| texts("DNS name", &request.dns_names, of(&["dnsNames"])))
        .or_else(|| texts("IP address", &request.addresses, of(&["ipAddresses"])))
        .or_else(|| authority(request, of(&["isCA"])))
        .or_else(|| usages(request, of(&["usages"])))
        .or_else(|| {
            let spec = request.object.view.spec().filter(|_| !request.by_annotation)?;
            LISTS.iter().find_map(|(what, keys)| {
                let given = path(spec, keys).into_iter().flat_map(strings).collect::<Vec<_>>();
                texts(what, &given, of(keys))
            })
        })
        .or_else(|| {
            let constraints = policy.at(&["spec", "constraints"])?;
            durations(request, constraints).or_else(|| key(request, constraints))
        })
}

fn text<'a>(what: &str, given: Option<Text<'a>>, rule: Option<Node<'_>>) -> Option<Reason<'a>> {
    let Some((value, node)) = given else { return missing(what, rule) };
    let pattern = rule.and_then(|rule| field(rule, "value")).and_then(|value| value.text());
    let permitted = match pattern {
        Some(pattern) => matches(pattern, value),
        None => has_validations(rule),
    };
    (!permitted).then(|| not_allowed(what, (value, node)))
}

fn texts<'a>(what: &str, given: &[Text<'a>], rule: Option<Node<'_>>) -> Option<Reason<'a>> {
    if given.is_empty() {
        return missing(what, rule);
    }
    let values = rule.and_then(|rule| field(rule, "values"));
    let permitted = |value: &str| match values {
        Some(values) => strings(values).take(VALUES).any(|(pattern, _)| matches(pattern, value)),
        None => has_validations(rule),
    };
    let refused = given.iter().take(VALUES).find(|(value, _)| !permitted(value))?;
    Some(not_allowed(what, *refused))
}

fn authority<'a>(request: &Request<'a>, rule: Option<Node<'_>>) -> Option<Reason<'a>> {
    let allowed = rule.and_then(|rule| rule.as_bool()).unwrap_or_default();
    let node = || request.object.view.at(&["spec", "isCA"]);
    (request.is_ca && !allowed).then(|| ("`isCA` is not allowed".to_owned(), node()))
}

fn usages<'a>(request: &Request<'a>, rule: Option<Node<'_>>) -> Option<Reason<'a>> {
    let permitted = |usage: &str| {
        rule.is_some_and(|rule| {
            strings(rule).take(VALUES).any(|(pattern, _)| matches(pattern, usage))
        })
    };
    let refused = request.usages.iter().take(VALUES).find(|(usage, _)| !permitted(usage));
    if let Some(refused) = refused {
        return Some(not_allowed("usage", *refused));
    }
    // Annotations ask for the default usages by name, Certificates leave them out.
    let defaults = ["digital signature", "key encipherment"];
    let implied = request.by_annotation && request.usages.is_empty();
    let refused = defaults.into_iter().find(|usage| implied && !permitted(usage))?;
    Some((format!("the usage `{refused}` is not allowed"), None))
}

fn durations<'a>(request: &Request<'a>, constraints: Node<'_>) -> Option<Reason<'a>> {
    let limit = |key| named(constraints, &[key]).and_then(|(text, _)| seconds(text));
    let (least, most) = (limit("minDuration"), limit("maxDuration"));
    if least.is_none() && most.is_none() {
        return None;
    }
    let Some((text, node)) = request.duration else {
        return Some(("it does not say its `duration`, which is limited".to_owned(), None));
    };
    let given = seconds(text)?;
    let reason = match (least, most) {
        (_, Some(most)) if given > most => format!("over {}", Length(most)),
        (Some(least), _) if given < least => format!("under {}", Length(least)),
        _ => return None,
    };
    Some((format!("the duration `{}` is {reason}", Shown(text)), Some(node)))
}

fn key<'a>(request: &Request<'a>, constraints: Node<'_>) -> Option<Reason<'a>> {
    let rule = field(constraints, "privateKey")?;
    let algorithm = request.key_algorithm.map_or("RSA", |(algorithm, _)| algorithm);
    let node = request.key_algorithm.or(request.key_size).map(|(_, node)| node);
    let wanted = named(rule, &["algorithm"]).filter(|(wanted, _)| !is_variable(wanted));
    if let Some((wanted, _)) = wanted.filter(|(wanted, _)| *wanted != algorithm) {
        let (algorithm, wanted) = (Shown(algorithm), Shown(wanted));
        return Some((format!("its key is `{algorithm}`, not `{wanted}`"), node));
    }
    let size = match request.key_size {
        Some((size, _)) => size.parse::<i64>().ok()?,
        None if algorithm == "RSA" => 2048,
        None if algorithm == "ECDSA" => 256,
        None => return None,
    };
    let limit = |key| field(rule, key).and_then(|node| node.as_i64());
    let outside = limit("minSize").is_some_and(|least| size < least)
        || limit("maxSize").is_some_and(|most| size > most);
    outside.then(|| (format!("a key of {size} bits is not allowed"), node))
}

fn missing<'a>(what: &str, rule: Option<Node<'_>>) -> Option<Reason<'a>> {
    let required = rule.and_then(|rule| field(rule, "required"))?.as_bool()?;
    required.then(|| (format!("it has no {what}, which is required"), None))
}

fn not_allowed<'a>(what: &str, (value, node): Text<'a>) -> Reason<'a> {
    (format!("the {what} `{}` is not allowed", Shown(value)), Some(node))
}

fn has_validations(rule: Option<Node<'_>>) -> bool {
    let list = rule.and_then(|rule| field(rule, "validations"));
    list.is_some_and(|list| list.items().next().is_some())
}

fn is_variable(text: &str) -> bool {
    ["{{", "${", "$("].iter().any(|mark| text.contains(mark))
}

/// Whether a value fits a pattern, in which `*` stands for any text. A variable of some tool fits.
fn matches(pattern: &str, value: &str) -> bool {
    if is_variable(pattern) || is_variable(value) {
        return true;
    }
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| value.strip_prefix(first)) else {
        return false;
    };
    let Some(last) = pattern.contains('*').then(|| parts.next_back()).flatten() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, value) in [
            ("*", ""),
            ("*", "a.b"),
            ("*.example.com", "a.b.example.com"),
            ("shop.example.com", "shop.example.com"),
            ("a*c*e", "abcde"),
            ("${DOMAIN}", "anything"),
        ] {
            assert!(matches(pattern, value), "{pattern} {value}");
        }
        for (pattern, value) in
            [("*.example.com", "example.com"), ("shop", "shops"), ("", "a"), ("a*a", "a")]
        {
            assert!(!matches(pattern, value), "{pattern} {value}");
        }
    }
}
