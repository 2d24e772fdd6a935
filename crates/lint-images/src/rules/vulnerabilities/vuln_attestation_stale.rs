use careen_model::Context;
use careen_rule::{DAY, Date, OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::subject::Examined;
use crate::{Check, scans};

const SCAN_DAYS: i64 = 30;
const DATABASE_DAYS: i64 = 7;

rule! {
    /// A vulnerability that was found last week is in no report of last month. Scans are repeated
    /// for as long as the image runs, with a database of the day. Says something where a report is
    /// known that is about the image: by default if it is older than 30 days, or was made with a
    /// database that was 7 days old.
    ///
    /// ```json bad file=scan.json
    /// {
    ///   "SchemaVersion": 2,
    ///   "CreatedAt": "2026-10-01T00:00:00Z",
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
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `registry.example.com/web:1.4` of container `web` in Pod `shop/api` was scanned 61 days ago, on 2026-10-01, by trivy (`scan.json`)
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json: image `app` was scanned on 2026-11-30 with a database of 2026-11-10 by grype (attestation)
    /// evidence:
    ///   searched: true
    ///   attestations:
    ///   - predicate-type: https://in-toto.io/attestation/vulns/v0.1
    ///     place: sha256-12
    ///     verdict: valid
    ///     predicate:
    ///       scanner: {uri: "https://github.com/anchore/grype", db: {lastUpdate: "2026-11-10T00:00:00Z"}, result: []}
    ///       metadata: {scanFinishedOn: "2026-11-30T00:00:00Z"}
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
    ///     image: registry.example.com/web:1.4
    /// ```
    pub(crate) static RULE: Check = {
        id: "vuln-attestation-stale",
        summary: "vulnerability scan of the image is out of date",
        remedy: "Scan the image again, every day, with a fresh database.",
        severity: Medium,
        check: Check::Evidence(check),
        peers: &["dockle:CIS-DI-0004", "cis:4.4"],
        security: true,
        cwe: &[1395],
        controls: &[control::IMAGE_SCANNED],
        references: &["https://github.com/in-toto/attestation/blob/main/spec/predicates/vuln.md"],
        options: &[
            RuleOption {
                name: "days",
                kind: OptionKind::Number,
                summary: "How old a scan may be in days; 30 if not given.",
            },
            RuleOption {
                name: "database-days",
                kind: OptionKind::Number,
                summary: "How old the scanner's database may be when it scans, in days; 7 if not given.",
            },
        ],
    }
}

fn check(examined: &Examined<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let Some(bound) = scans::best(examined) else { return };
    let days = |name, usual| context.options.number(RULE.meta.id, name).unwrap_or(usual).max(0);
    // Who does not say when it was has proven nothing, and is not known to be late.
    let Some(scanned) = bound.scanned else { return };
    let age = context.now.saturating_sub(scanned) / DAY;
    let describe = || (examined.display(), bound.source(), Date(scanned));
    if age > days("days", SCAN_DAYS) {
        let (image, source, on) = describe();
        let message = format!("{image} was scanned {age} days ago, on {on}, by {source}");
        examined.report(out, message);
        return;
    }
    let Some(database) = bound.report.database else { return };
    if scanned.saturating_sub(database) / DAY > days("database-days", DATABASE_DAYS) {
        let (image, source, on) = describe();
        let made = Date(database);
        let message = format!("{image} was scanned on {on} with a database of {made} by {source}");
        examined.report(out, message);
    }
}
