use std::collections::BTreeMap;

use careen_model::{Bundle, Context, File, Holder, Snapshot};
use careen_rule::{SnapshotSink, control, rule};
use careen_x509_model::{Certificate, PrivateKey};

use crate::Check;
use crate::held::{Held, body, certificates_of, keys_of};
use crate::names::{Called, evidence};
use crate::role::is_quoted;

rule! {
    /// A server cannot start with a key that is not its certificate's: Go says `tls: private key
    /// does not match public key`, nginx `key values mismatch`. The API server does not look into
    /// a Secret, so the pair is applied without a word; ingress-nginx then serves its own fake
    /// certificate, and older releases stopped every reload, for all hosts. Mostly one half of the
    /// pair was renewed and the other forgotten.
    ///
    /// Pairs are `tls.crt` and `tls.key` of one Secret, key and certificates of one file, and
    /// files beside each other whose names pair them, such as `server.crt` and `server.key` or
    /// `fullchain.pem` and `privkey.pem`. It is fine as a test of exactly this.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// old: {names: [shop.example.com], issuer: ca}
    /// new: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad file=tls/server.crt
    /// ${new.crt}
    /// ```
    /// ```pem bad file=tls/server.key
    /// ${old.key}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key in `tls/server.key` does not belong to the certificate for `shop.example.com` in `tls/server.crt`
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${new.crt|base64}
    ///   tls.key: ${old.key|base64}
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key in `tls.key` of Secret `shop/web-tls` does not belong to the certificate for `shop.example.com`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${new.crt|base64}
    ///   tls.key: ${new.key|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-certificate-mismatch",
        summary: "private key does not belong to the certificate beside it",
        remedy: "Put the key and the certificate of one issuance together, or have a new certificate issued for the key.",
        severity: Critical,
        check: Check::Snapshot(check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets",
            "https://kubernetes.github.io/ingress-nginx/user-guide/tls/#default-ssl-certificate",
        ],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for file in snapshot.files() {
        if file.bundles.iter().any(|bundle| bundle.private_keys().next().is_some()) {
            for bundle in &file.bundles {
                // The entries of a key store have a rule of their own.
                if is_quoted(file, &bundle.holder) || !bundle.material.stores.is_empty() {
                    continue;
                }
                let own: Vec<_> = certificates_of(file, bundle).collect();
                judge(file, bundle, &own, out);
            }
            within_objects(file, out);
        }
    }
    beside_each_other(snapshot, out);
}

/// The keys of one Secret or ConfigMap against the certificates under the paired names.
fn within_objects(file: &File, out: &mut SnapshotSink<'_>) {
    let mut certificates: BTreeMap<(usize, String), Vec<&Bundle>> = BTreeMap::new();
    for bundle in certificates_only(file) {
        if let Some((object, key)) = in_object(bundle) {
            certificates.entry((object, stem(key))).or_default().push(bundle);
        }
    }
    for bundle in keys_only(file) {
        let pair =
            in_object(bundle).and_then(|(object, key)| certificates.get(&(object, stem(key))));
        let paired = pair.into_iter().flatten();
        let paired: Vec<_> = paired.flat_map(|paired| certificates_of(file, paired)).collect();
        judge(file, bundle, &paired, out);
    }
}

fn in_object(bundle: &Bundle) -> Option<(usize, &str)> {
    match &bundle.holder {
        Holder::Secret { object, key } | Holder::ConfigMap { object, key } => Some((*object, key)),
        Holder::File | Holder::Value { .. } => None,
    }
}

/// Key files against the certificate files of the same folder with the paired name.
fn beside_each_other(snapshot: &Snapshot, out: &mut SnapshotSink<'_>) {
    let mut certificates: BTreeMap<(&str, String), Vec<(&File, &Bundle)>> = BTreeMap::new();
    let of_files = || {
        snapshot
            .files()
            .iter()
            .filter(|file| !is_quoted(file, &Holder::File) && file.objects.is_empty())
    };
    for file in of_files() {
        for bundle in certificates_only(file) {
            certificates.entry(place(file)).or_default().push((file, bundle));
        }
    }
    for file in of_files() {
        for bundle in keys_only(file) {
            let paired = certificates.get(&place(file)).into_iter().flatten();
            let paired: Vec<_> =
                paired.flat_map(|(other, bundle)| certificates_of(other, bundle)).collect();
            judge(file, bundle, &paired, out);
        }
    }
}

/// Folder and stem of a file's path.
fn place(file: &File) -> (&str, String) {
    let (folder, name) = file.source.path().rsplit_once('/').unwrap_or(("", file.source.path()));
    (folder, stem(name))
}

fn certificates_only(file: &File) -> impl Iterator<Item = &Bundle> {
    file.bundles.iter().filter(|bundle| {
        bundle.certificates().next().is_some() && bundle.private_keys().next().is_none()
    })
}

fn keys_only(file: &File) -> impl Iterator<Item = &Bundle> {
    file.bundles.iter().filter(|bundle| {
        bundle.private_keys().next().is_some() && bundle.certificates().next().is_none()
    })
}

/// Reports the one key of `bundle` if it belongs to none of the certificates. Of several keys,
/// each may belong to something else.
fn judge(
    file: &File,
    bundle: &Bundle,
    certificates: &[Held<'_, Certificate>],
    out: &mut SnapshotSink<'_>,
) {
    let mut keys = keys_of(file, bundle);
    let (Some(key), None) = (keys.next(), keys.next()) else { return };
    let Some(facts) = &key.what.key else { return };
    let belongs = |held: &Held<'_, Certificate>| held.what.key.spki_sha256 == facts.spki_sha256;
    if certificates.iter().any(belongs) {
        return;
    }
    // The CA's certificate lies beside many keys that are not its own.
    let leaf =
        certificates.iter().find(|held| held.what.is_leaf() || crate::names::has_host(held.what));
    let alone = certificates.first().filter(|_| certificates.len() == 1);
    let apart = |held: &&Held<'_, Certificate>| !std::ptr::eq(held.bundle, key.bundle);
    if let Some(certificate) = leaf.or(alone.filter(apart)) {
        tell(key, certificate, out);
    }
}

fn tell(
    key: Held<'_, PrivateKey>,
    certificate: &Held<'_, Certificate>,
    out: &mut SnapshotSink<'_>,
) {
    let called = Called(certificate.what);
    let mut message = format!("private key in {} does not belong to the {called}", key.place());
    let elsewhere = !std::ptr::eq(key.file, certificate.file);
    if elsewhere {
        message = format!("{message} in {}", certificate.place());
    }
    let finding = key.report(out, message);
    finding.evidence(evidence(certificate.what)).secret(body(key.item)).related(
        &certificate.file.source,
        certificate.item.place,
        "the certificate of another key",
    );
}

/// What the names of a key and of its certificate have in common: `server` for `server.key`,
/// `server-key.pem`, `server.crt` and `server.cert.pem`; nothing for `privkey.pem` and
/// `fullchain.pem`, `key.pem` and `cert.pem`.
fn stem(name: &str) -> String {
    const KINDS: &[&str] =
        &["privkey", "key", "fullchain", "chain", "certificate", "cert", "crt", "cer", "pem"];
    let mut stem = name.to_ascii_lowercase();
    loop {
        let shorter = KINDS.iter().find_map(|kind| {
            let rest = stem.strip_suffix(kind)?;
            if rest.is_empty() { Some(rest) } else { rest.strip_suffix(['.', '-', '_']) }
        });
        match shorter.map(str::len) {
            Some(length) => stem.truncate(length),
            None => return stem,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn names_pair_keys_and_certificates() {
        for (key, certificate) in [
            ("tls.key", "tls.crt"),
            ("server.key", "server.pem"),
            ("server-key.pem", "server.pem"),
            ("server-key.pem", "server-cert.pem"),
            ("server.key.pem", "server.cert.pem"),
            ("shop.example.com-key.pem", "shop.example.com.pem"),
            ("privkey.pem", "fullchain.pem"),
            ("key.pem", "cert.pem"),
            ("Server.Key", "server.cer"),
        ] {
            assert_eq!(stem(key), stem(certificate), "{key} and {certificate}");
        }
        assert_ne!(stem("server.key"), stem("client.crt"));
        assert_ne!(stem("monkey.pem"), stem("mon.pem"));
    }
}
