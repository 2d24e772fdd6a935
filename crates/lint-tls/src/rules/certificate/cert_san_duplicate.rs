use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::dns_name::dns_names;
use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check};

rule! {
    /// A DNS name that stands twice in a certificate does nothing the second time; case makes no
    /// difference. It shows that the list was put together by hand or by a template, and often the
    /// second entry was meant to be another host.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com, www.example.com, Shop.example.com], issuer: ca}
    /// sound: {names: [shop.example.com, www.example.com], issuer: ca}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` lists `shop.example.com` twice
    /// ```
    /// ```pem good
    /// ${sound.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-san-duplicate",
        summary: "certificate lists a DNS name twice",
        remedy: "Have the certificate issued again with every name once, and see whether another was meant.",
        severity: Low,
        check: Check::Certificate(check),
        peers: &["zlint:n_san_dns_name_duplicate"],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    if dns_names(certificate).nth(1).is_none() {
        return;
    }
    let mut names: Vec<String> = dns_names(certificate).map(str::to_ascii_lowercase).collect();
    names.sort_unstable();
    let twice = names.windows(2).find_map(|pair| match pair {
        [first, second] if first == second => Some(first),
        _ => None,
    });
    if let Some(name) = twice {
        let message = format!("{} lists `{}` twice", Called(certificate), Shown(name));
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}
