use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::names::{Called, Shown, evidence};
use crate::{CertificateSite, Check};

/// ub-common-name (RFC 5280 appendix A.1), in characters.
const LONGEST: usize = 64;

rule! {
    /// A common name has 64 characters at most. OpenSSL does not make a longer one, public CAs and
    /// cert-manager refuse the request, and strict parsers refuse the certificate; it comes from
    /// scripts that put a long host name, such as a load balancer's, into the subject. The name of
    /// a host does not belong there anyway.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {common_name: a-very-long-name-of-a-load-balancer-0123456789.eu-west-1.shop.example.com, names: [shop.example.com], issuer: ca}
    /// sound: {common_name: shop.example.com, names: [a-very-long-name-of-a-load-balancer-0123456789.eu-west-1.shop.example.com, shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` has a common name of 73 characters
    /// ```
    /// ```pem good
    /// ${sound.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-common-name-too-long",
        summary: "common name of the certificate is longer than 64 characters",
        remedy: "Leave the common name out or shorten it, and list hosts in subjectAltName only.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &[
            "zlint:e_subject_common_name_max_length",
            "pkilint:cabf.serverauth.name_attribute_value_too_long",
        ],
        controls: &[control::TLS_VALID],
        references: &["https://www.rfc-editor.org/rfc/rfc5280#appendix-A.1"],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let lengths = certificate.common_names.iter().map(|name| (name, name.chars().count()));
    if let Some((name, length)) = lengths.into_iter().find(|(_, length)| *length > LONGEST) {
        let start: String = name.chars().take(32).collect();
        let message = format!(
            "{} has a common name of {length} characters, beginning with `{}`; {LONGEST} are the most",
            Called(certificate),
            Shown(&start)
        );
        out.report(site.item.place, message).evidence(evidence(certificate));
    }
}
