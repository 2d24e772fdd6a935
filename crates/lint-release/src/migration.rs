//! Steps of database migrations, by the tool that runs them.

mod code;
mod sql;

use std::ops::Range;

use careen_model::File;
use careen_text::Span;

use crate::place::name_of;

pub(crate) use code::destructive;

/// Which tool runs the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tool {
    /// `1_a.up.sql` with `1_a.down.sql`: golang-migrate, sqlx, and others.
    Pairs,
    /// `V1__a.sql`, `U1__a.sql`.
    Flyway,
    /// Sections after `-- +goose Up` or `-- +migrate Up`.
    Goose,
    /// Sections after `-- migrate:up`.
    Dbmate,
    /// A class of Active Record.
    Rails,
    /// `upgrade` and `downgrade` of Alembic.
    Alembic,
    /// `operations` of Django.
    Django,
    /// `up` and `down` of Knex, Sequelize, TypeORM.
    JavaScript,
}

/// A step.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) tool: Tool,
    /// What is run to take the step; empty for a file that takes one back.
    pub(crate) up: Range<usize>,
    /// What the step lacks to be taken back, and where.
    pub(crate) lacks: Vec<(Span, String)>,
}

/// Reads a step; none where the tool is not known.
pub(crate) fn step(file: &File) -> Option<Step> {
    let path = file.source.path();
    let text = file.source.text();
    match path.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "sql" => sql::step(path, &file.source),
        "rb" => code::rails(text),
        "py" => code::alembic(text).or_else(|| code::django(text)),
        "js" | "ts" => code::javascript(text),
        _ => None,
    }
}

/// The version of a step, where the tool wants each once in a folder.
pub(crate) fn version(path: &str, tool: Tool) -> Option<String> {
    let name = name_of(path);
    match tool {
        Tool::Pairs | Tool::Goose | Tool::Dbmate | Tool::Rails => {
            let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
            let plain = digits.trim_start_matches('0');
            let plain = if plain.is_empty() { "0" } else { plain };
            (!digits.is_empty()).then(|| plain.to_owned())
        }
        Tool::Flyway => {
            let (version, _) = name.strip_prefix('V')?.split_once("__")?;
            let parts = version.split(['.', '_']).map(|part| {
                let plain = part.trim_start_matches('0');
                if plain.is_empty() { "0" } else { plain }
            });
            let mut parts: Vec<&str> = parts.collect();
            while parts.len() > 1 && parts.last() == Some(&"0") {
                parts.pop();
            }
            Some(parts.join("."))
        }
        Tool::Alembic | Tool::Django | Tool::JavaScript => None,
    }
}

#[cfg(test)]
mod tests {
    use careen_model::parse;
    use careen_text::Source;

    use super::{Tool, step, version};

    fn lacks(path: &str, text: &str) -> Vec<String> {
        let source = Source::new(path, text);
        let file = parse(source, path);
        let step = step(&file).unwrap_or_else(|| panic!("{path} is a step"));
        step.lacks.into_iter().map(|(_, what)| what).collect()
    }

    #[test]
    fn steps_with_a_way_back_lack_nothing() {
        for (path, text) in [
            ("migrations/1_a.sql", "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n"),
            ("migrations/1_a.sql", "-- migrate:up\nSELECT 1;\n\n-- migrate:down\nSELECT 2;\n"),
            (
                "db/migrate/1_a.rb",
                "class A < ActiveRecord::Migration[7.1]\n  def change\n    add_column :a, :b, :string\n    remove_column :a, :c, :string\n  end\nend\n",
            ),
            (
                "db/migrate/1_a.rb",
                "class A < ActiveRecord::Migration[7.1]\n  def up\n  end\n  def down\n    drop_table :a\n  end\nend\n",
            ),
            (
                "db/migrate/1_a.rb",
                "class A < ActiveRecord::Migration[7.1]\n  def change\n    reversible do |d|\n      d.up { execute 'x' }\n      d.down { execute 'y' }\n    end\n  end\nend\n",
            ),
            (
                "alembic/versions/a.py",
                "revision = 'a'\ndown_revision = None\ndef upgrade():\n    op.add_column('a')\n\ndef downgrade():\n    op.drop_column('a', 'b')\n",
            ),
            (
                "shop/migrations/0002_a.py",
                "class Migration(migrations.Migration):\n    operations = [migrations.RunPython(f, migrations.RunPython.noop), migrations.RunSQL('a, b', reverse_sql='c')]\n",
            ),
            (
                "migrations/1_a.js",
                "exports.up = async (knex) => { await knex('a'); };\nexports.down = async (knex) => { await knex.schema.dropTable('a'); };\n",
            ),
            (
                "migrations/1_a.js",
                "module.exports = {\n  async up(q) { await q.a(); },\n  async down(q) { await q.b(); },\n};\n",
            ),
            (
                "migrations/1_a.js",
                "exports.up = (k) => k.a();\nexports.down = (k) => k.schema.dropTable('a');\n",
            ),
        ] {
            assert!(lacks(path, text).is_empty(), "{path}: {text}: {:?}", lacks(path, text));
        }
    }

    #[test]
    fn steps_without_a_way_back_are_told() {
        for (path, text) in [
            ("migrations/1_a.sql", "-- +goose Up\nSELECT 1;\n"),
            ("migrations/1_a.sql", "-- +goose Up\nSELECT 1;\n-- +goose Down\n-- nothing\n"),
            ("migrations/1_a.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\n"),
            ("db/migrate/1_a.rb", "class A < ActiveRecord::Migration[7.1]\n  def up\n  end\nend\n"),
            (
                "db/migrate/1_a.rb",
                "class A < ActiveRecord::Migration[7.1]\n  def change\n    remove_column :a, :b\n  end\nend\n",
            ),
            (
                "db/migrate/1_a.rb",
                "class A < ActiveRecord::Migration[7.1]\n  def change\n    execute 'x'\n  end\nend\n",
            ),
            (
                "db/migrate/1_a.rb",
                "class A < ActiveRecord::Migration[7.1]\n  def up\n  end\n  def down\n    raise ActiveRecord::IrreversibleMigration\n  end\nend\n",
            ),
            (
                "alembic/versions/a.py",
                "down_revision = None\n\ndown_revision = None\ndef upgrade():\n    op.x()\n\ndef downgrade():\n    pass\n",
            ),
            (
                "shop/migrations/0002_a.py",
                "class Migration(migrations.Migration):\n    operations = [migrations.RunPython(f)]\n",
            ),
            ("migrations/1_a.js", "exports.up = async (knex) => { await knex('a'); };\n"),
            ("migrations/1_a.js", "exports.up = (k) => k.a();\nexports.down = async () => {};\n"),
            (
                "migrations/1_a.js",
                "module.exports = {\n  async up(q) { await q.a(); },\n  async down() { /* none */ },\n};\n",
            ),
        ] {
            assert_eq!(lacks(path, text).len(), 1, "{path}: {text}");
        }
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert_eq!(version("m/007_a.up.sql", Tool::Pairs).as_deref(), Some("7"));
        assert_eq!(version("m/V1_02__a.sql", Tool::Flyway).as_deref(), Some("1.2"));
        assert_eq!(version("m/V1.2.0__a.sql", Tool::Flyway).as_deref(), Some("1.2"));
        assert_eq!(version("m/R__a.sql", Tool::Flyway), None);
    }

    #[test]
    fn hostile_steps_come_to_an_end() {
        for text in [
            "RunPython(((((",
            "migrations.Migration RunPython(",
            "exports.up exports.down = {{{{",
            "def change",
            "def downgrade",
        ] {
            for path in
                ["migrations/1.py", "db/migrate/1.rb", "migrations/1.js", "migrations/1.sql"]
            {
                let _ = step(&parse(Source::new(path, text), path));
            }
        }
    }
}
