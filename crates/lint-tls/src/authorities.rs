//! The CAs of the whole repository by name, and the chains that look for theirs.

use std::collections::BTreeMap;
use std::sync::Arc;

use careen_model::{Bundle, Context, File, Pki, Snapshot};
use careen_x509_model::{Certificate, Issued, Item};

use crate::chain::{LONGEST, is_own_issuer};
use crate::held::Held;
use crate::role;
use crate::roots;
use crate::site::object;
use crate::{BundleSite, CertificateSite, Role};

/// Where a certificate stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    file: usize,
    bundle: usize,
    certificate: usize,
}

/// Every CA of the repository by the hash of its name.
#[derive(Debug, Default)]
pub(crate) struct Authorities(BTreeMap<[u8; 32], Vec<Place>>);

/// Certificates of one name that are looked at; a hostile repository has any number.
const MOST_OF_A_NAME: usize = 16;

impl Authorities {
    /// The CAs of a snapshot; made once for all who ask.
    pub(crate) fn of(snapshot: &Snapshot) -> Arc<Self> {
        snapshot.index(Self::build)
    }

    fn build(snapshot: &Snapshot) -> Self {
        let mut authorities = Self::default();
        for (at, file) in snapshot.files().iter().enumerate() {
            for (bundle_at, bundle) in file.bundles.iter().enumerate() {
                for (position, (_, certificate)) in bundle.certificates().enumerate() {
                    if certificate.is_ca() {
                        let named = authorities.0.entry(certificate.subject_hash).or_default();
                        named.push(Place { file: at, bundle: bundle_at, certificate: position });
                    }
                }
            }
        }
        authorities
    }

    /// The CAs of the repository that issued a certificate, in order of path and place.
    pub(crate) fn issuers<'s>(
        &self,
        snapshot: &'s Snapshot,
        child: &Certificate,
    ) -> Vec<Held<'s, Certificate>> {
        let mut known: Vec<([u8; 32], bool)> = Vec::new();
        self.named(snapshot, &child.issuer_hash)
            .filter(|held| {
                // The same CA may stand in many places.
                let key = held.what.key.spki_sha256;
                if let Some((_, issued)) = known.iter().find(|(known, _)| *known == key) {
                    return *issued;
                }
                let issued = child.is_issued_by(&held.what.subject_hash, &held.what.key);
                let issued = matches!(issued, Issued::Yes | Issued::UnsupportedAlgorithm);
                known.push((key, issued));
                issued
            })
            .collect()
    }

    /// The places where the repository has a CA of this name and key.
    pub(crate) fn twins<'s>(
        &self,
        snapshot: &'s Snapshot,
        authority: &Certificate,
    ) -> impl Iterator<Item = Held<'s, Certificate>> {
        let key = authority.key.spki_sha256;
        self.named(snapshot, &authority.subject_hash)
            .filter(move |held| held.what.key.spki_sha256 == key)
    }

    fn named<'s>(
        &self,
        snapshot: &'s Snapshot,
        name: &[u8; 32],
    ) -> impl Iterator<Item = Held<'s, Certificate>> {
        let places = self.0.get(name).into_iter().flatten().take(MOST_OF_A_NAME);
        places.filter_map(|place| {
            let file = snapshot.files().get(place.file)?;
            let bundle = file.bundles.get(place.bundle)?;
            let (item, what) = bundle.certificates().nth(place.certificate)?;
            Some(Held { file, bundle, item, what })
        })
    }
}

/// A chain that a server presents.
pub(crate) struct Presented<'s> {
    pub(crate) file: &'s File,
    pub(crate) bundle: &'s Bundle,
    pub(crate) item: &'s Item,
    pub(crate) leaf: &'s Certificate,
    /// Whether the leaf is under the rules of public CAs.
    pub(crate) is_public: bool,
    /// The path from the leaf on as far as the bundle leads.
    pub(crate) path: Vec<&'s Certificate>,
    /// Whether the bundle has another CA of the name of the last one's issuer.
    pub(crate) has_namesake: bool,
}

impl<'s> Presented<'s> {
    /// All chains of the repository, without those of one self-signed certificate.
    pub(crate) fn all(
        snapshot: &'s Snapshot,
        context: &'s Context,
    ) -> impl Iterator<Item = Self> + use<'s> {
        let bundles = snapshot
            .files()
            .iter()
            .flat_map(|file| file.bundles.iter().map(move |bundle| (file, bundle)));
        bundles.filter_map(|(file, bundle)| Self::of(file, bundle, context))
    }

    /// The chain of one bundle.
    pub(crate) fn of(file: &'s File, bundle: &'s Bundle, context: &Context) -> Option<Self> {
        let certificates: Vec<_> = bundle.certificates().take(LONGEST + 1).collect();
        if certificates.is_empty() || certificates.len() > LONGEST {
            return None;
        }
        let site = BundleSite::new(file, bundle, context);
        // What the user has declared to be public is checked as if it were served.
        let declared = site.pki == Pki::Public && site.role == Role::Unknown;
        let presented = !site.quoted && (site.is_presented() || declared);
        let leaf = site.leaf().filter(|leaf| presented && (!declared || leaf.position == 0))?;
        let (item, certificate) = *certificates.get(leaf.position)?;
        if is_own_issuer(certificate) {
            return None;
        }
        let above = site.path().skip(1).filter_map(|member| certificates.get(member.position));
        let path = std::iter::once(certificate).chain(above.map(|(_, member)| *member)).collect();
        let (is_public, has_namesake) = (leaf.is_public(), site.namesake().is_some());
        Some(Self { file, bundle, item, leaf: certificate, is_public, path, has_namesake })
    }

    /// The last certificate of the path, if its issuer is neither in the bundle nor one of
    /// Mozilla's roots, and no member of the path is such a root's twin.
    pub(crate) fn open_end(&self) -> Option<&'s Certificate> {
        let last = self.path.last().filter(|last| !is_own_issuer(last))?;
        let is_public = self.path.iter().any(|member| roots::is_public(member));
        (!is_public && !roots::issued(last)).then_some(last)
    }

    /// The leaf with its place.
    pub(crate) fn held(&self) -> Held<'s, Certificate> {
        Held { file: self.file, bundle: self.bundle, item: self.item, what: self.leaf }
    }

    /// Whether a value is delivered together with the chain: in the same object, or in a file of
    /// the same folder.
    pub(crate) fn is_beside(&self, other: &Held<'_, Certificate>) -> bool {
        let folder =
            |file: &File| file.source.path().rsplit_once('/').map(|(folder, _)| folder.to_owned());
        match (object(self.file, self.bundle), object(other.file, other.bundle)) {
            (Some(own), Some(others)) => {
                std::ptr::eq(self.file, other.file) && own.index == others.index
            }
            (None, None) => folder(self.file) == folder(other.file),
            _ => false,
        }
    }
}

/// Whether somebody may trust an intermediate as it stands there, without its root: in a CA bundle
/// by name, or among CAs of whose issuer nothing is known.
pub(crate) fn is_trusted_alone(
    snapshot: &Snapshot,
    authority: &Held<'_, Certificate>,
    context: &Context,
) -> bool {
    let site = BundleSite::new(authority.file, authority.bundle, context);
    let issuer = authority.what.issuer_hash;
    let beside = |other: CertificateSite<'_>| other.certificate.subject_hash == issuer;
    site.role == Role::Trust
        && !site.sites().any(beside)
        && (role::of_name(site.name) == Role::Trust
            || Authorities::of(snapshot).issuers(snapshot, authority.what).is_empty())
}

/// What the bundle of a certificate is for.
pub(crate) fn role_of(held: &Held<'_, Certificate>, context: &Context) -> Role {
    BundleSite::new(held.file, held.bundle, context).role
}

/// A CA of a chain that is the twin of a root, signed by another root that has ended.
pub(crate) struct Crossing<'a> {
    /// The CA that is cross-signed.
    pub(crate) twin: CertificateSite<'a>,
    /// When the way over the other root ended, in Unix seconds.
    pub(crate) ended: i64,
}

/// The cross-signed CAs of a chain whose cross-signature is of no more use.
pub(crate) fn crossings<'a>(
    site: &'a BundleSite<'_>,
    now: i64,
) -> impl Iterator<Item = Crossing<'a>> {
    let chain = site.path().nth(1).is_some();
    let members = site.sites().filter(move |each| chain && each.role == Role::Member);
    members.filter_map(move |twin| {
        let certificate = twin.certificate;
        if certificate.self_issued || !certificate.is_ca() {
            return None;
        }
        if let Some(ended) = roots::ended(&certificate.issuer).filter(|ended| *ended < now) {
            return Some(Crossing { twin, ended });
        }
        let above = site.sites().find(|other| {
            other.certificate.subject_hash == certificate.issuer_hash
                && other.certificate.not_after < now
        });
        let ended = [Some(certificate.not_after), above.map(|above| above.certificate.not_after)];
        let ended = ended.into_iter().flatten().filter(|end| *end < now).min()?;
        let is_root = roots::is_public(certificate)
            || site.sites().any(|other| {
                let other = other.certificate;
                other.self_issued
                    && other.subject_hash == certificate.subject_hash
                    && other.key.spki_sha256 == certificate.key.spki_sha256
                    && other.not_after >= now
            });
        is_root.then_some(Crossing { twin, ended })
    })
}
