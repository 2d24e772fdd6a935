use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::dates::dates;
use crate::names::{Called, evidence};
use crate::validity::lifetime;
use crate::{CertificateSite, Check};

rule! {
    /// Chrome, Safari and Firefox refuse a public certificate that no transparency log vouches
    /// for (`ERR_CERTIFICATE_TRANSPARENCY_REQUIRED`): two signed timestamps of different logs for a
    /// life up to 180 days, three for a longer one. Public CAs embed them unless asked not to, or
    /// the server has to send them by itself in the handshake, which few can. A private CA that
    /// names public policies gets here as well.
    ///
    /// It is fine where the server sends timestamps through a TLS extension or a stapled answer,
    /// and where no browser is among the clients.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Public CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca, public: true, usages: [server_auth]}
    /// empty: {names: [shop.example.com], issuer: ca, public: true, usages: [server_auth], extensions: [{oid: 1.3.6.1.4.1.11129.2.4.2, der: "04020000"}]}
    /// few: {names: [shop.example.com], issuer: ca, usages: [server_auth], not_after: 185d, extensions: [{oid: 1.3.6.1.4.1.11129.2.4.2, der: "04080006000100000101"}]}
    /// sound: {names: [shop.example.com], issuer: ca, usages: [server_auth], extensions: [{oid: 1.3.6.1.4.1.11129.2.4.2, der: "04080006000100000101"}]}
    /// private: {names: [shop.example.com], issuer: ca, usages: [server_auth]}
    /// ```
    /// ```pem bad file=a.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is public and holds no timestamp of a transparency log; browsers want 2
    /// ```
    /// ```pem bad file=b.pem
    /// ${empty.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is public and holds an empty list of timestamps of transparency logs; browsers want 2
    /// ```
    /// ```pem bad file=c.pem
    /// ${few.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` is public and holds 2 timestamps of transparency logs; browsers want 3
    /// ```
    /// ```pem good file=a.pem
    /// ${sound.crt}
    /// ```
    /// ```pem good file=b.pem
    /// ${private.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-sct-missing",
        summary: "public certificate holds too few timestamps of transparency logs",
        remedy: "Have the certificate issued again with embedded timestamps, or leave public policies out of a private CA's profile.",
        severity: Medium,
        check: Check::Certificate(check),
        peers: &[
            "zlint:w_ct_sct_policy_count_unsatisfied",
            "zlint:e_empty_sct_list",
            "pkilint:pkix.sct_list_empty",
            "testssl:certificate_transparency",
            "sslyze:SCT-count",
        ],
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &[
            "https://googlechrome.github.io/CertificateTransparency/ct_policy.html",
            "https://support.apple.com/en-us/103214",
            "https://www.rfc-editor.org/rfc/rfc6962#section-3.3",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    let held = certificate.timestamps();
    if certificate.is_precertificate() || !(site.is_public_server() || held == Some(0)) {
        return;
    }
    let wanted = dates().timestamps(certificate.not_before, lifetime(certificate));
    let wanted = wanted.unwrap_or_default();
    let count = held.unwrap_or_default();
    if count >= wanted && held != Some(0) {
        return;
    }
    let what = match held {
        None => "no timestamp of a transparency log".to_owned(),
        Some(0) => "an empty list of timestamps of transparency logs".to_owned(),
        Some(1) => "1 timestamp of a transparency log".to_owned(),
        Some(count) => format!("{count} timestamps of transparency logs"),
    };
    let message = format!(
        "{} is public and holds {what}; browsers want {}",
        Called(certificate),
        wanted.max(1)
    );
    out.report(site.item.place, message).evidence(evidence(certificate));
}
