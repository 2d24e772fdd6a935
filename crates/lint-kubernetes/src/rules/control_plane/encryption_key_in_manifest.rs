use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::strings::is_encrypted;

rule! {
    /// A key in the file of an `EncryptionConfiguration` opens every Secret that etcd and its
    /// backups hold. In a repository it is in every clone and stays in the history, so that the
    /// encryption protects from nobody who can read it.
    ///
    /// The file belongs on the control plane only, made there, or the key into a KMS. Values that
    /// another tool fills in, and files that SOPS encrypts, are not reported.
    ///
    /// ```yaml bad
    /// apiVersion: apiserver.config.k8s.io/v1
    /// kind: EncryptionConfiguration
    /// resources:
    /// - resources: [secrets]
    ///   providers:
    ///   - aescbc:
    ///       keys:
    ///       - name: key1
    ///         secret: bm90LWEtc2Vj·cmV0LWJ1dC0zMi1ieXRlcy1sb25nISE=
    /// #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ EncryptionConfiguration holds a key of `aescbc` in the clear
    /// ```
    /// ```yaml good
    /// apiVersion: apiserver.config.k8s.io/v1
    /// kind: EncryptionConfiguration
    /// resources:
    /// - resources: [secrets]
    ///   providers:
    ///   - aescbc:
    ///       keys:
    ///       - name: key1
    ///         secret: ${ENCRYPTION_KEY}
    /// ```
    pub(crate) static RULE: Check = {
        id: "encryption-key-in-manifest",
        summary: "key that encrypts Secrets stands in a manifest",
        remedy: "Replace the key, encrypt all Secrets anew, and use the provider `kms`.",
        severity: High,
        check: Check::Kind(&["EncryptionConfiguration"], check),
        fragments: true,
        security: true,
        cwe: &[321],
        controls: &[control::SECRETS_NOT_IN_REPO, control::SECRETS_ENCRYPTED],
        references: &["https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/"],
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if view.group() != "apiserver.config.k8s.io" || is_encrypted(view) {
        return;
    }
    let entries = view.at(&["resources"]);
    let providers =
        entries.iter().flat_map(Node::items).filter_map(|entry| field(entry, "providers"));
    for provider in providers.flat_map(|providers| providers.items()) {
        for entry in provider.entries() {
            let Some(name @ ("aescbc" | "aesgcm" | "secretbox")) = entry.name() else { continue };
            for key in field(entry.value, "keys").iter().flat_map(Node::items) {
                let Some(secret) = field(key, "secret") else { continue };
                if secret.text().is_some_and(is_key) {
                    let message =
                        format!("{} holds a key of `{name}` in the clear", view.display());
                    let finding = out.report(secret.span(), message);
                    finding.field("resources.providers.keys.secret").evidence(name);
                    finding.secret(secret.span());
                }
            }
        }
    }
}

/// Whether the text is base64 of as many bytes as keys have: 16, 24 or 32.
fn is_key(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    digits.bytes().all(is_base64) && matches!(digits.len(), 22 | 32 | 43)
}
