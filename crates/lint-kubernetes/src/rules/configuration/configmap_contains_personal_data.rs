use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::personal_data::find;
use crate::place::cut;

rule! {
    /// A ConfigMap can be read by everybody who can read the namespace, and its manifest by
    /// everybody who can read the repository. Mail addresses, bank accounts and card numbers of
    /// people do not belong there: data protection law asks where they are kept and who sees them.
    /// Addresses of roles (`support@`) are left alone. Must be asked for, because a contact address
    /// is often meant to be public.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: accounts
    ///   namespace: shop
    /// data:
    ///   reviewer: jane.roe@harbor.shop
    /// #           ^^^^^^^^^^^^^^^^^^^^ key `reviewer` of ConfigMap `shop/accounts` holds a mail address
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: accounts
    ///   namespace: shop
    /// data:
    ///   reviewer: support@harbor.shop
    /// ```
    pub(crate) static RULE: Check = {
        id: "configmap-contains-personal-data",
        summary: "ConfigMap holds personal data",
        remedy: "Move the data into a store with access control and keep a reference here.",
        severity: Low,
        check: Check::Kind(&["ConfigMap"], check),
        confidence: Confidence::Low,
        security: true,
        cwe: &[359],
        peers: &["trivy:KSV-01010"],
        controls: &[control::PII_COMPLIANCE],
        references: &["https://kubernetes.io/docs/concepts/configuration/configmap/"],
        default: false,
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(data) = view.at(&["data"]).filter(|_| view.group().is_empty()) else { return };
    for entry in data.entries() {
        let (Some(key), Some(text)) = (entry.key.text(), entry.value.text()) else { continue };
        let Some((kind, place)) = find(text) else { continue };
        let span = entry
            .value
            .derived()
            .map_or_else(|| entry.value.span(), |derived| derived.resolve(place));
        let key = cut(key);
        let message = format!("key `{key}` of {} holds {}", view.display(), kind.noun());
        out.report(span, message).evidence(key).secret(span);
    }
}
