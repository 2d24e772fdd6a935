use std::collections::{BTreeMap, BTreeSet};

use careen_model::{Context, File, Snapshot};
use careen_rule::{ObjectPath, SnapshotSink, control, rule};
use careen_x509_model::{Item, KeyKind};
use num_bigint::BigUint;

use crate::held::body;
use crate::names::Shown;
use crate::public::keys_of;
use crate::site::object;
use crate::weakness::shared_factors;
use crate::{Check, KeyHolder, roots};

rule! {
    /// Generators that start before their machine has gathered any entropy choose the same prime twice.
    /// Two moduli with a prime in common are both factored by a greatest common divisor, one of the
    /// simplest computations there is: researchers did so for every key on the internet, and took apart
    /// hundreds of thousands of routers and firewalls. Here every RSA key of the repository is held
    /// against all others, but for Mozilla's roots, which are no business of the repository. Of many keys
    /// only the first are looked at, up to 4,194,304 bits of moduli together (2,048 keys of 2048 bits):
    /// what stands behind them, in the order of paths, is neither judged nor held against the others.
    ///
    /// It is fine for nothing but tests of this check. Certificates for one key do not share a prime, they
    /// share the key.
    ///
    /// ```pem bad file=tls/one.pem
    /// -----BEGIN PUBLIC KEY-----
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^ public key has an RSA modulus that shares a prime with that of `tls/two.pem`, so both can be factored
    /// MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBANYJYAIcoo8QrTbzGnNsXvxbWuZ7r08k
    /// YpK1MBEW1LDY3ujY/9UiDi+pojt3cMhjO3m1NvlBsmbfqtGpDlhYtnECAwEAAQ==
    /// -----END PUBLIC KEY-----
    /// ```
    /// ```pem bad file=tls/two.pem
    /// -----BEGIN PUBLIC KEY-----
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^ public key has an RSA modulus that shares a prime with that of `tls/one.pem`, so both can be factored
    /// MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMKMN4VEcsRjGtiC82aiKTXfzOPwHliB
    /// VhDEmCFp7Uy/XuXcGxChMrqtKxI1waDMoZoti/o5Cqrt2r1Bs62UYxsCAwEAAQ==
    /// -----END PUBLIC KEY-----
    /// ```
    /// ```pem good file=tls/one.pem
    /// -----BEGIN PUBLIC KEY-----
    /// MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBANYJYAIcoo8QrTbzGnNsXvxbWuZ7r08k
    /// YpK1MBEW1LDY3ujY/9UiDi+pojt3cMhjO3m1NvlBsmbfqtGpDlhYtnECAwEAAQ==
    /// -----END PUBLIC KEY-----
    /// ```
    /// ```pem good file=tls/two.pem
    /// -----BEGIN PUBLIC KEY-----
    /// MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALsdsLC746MDD9nyU5unChNC64tghivk
    /// 8Ipw5/cGKqiEH/G6RMF4mXyAEj607fqHVhDvPOogfjrg3W+WzUhbm1kCAwEAAQ==
    /// -----END PUBLIC KEY-----
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-rsa-shared-prime",
        summary: "RSA keys have a prime in common",
        remedy: "Make new keys on a machine that has entropy, and revoke what was certified for these.",
        severity: Critical,
        check: Check::Snapshot(check),
        peers: &["badkeys:sharedprimes"],
        security: true,
        cwe: &[331, 1240],
        controls: &[control::TLS_VALID],
        references: &["https://factorable.net/", "https://badkeys.info/"],
    }
}

/// Where a modulus stands first.
struct First<'a> {
    file: &'a File,
    item: &'a Item,
    object: Option<ObjectPath>,
    holder: KeyHolder<'a>,
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut seen: BTreeSet<&[u8]> = BTreeSet::new();
    let mut moduli = Vec::new();
    let mut places = Vec::new();
    for file in snapshot.files() {
        for bundle in &file.bundles {
            for (item, key, holder) in keys_of(bundle) {
                let KeyKind::Rsa { modulus, .. } = &key.kind else { continue };
                if matches!(holder, KeyHolder::Certificate(root) if roots::is_public(root)) {
                    continue;
                }
                if seen.insert(modulus) {
                    let object = object(file, bundle).map(|object| object.path());
                    moduli.push(BigUint::from_bytes_be(modulus));
                    places.push(First { file, item, object, holder });
                }
            }
        }
    }
    // Both keys of a pair are lost, so both are told.
    let mut pairs: BTreeMap<usize, Option<usize>> = BTreeMap::new();
    for shared in shared_factors(&moduli) {
        pairs.insert(shared.at, shared.with);
        if let Some(with) = shared.with {
            pairs.entry(with).or_insert(Some(shared.at));
        }
    }
    for (at, with) in pairs {
        let Some(place) = places.get(at) else { continue };
        let other = with.and_then(|with| places.get(with));
        let mut message = format!("{} has an RSA modulus that shares a prime", place.holder);
        match other {
            Some(other) => {
                let path = Shown(other.file.source.path());
                message.push_str(&format!(" with that of `{path}`, so both can be factored"));
            }
            None => message.push_str(" with another, so both can be factored"),
        }
        let finding = out.report(&place.file.source, place.item.place, message);
        if let Some(object) = &place.object {
            finding.object(object.clone());
        }
        if matches!(place.holder, KeyHolder::PrivateKey(_)) {
            finding.secret(body(place.item));
        }
        if let Some(other) = other {
            finding.related(&other.file.source, other.item.place, "the other key");
        }
    }
}
