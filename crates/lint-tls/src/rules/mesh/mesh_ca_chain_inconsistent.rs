use std::collections::BTreeMap;

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_x509_model::{Certificate, Issued};

use crate::Check;
use crate::held::Held;
use crate::mesh::{Mesh, MeshCertificate, Part, mesh_certificates};
use crate::names::{Name, evidence};

rule! {
    /// istiod reads values that must fit each other: `ca-cert.pem` is signed, over what stands in
    /// `cert-chain.pem`, by `root-cert.pem`. Otherwise istiod does not start, or signs certificates
    /// that no workload of the mesh takes, so that all calls fail one after the other as
    /// certificates are renewed. The same holds for Linkerd's issuer and its trust anchors.
    ///
    /// It is fine nowhere. Where one of the values is not in the repository, nothing is said. A key
    /// that is not the CA's is told by `key-certificate-mismatch`.
    ///
    /// ```recipe
    /// root: {ca: true, common_name: Mesh Root, not_after: 5y}
    /// other: {ca: true, common_name: Other Root, not_after: 5y}
    /// middle: {ca: true, common_name: Region CA, issuer: root, not_after: 4y}
    /// issuer: {ca: true, common_name: Mesh Issuer, issuer: middle, not_after: 3y}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: cacerts, namespace: istio-system}
    /// data:
    ///   root-cert.pem: ${root.crt|base64}
    ///   cert-chain.pem: ${issuer.crt|base64}
    ///   ca-cert.pem: ${issuer.crt|base64}
    /// #              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Istio's CA `Mesh Issuer` does not lead to `Mesh Root`: the certificate of its issuer, CN=Region CA, is missing
    ///   ca-key.pem: ${issuer.key|base64}
    /// ```
    /// ```yaml bad file=values.yaml
    /// identityTrustAnchorsPEM: |
    ///   ${other.crt}
    /// identity:
    ///   issuer:
    ///     tls:
    ///       crtPEM: |
    ///         ${middle.crt}
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^ Linkerd's issuer `Region CA` does not lead to `Other Root`: the certificate of its issuer, CN=Mesh Root, is missing
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: cacerts, namespace: istio-system}
    /// data:
    ///   root-cert.pem: ${root.crt|base64}
    ///   cert-chain.pem: ${middle.crt|base64}
    ///   ca-cert.pem: ${issuer.crt|base64}
    ///   ca-key.pem: ${issuer.key|base64}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: linkerd-identity-trust-roots, namespace: linkerd}
    /// data:
    ///   ca-bundle.crt: |
    ///     ${other.crt}
    ///     ${root.crt}
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: linkerd-identity-issuer, namespace: linkerd}
    /// data:
    ///   crt.pem: ${middle.crt|base64}
    /// ```
    pub(crate) static RULE: Check = {
        id: "mesh-ca-chain-inconsistent",
        summary: "CA of a service mesh does not lead to its root",
        remedy: "Take all values from one issuance: the CA's certificate, those between it and the root, and the root.",
        severity: High,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &[
            "https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/",
            "https://linkerd.io/2-edge/tasks/generate-certificates/",
        ],
    }
}

/// Certificates of one value that are looked at, and steps of a path.
const LONGEST: usize = 16;

/// Values that belong together.
#[derive(Default)]
struct Set<'a> {
    issuers: Vec<MeshCertificate<'a>>,
    chain: Vec<&'a Certificate>,
    anchors: Vec<&'a Certificate>,
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut sets: BTreeMap<(&str, usize, bool), Set<'_>> = BTreeMap::new();
    for value in mesh_certificates(snapshot) {
        let path = value.file.source.path();
        // Istio's stand in one Secret; Linkerd's in several objects beside each other, or in one
        // file of values.
        let key = match (value.mesh, value.bundle.holder.object()) {
            (Mesh::Istio, Some(object)) => (path, object, true),
            (Mesh::Istio, None) => continue,
            (Mesh::Linkerd, Some(_)) => (path.rsplit_once('/').map_or("", |(up, _)| up), 0, false),
            (Mesh::Linkerd, None) => (path, usize::MAX, false),
        };
        let set = sets.entry(key).or_default();
        let certificates = value.certificates().take(LONGEST).map(|held| held.what);
        match value.part {
            Part::Issuer => {
                set.chain.extend(certificates.skip(1));
                set.issuers.push(value);
            }
            Part::Chain => set.chain.extend(certificates),
            Part::Anchors => set.anchors.extend(certificates),
        }
    }
    for set in sets.values_mut() {
        set.chain.truncate(2 * LONGEST);
        set.anchors.truncate(2 * LONGEST);
        for value in set.issuers.iter().take(LONGEST) {
            let Some(issuer) = value.certificates().next() else { continue };
            lead(value, issuer, set, out);
        }
    }
}

/// Whether there is a path from the issuer to an anchor.
fn lead(
    value: &MeshCertificate<'_>,
    issuer: Held<'_, Certificate>,
    set: &Set<'_>,
    out: &mut SnapshotSink<'_>,
) {
    let Some(anchor) = set.anchors.first() else { return };
    let mut last = issuer.what;
    for _ in 0..LONGEST {
        let is_anchor = |anchor: &&Certificate| {
            anchor.sha256 == last.sha256
                || matches!(anchor.issued(last), Issued::Yes | Issued::UnsupportedAlgorithm)
        };
        if set.anchors.iter().any(is_anchor) {
            return;
        }
        let next = set.chain.iter().find(|candidate| {
            candidate.sha256 != last.sha256
                && matches!(candidate.issued(last), Issued::Yes | Issued::UnsupportedAlgorithm)
        });
        let Some(next) = next else { break };
        last = next;
    }
    let why = if set.anchors.iter().any(|anchor| anchor.issued(last) == Issued::NamesOnly) {
        format!("another CA named {} signed it", crate::names::Shown(&last.issuer))
    } else if last.self_issued {
        "it is a root of its own".to_owned()
    } else {
        let whose = if last.sha256 == issuer.what.sha256 { "its" } else { "the next" };
        format!(
            "the certificate of {whose} issuer, {}, is missing",
            crate::names::Shown(&last.issuer)
        )
    };
    let message = format!(
        "{} `{}` does not lead to `{}`: {why}",
        value.part.called(value.mesh),
        Name(issuer.what),
        Name(anchor)
    );
    issuer.report(out, message).evidence(evidence(issuer.what));
}
