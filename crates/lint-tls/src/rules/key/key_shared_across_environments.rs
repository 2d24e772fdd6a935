use std::collections::BTreeMap;

use careen_model::{Context, PathClass, Snapshot};
use careen_rule::{SnapshotSink, control, rule};
use careen_x509_model::PrivateKey;

use crate::Check;
use crate::environment::Environment;
use crate::held::{Held, body, private_keys};
use crate::site::object;

rule! {
    /// More people and machines can get at what belongs to staging or development than at what
    /// belongs to production, and it is guarded less. A private key that is the same in both
    /// brings production down to that level: whoever reads it there can stand in for the service
    /// that customers use.
    ///
    /// Environments are told by namespaces and paths: `overlays/prod`, `values-staging.yaml`. It
    /// is fine where what they name is not what they are.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// other: {names: [shop.example.net], issuer: ca}
    /// ```
    /// ```pem bad file=overlays/prod/tls.key
    /// ${leaf.key}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key of production is that of staging as well, in `overlays/staging/tls.key`
    /// ```
    /// ```pem bad file=overlays/staging/tls.key
    /// ${leaf.key}
    /// ```
    /// ```yaml bad file=shop.yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop-production}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ${leaf.key|base64}
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key of production is that of staging as well
    /// ```
    /// ```pem good file=overlays/prod/tls.key
    /// ${leaf.key}
    /// ```
    /// ```pem good file=overlays/staging/tls.key
    /// ${other.key}
    /// ```
    /// ```pem good file=base/tls.key
    /// ${leaf.key}
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-shared-across-environments",
        summary: "production has a private key in common with another environment",
        remedy: "Make a key of its own for each environment, and replace the one that production has.",
        severity: Medium,
        check: Check::Snapshot(check),
        security: true,
        cwe: &[323],
        controls: &[control::CREDENTIAL_ROTATION, control::SECRETS_NOT_IN_REPO],
        references: &["https://cheatsheetseries.owasp.org/cheatsheets/Key_Management_Cheat_Sheet.html"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    // The first key of another environment, and those of production.
    type Both<'a> = (Option<(Held<'a, PrivateKey>, &'static str)>, Vec<Held<'a, PrivateKey>>);
    let mut keys: BTreeMap<[u8; 32], Both<'_>> = BTreeMap::new();
    for held in private_keys(snapshot) {
        let Some(key) = &held.what.key else { continue };
        if matches!(held.file.class, PathClass::Test | PathClass::Example | PathClass::Vendored) {
            continue;
        }
        let namespace = object(held.file, held.bundle).and_then(|object| object.view.namespace());
        let Some(environment) = Environment::of(held.file.source.path(), namespace) else {
            continue;
        };
        let both = keys.entry(key.spki_sha256).or_default();
        match environment {
            Environment::Production => both.1.push(held),
            Environment::Other(name) => both.0 = both.0.or(Some((held, name))),
        }
    }
    for (other, production) in keys.values() {
        let Some((other, name)) = other else { continue };
        for held in production {
            let message = format!(
                "private key of production is that of {name} as well, in {}",
                other.place()
            );
            held.report(out, message).secret(body(held.item)).related(
                &other.file.source,
                other.item.place,
                "the same key",
            );
        }
    }
}
