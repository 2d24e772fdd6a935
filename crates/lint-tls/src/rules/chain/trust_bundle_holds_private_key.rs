use careen_model::{Context, Holder};
use careen_rule::{Sink, control, rule};

use crate::held::body;
use crate::role::of_name;
use crate::{Check, KeySite, Role};

rule! {
    /// CA bundles and certificates are public: they are copied into images, ConfigMaps and wikis,
    /// served for download, and read by every process. A private key in such a file goes along,
    /// and nobody watches where. It is mostly a CA's own key, in a file that was joined for one
    /// program and then taken for the bundle, and with it anybody issues for every name.
    ///
    /// HAProxy and some others want key and certificate in one file; give that file a name that
    /// says so, such as `shop.pem`, and keep it out of the repository.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 4y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad file=ca-bundle.pem
    /// ${ca.crt}
    /// ${ca.key}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key stands in `ca-bundle.pem`, which is taken for public
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// stringData:
    ///   tls.crt: |
    ///     ${leaf.crt}
    ///     ${leaf.key}
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^ private key stands in `tls.crt`, which is taken for public
    ///   tls.key: |
    ///     ${leaf.key}
    /// ```
    /// ```pem good file=ca-bundle.pem
    /// ${ca.crt}
    /// ```
    /// ```pem good file=shop.pem
    /// ${leaf.crt}
    /// ${leaf.key}
    /// ```
    /// ```pem good file=ca-key.pem
    /// ${ca.key}
    /// ${ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "trust-bundle-holds-private-key",
        summary: "private key in a file that is taken for public",
        remedy: "Take the key out of the file, and treat it as leaked: replace it and what was issued with it.",
        severity: High,
        check: Check::PrivateKey(check),
        security: true,
        cwe: &[312, 538],
        controls: &[control::TLS_VALID],
        references: &["https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets"],
    }
}

fn check(site: &KeySite<'_>, _: &Context, out: &mut Sink<'_>) {
    let bundle = site.bundle;
    if bundle.quoted || bundle.is_empty() || !is_public(bundle.name, &bundle.bundle.holder) {
        return;
    }
    let name = crate::names::Shown(bundle.name);
    let message = format!("private key stands in `{name}`, which is taken for public");
    out.report(site.item.place, message).secret(body(site.item));
}

/// Whether a file or value of that name is taken for a certificate or a CA bundle.
fn is_public(name: &str, holder: &Holder) -> bool {
    let lower = name.to_ascii_lowercase();
    // `ca-key.pem` is named for its key, and so is not taken for public.
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    if words.any(|word| word.starts_with("key") || word.ends_with("key") || word == "private") {
        return false;
    }
    let certificate = [".crt", ".cer", ".cert", ".ca-bundle"];
    let named = certificate.iter().any(|end| lower.ends_with(end)) || of_name(name) == Role::Trust;
    named || matches!(holder, Holder::Value { .. } if lower == "certificate-authority-data")
}

#[cfg(test)]
mod tests {
    use careen_model::Holder;

    use super::is_public;

    #[test]
    fn names_say_what_is_public() {
        for name in ["ca.crt", "server.crt", "tls.crt", "ca.pem", "caBundle", "root.cer"] {
            assert!(is_public(name, &Holder::File), "{name}");
        }
        for name in ["ca-key.pem", "server.pem", "ca.key", "shop.key.crt", "keystore.pem"] {
            assert!(!is_public(name, &Holder::File), "{name}");
        }
    }
}
