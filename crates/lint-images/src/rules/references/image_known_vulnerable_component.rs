use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::subject::ImageSite;

rule! {
    /// A few releases of programs that run in many clusters hold a vulnerability that is used by
    /// every scanner on the internet: Argo CD before 2.1.9, 2.2.4 and 2.3.0 lets a chart read
    /// secrets of other applications (CVE-2022-24348), Grafana 8.0.0 to 8.3.0 gives away any file
    /// (CVE-2021-43798), and Kyverno 1.8.3 and 1.8.4 verify an image and run another
    /// (CVE-2022-47633). The tag alone shows it. A scanner with a vulnerability database finds
    /// more; this rule needs none.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: board
    ///   namespace: ops
    /// spec:
    ///   containers:
    ///   - name: board
    ///     image: grafana/grafana:8.2.6
    /// #                          ^^^^^ image `grafana/grafana:8.2.6` of container `board` in Pod `ops/board` has the vulnerability CVE-2021-43798
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: board
    ///   namespace: ops
    /// spec:
    ///   containers:
    ///   - name: board
    ///     image: grafana/grafana:8.2.7
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-known-vulnerable-component",
        summary: "image is a release with a well-known critical vulnerability",
        remedy: "Move to the current release.",
        severity: High,
        check: Check::ImageUse(check),
        confidence: Confidence::High,
        security: true,
        cwe: &[1395],
        peers: &["kubescape:C-0081", "kubescape:C-0090", "kubescape:C-0091"],
        controls: &[control::IMAGE_SCANNED],
        references: &[
            "https://nvd.nist.gov/vuln/detail/CVE-2021-43798",
            "https://nvd.nist.gov/vuln/detail/CVE-2022-24348",
            "https://nvd.nist.gov/vuln/detail/CVE-2022-47633",
        ],
    }
}

type Version = [u32; 3];

/// Releases from the first up to, and without, the second version have it.
struct Vulnerability {
    /// The last part of the image's repository.
    image: &'static str,
    cve: &'static str,
    ranges: &'static [(Version, Version)],
}

const KNOWN: [Vulnerability; 3] = [
    Vulnerability {
        image: "argocd",
        cve: "CVE-2022-24348",
        ranges: &[([0, 0, 0], [2, 1, 9]), ([2, 2, 0], [2, 2, 4])],
    },
    Vulnerability {
        image: "grafana",
        cve: "CVE-2021-43798",
        ranges: &[
            ([8, 0, 0], [8, 0, 7]),
            ([8, 1, 0], [8, 1, 8]),
            ([8, 2, 0], [8, 2, 7]),
            ([8, 3, 0], [8, 3, 1]),
        ],
    },
    Vulnerability { image: "kyverno", cve: "CVE-2022-47633", ranges: &[([1, 8, 3], [1, 8, 5])] },
];

fn check(image: &ImageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Ok(reference) = &image.reference else { return };
    let repository = reference.repository();
    let name = repository.rsplit('/').next().unwrap_or_default();
    let Some(known) = KNOWN.iter().find(|known| known.image == name) else { return };
    let (Some(tag), Some(span)) = (reference.tag(), reference.tag_span()) else { return };
    let Some(version) = version(tag) else { return };
    if known.ranges.iter().any(|(from, until)| *from <= version && version < *until) {
        let cve = known.cve;
        let message = format!("{} has the vulnerability {cve}", image.display());
        image.report(out, image.span_of(span), message);
    }
}

/// The numbers of `v1.2.3` or `1.2.3-ubuntu`; tags that name fewer of them move.
fn version(tag: &str) -> Option<Version> {
    let tag = tag.strip_prefix('v').unwrap_or(tag);
    let numbers = tag.split(['-', '+']).next()?;
    let mut parts = numbers.split('.').map(str::parse);
    let version = [parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?];
    parts.next().is_none().then_some(version)
}
