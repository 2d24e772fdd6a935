use careen_model::{Context, Holder};
use careen_rule::{Sink, control, rule};

use crate::held::body;
use crate::names::Shown;
use crate::{Check, KeySite};

rule! {
    /// ConfigMaps are for what everybody may read: the `view` role shows them, encryption at rest
    /// passes them over unless configured otherwise, and dashboards and support bundles print
    /// them. Secrets are held back from all of these.
    ///
    /// It is fine for keys that protect nothing, such as those of a test.
    ///
    /// ```recipe
    /// pair: {names: [shop.example.com]}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: web, namespace: shop}
    /// data:
    ///   server.key: |
    ///     ${pair.key}
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key in `server.key` of ConfigMap `shop/web`, which is no place for secrets
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web, namespace: shop}
    /// stringData:
    ///   server.key: |
    ///     ${pair.key}
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-in-configmap",
        summary: "private key stands in a ConfigMap",
        remedy: "Move the key into a Secret, better one that a secret store or cert-manager fills, and replace the key.",
        severity: High,
        check: Check::PrivateKey(check),
        security: true,
        cwe: &[312, 522],
        controls: &[control::SECRETS_IN_VAULT, control::SECRETS_ENCRYPTED],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/configmap/",
            "https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/",
        ],
    }
}

fn check(site: &KeySite<'_>, _: &Context, out: &mut Sink<'_>) {
    let bundle = site.bundle;
    if !matches!(bundle.bundle.holder, Holder::ConfigMap { .. }) {
        return;
    }
    let Some(object) = bundle.object() else { return };
    let message = format!(
        "private key in `{}` of {}, which is no place for secrets",
        Shown(bundle.name),
        object.view.display()
    );
    out.report(site.item.place, message).field(bundle.name).secret(body(site.item));
}
