use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::topic::{OPTIONS, Topic};

rule! {
    /// A release that goes wrong is undone under pressure, often by somebody who did not make it. What to run,
    /// and what becomes of data that was written meanwhile, belongs on a page or below a heading about it.
    ///
    /// ```markdown bad file=README.md
    /// # shop
    ///
    /// ## Rollback
    /// ^^^^^^^^^^^ nobody says how to undo a release: the heading `Rollback` has no text below it
    ///
    /// ## Licence
    ///
    /// MIT
    /// ```
    /// ```markdown good file=docs/operations.md
    /// # Operations
    ///
    /// ## Rolling back
    ///
    /// Run `helm rollback shop`. Orders taken meanwhile are kept: migrations only add columns.
    /// ```
    pub(crate) static RULE: Check = {
        id: "rollback-undocumented",
        summary: "no document says how to undo a release",
        remedy: "Write down how a release is undone: the command, what it does to data, how to tell that it worked.",
        severity: Medium,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::DOCS_RUNBOOK],
        references: &["https://sre.google/sre-book/release-engineering/"],
        options: OPTIONS,
    }
}

static TOPIC: Topic = Topic {
    rule: &RULE.meta,
    words: &[
        "rollback",
        "rollbacks",
        "roll back",
        "rolling back",
        "back out",
        "backing out",
        "undo a release",
        "revert a release",
        "reverting",
    ],
    complaint: "nobody says how to undo a release",
    in_changelog: false,
};

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    TOPIC.tell(snapshot, context, out);
}
