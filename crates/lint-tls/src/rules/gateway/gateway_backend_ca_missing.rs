use std::collections::BTreeSet;

use careen_kube_model::field;
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::date::Date;
use crate::endpoints::{items, named};
use crate::gateway::{Authority, authorities, backend_policies};
use crate::names::Shown;
use crate::provided::Provided;
use crate::served;
use crate::validity::Validity;

rule! {
    /// The gateway verifies a backend by the CA in `ca.crt` of a ConfigMap. If the ConfigMap is not
    /// there, has no such key, or holds no certificate, the policy is not valid and every request
    /// to the backend is answered with 500; if all CAs in it have expired, with 503.
    ///
    /// It is fine where something outside of the repository makes the ConfigMap. A Bundle of
    /// trust-manager and kustomize's `configMapGenerator` count as making it; a ConfigMap that the
    /// repository does not have at all is a weak hint only.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// old: {ca: true, common_name: Old CA, not_before: -900d, not_after: -10d}
    /// ```
    /// ```yaml bad
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: BackendTLSPolicy
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   targetRefs: [{group: "", kind: Service, name: billing}]
    ///   validation:
    ///     caCertificateRefs:
    ///     - {group: "", kind: ConfigMap, name: wrong-key}
    /// #                                        ^^^^^^^^^ BackendTLSPolicy `shop/billing` takes its CA from ConfigMap `shop/wrong-key`, which has no `ca.crt`
    ///     - {group: "", kind: ConfigMap, name: no-pem}
    /// #                                        ^^^^^^ BackendTLSPolicy `shop/billing` takes its CA from ConfigMap `shop/no-pem`, whose `ca.crt` holds no certificate
    ///     - {group: "", kind: ConfigMap, name: expired}
    /// #                                        ^^^^^^^ BackendTLSPolicy `shop/billing` takes its CA from ConfigMap `shop/expired`, whose `ca.crt` expired on 2026-11-21
    ///     - {group: "", kind: ConfigMap, name: nowhere}
    /// #                                        ^^^^^^^ BackendTLSPolicy `shop/billing` takes its CA from ConfigMap `nowhere`, which is made by nothing in the repository
    ///     hostname: billing.shop.svc
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: wrong-key, namespace: shop}
    /// data:
    ///   ca.pem: ${ca.crt|base64}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: no-pem, namespace: shop}
    /// data:
    ///   ca.crt: "see the wiki"
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: expired, namespace: shop}
    /// data:
    ///   ca.crt: |
    ///     ${old.crt}
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: BackendTLSPolicy
    /// metadata: {name: billing, namespace: shop}
    /// spec:
    ///   targetRefs: [{group: "", kind: Service, name: billing}]
    ///   validation:
    ///     caCertificateRefs:
    ///     - {group: "", kind: ConfigMap, name: company-ca}
    ///     - {group: "", kind: ConfigMap, name: everywhere}
    ///     hostname: billing.shop.svc
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: company-ca, namespace: shop}
    /// data:
    ///   ca.crt: |
    ///     ${ca.crt}
    ///     ${old.crt}
    /// ---
    /// apiVersion: trust.cert-manager.io/v1alpha1
    /// kind: Bundle
    /// metadata: {name: everywhere}
    /// spec: {sources: [{useDefaultCAs: true}], target: {configMap: {key: ca.crt}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-backend-ca-missing",
        summary: "CA for a backend is missing or cannot be used",
        remedy: "Put the CA's certificate in PEM under `ca.crt` of a ConfigMap in the policy's namespace.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &["https://gateway-api.sigs.k8s.io/api-types/backendtlspolicy/"],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let mut made = None;
    for policy in backend_policies(snapshot) {
        for authority in authorities(policy) {
            let Authority { kind, name, node } = authority;
            let namespace = policy.view.namespace();
            let known: Vec<_> = snapshot
                .named(kind, namespace, name)
                .filter(|object| object.view.group().is_empty())
                .collect();
            let takes = format!("{} takes its CA from", policy.view.display());
            let report = |out: &mut SnapshotSink<'_>,
                          message: String,
                          known: Option<ObjectRef<'_>>| {
                let finding = out.report(policy.source(), node.span(), message);
                finding.object(policy.path()).field("spec.validation").evidence(name);
                match known {
                    Some(known) => {
                        finding.related(known.source(), known.view.name_span(), "what it names");
                    }
                    None => {
                        finding.severity(Severity::Low).confidence(Confidence::Low);
                    }
                }
            };
            let Some(&first) = known.first() else {
                let made = made.get_or_insert_with(|| config_maps(snapshot));
                let secret = kind == "Secret" && Provided::of(snapshot).has(name, namespace);
                if !secret && !made.contains(name) {
                    let name = Shown(name);
                    let message = format!(
                        "{takes} {kind} `{name}`, which is made by nothing in the repository"
                    );
                    report(out, message, None);
                }
                continue;
            };
            let defects: Option<Vec<String>> =
                known.iter().map(|each| defect(*each, context.now)).collect();
            // Of overlays, one may be right.
            let defect = defects.and_then(|defects| defects.into_iter().next());
            if let Some(defect) = defect {
                report(out, format!("{takes} {}, {defect}", first.view.display()), Some(first));
            }
        }
    }
}

/// What is wrong with the CAs of a ConfigMap or Secret.
fn defect(object: ObjectRef<'_>, now: i64) -> Option<String> {
    let lists = ["data", "stringData", "binaryData"];
    let has =
        |list: &&str| object.view.at(&[list]).is_some_and(|list| field(list, "ca.crt").is_some());
    if !lists.iter().any(has) {
        return Some("which has no `ca.crt`".to_owned());
    }
    let value = lists.iter().find_map(|list| object.view.at(&[list, "ca.crt"])?.text());
    if value.is_some_and(|value| value.contains(['$', '{'])) {
        return None;
    }
    let found = served::authorities(object, "ca.crt");
    let last = found.iter().map(|(_, certificate)| certificate.not_after).max();
    let Some(last) = last else {
        return Some("whose `ca.crt` holds no certificate".to_owned());
    };
    let expired = |certificate| Validity::of(certificate, now) == Validity::Expired;
    let all = found.iter().all(|(_, certificate)| expired(certificate));
    all.then(|| format!("whose `ca.crt` expired on {}", Date(last)))
}

/// Names of ConfigMaps that something makes.
fn config_maps(snapshot: &Snapshot) -> BTreeSet<&str> {
    let bundles = ["Bundle", "ClusterBundle"].into_iter().flat_map(|kind| snapshot.of_kind(kind));
    let bundles = bundles.map(|bundle| bundle.view.name());
    let kustomizations = snapshot.of_kind("Kustomization");
    let generated = kustomizations.flat_map(|object| items(object.view, &["configMapGenerator"]));
    bundles
        .chain(generated.filter_map(|made| named(made, &["name"])).map(|(name, _)| name))
        .collect()
}
