//! Moments as JSON documents of images write them.

use careen_image_model::oci::rfc3339_seconds;
use careen_rule::DAY;

use crate::subject::Built;

/// The day that Docker was first shown, 2013-03-15: no image is older.
pub(crate) const FIRST_IMAGE: i64 = 1_363_305_600;

/// 1980-01-01, the earliest day that ZIP archives know.
const ZIP_EPOCH: i64 = 315_532_800;

/// Whether a build writes such a moment on purpose, so that equal inputs make equal images: the
/// zero time of Go, the first day of Unix, and the first day of ZIP archives.
pub(crate) fn is_placeholder(moment: i64) -> bool {
    let zero_of_go = -62_135_596_800;
    [zero_of_go, 0, ZIP_EPOCH].into_iter().any(|day| (day - DAY..=day + DAY).contains(&moment))
}

/// When provenance says that the build ended.
pub(crate) fn finished(built: &Built<'_>) -> Option<i64> {
    let attestations = built.evidence().attestations.iter();
    let moments = attestations.filter_map(|one| {
        let predicate = &one.predicate;
        let v1 = || predicate.pointer("/runDetails/metadata/finishedOn");
        let text = predicate.pointer("/metadata/buildFinishedOn").or_else(v1)?.as_str()?;
        rfc3339_seconds(text)
    });
    moments.filter(|moment| !is_placeholder(*moment)).max()
}

#[cfg(test)]
mod tests {
    use careen_rule::Date;

    use super::{FIRST_IMAGE, is_placeholder};

    #[test]
    fn placeholders() {
        assert_eq!(Date(FIRST_IMAGE).to_string(), "2013-03-15");
        assert!(is_placeholder(1) && is_placeholder(315_532_801) && !is_placeholder(FIRST_IMAGE));
    }
}
