use careen_kube_model::{Encoding, Secret};
use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;

/// Keys that hold certificates and keys.
const KEYS: [&str; 5] = ["tls.crt", "tls.key", "ca.crt", "cert", "key"];

rule! {
    /// When `data` and `stringData` have the same key, `stringData` wins without a word. Whoever
    /// renews the certificate under `data` then changes nothing: the old one under `stringData` goes
    /// on being applied until it expires.
    ///
    /// It is fine nowhere; equal values are let be.
    ///
    /// ```recipe
    /// old: {names: [shop.example.com]}
    /// new: {names: [shop.example.com]}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${new.crt|base64}
    /// # ^^^^^^^ `tls.crt` under `data` of Secret `shop/web-tls` is overridden by another value under `stringData`
    ///   tls.key: ${old.key|base64}
    /// stringData:
    ///   tls.crt: |
    ///     ${old.crt}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${new.crt|base64}
    ///   tls.key: ${new.key|base64}
    /// stringData:
    ///   tls.crt: |
    ///     ${new.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "tls-secret-data-conflict",
        summary: "certificate or key stands in data and stringData with different values",
        remedy: "Keep the value in one place, `data` or `stringData`.",
        severity: Medium,
        check: Check::Kind(&["Secret"], check),
        controls: &[control::TLS_VALID, control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    let Some(secret) = Secret::of(view) else { return };
    for entry in secret.entries() {
        let is_ours = entry.encoding == Encoding::Base64 && entry.overridden;
        if !is_ours || !KEYS.contains(&entry.key) {
            continue;
        }
        let winner = secret.entry(entry.key).and_then(|winner| winner.decoded().ok());
        let Some(winner) = winner else { continue };
        let loser = entry.decoded().ok();
        // An empty value is a place that something fills in.
        if loser.is_some_and(|loser| {
            loser.bytes.is_empty() || loser.bytes.trim_ascii() == winner.bytes.trim_ascii()
        }) {
            continue;
        }
        let message = format!(
            "`{}` under `data` of {} is overridden by another value under `stringData`",
            entry.key,
            view.display()
        );
        out.report(entry.key_span, message).field(entry.key).secret(entry.value.span());
    }
}
