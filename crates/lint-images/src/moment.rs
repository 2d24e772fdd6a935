//! Moments as JSON documents of images write them.

use careen_rule::DAY;

use crate::subject::Built;

/// The day that Docker was first shown, 2013-03-15: no image is older.
pub(crate) const FIRST_IMAGE: i64 = 1_363_305_600;

/// 1980-01-01, the earliest day that ZIP archives know.
const ZIP_EPOCH: i64 = 315_532_800;

/// The Unix seconds of an RFC 3339 moment. Parts of a second are left out.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i64>().ok())?
    };
    let sign = |at: usize, wanted: &str| {
        text.get(at..=at).filter(|found| wanted.contains(*found)).map(|_| ())
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    for (at, wanted) in [(4, "-"), (7, "-"), (10, "Tt "), (13, ":"), (16, ":")] {
        sign(at, wanted)?;
    }
    let fine = (1..=12).contains(&month) && (1..=31).contains(&day);
    if !fine || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let rest = text.get(19..)?;
    let rest = rest.strip_prefix('.').map_or(rest, |fraction| {
        fraction.trim_start_matches(|character: char| character.is_ascii_digit())
    });
    let offset = match rest {
        "Z" | "z" => 0,
        _ => {
            let (hours, minutes) = rest.get(1..)?.split_once(':')?;
            let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
            match rest.get(..1)? {
                "+" => minutes * 60,
                "-" => -minutes * 60,
                _ => return None,
            }
        }
    };
    // Years that begin in March have their leap day at the end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * month + 2) / 5
        + day
        - 1
        - 719_468;
    Some(days * DAY + hour * 3_600 + minute * 60 + second - offset)
}

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
        parse(text)
    });
    moments.filter(|moment| !is_placeholder(*moment)).max()
}

#[cfg(test)]
mod tests {
    use careen_rule::Date;

    use super::{FIRST_IMAGE, is_placeholder, parse};

    #[test]
    fn moments() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-12-01T00:00:00Z", 1_796_083_200),
            ("2026-12-01T01:30:00.123456789+01:30", 1_796_083_200),
            ("2026-11-30T23:00:00-01:00", 1_796_083_200),
            ("2000-02-29T00:00:00Z", 951_782_400),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
        ] {
            assert_eq!(parse(text), Some(seconds), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2026-12-01",
            "2026-13-01T00:00:00Z",
            "2026-12-01T00:00:00",
            "2026-12-01T00:00:00.5",
            "2026-12-01T00:00:00é",
            "+026-12-01T00:00:00Z",
            "2026-12-01T00:00:00+99999999999999999999:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(Date(FIRST_IMAGE).to_string(), "2013-03-15");
        assert!(is_placeholder(1) && is_placeholder(315_532_801) && !is_placeholder(FIRST_IMAGE));
    }
}
