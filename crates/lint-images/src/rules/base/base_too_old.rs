use careen_image_model::oci::rfc3339_seconds;
use careen_model::Context;
use careen_rule::{Confidence, DAY, Date, OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::base_evidence::{base, claims};
use crate::moment;
use crate::subject::Built;

/// Days that an image may be old where the user does not say.
const DAYS: i64 = 365;

rule! {
    /// An image never changes: what was fixed in its base and its packages since the day it was
    /// built is not in it. Build anew, on a base of today, at least as often as the option `days`
    /// says, also where the program itself did not change. The dates that reproducible builds
    /// write are not looked at; provenance tells when those were built.
    ///
    /// ```image bad file=app
    /// # finds config.json @ "2025-06-01T00:00:00Z": image `app` was built on 2025-06-01, 548 days ago, on `debian:12.11` (by its annotation)
    /// created: 2025-06-01T00:00:00Z
    /// annotations: {org.opencontainers.image.base.name: "debian:12.11"}
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "1970-01-01T00:00:00Z": image `app` was built on 2025-06-01, 547 days ago
    /// created: 1970-01-01T00:00:00Z
    /// evidence:
    ///   attestations:
    ///     - predicate-type: https://slsa.dev/provenance/v1
    ///       place: index
    ///       verdict: unsigned
    ///       predicate: {runDetails: {metadata: {finishedOn: "2025-06-01T10:00:00Z"}}}
    /// ```
    /// ```config
    /// rules: {base-too-old: {days: 600}}
    /// ```
    /// ```image good file=app
    /// created: 2025-06-01T00:00:00Z
    /// ```
    /// ```image good file=app
    /// created: 1970-01-01T00:00:00Z
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-too-old",
        summary: "image was built long ago",
        remedy: "Build the image anew on the newest base image.",
        severity: Medium,
        check: Check::Image(check),
        confidence: Confidence::High,
        peers: &["dockle:CIS-DI-0004", "cis:4.4"],
        security: true,
        cwe: &[1104],
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often",
        ],
        options: &[RuleOption {
            name: "days",
            kind: OptionKind::Number,
            summary: "How many days an image may be old; without it, 365.",
        }],
    }
}

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let node = built.image.config.at(&["created"]);
    let created = node.and_then(|node| rfc3339_seconds(node.as_str()?));
    let created = created.filter(|created| !moment::is_placeholder(*created));
    let Some(created) = created.or_else(|| moment::finished(built)) else { return };
    let days = context.options.number(RULE.meta.id, "days").unwrap_or(DAYS);
    let age = context.now.saturating_sub(created) / DAY;
    // Nothing is older than images are.
    if age <= days || created < moment::FIRST_IMAGE {
        return;
    }
    let claims = claims(built);
    let base = base(&claims).and_then(|(image, proof)| {
        let name = image.reference.as_ref()?.as_written();
        Some(format!(", on `{name}` (by its {})", proof.name()))
    });
    let message = format!(
        "image `{}` was built on {}, {age} days ago{}",
        built.name(),
        Date(created),
        base.unwrap_or_default()
    );
    built.report_config(out, node, message);
}
