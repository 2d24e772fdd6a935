use careen_model::{Context, Document, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::place::{home, is_ours};

rule! {
    /// Who takes a release, and who looks for the change that broke something, reads the changelog.
    /// `CHANGELOG.md`, `CHANGES`, `HISTORY.md`, `NEWS`, `RELEASES.md` and release notes count, in any
    /// folder.
    ///
    /// ```markdown bad file=README.md
    /// # shop
    /// ^^^^^^ there is no changelog
    /// ```
    /// ```markdown good file=CHANGELOG.md
    /// # Changelog
    ///
    /// ## 1.5.0 - 2026-11-20
    ///
    /// - Vouchers.
    /// ```
    pub(crate) static RULE: Check = {
        id: "changelog-missing",
        summary: "there is no changelog",
        remedy: "Keep a `CHANGELOG.md` with an entry for each version.",
        severity: Low,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::DOCS_CHANGELOG],
        references: &["https://keepachangelog.com/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut files = snapshot.files().iter();
    if files.any(|file| file.document == Some(Document::Changelog) && is_ours(file)) {
        return;
    }
    if let Some((source, span)) = home(snapshot) {
        out.report(source, span, "there is no changelog");
    }
}
