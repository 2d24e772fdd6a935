//! What a repository asks of cert-manager: Certificates and what annotations make of an Ingress or
//! a Gateway, the issuers they name, how an ACME issuer answers a challenge for a name, how long
//! what is issued lives, and which policies approve it. Nothing is judged here; rules do.
//!
//! Issuers of other groups (`awspca.cert-manager.io`, `cas-issuer.jetstack.io`) are not known.

mod cron;
mod duration;
mod hosts;
mod install;
mod issuer;
mod policy;
mod request;
mod shim;
mod solver;

use careen_kube_model::ObjectView;
use careen_model::{ObjectRef, Snapshot};
use careen_yaml::Node;

pub(crate) use cron::{MOST_WINDOWS, Window, longest_gap};
pub(crate) use duration::{DEFAULT_DURATION, Length, seconds};
pub(crate) use hosts::Served;
pub(crate) use install::{cluster_namespaces, versions};
pub(crate) use issuer::{
    Acme, Issuer, IssuerKind, Public, all_issuers, host, is_loopback, issuers, public,
};
pub(crate) use policy::Policies;
pub(crate) use request::{IssuerRef, Request};
pub(crate) use shim::{is_shimmed, shimmed};
pub(crate) use solver::{Candidate, Solver};

/// A text of a manifest with the place it stands at.
pub(crate) type Text<'a> = (&'a str, Node<'a>);

/// The kinds that make requests.
pub(crate) const KINDS: &[&str] = &["Certificate", "Gateway", "Ingress", "ListenerSet"];
/// The kinds of issuers.
pub(crate) const ISSUERS: &[&str] = &["ClusterIssuer", "Issuer"];

/// Whether a group is cert-manager's own, also as it was called before 0.11.
pub(crate) fn is_own(group: &str) -> bool {
    matches!(group, "cert-manager.io" | "certmanager.k8s.io")
}

/// Whether the object is a Certificate of cert-manager.
pub(crate) fn is_certificate(view: ObjectView<'_>) -> bool {
    view.kind() == "Certificate" && is_own(view.group())
}

/// How much is compared by one rule, however much a hostile repository holds. What is beyond is
/// not judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget(usize);

impl Budget {
    /// Comparisons of short texts.
    pub(crate) const fn new() -> Self {
        Self(5_000_000)
    }

    /// Whether so many comparisons are still to be had; takes them.
    pub(crate) const fn spend(&mut self, comparisons: usize) -> bool {
        self.0 = self.0.saturating_sub(comparisons);
        self.0 > 0
    }
}

/// Everything that is requested in the repository, by kind, then in order of path and place.
pub(crate) fn requests(snapshot: &Snapshot) -> impl Iterator<Item = Request<'_>> {
    KINDS.iter().flat_map(|kind| snapshot.of_kind(kind)).flat_map(of_object)
}

/// What an object requests: one certificate for a Certificate, one for each Secret of an annotated
/// Ingress or Gateway.
pub(crate) fn of_object(object: ObjectRef<'_>) -> Vec<Request<'_>> {
    if is_certificate(object.view) {
        Request::of_certificate(object).into_iter().collect()
    } else {
        shimmed(object)
    }
}

/// Whether a name or path says that something is for tests: `staging`, `web-dev`, `qa.example.com`.
pub(crate) fn says_test(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "demo",
        "dev",
        "develop",
        "development",
        "e2e",
        "int",
        "integration",
        "lab",
        "local",
        "nonprod",
        "playground",
        "pr",
        "pre",
        "preprod",
        "preview",
        "qa",
        "sandbox",
        "sit",
        "stage",
        "staging",
        "stg",
        "test",
        "testing",
        "tests",
        "tst",
        "uat",
    ];
    text.split(|character: char| !character.is_ascii_alphanumeric())
        .any(|word| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::says_test;

    #[test]
    fn names_of_tests_are_told() {
        for name in ["staging", "clusters/dev/web.yaml", "web-Test", "qa.shop.example.org"] {
            assert!(says_test(name), "{name}");
        }
        for name in ["shop", "device.shop.org", "clusters/production/web.yaml", "contest"] {
            assert!(!says_test(name), "{name}");
        }
    }
}
