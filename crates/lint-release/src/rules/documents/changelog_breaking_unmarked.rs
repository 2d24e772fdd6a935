use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::place::home;
use crate::release::Release;

rule! {
    /// A major number that rises says that something breaks, and below 1.0 a minor one does. The entry has
    /// to say what: under *Breaking* or *Removed*, with the word, or with the `!:` of conventional
    /// commits. Entries of release candidates count for the release. If nothing breaks, the number is
    /// wrong. The release is the one that is being made, else the newest of the changelog.
    ///
    /// ```markdown bad file=CHANGELOG.md
    /// # Changelog
    ///
    /// ## 2.0.0 - 2026-11-20
    /// #  ^^^^^ version 2.0.0 follows 1.4.0, and its entry does not say what breaks
    ///
    /// - Vouchers.
    ///
    /// ## 1.4.0 - 2026-10-01
    ///
    /// - Carts.
    /// ```
    /// ```markdown good file=CHANGELOG.md
    /// # Changelog
    ///
    /// ## 2.0.0 - 2026-11-20
    ///
    /// ### Removed
    ///
    /// - `/orders`; use `/v2/orders`.
    ///
    /// ## 1.4.0 - 2026-10-01
    ///
    /// - Carts.
    /// ```
    pub(crate) static RULE: Check = {
        id: "changelog-breaking-unmarked",
        summary: "the entry of a major version does not say what breaks",
        remedy: "Say in the entry what breaks, under *Breaking changes* or *Removed*.",
        severity: Medium,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::DOCS_CHANGELOG],
        references: &["https://semver.org/", "https://keepachangelog.com/"],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    if home(snapshot).is_none() {
        return;
    }
    let Some(release) = Release::of(snapshot, context) else { return };
    let Some((entry, before)) = release.entries.first().zip(release.before.as_ref()) else {
        return;
    };
    if release.rises() && !release.tells_breaks() {
        let version = &entry.version;
        let message =
            format!("version {version} follows {before}, and its entry does not say what breaks");
        out.report(&release.source, entry.span, message).evidence(version.to_string());
    }
}
