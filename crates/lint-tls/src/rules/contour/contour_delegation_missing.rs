use std::collections::BTreeMap;

use careen_kube_model::{field, strings};
use careen_model::{Context, ObjectRef, Snapshot, namespaces_agree};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::endpoints::{items, named};
use crate::ingress::is_plain;
use crate::names::Shown;

rule! {
    /// The HTTPProxy names a Secret of another namespace, and no TLSCertificateDelegation there
    /// permits it. Contour marks the HTTPProxy as invalid (`DelegationNotPermitted`) and the host
    /// is not served at all.
    ///
    /// It is fine where the delegation is kept with the Secret in another repository; where
    /// neither the Secret nor any delegation of it is in this one, it is only mentioned.
    ///
    /// ```yaml bad
    /// apiVersion: projectcontour.io/v1
    /// kind: HTTPProxy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   virtualhost:
    ///     fqdn: shop.example.com
    ///     tls:
    ///       secretName: certificates/wildcard
    /// #                 ^^^^^^^^^^^^^^^^^^^^^ Secret `certificates/wildcard` of HTTPProxy `shop/web` is delegated to namespace `shop` by no TLSCertificateDelegation
    /// ---
    /// apiVersion: projectcontour.io/v1
    /// kind: TLSCertificateDelegation
    /// metadata: {name: wildcard, namespace: certificates}
    /// spec:
    ///   delegations:
    ///   - {secretName: wildcard, targetNamespaces: [blog]}
    /// ```
    /// ```yaml good
    /// apiVersion: projectcontour.io/v1
    /// kind: HTTPProxy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   virtualhost:
    ///     fqdn: shop.example.com
    ///     tls:
    ///       secretName: certificates/wildcard
    /// ---
    /// apiVersion: projectcontour.io/v1
    /// kind: HTTPProxy
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   virtualhost:
    ///     fqdn: api.example.com
    ///     tls:
    ///       secretName: shop/api-tls
    /// ---
    /// apiVersion: projectcontour.io/v1
    /// kind: TLSCertificateDelegation
    /// metadata: {name: wildcard, namespace: certificates}
    /// spec:
    ///   delegations:
    ///   - {secretName: wildcard, targetNamespaces: ["*"]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "contour-delegation-missing",
        summary: "Secret of another namespace is not delegated to the HTTPProxy",
        remedy: "Make a TLSCertificateDelegation in the Secret's namespace that lists the namespace of the HTTPProxy.",
        severity: High,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &["https://projectcontour.io/docs/main/config/tls-delegation/"],
    }
}

/// Where an HTTPProxy names a Secret that may be in another namespace.
const FIELDS: &[&[&str]] = &[&["tls", "secretName"], &["tls", "clientValidation", "caSecret"]];

/// The delegations of Secrets of one name: the namespace of each and its entry.
type Delegations<'a> = BTreeMap<&'a str, Vec<(Option<&'a str>, Node<'a>)>>;

/// Most delegations of one name that are looked at: a limit on hostile input.
const MOST: usize = 256;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut delegations = Delegations::new();
    for object in snapshot.of_kind("TLSCertificateDelegation") {
        for each in items(object.view, &["spec", "delegations"]) {
            if let Some((secret, _)) = named(each, &["secretName"]) {
                delegations.entry(secret).or_default().push((object.view.namespace(), each));
            }
        }
    }
    for proxy in snapshot.of_kind("HTTPProxy") {
        let Some(host) = proxy.view.at(&["spec", "virtualhost"]) else { continue };
        let Some(own) = proxy.view.namespace() else { continue };
        for path in FIELDS {
            let Some((value, node)) = named(host, path) else { continue };
            let Some((namespace, name)) = value.split_once('/') else { continue };
            if namespace == own || ![namespace, name, own].into_iter().all(is_plain) {
                continue;
            }
            let delegated = delegations.get(name).into_iter().flatten().take(MOST);
            let mut delegated =
                delegated.filter(|(from, _)| namespaces_agree(*from, Some(namespace))).peekable();
            let known = delegated.peek().is_some()
                || snapshot.named("Secret", Some(namespace), name).next().is_some();
            if !delegated.any(|(_, each)| is_for(*each, own)) {
                tell(proxy, node, value, known, out);
            }
        }
    }
}

/// Whether a delegation is for a namespace.
fn is_for(delegation: Node<'_>, own: &str) -> bool {
    let mut targets = field(delegation, "targetNamespaces").into_iter().flat_map(strings);
    targets.any(|(target, _)| target == "*" || target == own || !is_plain(target))
}

fn tell(
    proxy: ObjectRef<'_>,
    node: Node<'_>,
    secret: &str,
    known: bool,
    out: &mut SnapshotSink<'_>,
) {
    let own = proxy.view.namespace().unwrap_or_default();
    let message = format!(
        "Secret `{}` of {} is delegated to namespace `{}` by no TLSCertificateDelegation",
        Shown(secret),
        proxy.view.display(),
        Shown(own)
    );
    let finding = out.report(proxy.source(), node.span(), message);
    finding.object(proxy.path()).field("spec.virtualhost.tls").evidence(secret);
    if !known {
        finding.severity(Severity::Low).confidence(Confidence::Medium);
    }
}
