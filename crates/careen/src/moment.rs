use anyhow::{Result, anyhow};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// The moment of judgement in Unix seconds: what was asked for, else what the environment says,
/// else now.
pub(crate) fn of(at: Option<&str>) -> Result<i64> {
    if let Some(at) = at {
        return parse(at).ok_or_else(|| {
            anyhow!("`--at {at}` is no time: write 2026-11-22T00:00:00Z or 2026-11-22")
        });
    }
    match crate::environment(EPOCH) {
        Some(epoch) => epoch
            .to_str()
            .and_then(seconds)
            .ok_or_else(|| anyhow!("{EPOCH} is no number of seconds that a calendar has")),
        None => Ok(now()),
    }
}

#[allow(clippy::disallowed_methods, reason = "the only place that looks at a clock")]
fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// Reads 2026-11-22T00:00:00Z or 2026-11-22.
pub(crate) fn parse(at: &str) -> Option<i64> {
    let moment = OffsetDateTime::parse(at, &Rfc3339)
        .or_else(|_| OffsetDateTime::parse(&format!("{at}T00:00:00Z"), &Rfc3339));
    moment.ok().map(OffsetDateTime::unix_timestamp)
}

/// Only moments that a calendar has.
fn seconds(epoch: &str) -> Option<i64> {
    let seconds = epoch.trim().parse().ok()?;
    OffsetDateTime::from_unix_timestamp(seconds).ok().map(OffsetDateTime::unix_timestamp)
}

#[cfg(test)]
mod tests {
    use super::{parse, seconds};

    #[test]
    fn moments_have_two_forms() {
        let day = Some(1_796_083_200);
        for at in ["2026-12-01", "2026-12-01T00:00:00Z", "2026-12-01T02:00:00+02:00"] {
            assert_eq!(parse(at), day, "{at}");
        }
        for at in ["", "yesterday", "2026-13-01", "2026-12-01T00:00:00", "1796083200", "2026-2-1"] {
            assert_eq!(parse(at), None, "{at}");
        }
        assert_eq!(seconds(" 1796083200\n"), day);
        for epoch in ["", "1e9", "0x10", "9223372036854775807", "999999999999", "1.5"] {
            assert_eq!(seconds(epoch), None, "{epoch}");
        }
    }
}
