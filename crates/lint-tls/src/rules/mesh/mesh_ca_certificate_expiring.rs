use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};
use careen_x509_model::Certificate;

use crate::Check;
use crate::date::{DAY, Date, Span};
use crate::mesh::{Part, mesh_certificates};
use crate::names::{Name, evidence};
use crate::validity::{Validity, lifetime};

rule! {
    /// All workloads of a mesh have certificates of this CA. On the day it expires all of them
    /// fail at once: no pod can call another, and new pods do not get ready. An issuer can be
    /// replaced in an hour; to replace a root or trust anchor, the new one has to be trusted by
    /// every workload first, which takes a restart of all of them, so the warning comes 90 days
    /// before, or in the last third of a shorter life.
    ///
    /// It is fine where an old anchor stays beside its successor for a while; as long as one of
    /// them is good, nothing is said.
    ///
    /// ```recipe
    /// root: {ca: true, common_name: Mesh Root, not_before: -3y, not_after: 60d}
    /// issuer: {ca: true, common_name: Mesh Issuer, issuer: root, not_before: -400d, not_after: -2d}
    /// fresh: {ca: true, common_name: Fresh Root, not_after: 5y}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: cacerts, namespace: istio-system}
    /// data:
    ///   root-cert.pem: ${root.crt|base64}
    /// #                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Istio's root CA `Mesh Root` expires on 2027-01-30, in 60 days
    ///   ca-cert.pem: ${issuer.crt|base64}
    /// #              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Istio's CA `Mesh Issuer` expired on 2026-11-29, 2 days ago
    /// ```
    /// ```yaml bad file=values.yaml
    /// identityTrustAnchorsPEM: |
    ///   ${root.crt}
    /// # ^^^^^^^^^^^^^^^^^^^^^^^^^^^ Linkerd's trust anchor `Mesh Root` expires on 2027-01-30, in 60 days
    /// ```
    /// ```yaml good file=values.yaml
    /// identityTrustAnchorsPEM: |
    ///   ${root.crt}
    ///   ${fresh.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-ca-certificate-expiring",
        summary: "CA of a service mesh has expired or expires soon",
        remedy: "Make the successor now, let all workloads trust both for a while, then switch.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &[
            "https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/",
            "https://linkerd.io/2-edge/tasks/manually-rotating-control-plane-tls-credentials/",
        ],
    }
}

/// The last days of a CA's life.
const WINDOW: i64 = 90 * DAY;
/// The days in which an orderly change can no longer be made.
const HURRY: i64 = 30 * DAY;

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    for value in mesh_certificates(snapshot) {
        let ends = |certificate: &Certificate| {
            let left = certificate.not_after.saturating_sub(context.now);
            left < WINDOW.min(lifetime(certificate) / 3)
        };
        let anchors = value.part == Part::Anchors;
        // One anchor that stays good is enough.
        if anchors && value.certificates().any(|held| !ends(held.what)) {
            continue;
        }
        // Behind the issuer stand those that signed it.
        let most = if anchors { usize::MAX } else { 1 };
        for held in value.certificates().take(most).filter(|held| ends(held.what)) {
            let (certificate, name) = (held.what, value.part.called(value.mesh));
            let left = certificate.not_after.saturating_sub(context.now);
            let end = Date(certificate.not_after);
            let said = match Validity::of(certificate, context.now) {
                Validity::Expired => {
                    format!("expired on {end}, {} ago", Span(left.saturating_neg()))
                }
                Validity::Inverted => continue,
                Validity::NotYet | Validity::Valid => {
                    format!("expires on {end}, in {}", Span(left))
                }
            };
            let finding = held.report(out, format!("{name} `{}` {said}", Name(certificate)));
            finding.evidence(evidence(certificate));
            if left > HURRY {
                finding.severity(Severity::Medium);
            }
        }
    }
}
