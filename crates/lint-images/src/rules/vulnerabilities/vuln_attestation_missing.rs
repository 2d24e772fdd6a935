use careen_image_model::oci::PredicateKind;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::subject::Examined;
use crate::{Check, attestations, scans};

rule! {
    /// Nothing says that this very image was scanned for vulnerabilities. Says something where the
    /// policy asks for an attested scan (`attestations: [vuln]`), and where a report in the
    /// repository is about another build of the same image. A policy that asks for signatures does
    /// not ask for scans.
    ///
    /// ```image bad file=app
    /// # finds manifest.json: image `app` has no attestation of a vulnerability scan
    /// evidence: {searched: true, requirement: {pattern: "*", attestations: [vuln]}}
    /// ```
    /// ```json bad file=scan.json
    /// {
    ///   "SchemaVersion": 2,
    ///   "CreatedAt": "2026-11-20T00:00:00Z",
    ///   "ArtifactName": "registry.example.com/web:1.4",
    ///   "ArtifactType": "container_image",
    ///   "Metadata": {"RepoDigests": ["registry.example.com/web@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f"]},
    ///   "Results": [{"Target": "web", "Vulnerabilities": [
    ///     {"VulnerabilityID": "CVE-2026-1001", "PkgName": "openssl", "InstalledVersion": "3.0.1", "FixedVersion": "3.0.2", "Severity": "CRITICAL"},
    ///     {"VulnerabilityID": "CVE-2026-1002", "PkgName": "zlib", "InstalledVersion": "1.2", "FixedVersion": "1.3", "Severity": "HIGH"},
    ///     {"VulnerabilityID": "CVE-2026-1003", "PkgName": "tar", "InstalledVersion": "1.0", "Severity": "HIGH"},
    ///     {"VulnerabilityID": "CVE-2026-1004", "PkgName": "xz", "InstalledVersion": "5.0", "FixedVersion": "5.1", "Severity": "LOW"}
    ///   ]}]
    /// }
    /// ```
    /// ```yaml bad file=pod.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4@sha256:6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4@sha256:6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a` of container `web` in Pod `shop/api` is not what `scan.json` is about: the digest there is of another build
    /// ```
    /// ```json good file=scan.json
    /// {
    ///   "SchemaVersion": 2,
    ///   "CreatedAt": "2026-11-20T00:00:00Z",
    ///   "ArtifactName": "registry.example.com/web:1.4",
    ///   "ArtifactType": "container_image",
    ///   "Metadata": {"RepoDigests": ["registry.example.com/web@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f"]},
    ///   "Results": [{"Target": "web", "Vulnerabilities": [
    ///     {"VulnerabilityID": "CVE-2026-1001", "PkgName": "openssl", "InstalledVersion": "3.0.1", "FixedVersion": "3.0.2", "Severity": "CRITICAL"},
    ///     {"VulnerabilityID": "CVE-2026-1002", "PkgName": "zlib", "InstalledVersion": "1.2", "FixedVersion": "1.3", "Severity": "HIGH"},
    ///     {"VulnerabilityID": "CVE-2026-1003", "PkgName": "tar", "InstalledVersion": "1.0", "Severity": "HIGH"},
    ///     {"VulnerabilityID": "CVE-2026-1004", "PkgName": "xz", "InstalledVersion": "5.0", "FixedVersion": "5.1", "Severity": "LOW"}
    ///   ]}]
    /// }
    /// ```
    /// ```yaml good file=pod.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f
    /// ```
    /// ```image good file=app
    /// evidence:
    ///   searched: true
    ///   requirement: {pattern: "*"}
    ///   attestations:
    ///   - predicate-type: https://in-toto.io/attestation/vulns/v0.1
    ///     place: sha256-12
    ///     verdict: valid
    ///     predicate: {scanner: {uri: "https://github.com/anchore/grype", result: []}}
    /// ```
    /// ```image good file=app
    /// evidence: {searched: true, requirement: {pattern: "*"}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "vuln-attestation-missing",
        summary: "image has no vulnerability scan",
        remedy: "Scan the digest in the pipeline and attest it: `trivy image --format cosign-vuln IMAGE`, `cosign attest --type vuln`.",
        severity: Medium,
        check: Check::Evidence(check),
        peers: &["dockle:CIS-DI-0004", "cis:4.4"],
        security: true,
        cwe: &[1395],
        controls: &[control::IMAGE_SCANNED],
        references: &["https://github.com/in-toto/attestation/blob/main/spec/predicates/vuln.md"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let image = || examined.display();
    if let Some(evidence) = examined.evidence() {
        let is_kind = |kind| kind == PredicateKind::Vulnerabilities;
        if attestations::missing(evidence, is_kind).next().is_some() {
            examined.report(out, format!("{} has no attestation of a vulnerability scan", image()));
            return;
        }
        if attestations::wanted(evidence).iter().any(|it| is_kind(PredicateKind::of(it))) {
            // It is there, or another rule says what is wrong with it.
            return;
        }
    }
    if scans::best(examined).is_some() {
        return;
    }
    if let Some(path) = scans::earlier(examined) {
        let message = format!(
            "{} is not what `{path}` is about: the digest there is of another build",
            image()
        );
        examined.report(out, message);
    }
}
