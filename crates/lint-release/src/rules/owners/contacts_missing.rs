use careen_model::{Context, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::contacts::documents;
use crate::place::home;

rule! {
    /// Who fights a failure must know whom to call. `CONTACTS.md`, `ONCALL.md`, `ESCALATION.md` and the
    /// like count, also in YAML and in any folder. Where the numbers live elsewhere, a page with the
    /// addresses of these places does it.
    ///
    /// ```markdown bad file=README.md
    /// # shop
    /// ^^^^^^ no document says whom to call
    /// ```
    /// ```markdown good file=CONTACTS.md
    /// # Contacts
    ///
    /// - On-call: whoever https://example.pagerduty.com/shop names
    /// ```
    pub(crate) static RULE: Check = {
        id: "contacts-missing",
        summary: "no document says whom to call in an emergency",
        remedy: "Write a `CONTACTS.md`: for each role who it is and how to reach them.",
        severity: Medium,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::EMERGENCY_CONTACTS],
        references: &["https://sre.google/sre-book/managing-incidents/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    if documents(snapshot).is_empty()
        && let Some((source, span)) = home(snapshot)
    {
        out.report(source, span, "no document says whom to call in an emergency");
    }
}
