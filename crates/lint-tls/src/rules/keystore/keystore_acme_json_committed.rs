use careen_model::{Bundle, Context, File};
use careen_rule::{Severity, Sink, control, rule};
use careen_text::Span;

use crate::Check;

rule! {
    /// ACME clients keep their account key and the private keys of every certificate in files of
    /// their own: Traefik in `acme.json`, certbot under `accounts/` and `live/` of its folder. In a
    /// repository all of them are public to whoever reads it: they can stand in for every host, and
    /// with the account key revoke the certificates or have new ones issued without proving anything
    /// for as long as the authorizations hold.
    ///
    /// It is fine with the keys of a local test CA such as Pebble.
    ///
    /// ```recipe
    /// leaf: {names: [shop.example.com], usages: [server_auth]}
    /// ```
    /// ```json bad file=traefik/acme.json
    /// {"letsencrypt": {
    ///   "Account": {"Email": "ops@example.com"},
    ///   "Certificates": [
    /// # ^^^^^^^^^^^^^^ Traefik's `traefik/acme.json` holds the private keys of its certificates
    ///     {"domain": {"main": "shop.example.com"}, "certificate": "${leaf.crt|base64}", "key": "${leaf.key|base64}"}
    ///   ]
    /// }}
    /// ```
    /// ```json good file=traefik/acme.json
    /// {"letsencrypt": {"Account": null, "Certificates": null}}
    /// ```
    /// ```json bad file=letsencrypt/accounts/acme-v02.api.letsencrypt.org/directory/0123456789abcdef0123456789abcdef/private_key.json
    /// {"n": "AQAB", "e": "AQAB", "d": "AQABAQABAQABAQABAQABAQABAQABAQABAQAB", "kty": "RSA"}
    /// #                          ^^^ certbot's account key stands in the repository
    /// ```
    /// ```pem bad file=letsencrypt/live/shop.example.com/privkey.pem
    /// ${leaf.key}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certbot's private key for `shop.example.com` stands in the repository
    /// ```
    /// ```pem good file=letsencrypt/live/shop.example.com/fullchain.pem
    /// ${leaf.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "keystore-acme-json-committed",
        summary: "keys of an ACME client stand in the repository",
        remedy: "Revoke the certificates, deactivate the account, take the files out of the repository and its history, and keep them on a volume; list them in `.gitignore`.",
        severity: High,
        check: Check::Text(&["\"Certificates\"", "\"PrivateKey\"", "\"kty\"", "PRIVATE KEY-----"], check),
        security: true,
        cwe: &[321, 312],
        controls: &[control::SECRETS_NOT_IN_REPO],
        references: &[
            "https://doc.traefik.io/traefik/https/acme/#storage",
            "https://eff-certbot.readthedocs.io/en/stable/using.html#where-are-my-certificates",
        ],
    }
}

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    let path = file.source.path();
    let mut steps = path.rsplit('/');
    let name = steps.next().unwrap_or_default();
    let folder = steps.next().unwrap_or_default();
    let above = steps.next().unwrap_or_default();
    if name.starts_with("acme") && name.ends_with(".json") {
        traefik(file, out);
    } else if name == "private_key.json" && steps.any(|step| step == "accounts") {
        if let Some(place) = secret_exponent(file) {
            let message = "certbot's account key stands in the repository";
            out.report(place, message).field("d").secret(Span::of(0..file.source.text().len()));
        }
    } else if matches!(above, "live" | "archive") && name.starts_with("privkey") {
        let keys = file.bundles.iter().flat_map(Bundle::private_keys);
        for (item, _) in keys.take(1) {
            let host = crate::names::Shown(folder);
            let message = format!("certbot's private key for `{host}` stands in the repository");
            out.report(item.place, message).secret(crate::held::body(item));
        }
    }
}

/// Traefik's storage: a list of certificates with their keys, an account with its key.
fn traefik(file: &File, out: &mut Sink<'_>) {
    let text = file.source.text();
    let has_keys = file.bundles.iter().any(|bundle| bundle.private_keys().next().is_some());
    let place = |mark: &str| {
        let at = text.find(mark)?;
        Some(Span::of(at..at + mark.len()))
    };
    let path = crate::names::Shown(file.source.path());
    let (place, what) = match (place("\"Certificates\""), place("\"PrivateKey\"")) {
        (Some(place), _) if has_keys => (place, "the private keys of its certificates"),
        (_, Some(place)) if has_keys => (place, "the private key of its account"),
        _ => return,
    };
    let finding = out.report(place, format!("Traefik's `{path}` holds {what}"));
    for (item, _) in file.bundles.iter().flat_map(Bundle::private_keys) {
        finding.secret(item.whole);
    }
    if what.ends_with("account") {
        finding.severity(Severity::Medium);
    }
}

/// The key of the secret exponent in a JSON Web Key (RFC 7518 §6.2.2, §6.3.2).
fn secret_exponent(file: &File) -> Option<Span> {
    let text = file.source.text();
    let at = text.find("\"d\"")?;
    let value = text.get(at + 3..)?.trim_start().strip_prefix(':')?.trim_start();
    value.starts_with('"').then(|| Span::of(at..at + 3))
}
