//! The subjects of rules: a bundle, a certificate in it, a key in it, and what is wrong with it.

use careen_kube_model::Secret;
use careen_model::{Bundle, Context, File, Holder, ObjectRef, Pki};
use careen_x509_model::{Certificate, Item, PemProblem, PrivateKey};

use crate::chain::Chain;
use crate::names::has_host;
use crate::path::{Fault, Purpose};
use crate::role::{self, Role};
use crate::stores::{self, StoreSite};

/// The type of Secrets that ingress controllers read.
pub(crate) const TLS_SECRET: &str = "kubernetes.io/tls";

/// A value that holds PEM, prepared.
#[derive(Clone, Debug)]
pub struct BundleSite<'a> {
    /// The file.
    pub file: &'a File,
    /// The value.
    pub bundle: &'a Bundle,
    /// The key that names the value, or the file's name without folders.
    pub name: &'a str,
    /// Which rules certificates are under, as the user says.
    pub pki: Pki,
    /// What the whole is for.
    pub role: Role,
    /// Whether the PEM is quoted in a program or text, so that neighbours need not belong
    /// together.
    pub quoted: bool,
    /// The certificates in their order.
    certificates: Vec<&'a Certificate>,
    items: Vec<&'a Item>,
    /// What the certificates of a key store are for.
    entry_roles: Vec<Option<Role>>,
    /// The certificate that is presented, where the bundle is a chain.
    leaf: Option<usize>,
    /// Whether `leaf` is known by its private key.
    by_key: bool,
    chain: Option<Chain>,
}

impl<'a> BundleSite<'a> {
    pub(crate) fn new(file: &'a File, bundle: &'a Bundle, context: &Context) -> Self {
        let file_name = || file.source.path().rsplit('/').next().unwrap_or_default();
        let name = bundle.holder.key().unwrap_or_else(file_name);
        let quoted = role::is_quoted(file, &bundle.holder);
        let (items, certificates): (Vec<_>, Vec<_>) = bundle.certificates().unzip();
        let keys: Vec<&PrivateKey> = companions(file, bundle)
            .flat_map(|bundle| bundle.private_keys().map(|(_, key)| key))
            .collect();
        let role = role::of_bundle(name, &bundle.holder, quoted, &certificates, &keys);
        let mut site = Self {
            file,
            bundle,
            name,
            pki: context.pki,
            role,
            quoted,
            certificates,
            items,
            entry_roles: stores::roles(bundle),
            leaf: None,
            by_key: false,
            chain: None,
        };
        site.find_leaf(&keys, context.now);
        site
    }

    fn find_leaf(&mut self, keys: &[&PrivateKey], now: i64) {
        // In a store, entries tell what belongs together.
        let is_store = !self.bundle.material.stores.is_empty();
        if self.quoted || is_store || self.role == Role::Trust {
            return;
        }
        let belongs = |certificate: &&Certificate| {
            let hash = certificate.key.spki_sha256;
            keys.iter().filter_map(|key| key.key.as_ref()).any(|key| key.spki_sha256 == hash)
        };
        let leaves = || (0_usize..).zip(&self.certificates).filter(|(_, each)| each.is_leaf());
        let only_leaf = leaves().next().filter(|_| leaves().nth(1).is_none()).map(|(at, _)| at);
        let by_key = self.certificates.iter().position(belongs);
        self.by_key = by_key.is_some();
        let leaf = by_key.or(only_leaf).or_else(|| self.is_issued_by_no_ca().then_some(0));
        self.leaf = leaf.or_else(|| {
            let presented = self.role == Role::Served && !self.certificates.is_empty();
            presented.then_some(0)
        });
        if let Some(leaf) = self.leaf.filter(|_| self.certificates.len() > 1) {
            let purpose = self.certificates.get(leaf).and_then(|leaf| purpose(leaf, self.role));
            self.chain = Chain::of(&self.certificates, leaf, now, purpose);
        }
    }

    /// Whether the first certificate was issued by another of the bundle that is no CA, so that
    /// both look like leaves.
    fn is_issued_by_no_ca(&self) -> bool {
        let Some((first, others)) = self.certificates.split_first() else { return false };
        let is_leaf = first.is_leaf() && !first.self_issued;
        is_leaf
            && others.iter().any(|other| other.is_leaf() && other.subject_hash == first.issuer_hash)
    }

    /// The Secret or ConfigMap that holds the value.
    #[must_use]
    pub fn object(&self) -> Option<ObjectRef<'a>> {
        object(self.file, self.bundle)
    }

    /// Whether the value stands in a Secret of type `kubernetes.io/tls`.
    #[must_use]
    pub fn is_in_tls_secret(&self) -> bool {
        self.object()
            .and_then(|object| Secret::of(object.view))
            .is_some_and(|secret| secret.secret_type() == TLS_SECRET)
    }

    /// The certificate that is presented, if the bundle is a chain or a single one, with its
    /// position.
    #[must_use]
    pub fn leaf(&self) -> Option<CertificateSite<'_>> {
        self.site(self.leaf?)
    }

    /// Whether the leaf is known by its private key, which lies beside it.
    #[must_use]
    pub const fn leaf_is_by_key(&self) -> bool {
        self.by_key
    }

    /// Number of certificates.
    #[must_use]
    pub fn len(&self) -> usize {
        self.certificates.len()
    }

    /// Whether there is no certificate.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// All certificates.
    pub fn sites(&self) -> impl Iterator<Item = CertificateSite<'_>> {
        (0..self.certificates.len()).filter_map(|position| self.site(position))
    }

    /// The certificates from the leaf on, each issued by the next: at least the leaf. Nothing
    /// where the bundle is no chain or has one certificate only.
    pub fn path(&self) -> impl Iterator<Item = CertificateSite<'_>> {
        let path = self.chain.as_ref().map(|chain| chain.path.as_slice()).unwrap_or_default();
        path.iter().filter_map(|&position| self.site(position))
    }

    /// Everything that is wrong with the path.
    pub(crate) fn faults(&self) -> &[Fault] {
        self.chain.as_ref().map(|chain| chain.faults.as_slice()).unwrap_or_default()
    }

    /// Whether a server presents the bundle, as far as one can tell: its role says so, or it
    /// begins with a leaf and goes on with who issued it.
    #[must_use]
    pub fn is_presented(&self) -> bool {
        let begins = || self.leaf == Some(0) && self.path().nth(1).is_some();
        self.role == Role::Served || (self.role == Role::Unknown && begins())
    }

    /// A certificate that has the name of the issuer of the path's last one but did not sign it.
    #[must_use]
    pub fn namesake(&self) -> Option<CertificateSite<'_>> {
        self.site(self.chain.as_ref()?.namesake?)
    }

    /// The certificates that have nothing to do with the path, and those that repeat another.
    pub fn strangers(&self) -> impl Iterator<Item = CertificateSite<'_>> {
        self.chain
            .iter()
            .flat_map(|chain| self.sites().filter(|site| !chain.is_related(site.position)))
    }

    /// The certificate at a position.
    #[must_use]
    pub fn site(&self, position: usize) -> Option<CertificateSite<'_>> {
        let certificate = *self.certificates.get(position)?;
        let item = *self.items.get(position)?;
        let role = match self.role {
            _ if item.entry.is_some() => {
                self.entry_roles.get(position).copied().flatten().unwrap_or(Role::Unknown)
            }
            Role::Served | Role::Client | Role::Unknown if self.leaf.is_some() => {
                if self.leaf == Some(position) { self.role } else { Role::Member }
            }
            Role::Unknown if role::is_client(certificate) => Role::Client,
            role => role,
        };
        Some(CertificateSite { bundle: self, item, certificate, position, role })
    }

    /// The private keys.
    pub fn keys(&self) -> impl Iterator<Item = KeySite<'_>> {
        self.bundle.private_keys().map(|(item, key)| KeySite { bundle: self, item, key })
    }

    /// The key stores.
    pub fn stores(&self) -> impl Iterator<Item = StoreSite<'_>> {
        let stores = self.bundle.material.stores.iter().enumerate();
        stores.map(|(index, store)| StoreSite { bundle: self, store, index })
    }

    /// Whether the value stands in a kubeconfig, whose certificates have rules of their own.
    pub(crate) fn is_in_kubeconfig(&self) -> bool {
        self.object().is_some_and(|object| crate::kubeconfig::is_kubeconfig(object.view))
    }

    /// What is wrong with the blocks.
    pub fn problems(&self) -> impl Iterator<Item = ProblemSite<'_>> {
        let problems = self.bundle.material.problems.iter();
        problems.map(|problem| ProblemSite { bundle: self, problem })
    }
}

/// What the leaf of a bundle in that role is used for.
fn purpose(leaf: &Certificate, role: Role) -> Option<Purpose> {
    let usage = leaf.extended_key_usage.as_ref();
    if role::is_client(leaf) {
        Some(Purpose::Client)
    } else if role == Role::Served || usage.is_some_and(|usage| usage.server_auth) {
        Some(Purpose::Server)
    } else if role == Role::Client {
        Some(Purpose::Client)
    } else {
        (usage.is_none() && has_host(leaf)).then_some(Purpose::Server)
    }
}

/// The object that holds a bundle.
pub(crate) fn object<'a>(file: &'a File, bundle: &Bundle) -> Option<ObjectRef<'a>> {
    let index = bundle.holder.object()?;
    Some(ObjectRef { file, index, view: file.view(index)? })
}

/// The bundle itself, and `tls.key` of the same Secret for its `tls.crt`.
fn companions<'a>(file: &'a File, bundle: &'a Bundle) -> impl Iterator<Item = &'a Bundle> {
    let key = match &bundle.holder {
        Holder::Secret { object, key } if key == "tls.crt" => Some(*object),
        _ => None,
    };
    let key = key.and_then(|secret| {
        file.bundles.iter().find(|other| {
            matches!(&other.holder, Holder::Secret { object, key } if *object == secret && key == "tls.key")
        })
    });
    std::iter::once(bundle).chain(key)
}

/// A certificate in its bundle.
#[derive(Clone, Copy, Debug)]
pub struct CertificateSite<'a> {
    /// The bundle.
    pub bundle: &'a BundleSite<'a>,
    /// The block.
    pub item: &'a Item,
    /// The certificate.
    pub certificate: &'a Certificate,
    /// Its position among the bundle's certificates, from 0.
    pub position: usize,
    /// What it is for.
    pub role: Role,
}

impl CertificateSite<'_> {
    /// Whether a server presents the certificate, or it is made for that.
    #[must_use]
    pub fn is_server(&self) -> bool {
        match self.role {
            Role::Served => true,
            Role::Unknown if self.certificate.is_leaf() => {
                let names = &self.certificate.common_names;
                match &self.certificate.extended_key_usage {
                    Some(usage) => usage.server_auth || usage.any,
                    None => {
                        has_host(self.certificate)
                            || names.iter().any(|name| crate::names::is_host(name))
                    }
                }
            }
            _ => false,
        }
    }

    /// Whether the certificate is one of those above the leaf in the path of a chain.
    #[must_use]
    pub fn is_above_leaf(&self) -> bool {
        self.role != Role::Trust
            && self.bundle.path().skip(1).any(|member| member.position == self.position)
    }

    /// Whether the rules of the CA/Browser Forum for servers' certificates hold: a public leaf
    /// that is not made for something else only.
    #[must_use]
    pub fn is_public_server(&self) -> bool {
        let certificate = self.certificate;
        let served = self.role == Role::Served;
        let usage = certificate.extended_key_usage.as_ref();
        let purpose = usage.is_none_or(|usage| usage.server_auth || usage.any);
        certificate.is_leaf()
            && (served || (self.role == Role::Unknown && purpose))
            && self.is_public()
    }

    /// Whether the certificate is under the rules for those that browsers trust: the user says
    /// so, or else it was issued by a public CA, or says so itself: it names a policy of the
    /// CA/Browser Forum or holds signed certificate timestamps (RFC 6962 §3.3).
    #[must_use]
    pub fn is_public(&self) -> bool {
        match self.bundle.pki {
            Pki::Public => return true,
            Pki::Private => return false,
            Pki::Inferred => {}
        }
        let forum =
            |policy: &String| policy == "2.23.140.1.1" || policy.starts_with("2.23.140.1.2.");
        self.certificate.policies.iter().any(forum)
            || self.certificate.extension("1.3.6.1.4.1.11129.2.4.2").is_some()
    }
}

/// A private key in its bundle.
#[derive(Clone, Copy, Debug)]
pub struct KeySite<'a> {
    /// The bundle.
    pub bundle: &'a BundleSite<'a>,
    /// The block.
    pub item: &'a Item,
    /// The key: its public half.
    pub key: &'a PrivateKey,
}

/// Something that is wrong with a PEM block.
#[derive(Clone, Copy, Debug)]
pub struct ProblemSite<'a> {
    /// The bundle.
    pub bundle: &'a BundleSite<'a>,
    /// What is wrong.
    pub problem: &'a PemProblem,
}
