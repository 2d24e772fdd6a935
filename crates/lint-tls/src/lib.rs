//! Lints certificates, keys and TLS configuration.
//!
//! Every bundle of certificates and keys is prepared once ([`BundleSite`]): what it is for, which
//! certificate in it is served, how its certificates hang together. Rules are told about the
//! subject they ask for ([`Check`]) and never walk by themselves. Rules that need relations
//! between files run once over the snapshot: `served` leads from the name of a Secret to the
//! certificates behind it, `endpoints` lists who serves which host with which Secret,
//! `provided` what other controllers will bring. Whether a private key may stand in a repository
//! at all is not judged here; what its certificate makes of it is.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod authorities;
mod ca_secret;
mod cert_manager;
mod chain;
mod cipher;
mod cipher_list;
mod coverage;
mod date;
mod dates;
mod directive;
mod distrust;
mod dns_name;
mod domain;
mod endpoints;
mod environment;
mod gateway;
mod held;
mod ingress;
mod interception;
mod kubeconfig;
mod linter;
mod mesh;
mod names;
mod passphrase;
pub mod path;
mod protocol;
mod provided;
mod public;
mod role;
mod roots;
mod rules;
mod schedule;
mod served;
mod setting;
mod site;
mod stores;
mod subject;
mod traefik;
mod validity;
mod weakness;
mod webhooks;

use careen_model::{Context, File, ObjectRef, Snapshot};
use careen_rule::{Sink, SnapshotSink};

pub use linter::TlsLinter;
pub use public::{KeyHolder, PublicKeySite};
pub use role::Role;
pub use site::{BundleSite, CertificateSite, KeySite, ProblemSite};
pub use stores::StoreSite;

/// What a rule looks at, with its check.
#[derive(Clone, Copy)]
pub enum Check {
    /// Every certificate.
    Certificate(fn(&CertificateSite<'_>, &Context, &mut Sink<'_>)),
    /// Every value that holds certificates or keys: a file, or one key of a Secret or ConfigMap.
    Bundle(fn(&BundleSite<'_>, &Context, &mut Sink<'_>)),
    /// Every private key.
    PrivateKey(fn(&KeySite<'_>, &Context, &mut Sink<'_>)),
    /// Every public key and the public half of every private key, once per file.
    PublicKey(fn(&PublicKeySite<'_>, &Context, &mut Sink<'_>)),
    /// Every key store.
    Store(fn(&StoreSite<'_>, &Context, &mut Sink<'_>)),
    /// Everything that is wrong with a PEM block itself.
    Problem(fn(&ProblemSite<'_>, &Context, &mut Sink<'_>)),
    /// Every object of these kinds.
    Kind(&'static [&'static str], fn(ObjectRef<'_>, &Context, &mut Sink<'_>)),
    /// Every text file, whatever it is written in, that holds one of these marks, regardless of
    /// ASCII case.
    Text(&'static [&'static str], fn(&File, &Context, &mut Sink<'_>)),
    /// The whole repository.
    Snapshot(fn(&Snapshot, &Context, &mut SnapshotSink<'_>)),
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Certificate(_) => "Certificate",
            Self::Bundle(_) => "Bundle",
            Self::PrivateKey(_) => "PrivateKey",
            Self::PublicKey(_) => "PublicKey",
            Self::Store(_) => "Store",
            Self::Problem(_) => "Problem",
            Self::Kind(..) => "Kind",
            Self::Text(..) => "Text",
            Self::Snapshot(_) => "Snapshot",
        })
    }
}
