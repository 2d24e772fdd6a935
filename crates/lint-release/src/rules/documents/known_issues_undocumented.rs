use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::topic::{OPTIONS, Topic};

rule! {
    /// Who is on call cannot tell a new failure from one that everybody knows, unless it is written down. A page
    /// or a heading about known issues, also one in the changelog, is what is asked for. That nothing is known is
    /// worth a sentence too.
    ///
    /// ```markdown bad file=README.md
    /// # shop
    /// ^^^^^^ nobody says which issues are known: no document and no heading is about it
    ///
    /// Sells things.
    /// ```
    /// ```markdown good file=CHANGELOG.md
    /// # Changelog
    ///
    /// ## 1.5.0 - 2026-11-20
    ///
    /// ### Known issues
    ///
    /// - Vouchers of other currencies are refused.
    /// ```
    pub(crate) static RULE: Check = {
        id: "known-issues-undocumented",
        summary: "no document lists the known issues",
        remedy: "List what is known not to work, with a way around each; say so if nothing is known.",
        severity: Low,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::DOCS_RUNBOOK],
        references: &["https://keepachangelog.com/"],
        options: OPTIONS,
    }
}

static TOPIC: Topic = Topic {
    rule: &RULE.meta,
    words: &[
        "known issue",
        "known issues",
        "known problems",
        "known bugs",
        "known limitations",
        "limitations",
        "caveats",
    ],
    complaint: "nobody says which issues are known",
    in_changelog: true,
};

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    TOPIC.tell(snapshot, context, out);
}
