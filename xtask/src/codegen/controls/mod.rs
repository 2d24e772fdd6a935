//! `policies/controls/*.yaml` → a constant per control for the rules, and what decides each for the audit.

mod constants;
mod definitions;
mod row;

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};

use self::row::{File, Row};
use super::{Generated, literal};
use crate::workspace::Workspace;

const SOURCE: &str = "policies/controls";

pub(super) fn generate(workspace: &Workspace) -> Result<Vec<Generated>> {
    let mut rows = Vec::new();
    for (name, is_folder) in workspace.entries(SOURCE)? {
        let path = format!("{SOURCE}/{name}");
        if is_folder || !name.ends_with(".yaml") {
            continue;
        }
        let text = workspace.text(&path)?.unwrap_or_default();
        rows.extend(read(&text).context(path)?);
    }
    verify(&rows)?;
    Ok(vec![
        Generated {
            path: "crates/rule/src/controls/generated.rs".to_owned(),
            text: constants::render(&rows)?,
        },
        Generated {
            path: "crates/audit/src/control/generated.rs".to_owned(),
            text: definitions::render(&rows)?,
        },
    ])
}

fn read(yaml: &str) -> Result<Vec<Row>> {
    let file: File = serde_yaml::from_str(yaml)?;
    Ok(file.controls)
}

fn verify(rows: &[Row]) -> Result<()> {
    let mut ids = BTreeSet::new();
    for row in rows {
        let id = &row.id;
        let is_kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(is_kebab) {
            bail!("`{id}` is no kebab-case id");
        }
        if row.title.is_empty() || row.title.ends_with('.') || row.title.contains('\n') {
            bail!("the title of `{id}` is one line without a full stop");
        }
        if !row.why.ends_with('.') || row.why.contains('\n') {
            bail!("`why` of `{id}` is one sentence on one line");
        }
        if !ids.insert(id) {
            bail!("`{id}` stands twice");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{constants, definitions, read, verify};

    const ROW: &str = "controls:
- id: ssh-keys
  title: 'SSH \"keys\" are safe'
  why: They open doors.
  owner: security
  applies: databases
  decided-by:
    any:
    - rules: {over: repository, also: [a-rule], at-least: high}
    - evidence: {class: tests, suite: e2e|smoke, claims: [failures=0], max-age: 14d, binds-to: content}
    - sign-off: {role: dba, max-age: 2d, binds-to: nothing}
";

    #[test]
    fn a_row_becomes_a_constant_and_a_definition() {
        let rows = read(ROW).unwrap();
        verify(&rows).unwrap();
        let text = constants::render(&rows).unwrap();
        assert!(text.contains(
            "/// SSH \"keys\" are safe.\npub const SSH_KEYS: Control = \
             Control { id: \"ssh-keys\", title: \"SSH \\\"keys\\\" are safe\" };\n"
        ));
        assert!(text.ends_with("pub const ALL: &[Control] = &[SSH_KEYS, ];\n"));
        let text = definitions::render(&rows).unwrap();
        assert!(text.contains("applies: Some(Subject::Databases)"), "{text}");
        assert!(text.contains("Decider::Any(vec!["), "{text}");
        assert!(text.contains("suites: words(&[\"e2e\", \"smoke\"])"), "{text}");
        assert!(text.contains("max_age: Some(172800)"), "{text}");
    }

    #[test]
    fn bad_rows_are_refused() {
        let change = |from: &str, to: &str| {
            let rows = read(&ROW.replace(from, to));
            let outcome = rows.and_then(|rows| {
                verify(&rows)?;
                definitions::render(&rows)
            });
            format!("{:#}", outcome.unwrap_err())
        };
        for (from, to, why) in [
            ("ssh-keys", "Ssh", "kebab-case"),
            ("safe'", "safe.'", "full stop"),
            ("doors.", "doors", "one sentence"),
            ("owner: security", "owner: security\n  more: 1", "more"),
            ("max-age: 14d", "max-age: soon", "no length of time"),
            ("binds-to: content", "binds-to: heaven", "heaven"),
            ("rules: {", "guess: {", "guess"),
        ] {
            let error = change(from, to);
            assert!(error.contains(why), "{error}");
        }
        let twice = [read(ROW).unwrap(), read(ROW).unwrap()].into_iter().flatten();
        assert!(verify(&twice.collect::<Vec<_>>()).unwrap_err().to_string().contains("twice"));
    }
}
