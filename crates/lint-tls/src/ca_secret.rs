//! The CA certificates in a Secret that an object names, as far as the repository knows them.

use careen_kube_model::Secret;
use careen_model::{ObjectRef, Snapshot};
use careen_x509_model::{Certificate, Item};

use crate::provided::Provided;
use crate::served::authorities;

/// What is known of the CA certificates in a Secret.
#[derive(Clone, Debug)]
pub(crate) enum Authority<'a> {
    /// Nothing in the repository makes the Secret.
    Missing,
    /// Something makes the Secret, and what will be in it cannot be seen.
    Unknown,
    /// The Secret is written out without the key.
    NoKey(ObjectRef<'a>),
    /// The Secret is written out with certificates under the key: at least one.
    Known(ObjectRef<'a>, Vec<(&'a Item, &'a Certificate)>),
}

/// Looks the Secret up. `keys` are those that the controller reads, one of which is enough. Of
/// several Secrets that could be meant, as in overlays, the first that has a key counts.
pub(crate) fn authority<'s>(
    snapshot: &'s Snapshot,
    namespace: Option<&str>,
    name: &str,
    keys: &[&str],
) -> Authority<'s> {
    let mut without = None;
    for object in snapshot.named("Secret", namespace, name) {
        let Some(secret) = Secret::of(object.view) else { continue };
        if let Some(key) = keys.iter().find(|key| secret.entry(key).is_some()) {
            let certificates = authorities(object, key);
            return if certificates.is_empty() {
                Authority::Unknown
            } else {
                Authority::Known(object, certificates)
            };
        }
        // One without any entry is filled by something else.
        if secret.entries().next().is_some() {
            without = without.or(Some(object));
        }
    }
    match without {
        Some(object) => Authority::NoKey(object),
        None if Provided::of(snapshot).has(name, namespace) => Authority::Unknown,
        None => Authority::Missing,
    }
}

/// Namespace and name of a Secret in an annotation: `namespace/name`, or `name` for one beside the
/// object.
pub(crate) fn reference<'a>(value: &'a str, own: Option<&'a str>) -> (Option<&'a str>, &'a str) {
    match value.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (own, value),
    }
}
