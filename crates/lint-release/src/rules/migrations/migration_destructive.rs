use careen_model::{Context, Document, File};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::migration::{destructive, step};
use crate::place::is_ours;

rule! {
    /// A step that drops a table or a column takes the data with it, and the release before cannot work any
    /// more: no rollback brings either back. First a release that no longer uses it, then one that drops
    /// it, with a backup between. Ways back are not looked at: they drop what the step made.
    ///
    /// ```sql bad file=migrations/3_prices.up.sql
    /// ALTER TABLE orders DROP COLUMN price;
    /// #                  ^^^^^^^^^^^ the step drops `price`, and what it holds
    /// ```
    /// ```sql good file=migrations/3_prices.up.sql
    /// ALTER TABLE orders ADD COLUMN price_cents bigint;
    /// -- DROP COLUMN price comes with the next release.
    /// ```
    /// ```sql good file=migrations/3_prices.down.sql
    /// ALTER TABLE orders DROP COLUMN price_cents;
    /// ```
    pub(crate) static RULE: Check = {
        id: "migration-destructive",
        summary: "a step of the database drops data",
        remedy: "Drop it a release after the last use, with a backup that was tried.",
        severity: Medium,
        check: Check::File(check),
        confidence: careen_rule::Confidence::High,
        default: false,
        controls: &[control::MIGRATIONS_TESTED],
        references: &["https://martinfowler.com/bliki/ParallelChange.html"],
    }
}

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    if file.document != Some(Document::Migration) || !is_ours(file) {
        return;
    }
    let Some(step) = step(file) else { return };
    for (span, object) in destructive(file.source.text(), step.tool, &step.up) {
        let name = if object.is_empty() { "something".to_owned() } else { format!("`{object}`") };
        let message = format!("the step drops {name}, and what it holds");
        out.report(span, message).evidence(object);
    }
}
