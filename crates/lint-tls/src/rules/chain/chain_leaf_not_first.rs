use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::names::{Called, Name, evidence};
use crate::{BundleSite, Check, Role};

rule! {
    /// A server presents the first certificate of the file as its own, and takes the rest for the
    /// chain. If the CA's stands first, Go refuses the pair (`tls: private key does not match
    /// public key`), nginx does not start (`key values mismatch`), and ingress-nginx serves its
    /// fake certificate. It comes from joining files in the wrong order:
    /// `cat ca.crt server.crt` instead of `cat server.crt ca.crt`.
    ///
    /// It is fine for bundles that only verify others; name them so that one can tell, such as
    /// `ca-bundle.pem`.
    ///
    /// ```recipe
    /// root: {ca: true, common_name: Shop Root, not_after: 5y}
    /// ca: {ca: true, common_name: Shop CA, not_after: 4y, issuer: root}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad
    /// ${ca.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `Shop CA` stands before the certificate for `shop.example.com`, which must be first
    /// ${leaf.crt}
    /// ```
    /// ```pem good
    /// ${leaf.crt}
    /// ${ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "chain-leaf-not-first",
        summary: "server's own certificate is not the first of its chain",
        remedy: "Put the server's certificate first, then each issuer after what it issued.",
        severity: High,
        check: Check::Bundle(check),
        peers: &["testssl:cert_chain"],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2",
            "https://nginx.org/en/docs/http/configuring_https_servers.html#chains",
        ],
    }
}

fn check(site: &BundleSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let (Some(leaf), Some(first)) = (site.leaf(), site.site(0)) else { return };
    // Without a key, a lone leaf behind CAs may still be a bundle that verifies others; not so if
    // its own issuer stands there too: who trusts the issuer need not trust the leaf.
    let is_chain = site.path().nth(1).is_some();
    let presented = site.leaf_is_by_key() || site.role == Role::Served || is_chain;
    if leaf.position == 0 || !presented {
        return;
    }
    let message = format!(
        "{} stands before the certificate for `{}`, which must be first",
        Called(first.certificate),
        Name(leaf.certificate)
    );
    let words = if site.leaf_is_by_key() {
        "the private key belongs to this one"
    } else {
        "this one must be first"
    };
    out.report(first.item.place, message).evidence(evidence(first.certificate)).related(
        &site.file.source,
        leaf.item.place,
        words,
    );
}
