//! Files that are part of a release besides code and manifests, known by name and first words.

/// What such a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Document {
    /// `README.md` and its kin, in any folder.
    Readme,
    /// `CHANGELOG.md`, `CHANGES`, `HISTORY.md`, `RELEASES.md`.
    Changelog,
    /// Any other prose in Markdown, AsciiDoc or reStructuredText: a runbook, a guide of a migration.
    Prose,
    /// Who must approve what: `CODEOWNERS`, `OWNERS`, `catalog-info.yaml`.
    Owners,
    /// Whom to call: `CONTACTS.md`, `contacts.yaml`, `ONCALL.md`.
    Contacts,
    /// An OpenAPI or Swagger description, in YAML or JSON.
    ApiDescription,
    /// A dashboard of Grafana, in JSON.
    Dashboard,
    /// Rules or a configuration of Prometheus that are no Kubernetes object.
    PrometheusRules,
    /// The variables of the environment with examples: `.env.example`.
    EnvironmentExample,
    /// A step of a database migration.
    Migration,
}

/// Tells what a file is, by its path and, of JSON and YAML, by the start of its text.
#[must_use]
pub fn document(path: &str, text: &str) -> Option<Document> {
    let lower = path.to_ascii_lowercase();
    let (folder, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_prose = matches!(extension, "md" | "markdown" | "adoc" | "rst" | "txt" | "");
    if matches!(name, "codeowners" | "owners" | "catalog-info.yaml" | "catalog-info.yml") {
        return Some(Document::Owners);
    }
    if is_prose && matches!(stem, "readme") {
        return Some(Document::Readme);
    }
    if is_prose && matches!(stem, "changelog" | "changes" | "history" | "releases" | "news") {
        return Some(Document::Changelog);
    }
    if matches!(stem, "contacts" | "oncall" | "on-call" | "escalation") {
        return Some(Document::Contacts);
    }
    if matches!(extension, "md" | "markdown" | "adoc" | "rst") {
        return Some(Document::Prose);
    }
    if name.starts_with(".env.") && is_example(name)
        || matches!(name, "env.example" | "example.env")
    {
        return Some(Document::EnvironmentExample);
    }
    if is_migration(folder, name, extension) {
        return Some(Document::Migration);
    }
    let start = text.get(..text.floor_char_boundary(4096)).unwrap_or(text);
    let says = |word: &str| start.contains(word);
    match extension {
        "json" if says("\"openapi\"") || says("\"swagger\"") => Some(Document::ApiDescription),
        "json" if text.contains("\"panels\"") && text.contains("\"targets\"") => {
            Some(Document::Dashboard)
        }
        "yaml" | "yml" if starts_line(start, "openapi:") || starts_line(start, "swagger:") => {
            Some(Document::ApiDescription)
        }
        "yaml" | "yml" if starts_line(start, "groups:") && says("rules:") => {
            Some(Document::PrometheusRules)
        }
        "yaml" | "yml" if starts_line(text, "scrape_configs:") => Some(Document::PrometheusRules),
        _ => None,
    }
}

fn is_example(name: &str) -> bool {
    ["example", "sample", "template", "dist", "defaults"].iter().any(|end| name.ends_with(end))
}

fn is_migration(folder: &str, name: &str, extension: &str) -> bool {
    let within = |part: &str| folder.split('/').any(|each| each == part);
    match extension {
        "sql" => {
            within("migrations")
                || within("migration")
                || within("migrate")
                || name.starts_with('v') && name.contains("__")
                || name.starts_with('u') && name.contains("__")
        }
        "rb" => folder.ends_with("db/migrate"),
        "py" => within("migrations") || folder.ends_with("alembic/versions"),
        "xml" | "yaml" | "yml" => {
            within("changelog") && (folder.contains("liquibase") || within("db"))
        }
        "js" | "ts" => within("migrations"),
        _ => false,
    }
}

fn starts_line(text: &str, word: &str) -> bool {
    text.starts_with(word) || text.match_indices(word).any(|(at, _)| text[..at].ends_with('\n'))
}

#[cfg(test)]
mod tests {
    use super::{Document, document};

    #[test]
    fn documents_are_known_by_name_and_first_words() {
        for (path, text, expected) in [
            ("README.md", "", Some(Document::Readme)),
            ("docs/CHANGELOG.md", "", Some(Document::Changelog)),
            ("docs/runbook.md", "", Some(Document::Prose)),
            (".github/CODEOWNERS", "", Some(Document::Owners)),
            ("ops/contacts.yaml", "", Some(Document::Contacts)),
            ("api.yaml", "openapi: 3.1.0\n", Some(Document::ApiDescription)),
            ("api.yaml", "a:\n  openapi: 3.1.0\n", None),
            ("rules.yml", "groups:\n- rules:\n", Some(Document::PrometheusRules)),
            ("prometheus.yml", "scrape_configs:\n", Some(Document::PrometheusRules)),
            (".env.example", "A=1\n", Some(Document::EnvironmentExample)),
            (".env", "A=1\n", None),
            ("db/migrate/1_a.rb", "", Some(Document::Migration)),
            ("src/main.rs", "", None),
        ] {
            assert_eq!(document(path, text), expected, "{path}");
        }
    }
}
