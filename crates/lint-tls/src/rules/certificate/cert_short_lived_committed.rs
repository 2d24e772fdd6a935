use careen_kube_model::ObjectView;
use careen_model::{Bundle, Context, File, Holder, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::date::{DAY, Date, Span};
use crate::held::Held;
use crate::names::{Called, evidence};
use crate::provided::Provided;
use crate::site::{BundleSite, CertificateSite};
use crate::validity::{Validity, lifetime};

/// The longest life that nobody renews by hand for long, in days.
const SHORT: i64 = 100;

rule! {
    /// A certificate that lives for three months or less is made for renewal by a machine. A copy
    /// in a repository is renewed by hand, four times a year and from 2029 on eight times, until
    /// somebody is on holiday; then every client refuses the service. From 2026 on all public
    /// certificates become as short.
    ///
    /// It is fine where something else renews it: nothing is reported of a Secret that
    /// cert-manager, an ExternalSecret or the like makes, nor where a manifest or Dockerfile of the
    /// repository calls an ACME client. Of certificates in files of their own, which a script may
    /// renew, the finding is low. Expired certificates are left to `cert-expired`.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca, usages: [server_auth]}
    /// long: {names: [shop.example.com], issuer: ca, usages: [server_auth], not_after: 180d}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` in `tls.crt` of Secret `shop/web-tls` lives for 90 days, until 2027-02-19, and no manifest renews it
    /// ```
    /// ```pem bad file=server.pem
    /// ${leaf.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ certificate for `shop.example.com` in `server.pem` lives for 90 days
    /// ```
    /// ```pem good
    /// ${long.crt}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec: {secretName: web-tls, dnsNames: [shop.example.com], issuerRef: {name: ca}}
    /// ```
    /// ```pem good file=tls/server.pem
    /// ${leaf.crt}
    /// ```
    /// ```yaml good file=renew.yaml
    /// apiVersion: batch/v1
    /// kind: CronJob
    /// metadata: {name: renew, namespace: shop}
    /// spec:
    ///   schedule: "0 3 * * 1"
    ///   jobTemplate:
    ///     spec:
    ///       template:
    ///         spec:
    ///           restartPolicy: Never
    ///           containers: [{name: renew, image: certbot/certbot:v5.1.0, args: [renew]}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "cert-short-lived-committed",
        summary: "short-lived certificate is committed and nothing renews it",
        remedy: "Let cert-manager or another ACME client issue and renew the certificate, and take the copy out of the repository.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        controls: &[control::TLS_VALID],
        references: &[
            "https://cert-manager.io/docs/usage/certificate/",
            "https://cabforum.org/2025/04/11/ballot-sc081v3-introduce-schedule-of-reducing-validity-and-data-reuse-periods/",
        ],
    }
}

/// Words of programs that renew certificates, and of objects that do.
const RENEWERS: [&str; 9] = [
    "acme.sh",
    "certbot",
    "dehydrated",
    "getssl",
    "lego renew",
    "lego run",
    "step ca renew",
    "wacs.exe",
    "certmagic",
];

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let mut renewed = None;
    for file in snapshot.files() {
        for bundle in &file.bundles {
            // Roles cost signature checks, so first see whether they matter.
            if !bundle.certificates().any(|(_, each)| is_short(each, context.now)) {
                continue;
            }
            let site = BundleSite::new(file, bundle, context);
            let served = site
                .sites()
                .find(|each| each.is_server() && is_short(each.certificate, context.now));
            let Some(served) = served.filter(|_| !site.quoted) else { continue };
            let own = made_elsewhere(snapshot, &site);
            if own || *renewed.get_or_insert_with(|| snapshot.files().iter().any(renews)) {
                continue;
            }
            tell(file, bundle, &served, out);
        }
    }
}

fn is_short(certificate: &careen_x509_model::Certificate, now: i64) -> bool {
    certificate.is_leaf()
        && lifetime(certificate) <= SHORT * DAY
        && matches!(Validity::of(certificate, now), Validity::Valid | Validity::NotYet)
}

/// Whether the Secret around the certificate is made by a controller.
fn made_elsewhere(snapshot: &Snapshot, site: &BundleSite<'_>) -> bool {
    let Some(object) = site.object() else { return false };
    let annotated = |view: ObjectView<'_>| {
        ["cert-manager.io/certificate-name", "cert-manager.io/issuer-name"]
            .iter()
            .any(|annotation| view.annotations().has(annotation))
    };
    annotated(object.view) || Provided::of(snapshot).makes(object.view.name())
}

/// Whether a file calls a program that renews certificates.
fn renews(file: &File) -> bool {
    let text = file.source.text();
    RENEWERS.iter().any(|word| text.contains(word))
}

fn tell(file: &File, bundle: &Bundle, served: &CertificateSite<'_>, out: &mut SnapshotSink<'_>) {
    let certificate = served.certificate;
    let held = Held { file, bundle, item: served.item, what: certificate };
    let message = format!(
        "{} in {} lives for {}, until {}, and no manifest renews it",
        Called(certificate),
        held.place(),
        Span(lifetime(certificate)),
        Date(certificate.not_after)
    );
    let finding = held.report(out, message).evidence(evidence(certificate));
    if bundle.holder == Holder::File {
        finding.severity(Severity::Low);
    }
}
