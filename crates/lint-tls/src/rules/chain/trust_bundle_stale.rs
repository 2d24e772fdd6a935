use careen_model::{Context, Holder};
use careen_rule::{Sink, control, rule};
use careen_text::Span;

use crate::date::{DAY, Date, Span as Length, parse_day};
use crate::names::{Shown, evidence};
use crate::roots::{self, MANY};
use crate::{BundleSite, Check, Role};

/// How Mozilla's bundles begin, as curl and others distribute them.
const MARK: &str = "Certificate data from Mozilla";
/// Bytes from the start of a file within which the header begins.
const WITHIN: usize = 4_096;

rule! {
    /// Mozilla's list of roots changes every few weeks: new roots come, without which new sites
    /// fail, and roots go that issued what they should not have. A copy in a repository stays as
    /// it was, so it trusts DigiNotar's heirs years later, and one day does not know the root of
    /// the service that it calls.
    ///
    /// It is fine for a program that trusts a fixed set on purpose. Roots that browsers have
    /// ceased to trust are named only in such copies, not in bundles of your own.
    ///
    /// ```recipe
    /// root: {ca: true, common_name: Shop Root, not_after: 5y}
    /// gone: {ca: true, common_name: TrustCor RootCert CA-1, not_before: -9y, not_after: 2y}
    /// ```
    /// ```pem bad file=cacert.pem
    /// ##
    /// ## Certificate data from Mozilla as of: Tue Dec 10 04:12:06 2024 GMT
    /// #  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ copy of Mozilla's roots is of 2024-12-10, 721 days ago
    /// ##
    /// ${root.crt}
    /// ```
    /// ```pem bad file=cacert.pem
    /// ## Certificate data from Mozilla last updated on: Tue Nov  3 04:12:03 2026 GMT
    /// ${gone.crt}
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^ copy of Mozilla's roots holds `CN=TrustCor RootCert CA-1`, which browsers have ceased to trust
    /// ```
    /// ```pem good file=cacert.pem
    /// ## Certificate data from Mozilla last updated on: Tue Nov  3 04:12:03 2026 GMT
    /// ${root.crt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "trust-bundle-stale",
        summary: "copy of Mozilla's roots is old",
        remedy: "Take the roots from the base image's package, or let a job fetch the bundle anew.",
        severity: Low,
        check: Check::Bundle(check),
        security: true,
        cwe: &[1104],
        controls: &[control::TLS_VALID],
        references: &[
            "https://curl.se/docs/caextract.html",
            "https://wiki.mozilla.org/CA/Removed_CA_Certificates",
        ],
    }
}

fn check(site: &BundleSite<'_>, context: &Context, out: &mut Sink<'_>) {
    if site.role != Role::Trust || site.quoted || site.is_empty() {
        return;
    }
    let header = header(site);
    if header.is_none() && !is_copy(site) {
        return;
    }
    if let Some((at, line)) = header
        && let Some(day) = day(line)
        && context.now.saturating_sub(day) > 365 * DAY
    {
        let age = Length(context.now.saturating_sub(day));
        let message = format!("copy of Mozilla's roots is of {}, {age} ago", Date(day));
        out.report(Span::of(at..at + line.len()), message);
    }
    for root in site.sites().filter(|each| each.certificate.self_issued) {
        if roots::is_distrusted(&root.certificate.subject) {
            let name = Shown(&root.certificate.subject);
            let message = format!(
                "copy of Mozilla's roots holds `{name}`, which browsers have ceased to trust"
            );
            out.report(root.item.place, message).evidence(evidence(root.certificate));
        }
    }
}

/// The header of a file with its place.
fn header<'a>(site: &BundleSite<'a>) -> Option<(usize, &'a str)> {
    if site.bundle.holder != Holder::File {
        return None;
    }
    let text = site.file.source.text();
    let start = text.get(..text.floor_char_boundary(WITHIN)).unwrap_or_default();
    let at = start.find(MARK)?;
    Some((at, text.get(at..)?.lines().next()?.trim_end()))
}

/// Whether so many of Mozilla's roots are there that nobody has put them together by hand.
fn is_copy(site: &BundleSite<'_>) -> bool {
    let public = || site.sites().filter(|each| roots::is_public(each.certificate));
    site.len() >= MANY && public().nth(MANY - 1).is_some()
}

/// Midnight of the day at the end of a header: `Tue Dec 10 04:12:06 2024 GMT`.
fn day(line: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = line.split_whitespace();
    let month = words.find_map(|word| MONTHS.iter().position(|month| *month == word))? + 1;
    let day: u8 = words.next()?.parse().ok()?;
    let year: u16 = words.nth(1)?.parse().ok()?;
    parse_day(&format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::day;
    use crate::date::Date;

    #[test]
    fn headers_tell_days() {
        for (line, expected) in [
            ("Certificate data from Mozilla as of: Wed Jan  1 04:12:10 2020 GMT", "2020-01-01"),
            (
                "Certificate data from Mozilla last updated on: Tue Feb 25 04:12:03 2025 GMT",
                "2025-02-25",
            ),
        ] {
            assert_eq!(Date(day(line).unwrap()).to_string(), expected);
        }
        for line in ["Certificate data from Mozilla", "Jan", "Jan x 04:12:10 2020", "Jan 1 2020"] {
            assert_eq!(day(line), None, "{line}");
        }
    }
}
