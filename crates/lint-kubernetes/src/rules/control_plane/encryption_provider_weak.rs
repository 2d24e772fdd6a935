use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::relations::short_span;

rule! {
    /// The first provider of the first entry that covers Secrets is the one that encrypts what is
    /// written. `identity` stores them as they are. `aesgcm` is safe only as long as its key is
    /// replaced every 200000 writes, which nobody does by hand. Providers further down are for
    /// reading old data.
    ///
    /// It is fine to exempt other resources from encryption.
    ///
    /// ```yaml bad
    /// apiVersion: apiserver.config.k8s.io/v1
    /// kind: EncryptionConfiguration
    /// resources:
    /// - resources: [secrets]
    ///   providers:
    ///   - identity: {}
    /// #   ^^^^^^^^ EncryptionConfiguration stores Secrets unencrypted
    ///   - aescbc:
    ///       keys:
    ///       - name: key1
    ///         secret: PLACEHOLDER
    /// ```
    /// ```yaml bad
    /// apiVersion: apiserver.config.k8s.io/v1
    /// kind: EncryptionConfiguration
    /// resources:
    /// - resources: [events]
    /// # ^^^^^^^^^ EncryptionConfiguration does not encrypt Secrets
    ///   providers:
    ///   - kms: {apiVersion: v2, name: vault, endpoint: unix:///run/kms.sock}
    /// ```
    /// ```yaml good
    /// apiVersion: apiserver.config.k8s.io/v1
    /// kind: EncryptionConfiguration
    /// resources:
    /// - resources: [secrets, configmaps]
    ///   providers:
    ///   - kms: {apiVersion: v2, name: vault, endpoint: unix:///run/kms.sock}
    ///   - identity: {}
    /// ```
    pub(crate) static RULE: Check = {
        id: "encryption-provider-weak",
        summary: "Secrets are not encrypted by a strong provider",
        remedy: "Put `kms`, `secretbox` or `aescbc` first for `secrets`.",
        severity: High,
        check: Check::Kind(&["EncryptionConfiguration"], check),
        peers: &["kubescape:C-0142", "kics:encryption_provider_not_properly_configured"],
        security: true,
        cwe: &[311],
        controls: &[control::SECRETS_ENCRYPTED],
        references: &["https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/"],
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if view.group() != "apiserver.config.k8s.io" {
        return;
    }
    let entries = view.at(&["resources"]);
    let Some(entry) = entries.iter().flat_map(Node::items).find(|entry| covers_secrets(*entry))
    else {
        let span = entries.map_or_else(|| view.kind_span(), short_span);
        out.report(span, format!("{} does not encrypt Secrets", view.display())).field("resources");
        return;
    };
    let provider = field(entry, "providers").and_then(|providers| providers.items().next());
    let Some(first) = provider.and_then(|provider| provider.entries().next()) else { return };
    let what = match first.name() {
        Some("identity") => "stores Secrets unencrypted: the provider `identity` comes first",
        Some("aesgcm") => "encrypts Secrets with `aesgcm`, whose key must be replaced all the time",
        _ => return,
    };
    out.report(first.key.span(), format!("{} {what}", view.display())).field("resources.providers");
}

/// Wildcards are `*.` for the core group and `*.*` for all.
fn covers_secrets(entry: Node<'_>) -> bool {
    let resources = field(entry, "resources");
    let mut names = resources.iter().flat_map(Node::items).filter_map(|name| name.text());
    names.any(|name| matches!(name, "secrets" | "secrets." | "*." | "*.*"))
}
