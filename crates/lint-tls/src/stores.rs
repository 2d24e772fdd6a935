//! Key stores as the subject of rules.

use std::collections::BTreeSet;
use std::fmt;

use careen_model::{Bundle, Holder};
use careen_rule::{Finding, Sink};
use careen_x509_model::{Certificate, EntryKind, Item, Store, StoreEntry};

use crate::names::{Shown, has_host};
use crate::role::{self, Role};
use crate::site::{BundleSite, CertificateSite};

/// A key store in its bundle.
#[derive(Clone, Copy, Debug)]
pub struct StoreSite<'a> {
    /// The bundle.
    pub bundle: &'a BundleSite<'a>,
    /// The store.
    pub store: &'a Store,
    pub(crate) index: usize,
}

impl<'a> StoreSite<'a> {
    /// All certificates of the store, each with its entry, in their order.
    pub fn certificates(
        &self,
    ) -> impl Iterator<Item = (CertificateSite<'a>, &'a StoreEntry)> + use<'a> {
        let Self { bundle, store, index } = *self;
        bundle.sites().filter_map(move |site| {
            let id = site.item.entry.filter(|id| id.store == index)?;
            Some((site, store.entries.get(id.entry)?))
        })
    }

    /// Reports at the store.
    pub(crate) fn report<'s>(&self, out: &'s mut Sink<'_>, message: String) -> &'s mut Finding {
        let finding = out.report(self.bundle.file.source.first_line_of(self.store.place), message);
        if !self.store.place.is_empty() {
            finding.secret(self.store.place);
        }
        if let Some(key) = self.bundle.bundle.holder.key() {
            finding.field(key);
        }
        finding
    }
}

/// "PKCS#12 keystore `web.p12`", "JKS keystore in `keystore.jks` of Secret `shop/web`".
impl fmt::Display for StoreSite<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, name) = (self.store.kind.name(), Shown(self.bundle.name));
        match (self.bundle.object(), &self.bundle.bundle.holder) {
            (Some(object), _) => write!(f, "{kind} in `{name}` of {}", object.view.display()),
            (None, Holder::File) => write!(f, "{kind} `{name}`"),
            (None, _) => write!(f, "{kind} in `{name}`"),
        }
    }
}

/// What the certificates of a bundle are for, by their entries, where they stand in a store: the
/// first one beside a private key is presented, the others are its chain.
pub(crate) fn roles(bundle: &Bundle) -> Vec<Option<Role>> {
    if bundle.material.stores.is_empty() {
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    let role = |(item, certificate): (&Item, &Certificate)| {
        let id = item.entry?;
        let entry = bundle.material.stores.get(id.store)?.entries.get(id.entry)?;
        let is_first = seen.insert(id);
        Some(match entry.kind {
            EntryKind::Trusted => Role::Trust,
            EntryKind::PrivateKey if !is_first => Role::Member,
            EntryKind::PrivateKey if role::is_client(certificate) => Role::Client,
            // A CA keeps its key in a store as well.
            EntryKind::PrivateKey if certificate.is_ca() && !has_host(certificate) => Role::Unknown,
            EntryKind::PrivateKey => Role::Served,
            EntryKind::Secret | EntryKind::Certificate => Role::Member,
        })
    };
    bundle.certificates().map(role).collect()
}

/// A named entry for a message: "entry `shop`", "an entry without a name".
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a>(pub(crate) &'a StoreEntry);

impl fmt::Display for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.alias.as_str() {
            "" => f.write_str("an entry without a name"),
            alias => write!(f, "entry `{}`", Shown(alias)),
        }
    }
}
