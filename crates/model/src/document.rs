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

/// Tells what a file is, by its path and, of JSON and YAML, by the start of its text. It is asked about
/// every file that is no manifest, so whatever looks into the text is told by the extension first.
#[must_use]
pub fn document(path: &str, text: &str) -> Option<Document> {
    let own_name = path.rsplit('/').next().unwrap_or(path);
    let lower = path.to_ascii_lowercase();
    let (folder, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    if matches!(name, "codeowners" | "owners" | "catalog-info.yaml" | "catalog-info.yml") {
        return Some(Document::Owners);
    }
    let is_markup = matches!(extension, "md" | "markdown" | "adoc" | "rst");
    if (is_markup || matches!(extension, "txt" | ""))
        && let Some(found) = prose(own_name, stem)
    {
        return Some(found);
    }
    if is_contacts(stem, extension) {
        return Some(Document::Contacts);
    }
    if is_markup {
        return Some(Document::Prose);
    }
    if name.starts_with(".env.") && is_example(name)
        || matches!(name, "env.example" | "example.env")
    {
        return Some(Document::EnvironmentExample);
    }
    if is_migration(folder, name, extension, text) {
        return Some(Document::Migration);
    }
    match extension {
        "json" if describes_api(text, true) => Some(Document::ApiDescription),
        "json" if text.contains("\"panels\"") && text.contains("\"targets\"") => {
            Some(Document::Dashboard)
        }
        "yaml" | "yml" if describes_api(text, false) => Some(Document::ApiDescription),
        "yaml" | "yml" => {
            let start = start_of(text);
            let is_rules = starts_line(start, "groups:") && start.contains("rules:");
            let scrapes = || starts_line(text, "scrape_configs:");
            (is_rules || scrapes()).then_some(Document::PrometheusRules)
        }
        _ => None,
    }
}

/// What a file of prose is by its name. `HISTORY.md` and `History.md` are changelogs; `history.md` may
/// be a chapter about anything.
fn prose(own_name: &str, stem: &str) -> Option<Document> {
    if stem == "readme" || stem.starts_with("readme.") {
        return Some(Document::Readme);
    }
    let is_title = own_name.starts_with(|c: char| c.is_ascii_uppercase());
    let of_lines = ["changelog-", "changelog_", "changelog."];
    let is_changelog = matches!(stem, "changelog" | "release-notes" | "release_notes")
        || of_lines.iter().any(|start| stem.starts_with(start))
        || is_title && matches!(stem, "changes" | "history" | "releases" | "news");
    is_changelog.then_some(Document::Changelog)
}

fn is_contacts(stem: &str, extension: &str) -> bool {
    matches!(
        stem,
        "contacts"
            | "oncall"
            | "on-call"
            | "escalation"
            | "emergency-contacts"
            | "emergency_contacts"
    ) && matches!(
        extension,
        "md" | "markdown" | "adoc" | "rst" | "txt" | "yaml" | "yml" | "json" | ""
    )
}

fn is_example(name: &str) -> bool {
    ["example", "sample", "template", "dist", "defaults"].iter().any(|end| name.ends_with(end))
}

fn is_migration(folder: &str, name: &str, extension: &str, text: &str) -> bool {
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
        "py" => {
            (within("migrations") && name != "__init__.py" && name != "env.py")
                || (within("versions") && text.contains("\ndown_revision"))
        }
        "xml" | "yaml" | "yml" => {
            within("changelog") && (folder.contains("liquibase") || within("db"))
        }
        "js" | "ts" => within("migrations"),
        _ => false,
    }
}

/// The first 4 KiB, without a byte order mark.
fn start_of(text: &str) -> &str {
    let start = text.get(..text.floor_char_boundary(4096)).unwrap_or(text);
    start.trim_start_matches('\u{feff}')
}

/// Whether the top says `openapi` or `swagger` with a version: dependencies and settings have such keys
/// too.
fn describes_api(text: &str, is_json: bool) -> bool {
    let start = start_of(text);
    ["openapi", "swagger"].iter().any(|key| {
        start.match_indices(key).any(|(at, _)| {
            let (before, rest) = start.split_at(at);
            let rest = rest.get(key.len()..).unwrap_or_default();
            let (before, rest) = match (before.strip_suffix('"'), rest.strip_prefix('"')) {
                (Some(before), Some(rest)) => (before, rest),
                _ if is_json => return false,
                _ => (before, rest),
            };
            let is_top = if is_json || before.starts_with('{') {
                before.matches('{').count() == before.matches('}').count() + 1
            } else {
                before.is_empty() || before.ends_with('\n')
            };
            let value = rest.trim_start().strip_prefix(':').unwrap_or_default().trim_start();
            let value = value.trim_start_matches(['"', '\'']);
            is_top && value.starts_with(|c: char| c.is_ascii_digit())
        })
    })
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
            ("README.de.md", "", Some(Document::Readme)),
            ("README", "", Some(Document::Readme)),
            ("readme.rs", "", None),
            ("docs/CHANGELOG.md", "", Some(Document::Changelog)),
            ("CHANGELOG/CHANGELOG-1.28.md", "", Some(Document::Changelog)),
            ("History.md", "", Some(Document::Changelog)),
            ("docs/history.md", "", Some(Document::Prose)),
            ("CHANGES", "", Some(Document::Changelog)),
            ("changes", "", None),
            ("docs/runbook.md", "", Some(Document::Prose)),
            (".github/CODEOWNERS", "", Some(Document::Owners)),
            ("ops/contacts.yaml", "", Some(Document::Contacts)),
            ("ONCALL.md", "", Some(Document::Contacts)),
            ("src/contacts.py", "", None),
            ("rules.yml", "groups:\n- rules:\n", Some(Document::PrometheusRules)),
            ("prometheus.yml", "scrape_configs:\n", Some(Document::PrometheusRules)),
            (".env.example", "A=1\n", Some(Document::EnvironmentExample)),
            (".env", "A=1\n", None),
            ("db/migrate/1_a.rb", "", Some(Document::Migration)),
            ("shop/migrations/0001_initial.py", "", Some(Document::Migration)),
            ("shop/migrations/__init__.py", "", None),
            ("alembic/versions/a.py", "x\ndown_revision = None\n", Some(Document::Migration)),
            ("src/main.rs", "", None),
        ] {
            assert_eq!(document(path, text), expected, "{path}");
        }
    }

    #[test]
    fn api_descriptions_say_their_version_at_the_top() {
        for (path, text, is_one) in [
            ("api.yaml", "openapi: 3.1.0\n", true),
            ("api.yaml", "\u{feff}# shop\nswagger: '2.0'\n", true),
            ("api.yaml", "\"openapi\": \"3.0.3\"\r\n", true),
            ("api.yaml", "{openapi: 3.1.0}\n", true),
            ("api.yaml", "a:\n  openapi: 3.1.0\n", false),
            ("application.yml", "swagger:\n  enabled: true\n", false),
            ("api.json", "{\n \"openapi\" : \"3.0.0\"}", true),
            ("package.json", "{\"dependencies\": {\"openapi\": \"3.0.0\"}}", false),
            ("api.json", "{\"info\": {}, \"swagger\": \"2.0\"}", true),
        ] {
            let expected = is_one.then_some(Document::ApiDescription);
            assert_eq!(document(path, text), expected, "{path} {text}");
        }
    }
}
