use careen_model::{Context, File, Holder, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_x509_model::{Certificate, Purpose};

use crate::Check;
use crate::date::Date;
use crate::dates::dates;
use crate::held::certificates;
use crate::names::{Called, evidence};
use crate::subject::attributes;

rule! {
    /// A certificate with the TLS feature `status_request`, known as must-staple, is refused
    /// (Firefox: `MOZILLA_PKIX_ERROR_REQUIRED_TLS_FEATURE_MISSING`) unless the server sends a fresh
    /// OCSP answer with every handshake. nginx, ingress-nginx, Envoy, HAProxy and Apache do so only
    /// when told, Traefik and Go's servers not at all. Where the CA has no OCSP service any more,
    /// as Let's Encrypt since August 2025, no server can.
    ///
    /// Where the CA could answer, only certificates in Secrets are judged, by what the manifests
    /// of the repository configure. It is fine where the server that staples is configured
    /// elsewhere.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// dead: {names: [shop.example.com], issuer: ca, extensions: [{oid: 1.3.6.1.5.5.7.1.24, der: "3003020105"}]}
    /// leaf: {names: [shop.example.com], issuer: ca, extensions: [{oid: 1.3.6.1.5.5.7.1.24, der: "3003020105"}, {oid: 1.3.6.1.5.5.7.1.1, der: 301d301b06082b06010505073001860f687474703a2f2f6f6373702e612f78}]}
    /// plain: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```pem bad file=a.pem
    /// ${dead.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` demands a stapled OCSP answer, but names no OCSP responder to get one from
    /// ```
    /// ```yaml bad file=secret.yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` demands a stapled OCSP answer, but no manifest turns stapling on
    /// ```
    /// ```pem good file=a.pem
    /// ${leaf.crt}
    /// ```
    /// ```yaml good file=secret.yaml
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: ingress-nginx-controller, namespace: ingress-nginx}
    /// data:
    ///   enable-ocsp: "true"
    /// ```
    /// ```pem good file=b.pem
    /// ${plain.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-must-staple",
        summary: "certificate demands a stapled OCSP answer that nothing sends",
        remedy: "Have the certificate issued again without must-staple, or turn OCSP stapling on in the server.",
        severity: Medium,
        check: Check::Snapshot(check),
        peers: &["testssl:cert_mustStapleExtension", "sslyze"],
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc7633",
            "https://letsencrypt.org/2024/12/05/ending-ocsp",
        ],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let mut staples = None;
    for held in certificates(snapshot).filter(|held| held.what.is_leaf()) {
        let certificate = held.what;
        if !certificate.must_staple() {
            continue;
        }
        let why = match impossible(certificate, context.now) {
            Some(why) => why,
            None if held.bundle.holder == Holder::File => continue,
            None if *staples.get_or_insert_with(|| snapshot.files().iter().any(turns_on)) => {
                continue;
            }
            None => "no manifest turns stapling on".to_owned(),
        };
        let message = format!("{} demands a stapled OCSP answer, but {why}", Called(certificate));
        held.report(out, message).evidence(evidence(certificate));
    }
}

/// Why no server can staple for a certificate.
fn impossible(certificate: &Certificate, now: i64) -> Option<String> {
    if !certificate.addresses().iter().any(|(purpose, _)| *purpose == Purpose::Ocsp) {
        return Some("names no OCSP responder to get one from".to_owned());
    }
    let mut organizations = attributes(&certificate.issuer).filter(|(kind, _)| *kind == "O");
    let ended = organizations.find_map(|(_, name)| dates().ocsp_ended(&name))?;
    (now >= ended).then(|| format!("its CA answers no OCSP requests since {}", Date(ended)))
}

/// Whether a manifest turns stapling on: nginx, Apache, ingress-nginx, Envoy or HAProxy.
fn turns_on(file: &File) -> bool {
    file.source.text().lines().any(|line| {
        let mut words = line
            .split(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '"' | '\'' | ';' | ','))
            .filter(|word| !word.is_empty());
        let name = words.next().unwrap_or_default();
        let value = words.next().unwrap_or_default();
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
        let on = ["on", "true", "yes"].iter().any(|each| value.eq_ignore_ascii_case(each));
        (on && (is("ssl_stapling") || is("SSLUseStapling") || is("enable-ocsp")))
            || is("ocsp_staple")
            || is("ocsp_staple_policy")
            || line.contains("ocsp-update on")
    })
}
