use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::topic::{OPTIONS, Topic};

rule! {
    /// At three in the morning nobody remembers how the queue is drained. A runbook is a page called so, in
    /// any folder, or a heading with some text below it; a heading alone and `TBD` are none. A library that
    /// nobody runs needs no runbook: leave the rule off there.
    ///
    /// ```markdown bad file=README.md
    /// # shop
    ///
    /// Sells things.
    /// ```
    /// ```markdown bad file=docs/runbook.md
    /// # Runbook
    /// ^^^^^^^^^ nobody says what to do when the service fails: `runbook.md` has no text below it
    ///
    /// TBD
    /// ```
    /// ```markdown good file=README.md
    /// # shop
    ///
    /// ## Runbook
    ///
    /// If orders pile up, look at the queue first: `kubectl -n shop exec deploy/api -- queue status`.
    /// ```
    pub(crate) static RULE: Check = {
        id: "runbook-missing",
        summary: "no runbook says what to do when the service fails",
        remedy: "Write a runbook: how failures show, where to look, what to do, whom to call.",
        severity: Medium,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::DOCS_RUNBOOK],
        references: &["https://sre.google/workbook/on-call/"],
        options: OPTIONS,
    }
}

static TOPIC: Topic = Topic {
    rule: &RULE.meta,
    words: &[
        "runbook",
        "runbooks",
        "run book",
        "playbook",
        "playbooks",
        "operations guide",
        "operations manual",
        "operating",
        "incident response",
        "troubleshooting",
    ],
    complaint: "nobody says what to do when the service fails",
    in_changelog: false,
};

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    TOPIC.tell(snapshot, context, out);
}
