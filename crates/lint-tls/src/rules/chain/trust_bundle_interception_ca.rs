use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::interception::{Kind, interceptor};
use crate::names::{Called, evidence};
use crate::{CertificateSite, Check, Role};

rule! {
    /// The CA of an intercepting proxy signs for every host in the world, so who holds its key
    /// reads and changes all traffic of those who trust it. Its key lies in the home folder of a
    /// developer (mitmproxy, Charles, Burp, mkcert), in every copy of the program (Superfish), or
    /// on an appliance of the company. It comes into bundles when somebody debugs, or builds an
    /// image behind a proxy, and ships with them.
    ///
    /// It is fine in an image that runs only behind the company's own proxy, which is then
    /// reported with less weight, and in development.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 4y}
    /// proxy: {ca: true, common_name: mitmproxy, subject: {O: mitmproxy}, not_after: 4y}
    /// staging: {ca: true, common_name: (STAGING) Pretend Pear X1, not_after: 4y}
    /// ```
    /// ```pem bad file=ca-bundle.pem
    /// ${ca.crt}
    /// ${proxy.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `mitmproxy` in a trust bundle is of mitmproxy, which intercepts traffic
    /// ${staging.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ CA certificate `(STAGING) Pretend Pear X1` in a trust bundle is of Let's Encrypt's staging, which is for tests
    /// ```
    /// ```pem good file=ca-bundle.pem
    /// ${ca.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "trust-bundle-interception-ca",
        summary: "trust bundle holds the CA of a proxy or of a developer",
        remedy: "Take the certificate out of the bundle, and mount it only where it is needed.",
        severity: High,
        check: Check::Certificate(check),
        security: true,
        cwe: &[295, 300],
        controls: &[control::TLS_VALID],
        references: &[
            "https://docs.mitmproxy.org/stable/concepts/certificates/",
            "https://github.com/FiloSottile/mkcert#readme",
        ],
    }
}

fn check(site: &CertificateSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let certificate = site.certificate;
    if site.role != Role::Trust || !certificate.is_ca() {
        return;
    }
    let Some(found) = interceptor(&certificate.subject) else { return };
    let words = match found.kind {
        Kind::Debugger | Kind::Appliance => "intercepts traffic",
        Kind::Development => "is for development",
        Kind::Staging => "is for tests",
    };
    let (what, product) = (Called(certificate), found.product);
    let message = format!("{what} in a trust bundle is of {product}, which {words}");
    let finding = out.report(site.item.place, message).evidence(evidence(certificate));
    if found.kind == Kind::Appliance || site.bundle.quoted {
        finding.severity(Severity::Medium);
    }
}
