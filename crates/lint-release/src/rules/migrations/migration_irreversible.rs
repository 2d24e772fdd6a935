use std::collections::BTreeSet;

use careen_model::{Context, Document, Snapshot};
use careen_rule::{SnapshotSink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::migration::{Tool, step};
use crate::place::{first_line, folder_of, is_ours, name_of};

rule! {
    /// A release is taken back together with its steps of the database, or it is not taken back. Known are
    /// pairs of `.up.sql` and `.down.sql`, the sections of goose, sql-migrate and dbmate, Active Record,
    /// Alembic, Django, and the `down` of Knex, Sequelize and TypeORM. Of Flyway a file `U1__a.sql` is
    /// asked for only where the folder has others: many editions have none. Steps of tools that never go
    /// back, such as Prisma, are left alone.
    ///
    /// Where old and new code can work on the new tables, going back in code is enough: then this rule is
    /// not for you.
    ///
    /// ```sql bad file=migrations/2_vouchers.up.sql
    /// CREATE TABLE vouchers (code text PRIMARY KEY);
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the step cannot be taken back: there is no `2_vouchers.down.sql`
    /// ```
    /// ```sql bad file=migrations/1_orders.sql
    /// -- +goose Up
    /// CREATE TABLE orders (id bigint PRIMARY KEY);
    /// -- +goose Down
    /// ^^^^^^^^^^^^^^ the step cannot be taken back: its section `Down` has no statement
    /// ```
    /// ```sql good file=migrations/2_vouchers.up.sql
    /// CREATE TABLE vouchers (code text PRIMARY KEY);
    /// ```
    /// ```sql good file=migrations/2_vouchers.down.sql
    /// DROP TABLE vouchers;
    /// ```
    pub(crate) static RULE: Check = {
        id: "migration-irreversible",
        summary: "a step of the database has no way back",
        remedy: "Write the way back, and try both ways before the release.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: careen_rule::Confidence::High,
        default: false,
        controls: &[control::MIGRATIONS_TESTED],
        references: &["https://martinfowler.com/articles/evodb.html"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let files =
        || snapshot.files().iter().filter(|file| file.document == Some(Document::Migration));
    let with_undo: BTreeSet<&str> = files()
        .map(|file| file.source.path())
        .filter(|path| name_of(path).starts_with('U') && name_of(path).contains("__"))
        .map(folder_of)
        .collect();
    for file in files().filter(|file| is_ours(file)) {
        let Some(step) = step(file) else { continue };
        let path = file.source.path();
        for (span, what) in &step.lacks {
            out.report(&file.source, *span, format!("the step {what}")).evidence(what.as_str());
        }
        let back = match step.tool {
            Tool::Pairs if !step.up.is_empty() => other_way(path),
            Tool::Flyway
                if name_of(path).starts_with('V') && with_undo.contains(folder_of(path)) =>
            {
                undo(path)
            }
            _ => None,
        };
        let Some(back) = back else { continue };
        if is_there(snapshot, &back) == Some(false) {
            let span: Span = first_line(&file.source);
            let name = name_of(&back);
            let message = format!("the step cannot be taken back: there is no `{name}`");
            out.report(&file.source, span, message).evidence(name);
        }
    }
}

/// `1_a.down.sql` of `1_a.up.sql`.
fn other_way(path: &str) -> Option<String> {
    let stem = path.get(..path.len().checked_sub(".up.sql".len())?)?;
    Some(format!("{stem}.down.sql"))
}

/// The start of `U1__a.sql` for `V1__b.sql`: the description may differ.
fn undo(path: &str) -> Option<String> {
    let (version, _) = name_of(path).strip_prefix('V')?.split_once("__")?;
    let folder = folder_of(path);
    let slash = if folder.is_empty() { "" } else { "/" };
    Some(format!("{folder}{slash}U{version}__"))
}

/// Whether the file of the way back is there.
fn is_there(snapshot: &Snapshot, back: &str) -> Option<bool> {
    if !back.ends_with("__") {
        return snapshot.has_path(back);
    }
    let paths = snapshot.paths()?;
    let at = paths.partition_point(|each| &**each < back);
    Some(paths.get(at).is_some_and(|each| each.starts_with(back)))
}
