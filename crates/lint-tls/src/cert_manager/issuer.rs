//! Who issues.

use std::net::IpAddr;

use careen_kube_model::{ObjectView, field, path};
use careen_model::{ObjectRef, Snapshot};
use careen_text::Span;
use careen_yaml::Node;

use super::{ISSUERS, Request, Solver, Text, is_own};
use crate::dates::{Step, dates};
use crate::endpoints::named;
use crate::ingress::is_plain;

/// An Issuer or ClusterIssuer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Issuer<'a> {
    pub(crate) object: ObjectRef<'a>,
}

/// How an issuer issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IssuerKind {
    Acme,
    Ca,
    SelfSigned,
    Vault,
    Venafi,
    /// Nothing that is known, or a variable of some tool.
    Other,
}

/// The ACME account of an issuer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Acme<'a> {
    pub(crate) node: Node<'a>,
}

/// A public ACME CA.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Public<'a> {
    /// The address of its directory.
    pub(crate) server: &'a str,
    pub(crate) profile: &'a str,
    /// Where the issuer names its directory.
    pub(crate) place: Option<(ObjectRef<'a>, Span)>,
    /// Whether only the issuer's name says so, because the issuer stands elsewhere.
    pub(crate) guessed: bool,
}

/// Ends of the host names of public ACME CAs, their test systems among them.
const PUBLIC: &[&str] = &[
    "letsencrypt.org",
    "zerossl.com",
    "pki.goog",
    "buypass.com",
    "buypass.no",
    "ssl.com",
    "sectigo.com",
    "digicert.com",
    "actalis.it",
    "actalis.com",
    "globalsign.com",
    "certum.pl",
    "harica.gr",
    "entrust.net",
];

/// Most issuers of one name that are looked at.
const NAMESAKES: usize = 64;

/// Parts of the host names of systems whose certificates nobody trusts.
const STAGING: &[&str] = &["acme-staging", "test-api.pki.goog", "api.test4.buypass"];

/// All issuers of the repository, cluster-wide ones first.
pub(crate) fn all_issuers(snapshot: &Snapshot) -> impl Iterator<Item = Issuer<'_>> {
    ISSUERS.iter().flat_map(|kind| snapshot.of_kind(kind)).filter_map(Issuer::of)
}

/// The issuers that a request may mean: several where overlays define it each in its own way.
pub(crate) fn issuers<'s>(snapshot: &'s Snapshot, request: &Request<'_>) -> Vec<Issuer<'s>> {
    let Some(reference) = request.issuer.filter(|issuer| issuer.is_own() && issuer.is_plain())
    else {
        return Vec::new();
    };
    let namespace = match reference.kind {
        "Issuer" => request.namespace(),
        "ClusterIssuer" => None,
        _ => return Vec::new(),
    };
    let named = snapshot.named(reference.kind, namespace, reference.name.0);
    let whole = named.filter(|object| !object.view.is_fragment());
    whole.filter_map(Issuer::of).take(NAMESAKES).collect()
}

/// The public ACME CA that issues what is requested, if all issuers that may be meant use one. An
/// issuer that stands elsewhere is taken at its name.
pub(crate) fn public<'a>(request: &Request<'a>, issuers: &[Issuer<'a>]) -> Option<Public<'a>> {
    if issuers.is_empty() {
        let reference = request.issuer.filter(|issuer| issuer.is_own() && issuer.is_plain())?;
        let name = reference.name.0;
        let known = ["letsencrypt", "lets-encrypt"].iter().any(|known| name.contains(known));
        let server = "https://acme-v02.api.letsencrypt.org/directory";
        return known.then_some(Public { server, profile: "default", place: None, guessed: true });
    }
    let mut first = None;
    for issuer in issuers {
        let acme = issuer.acme().filter(Acme::is_public)?;
        let (server, node) = acme.server()?;
        let place = Some((issuer.object, node.span()));
        first.get_or_insert(Public { server, profile: acme.profile(), place, guessed: false });
    }
    first
}

impl<'a> Issuer<'a> {
    pub(crate) fn of(object: ObjectRef<'a>) -> Option<Self> {
        let view = object.view;
        (ISSUERS.contains(&view.kind()) && is_own(view.group())).then_some(Self { object })
    }

    pub(crate) fn view(&self) -> ObjectView<'a> {
        self.object.view
    }

    /// The namespace; none where it is not written or a variable of some tool.
    pub(crate) fn namespace(&self) -> Option<&'a str> {
        self.view().namespace().filter(|name| is_plain(name))
    }

    pub(crate) fn is_cluster_wide(&self) -> bool {
        self.view().kind() == "ClusterIssuer"
    }

    pub(crate) fn kind(&self) -> IssuerKind {
        let Some(spec) = self.view().spec() else { return IssuerKind::Other };
        let has = |key| spec.get(key).is_some_and(|node| !node.is_null());
        match () {
            () if has("acme") => IssuerKind::Acme,
            () if has("ca") => IssuerKind::Ca,
            () if has("selfSigned") => IssuerKind::SelfSigned,
            () if has("vault") => IssuerKind::Vault,
            () if has("venafi") => IssuerKind::Venafi,
            () => IssuerKind::Other,
        }
    }

    pub(crate) fn acme(&self) -> Option<Acme<'a>> {
        path(self.view().spec()?, &["acme"]).map(|node| Acme { node })
    }

    /// The Secret with the certificate and key of a CA issuer.
    pub(crate) fn ca_secret(&self) -> Option<Text<'a>> {
        named(self.view().spec()?, &["ca", "secretName"])
    }
}

impl<'a> Acme<'a> {
    pub(crate) fn server(&self) -> Option<Text<'a>> {
        named(self.node, &["server"])
    }

    pub(crate) fn profile(&self) -> &'a str {
        named(self.node, &["profile"]).map_or("default", |(profile, _)| profile)
    }

    /// The Secret with the key of the account.
    pub(crate) fn account_secret(&self) -> Option<Text<'a>> {
        named(self.node, &["privateKeySecretRef", "name"])
    }

    /// Whether `duration` of a Certificate is asked for at all; few CAs take it.
    pub(crate) fn honours_duration(&self) -> bool {
        field(self.node, "enableDurationFeature")
            .and_then(|node| node.as_bool())
            .unwrap_or_default()
    }

    pub(crate) fn is_public(&self) -> bool {
        let host = self.server().map(|(server, _)| host(server)).unwrap_or_default();
        PUBLIC.iter().any(|known| {
            host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }

    /// Whether nobody trusts what the CA issues, because it is there for tests.
    pub(crate) fn is_staging(&self) -> bool {
        let host = self.server().map(|(server, _)| host(server)).unwrap_or_default();
        STAGING.iter().any(|known| host.contains(known))
    }

    /// How challenges are answered.
    pub(crate) fn solvers(&self) -> impl Iterator<Item = Solver<'a>> + use<'a> {
        let list = field(self.node, "solvers");
        list.into_iter().flat_map(|list| list.items()).map(|node| Solver { node })
    }
}

impl Public<'_> {
    /// How long what it issues lives, from which day on.
    pub(crate) fn lifetimes(&self) -> &'static [Step] {
        dates().acme_lifetimes(self.server, self.profile)
    }

    /// As people call it, or its host.
    pub(crate) fn name(&self) -> &str {
        if self.server.contains("letsencrypt.org") { "Let's Encrypt" } else { host(self.server) }
    }
}

/// The host of an address.
pub(crate) fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    if authority.starts_with('[') {
        return authority.split(']').next().unwrap_or_default().trim_start_matches('[');
    }
    authority.split(':').next().unwrap_or_default()
}

/// Whether a host is the machine itself.
pub(crate) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{host, is_loopback};

    #[test]
    fn hosts_of_addresses() {
        assert_eq!(
            host("https://acme-v02.api.letsencrypt.org/directory"),
            "acme-v02.api.letsencrypt.org"
        );
        assert_eq!(host("http://user@vault:8200?x"), "vault");
        assert_eq!(host("http://[::1]:8200/"), "::1");
        assert_eq!(host(""), "");
        assert!(is_loopback("::1") && is_loopback("127.0.0.1") && !is_loopback("vault"));
    }
}
