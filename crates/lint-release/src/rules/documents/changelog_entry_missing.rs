use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::changelog::{changelogs, entries};
use crate::markdown::Pages;
use crate::place::{cut, first_line, home};
use crate::version;

rule! {
    /// The version that is released has an entry in a changelog that says something. Which version that
    /// is, an audit knows; where nobody knows it, the newest entry must not be empty. `## [1.5.0] -
    /// 2026-11-20`, `## v1.5.0` and `1.5.0 (2026-11-20)` are entries of 1.5.0; what stands below
    /// *Unreleased* is not yet one of a version.
    ///
    /// ```markdown bad file=CHANGELOG.md
    /// # Changelog
    ///
    /// ## Unreleased
    ///
    /// ## 1.5.0 - 2026-11-20
    /// #  ^^^^^ the entry of version 1.5.0 is empty
    ///
    /// ## 1.4.0 - 2026-10-01
    ///
    /// - Vouchers.
    /// ```
    /// ```markdown good file=CHANGELOG.md
    /// # Changelog
    ///
    /// ## [1.5.0] - 2026-11-20
    ///
    /// ### Added
    ///
    /// - Vouchers.
    /// ```
    pub(crate) static RULE: Check = {
        id: "changelog-entry-missing",
        summary: "the changelog has no entry for the version",
        remedy: "Write into the changelog what the version brings, under a heading with its number.",
        severity: Medium,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::DOCS_CHANGELOG],
        references: &["https://keepachangelog.com/"],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    if home(snapshot).is_none() {
        return;
    }
    let pages = Pages::of(snapshot);
    let mut empty = None;
    let mut first = None;
    for file in changelogs(snapshot) {
        let source = &file.source;
        first = first.or(Some(source));
        let Some(page) = pages.page(snapshot, source.path()) else { continue };
        let all = entries(page, source.text());
        let entry = match &context.release {
            Some(release) => {
                let wanted = version::parse(release);
                let is_it = |found: &semver::Version| {
                    wanted.as_ref().is_some_and(|wanted| version::is_same(wanted, found))
                };
                all.into_iter().find(|entry| is_it(&entry.version))
            }
            None => all.into_iter().max_by(|a, b| a.version.cmp(&b.version)),
        };
        match entry {
            Some(entry) if entry.says_something(source.text()) => return,
            Some(entry) => empty = empty.or(Some((source, entry))),
            None => {}
        }
    }
    if let Some((source, entry)) = empty {
        let message = format!("the entry of version {} is empty", entry.version);
        out.report(source, entry.span, message).evidence(entry.version.to_string());
    } else if let Some((release, source)) = context.release.as_deref().zip(first) {
        let message = format!("no entry is about version `{}`, which is released", cut(release));
        out.report(source, first_line(source), message).evidence(cut(release));
    }
}
