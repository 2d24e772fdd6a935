//! Objects that hold ciphertext or references instead of secrets: they are what should be
//! committed.

use careen_kube_model::{ObjectView, field};
use careen_text::Span;

/// Groups whose objects only name secrets that are kept elsewhere.
const REFERRING_GROUPS: &[&str] = &[
    "external-secrets.io",
    "generators.external-secrets.io",
    "secrets-store.csi.x-k8s.io",
    "secrets.hashicorp.com",
    "kubernetes-client.io",
    "secrets.infisical.com",
    "secrets.doppler.com",
    "onepassword.com",
    "akv2k8s.io",
    "spv.no",
];

/// Where the ciphertext of an object stands: the data of a SealedSecret, the metadata of SOPS.
pub(super) fn ciphertext(view: ObjectView<'_>) -> impl Iterator<Item = Span> {
    let sealed = view.is("bitnami.com", "SealedSecret");
    let data = sealed.then(|| view.at(&["spec", "encryptedData"])).flatten();
    let sops = field(view.root(), "sops").filter(|sops| field(*sops, "mac").is_some());
    data.into_iter().chain(sops).map(|node| node.definition_span())
}

/// Whether the object only names secrets that are kept elsewhere.
pub(super) fn refers(view: ObjectView<'_>) -> bool {
    REFERRING_GROUPS.contains(&view.group())
}
