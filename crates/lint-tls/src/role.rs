//! What certificates are for, as far as names and company tell.

use careen_model::{File, FileKind, Holder};
use careen_x509_model::{Certificate, PrivateKey};

use crate::names::has_host;

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A server presents it: `tls.crt` of a Secret, or a certificate beside its private key.
    Served,
    /// It stands in a chain behind the certificate that is presented.
    Member,
    /// Others are judged by it: a CA bundle.
    Trust,
    /// A client presents it.
    Client,
    /// Nothing tells.
    Unknown,
}

/// Whether PEM in a file of this kind is quoted rather than used: in programs, documentation,
/// and configuration of other tools. There, blocks that stand near each other need not belong
/// together.
pub(crate) fn is_quoted(file: &File, holder: &Holder) -> bool {
    match holder {
        Holder::File => !matches!(file.kind, FileKind::Pem | FileKind::Other),
        // Behind base64, in what is no tree.
        Holder::Value { object: None, .. } => is_text(file),
        _ => false,
    }
}

/// Whether a file speaks about PEM rather than is made of it: a program, documentation, a lock
/// file. What a rule says there is Medium at most, for nothing tells whether it is ever used.
pub(crate) const fn is_text(file: &File) -> bool {
    matches!(file.kind, FileKind::Code | FileKind::Prose | FileKind::Lock)
}

/// The role of a bundle. `name` is the key of a Secret or ConfigMap, or the file's name.
pub(crate) fn of_bundle(
    name: &str,
    holder: &Holder,
    quoted: bool,
    certificates: &[&Certificate],
    keys: &[&PrivateKey],
) -> Role {
    if !quoted {
        if matches!(holder, Holder::Secret { key, .. } if key == "tls.crt") {
            return Role::Served;
        }
        if !keys.is_empty() && certificates.iter().any(|each| each.is_leaf() || has_host(each)) {
            return Role::Served;
        }
        let leaf = certificates.first().filter(|first| first.is_leaf());
        match of_name(name) {
            Role::Trust
                if leaf.is_some_and(|leaf| only_says_bundle(name) || is_named_for(name, leaf)) => {}
            Role::Unknown => {}
            role => return role,
        }
    }
    let only_authorities = certificates.iter().all(|each| each.is_ca() && !has_host(each));
    if only_authorities && !certificates.is_empty() {
        return Role::Trust;
    }
    match certificates {
        [first, ..] if !quoted && is_client(first) => Role::Client,
        _ => Role::Unknown,
    }
}

/// Whether a certificate may be used by clients and not by servers.
pub(crate) fn is_client(certificate: &Certificate) -> bool {
    certificate
        .extended_key_usage
        .as_ref()
        .is_some_and(|usage| usage.client_auth && !usage.server_auth && !usage.any)
}

/// What a name says: the key of a Secret, or the name of a file.
pub(crate) fn of_name(name: &str) -> Role {
    let name = base(name);
    let words = || name.split(|c: char| !c.is_ascii_alphanumeric());
    let is =
        |word: &str, wanted: &[&str]| wanted.iter().any(|each| word.eq_ignore_ascii_case(each));
    let starts = |word: &str, wanted: &str| {
        word.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted))
    };
    let trust = |word: &str| {
        is(word, &["ca", "cas", "root", "roots", "rootca", "anchor", "anchors", "bundle"])
            || ["trust", "cacert", "cabundle"].iter().any(|wanted| starts(word, wanted))
    };
    if words().any(trust) {
        Role::Trust
    } else if words().any(|word| is(word, &["client", "clients"])) {
        Role::Client
    } else if name.eq_ignore_ascii_case("tls.crt")
        || words().any(|word| is(word, &["server", "fullchain", "ingress"]))
    {
        Role::Served
    } else {
        Role::Unknown
    }
}

/// Whether only the word `bundle` speaks for a trust bundle: administrators call the chain that a
/// server presents a bundle as well.
fn only_says_bundle(name: &str) -> bool {
    let rest: String = base(name).to_ascii_lowercase().replace("bundle", "");
    of_name(&rest) != Role::Trust
}

/// Whether a file is named for the host of its certificate, which may lie in Canada:
/// `shop.example.ca.crt`.
fn is_named_for(name: &str, leaf: &Certificate) -> bool {
    base(name).rsplit_once('.').is_some_and(|(host, _)| leaf.covers_host(host))
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::{Role, of_name, only_says_bundle};

    #[test]
    fn names_tell_roles() {
        for (name, role) in [
            ("ca.crt", Role::Trust),
            ("certs/my-ca.pem", Role::Trust),
            ("ca-certificates.crt", Role::Trust),
            ("cacerts.pem", Role::Trust),
            ("client-ca.crt", Role::Trust),
            ("TrustedRoots.pem", Role::Trust),
            ("root.pem", Role::Trust),
            ("bundle.pem", Role::Trust),
            ("x.ca-bundle", Role::Trust),
            ("client.crt", Role::Client),
            ("etcd-client.pem", Role::Client),
            ("tls.crt", Role::Served),
            ("server.pem", Role::Served),
            ("live/shop/fullchain.pem", Role::Served),
            ("shop.example.com.crt", Role::Unknown),
            ("ca/shop.crt", Role::Unknown),
            ("catalogue.crt", Role::Unknown),
            ("", Role::Unknown),
        ] {
            assert_eq!(of_name(name), role, "{name}");
        }
    }

    #[test]
    fn a_bundle_may_be_a_chain() {
        assert!(only_says_bundle("server-bundle.crt"));
        assert!(!only_says_bundle("ca-bundle.crt"));
    }
}
