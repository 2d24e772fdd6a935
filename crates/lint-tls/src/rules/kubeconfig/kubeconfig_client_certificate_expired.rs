use careen_model::{Context, Snapshot};
use careen_rule::{Severity, SnapshotSink, control, rule};
use careen_x509_model::Certificate;

use crate::Check;
use crate::date::{Date, Span};
use crate::kubeconfig::{kubeconfigs, users};
use crate::names::{Shown, evidence};
use crate::validity::{Validity, WINDOW, window};

rule! {
    /// With an expired client certificate the API server answers `401 Unauthorized` and nothing else:
    /// the pipeline that deploys with this kubeconfig stops, often on the day something must be
    /// deployed. Certificates of clusters made by kubeadm last a year, and nobody renews the copy in
    /// a repository.
    ///
    /// Certificates inside the kubeconfig and in files it names are judged, from 30 days before their
    /// end on, or from the last third of a shorter life. It is fine for a cluster that is gone; then
    /// the file should go as well.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: kubernetes, not_after: 5y}
    /// old: {common_name: admin, usages: [client_auth], issuer: ca, not_before: -375d, not_after: -10d}
    /// soon: {common_name: admin, usages: [client_auth], issuer: ca, not_before: -355d, not_after: 10d}
    /// fresh: {common_name: admin, usages: [client_auth], issuer: ca}
    /// ```
    /// ```yaml bad file=ci/kubeconfig.yaml
    /// apiVersion: v1
    /// kind: Config
    /// users:
    /// - name: admin
    ///   user:
    ///     client-certificate-data: ${old.crt|base64}
    /// #                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ client certificate of user `admin` expired on 2026-11-21, 10 days ago
    /// ```
    /// ```yaml bad file=ci/kubeconfig.yaml
    /// apiVersion: v1
    /// kind: Config
    /// users:
    /// - name: admin
    ///   user: {client-certificate: pki/admin.crt}
    /// #                            ^^^^^^^^^^^^^ client certificate of user `admin` expires on 2026-12-11, in 10 days
    /// ```
    /// ```pem bad file=ci/pki/admin.crt
    /// ${soon.crt}
    /// ```
    /// ```yaml good file=ci/kubeconfig.yaml
    /// apiVersion: v1
    /// kind: Config
    /// users:
    /// - name: admin
    ///   user:
    ///     client-certificate-data: ${fresh.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "kubeconfig-client-certificate-expired",
        summary: "client certificate of a kubeconfig has expired or soon will",
        remedy: "Renew the certificate (`kubeadm certs renew`), or better let the pipeline sign in with a short-lived token of its own identity.",
        severity: High,
        check: Check::Snapshot(check),
        peers: &["x509-certificate-exporter"],
        controls: &[control::TLS_VALID, control::CREDENTIAL_ROTATION],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
            "https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/",
        ],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    for object in kubeconfigs(snapshot) {
        for user in users(object) {
            let found = user.credential(snapshot, "client-certificate-data", "client-certificate");
            let Some(found) = found else { continue };
            let Some((item, certificate)) = found.bundle.certificates().next() else { continue };
            let Some((severity, words)) = judge(certificate, context.now) else { continue };
            let inline = std::ptr::eq(found.file, object.file);
            let place = if inline { item.place } else { found.node.span() };
            let message = format!("client certificate of user `{}` {words}", Shown(user.name));
            let finding = out.report(object.source(), place, message);
            finding.severity(severity).field(found.field).evidence(evidence(certificate));
            finding.object(object.path());
            if !inline {
                finding.related(&found.file.source, item.place, "the certificate");
            }
        }
    }
}

fn judge(certificate: &Certificate, now: i64) -> Option<(Severity, String)> {
    let end = Date(certificate.not_after);
    match Validity::of(certificate, now) {
        Validity::Expired => {
            let ago = Span(now.saturating_sub(certificate.not_after));
            Some((Severity::High, format!("expired on {end}, {ago} ago")))
        }
        Validity::Valid => {
            let left = certificate.not_after.saturating_sub(now);
            let soon = left < window(certificate, WINDOW);
            soon.then(|| (Severity::Medium, format!("expires on {end}, in {}", Span(left))))
        }
        _ => None,
    }
}
