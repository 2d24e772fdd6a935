use std::collections::BTreeMap;

use careen_model::{Context, Document, File, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::migration::{Tool, step, version};
use crate::place::{cut, first_line, folder_of, name_of};

rule! {
    /// Two steps of one version, mostly from two branches: the tool refuses to start, or takes one of them
    /// and forgets the other. Leading zeros do not tell versions apart. Looked at are the steps of one
    /// folder by golang-migrate, Flyway, goose, dbmate and Active Record; Django and Alembic order steps by
    /// what they depend on, Knex by the whole name.
    ///
    /// ```sql bad file=migrations/007_carts.up.sql
    /// CREATE TABLE carts (id bigint PRIMARY KEY);
    /// ```
    /// ```sql bad file=migrations/007_carts.down.sql
    /// DROP TABLE carts;
    /// ```
    /// ```sql bad file=migrations/7_vouchers.up.sql
    /// CREATE TABLE vouchers (code text PRIMARY KEY);
    /// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `7_vouchers.up.sql` has the version 7 of `007_carts.up.sql`
    /// ```
    /// ```sql bad file=migrations/7_vouchers.down.sql
    /// DROP TABLE vouchers;
    /// ```
    /// ```sql good file=migrations/V7__carts.sql
    /// CREATE TABLE carts (id bigint PRIMARY KEY);
    /// ```
    /// ```sql good file=migrations/V7.1__vouchers.sql
    /// CREATE TABLE vouchers (code text PRIMARY KEY);
    /// ```
    pub(crate) static RULE: Check = {
        id: "migration-version-duplicate",
        summary: "two steps of the database have one version",
        remedy: "Give the later of both the next version.",
        severity: Medium,
        check: Check::Snapshot(check),
        controls: &[control::MIGRATIONS_TESTED],
        references: &["https://martinfowler.com/articles/evodb.html"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut known: BTreeMap<(&str, Tool, String), &File> = BTreeMap::new();
    for file in snapshot.files().iter().filter(|file| file.document == Some(Document::Migration)) {
        let path = file.source.path();
        let Some(step) = step(file).filter(|step| !step.up.is_empty()) else { continue };
        let Some(version) = version(path, step.tool) else { continue };
        let key = (folder_of(path), step.tool, version.clone());
        if let Some(other) = known.get(&key) {
            let (own, others) = (cut(name_of(path)), cut(name_of(other.source.path())));
            let message = format!("`{own}` has the version {} of `{others}`", cut(&version));
            out.report(&file.source, first_line(&file.source), message)
                .evidence(cut(&version))
                .related(&other.source, first_line(&other.source), "the other step");
        } else {
            known.insert(key, file);
        }
    }
}
