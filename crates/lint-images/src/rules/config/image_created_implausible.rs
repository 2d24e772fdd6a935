use careen_image_model::oci::rfc3339_seconds;
use careen_model::Context;
use careen_rule::{DAY, Date, SnapshotSink, rule};

use crate::Check;
use crate::moment::{self, FIRST_IMAGE};
use crate::subject::{Built, cut};

rule! {
    /// `created` decides how old an image is for clean-up policies, for scanners and for whoever
    /// looks. A date in the future or before there were images comes from a clock that was wrong
    /// or from a wrong number in `SOURCE_DATE_EPOCH`; one after the end of the build that
    /// provenance tells of, from another build. The first days of Unix and of ZIP, and the zero
    /// time of Go, are what reproducible builds write, and fine.
    ///
    /// ```image bad file=app
    /// # finds config.json @ "2027-02-03T00:00:00Z": image `app` was created on 2027-02-03, which is in the future
    /// created: 2027-02-03T00:00:00Z
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "1999-12-31T23:59:59Z": image `app` was created on 1999-12-31, before there were images
    /// created: 1999-12-31T23:59:59Z
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "yesterday": `created` of image `app` is `yesterday`, which is no moment
    /// created: yesterday
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "2026-11-20T00:00:00Z": image `app` was created on 2026-11-20, after the build that its provenance tells of, which ended on 2026-11-01
    /// created: 2026-11-20T00:00:00Z
    /// evidence:
    ///   attestations:
    ///     - predicate-type: https://slsa.dev/provenance/v0.2
    ///       place: index
    ///       verdict: unsigned
    ///       predicate: {metadata: {buildFinishedOn: "2026-11-01T10:00:00Z"}}
    /// ```
    /// ```image good file=app
    /// created: 2026-12-01T12:00:00Z
    /// ```
    /// ```image good file=app
    /// created: 1980-01-01T00:00:01Z
    /// ```
    /// ```image good file=app
    /// created: 0001-01-01T00:00:00Z
    /// ```
    /// ```image good file=app
    /// created: null
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-created-implausible",
        summary: "image was created at a moment that cannot be",
        remedy: "Set the clock of the builder, or `SOURCE_DATE_EPOCH`.",
        severity: Low,
        check: Check::Image(check),
        references: &[
            "https://github.com/opencontainers/image-spec/blob/main/config.md#properties",
            "https://reproducible-builds.org/docs/source-date-epoch/",
        ],
    }
}

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let Some(node) = built.image.config.at(&["created"]) else { return };
    let name = built.name();
    let Some(text) = node.as_str() else { return };
    let Some(created) = rfc3339_seconds(text) else {
        let message = format!("`created` of image `{name}` is `{}`, which is no moment", cut(text));
        built.report_config(out, Some(node), message);
        return;
    };
    if moment::is_placeholder(created) {
        return;
    }
    let date = Date(created);
    let finished = moment::finished(built).filter(|finished| created > finished + DAY);
    let message = if created > context.now + DAY {
        format!("image `{name}` was created on {date}, which is in the future")
    } else if created < FIRST_IMAGE {
        format!("image `{name}` was created on {date}, before there were images")
    } else if let Some(finished) = finished {
        format!(
            "image `{name}` was created on {date}, after the build that its provenance tells of, which ended on {}",
            Date(finished)
        )
    } else {
        return;
    };
    built.report_config(out, Some(node), message);
}
