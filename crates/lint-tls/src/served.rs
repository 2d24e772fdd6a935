//! From the name of a Secret to the certificates that are served for those who name it.

use careen_model::{Bundle, Holder, ObjectRef, Snapshot};
use careen_rule::Finding;
use careen_x509_model::{Certificate, Item};

use crate::names::Hosts;

/// Certificates that a finding about one host shows.
const RELATED: usize = 4;

/// The certificate that is served for those who name a Secret.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Served<'a> {
    pub(crate) secret: ObjectRef<'a>,
    /// The value that holds the certificate.
    pub(crate) bundle: &'a Bundle,
    pub(crate) item: &'a Item,
    /// The first certificate of the value: the leaf, if the chain is in order.
    pub(crate) certificate: &'a Certificate,
}

/// Keys of a Secret under which the certificate of a server stands: Kubernetes' own, and Istio's
/// older one.
const KEYS: [&str; 2] = ["tls.crt", "cert"];

/// The certificates of all Secrets of that name whose namespace agrees with `namespace`, in order
/// of path and place. Overlays may have several.
pub(crate) fn served<'s>(
    snapshot: &'s Snapshot,
    namespace: Option<&str>,
    name: &str,
) -> Vec<Served<'s>> {
    let secrets = snapshot.named("Secret", namespace, name);
    secrets.filter(|secret| secret.view.is("", "Secret")).filter_map(of_secret).collect()
}

/// The certificate that a Secret serves.
pub(crate) fn of_secret(secret: ObjectRef<'_>) -> Option<Served<'_>> {
    let bundle = KEYS.into_iter().find_map(|key| secret.bundle(key))?;
    let (item, certificate) = bundle.certificates().next()?;
    Some(Served { secret, bundle, item, certificate })
}

/// The certificates under a key of a Secret or ConfigMap: those of `ca.crt`, as a rule.
pub(crate) fn authorities<'a>(
    object: ObjectRef<'a>,
    key: &str,
) -> Vec<(&'a Item, &'a Certificate)> {
    let bundle = object.bundle(key);
    bundle.into_iter().flat_map(Bundle::certificates).collect()
}

impl Served<'_> {
    /// The key of the Secret that holds the certificate.
    pub(crate) fn key(&self) -> &str {
        match &self.bundle.holder {
            Holder::Secret { key, .. } => key,
            _ => "",
        }
    }
}

/// Adds to a finding where the certificates stand and what they cover.
pub(crate) fn show(finding: &mut Finding, served: &[Served<'_>]) {
    for each in served.iter().take(RELATED) {
        let words = format!("this certificate covers {}", Hosts(each.certificate));
        finding.related(each.secret.source(), each.item.place, words);
    }
}
