use std::collections::BTreeMap;

use careen_model::{Context, Holder, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_x509_model::{Certificate, San};

use crate::Check;
use crate::date::Date;
use crate::held::{Held, certificates};
use crate::names::{Called, evidence};

rule! {
    /// The certificate was renewed in one place of the repository and forgotten in another: a
    /// manifest, a values file or a key store still embeds the older one. Everything works until
    /// that one expires, and then only for those who get the stale copy, so that people look for
    /// the fault in the new certificate.
    ///
    /// Two certificates are copies of one if subject, issuer and all names are the same and the
    /// CA, as far as its key identifier tells, or for self-signed ones the key. It is fine where
    /// both are deployed on purpose, as during a rollover.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// new: {names: [shop.example.com], common_name: shop, issuer: ca, not_before: -5d, not_after: 300d}
    /// old: {names: [shop.example.com], common_name: shop, issuer: ca, not_before: -300d, not_after: 60d}
    /// other: {names: [api.example.com], common_name: shop, issuer: ca, not_before: -300d, not_after: 60d}
    /// ```
    /// ```yaml bad file=deploy/secret.yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${old.crt|base64}
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` in `tls.crt` of Secret `shop/web-tls` ends on 2027-01-30; the one in `tls/server.crt` that replaces it ends on 2027-09-27
    /// ```
    /// ```pem bad file=tls/server.crt
    /// ${new.crt}
    /// ```
    /// ```yaml good file=deploy/secret.yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${other.crt|base64}
    /// ```
    /// ```pem good file=tls/server.crt
    /// ${new.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-stale-copy",
        summary: "older copy of a certificate that was renewed elsewhere in the repository",
        remedy: "Put the newer certificate with its key here too, or keep it in one place that the others refer to.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5"],
    }
}

/// What copies of one certificate have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Owner {
    subject: [u8; 32],
    issuer: [u8; 32],
    /// Of a self-signed certificate its own key.
    authority: Option<Vec<u8>>,
    names: Vec<String>,
}

impl Owner {
    fn of(certificate: &Certificate) -> Option<Self> {
        let mut names: Vec<String> = Vec::new();
        for name in &certificate.san {
            match name {
                San::Dns(name) => names.push(name.to_ascii_lowercase()),
                San::Ip(address) => names.push(address.to_string()),
                _ => {}
            }
        }
        // Everybody has a certificate for the own host.
        if !names.iter().any(|name| name.contains('.') && name.parse::<std::net::IpAddr>().is_err())
        {
            return None;
        }
        names.sort_unstable();
        names.dedup();
        let authority = if certificate.self_issued {
            Some(certificate.key.spki_sha256.to_vec())
        } else {
            certificate.authority_key_id.clone()
        };
        let (subject, issuer) = (certificate.subject_hash, certificate.issuer_hash);
        Some(Self { subject, issuer, authority, names })
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut owners: BTreeMap<Owner, Vec<Held<'_, Certificate>>> = BTreeMap::new();
    for held in certificates(snapshot).filter(|held| held.what.is_leaf()) {
        if let Some(owner) = Owner::of(held.what) {
            owners.entry(owner).or_default().push(held);
        }
    }
    for copies in owners.values() {
        let newest = copies.iter().max_by_key(|held| (held.what.not_before, held.what.not_after));
        let Some(newest) = newest else { continue };
        for held in copies {
            let older = held.what.not_before < newest.what.not_before
                && held.what.not_after < newest.what.not_after;
            let same_world = held.file.class == newest.file.class;
            let apart = !std::ptr::eq(held.bundle, newest.bundle);
            if older && same_world && apart && is_embedded(held) {
                tell(held, newest, out);
            }
        }
    }
}

/// Whether the certificate stands in a manifest, a values file or a key store, as against a file
/// of its own.
fn is_embedded(held: &Held<'_, Certificate>) -> bool {
    held.bundle.holder != Holder::File || held.file.source.text().is_empty()
}

fn tell(held: &Held<'_, Certificate>, newest: &Held<'_, Certificate>, out: &mut SnapshotSink<'_>) {
    let message = format!(
        "{} in {} ends on {}; the one in {} that replaces it ends on {}",
        Called(held.what),
        held.place(),
        Date(held.what.not_after),
        newest.place(),
        Date(newest.what.not_after)
    );
    held.report(out, message).evidence(evidence(held.what)).related(
        &newest.file.source,
        newest.item.place,
        "the newer certificate",
    );
}
