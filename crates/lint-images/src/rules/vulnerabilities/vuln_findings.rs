use careen_image_model::oci::{ScanFinding, ScanSeverity};
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Severity, SnapshotSink, control, rule};

use crate::scans::Vex;
use crate::subject::{Examined, cut};
use crate::{Check, scans};

/// Vulnerabilities that are listed.
const SHOWN: usize = 4;
/// Vulnerabilities that tell one finding from another.
const NAMED: usize = 200;

rule! {
    /// A scanner looked at this very image and found what has a fix: whoever attacks it needs no
    /// idea of their own. Found in reports of trivy, grype and OSV-Scanner, in CycloneDX, in
    /// trivy's SARIF, and in attestations, where they name the digest of the image; where nothing
    /// but the tag in a manifest is known, where they name the tag. An attestation that holds
    /// counts before a file. What a VEX document in the repository, or one that is attested, calls
    /// `not_affected` or `fixed` is left out.
    ///
    /// ```json bad file=reports/scan.json
    /// {
    ///   "SchemaVersion": 2,
    ///   "CreatedAt": "2026-11-30T00:00:00Z",
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
    ///     image: registry.example.com/web:1.4@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f` of container `web` in Pod `shop/api` has 2 known vulnerabilities that have a fix, of severity high or above: `CVE-2026-1001` in `openssl` (critical), `CVE-2026-1002` in `zlib` (high), says trivy (`reports/scan.json`)
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json: image `app` has 1 known vulnerability that has a fix, of severity high or above: `CVE-2026-1001` in `openssl` (critical), says trivy (attestation)
    /// evidence:
    ///   searched: true
    ///   attestations:
    ///   - predicate-type: https://cosign.sigstore.dev/attestation/vuln/v1
    ///     place: sha256-12.att
    ///     verdict: valid
    ///     predicate:
    ///       scanner:
    ///         uri: pkg:github/aquasecurity/trivy@1
    ///         result:
    ///           SchemaVersion: 2
    ///           ArtifactType: container_image
    ///           Results:
    ///           - Vulnerabilities:
    ///             - {VulnerabilityID: CVE-2026-1001, PkgName: openssl, FixedVersion: 3.0.2, Severity: CRITICAL}
    /// ```
    /// ```json good file=reports/scan.json
    /// {
    ///   "SchemaVersion": 2,
    ///   "CreatedAt": "2026-11-30T00:00:00Z",
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
    /// ```json good file=web.openvex.json
    /// {
    ///   "@context": "https://openvex.dev/ns/v0.2.0",
    ///   "statements": [
    ///     {"vulnerability": {"name": "CVE-2026-1001"}, "status": "not_affected", "products": [{"@id": "pkg:oci/web"}]},
    ///     {"vulnerability": {"name": "CVE-2026-1002"}, "status": "fixed", "products": [{"@id": "registry.example.com/web:1.4"}]}
    ///   ]
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
    ///     image: registry.example.com/web:1.4
    /// ```
    /// ```json good file=scan.json
    /// {
    ///   "SchemaVersion": 2,
    ///   "CreatedAt": "2026-11-30T00:00:00Z",
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
    ///     image: registry.example.com/web:1.5@sha256:6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a
    /// ```
    /// ```config
    /// rules: {vuln-findings: {threshold: critical, fixable: all, exploited: [CVE-2026-1003]}}
    /// ```
    /// ```json bad file=scan.json
    /// {
    ///   "SchemaVersion": 2,
    ///   "CreatedAt": "2026-11-30T00:00:00Z",
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
    ///     image: registry.example.com/web:1.4
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4` of container `web` in Pod `shop/api` has 2 known vulnerabilities of severity critical: `CVE-2026-1003` in `tar` (high, known to be exploited), `CVE-2026-1001` in `openssl` (critical), says
    /// ```
    pub(crate) static RULE: Check = {
        id: "vuln-findings",
        summary: "image has known vulnerabilities",
        remedy: "Rebuild the image on a newer base with the fixed versions, then scan it again.",
        severity: High,
        check: Check::Evidence(check),
        peers: &["dockle:CIS-DI-0004", "cis:4.4"],
        security: true,
        cwe: &[1395],
        controls: &[control::IMAGE_SCANNED, control::DEPENDENCIES_SCANNED],
        references: &["https://docs.docker.com/scout/policy/"],
        options: &[
            RuleOption {
                name: "threshold",
                kind: OptionKind::Text,
                summary: "The mildest severity that counts: `low`, `medium`, `high` (the default) or `critical`.",
            },
            RuleOption {
                name: "fixable",
                kind: OptionKind::Text,
                summary: "`only` (the default) counts what has a fix, `all` also what has none.",
            },
            RuleOption {
                name: "exploited",
                kind: OptionKind::Words,
                summary: "Vulnerabilities that are known to be exploited: they count always.",
            },
        ],
    }
}

fn check(examined: &Examined<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let Some(bound) = scans::best(examined) else { return };
    let option = |name| context.options.text(RULE.meta.id, name);
    let least = option("threshold").and_then(ScanSeverity::named).unwrap_or(ScanSeverity::High);
    let all = option("fixable") == Some("all");
    let known = context.options.words(RULE.meta.id, "exploited");
    let is_exploited = |one: &ScanFinding| {
        one.exploited || known.iter().any(|id| *id == one.id || one.aliases.contains(id))
    };
    let (report, vex) = (&bound.report, Vex::of(examined, &bound));
    let mut found: Vec<(bool, &ScanFinding)> = report
        .findings
        .iter()
        .map(|one| (is_exploited(one), one))
        .filter(|(exploited, one)| {
            *exploited || (one.severity >= least && (all || one.fixed.is_some()))
        })
        .filter(|(_, one)| !vex.is_harmless(one))
        .collect();
    found.sort_by(|(bad, one), (worse, other)| {
        let order = (worse, other.severity).cmp(&(bad, one.severity));
        order.then_with(|| (&one.id, &one.package).cmp(&(&other.id, &other.package)))
    });
    if found.is_empty() {
        return;
    }
    let shown: Vec<_> =
        found.iter().take(SHOWN).map(|(exploited, one)| shown(one, *exploited)).collect();
    let more = match found.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "{} has {} known {}{} of severity {}: {}{more}, says {}",
        examined.display(),
        found.len(),
        if found.len() == 1 { "vulnerability" } else { "vulnerabilities" },
        match (all, found.len()) {
            (true, _) => "",
            (false, 1) => " that has a fix,",
            (false, _) => " that have a fix,",
        },
        if least == ScanSeverity::Critical {
            "critical".to_owned()
        } else {
            format!("{} or above", least.name())
        },
        shown.join(", "),
        bound.source()
    );
    let ids: Vec<_> = found.iter().take(NAMED).map(|(_, one)| one.id.as_str()).collect();
    let is_worst = found.iter().any(|(exploited, _)| *exploited);
    examined.report_with(out, message, |finding| {
        // A baseline that knows some of them does not know the next one.
        finding.evidence(ids.join(" "));
        if is_worst {
            finding.severity(Severity::Critical);
        }
    });
}

fn shown(one: &ScanFinding, exploited: bool) -> String {
    let mut text = format!("`{}`", cut(&one.id));
    if !one.package.is_empty() {
        text.push_str(&format!(" in `{}`", cut(&one.package)));
    }
    let known = if exploited { ", known to be exploited" } else { "" };
    text.push_str(&format!(" ({}{known})", one.severity.name()));
    text
}
