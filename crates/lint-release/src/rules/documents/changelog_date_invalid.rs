use careen_model::{Context, Document, File};
use careen_rule::{DAY, Severity, Sink, control, rule};

use crate::Check;
use crate::changelog::{Entry, entries};
use crate::markdown::{Page, is_markdown};

rule! {
    /// The day of an entry is one of the calendar, is not ahead, and does not lie before that of the
    /// version before it: in January the year is easily wrong. Versions of an old line that come out after
    /// a newer one are left alone, and so are days in words.
    ///
    /// ```markdown bad file=CHANGELOG.md
    /// # Changelog
    ///
    /// ## 1.6.0 - 2027-11-20
    /// #          ^^^^^^^^^^ version 1.6.0 is dated `2027-11-20`, which lies ahead
    ///
    /// - Gifts.
    ///
    /// ## 1.5.0 - 2026-02-30
    /// #          ^^^^^^^^^^ version 1.5.0 is dated `2026-02-30`, which is no day
    ///
    /// - Vouchers.
    ///
    /// ## 1.4.0 - 2026-01-04
    /// #          ^^^^^^^^^^ version 1.4.0 is dated `2026-01-04`, before version 1.3.0 of `2026-12-01`
    ///
    /// - Carts.
    ///
    /// ## 1.3.0 - 2026-12-01
    ///
    /// - Prices.
    /// ```
    /// ```markdown good file=CHANGELOG.md
    /// # Changelog
    ///
    /// ## 2.0.0 - 2026-10-01
    ///
    /// - Breaking: carts.
    ///
    /// ## 1.5.7 - 2026-11-20
    ///
    /// - A fix for the old line.
    /// ```
    pub(crate) static RULE: Check = {
        id: "changelog-date-invalid",
        summary: "the day of a changelog's entry cannot be right",
        remedy: "Write the day on which the version was released, as in `2026-11-20`.",
        severity: Low,
        check: Check::File(check),
        controls: &[control::DOCS_CHANGELOG],
        references: &["https://keepachangelog.com/", "https://www.iso.org/iso-8601-date-and-time-format.html"],
    }
}

fn check(file: &File, context: &Context, out: &mut Sink<'_>) {
    if file.document != Some(Document::Changelog) || !is_markdown(file.source.path()) {
        return;
    }
    let page = Page::read(&file.source);
    let all = entries(&page, file.source.text());
    for (at, entry) in all.iter().enumerate() {
        let Some((date, span)) = &entry.date else { continue };
        let version = &entry.version;
        let told = |what: String| format!("version {version} is dated `{date}`, {what}");
        let (severity, message) = if let Some(day) = entry.day() {
            // Somewhere it is tomorrow already.
            let begins = day.end() - DAY;
            if begins > context.now + DAY {
                (Severity::Info, told("which lies ahead".to_owned()))
            } else if let Some((older, before)) =
                all.get(at + 1).and_then(|next| after(entry, next))
            {
                (Severity::Info, told(format!("before version {older} of `{before}`")))
            } else {
                continue;
            }
        } else {
            (Severity::Low, told("which is no day".to_owned()))
        };
        out.report(*span, message).severity(severity).evidence(version.to_string());
    }
}

/// The version of the next entry and its day, if that is a version before this one and the day after it.
fn after<'e>(entry: &Entry, next: &'e Entry) -> Option<(&'e semver::Version, &'e str)> {
    let (new, old) = (&entry.version, &next.version);
    let one_line = (new.major, new.minor) == (old.major, old.minor) || old.patch == 0;
    let is_before = new > old && new.major == old.major && one_line && old.pre.is_empty();
    let is_late = next.day()?.end() > entry.day()?.end();
    (is_before && is_late).then_some((old, next.date.as_ref()?.0.as_str()))
}
