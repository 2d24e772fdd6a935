use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::release::Release;
use crate::topic::{OPTIONS, Topic};

rule! {
    /// A release whose major number rises, or below 1.0 its minor one, or whose entry in the changelog says that
    /// it breaks something, asks its users to do something. What, belongs on a page or below a heading about
    /// migrating or upgrading, also one in the changelog. Other releases need none. The release is the one that is
    /// being made, else the newest of the changelog.
    ///
    /// ```markdown bad file=CHANGELOG.md
    /// # Changelog
    /// ^^^^^^^^^^^ the release breaks what was, and nobody says how to upgrade: no document and no heading
    ///
    /// ## 2.0.0 - 2026-11-20
    ///
    /// ### Removed
    ///
    /// - The old API.
    ///
    /// ## 1.4.0 - 2026-10-01
    ///
    /// ### Added
    ///
    /// - A new API.
    /// ```
    /// ```markdown good file=CHANGELOG.md
    /// # Changelog
    ///
    /// ## 2.0.0 - 2026-11-20
    ///
    /// ### Removed
    ///
    /// - The old API.
    ///
    /// ### Upgrading
    ///
    /// Ask for `/v2/orders` instead of `/orders`; the answers are the same.
    ///
    /// ## 1.4.0 - 2026-10-01
    ///
    /// ### Added
    ///
    /// - A new API.
    /// ```
    pub(crate) static RULE: Check = {
        id: "migration-guide-missing",
        summary: "a release that breaks has no guide for who upgrades",
        remedy: "Write what users must change before they take the release, and how.",
        severity: Medium,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::DOCS_RUNBOOK],
        references: &["https://semver.org/"],
        options: OPTIONS,
    }
}

static TOPIC: Topic = Topic {
    rule: &RULE.meta,
    words: &[
        "migrate",
        "migrating",
        "migration",
        "migration guide",
        "upgrade",
        "upgrading",
        "upgrade guide",
        "upgrades",
    ],
    complaint: "the release breaks what was, and nobody says how to upgrade",
    in_changelog: true,
};

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    if Release::of(snapshot, context).is_some_and(|release| release.breaks()) {
        TOPIC.tell(snapshot, context, out);
    }
}
