//! Whom to call: the roles of a contacts document, in Markdown or YAML.

mod markdown;
mod tree;

use careen_model::{Document, File, Snapshot};
use careen_text::Span;

use crate::place::{depth, is_ours};
use crate::wording::{has_words, is_placeholder};

/// A role that needs somebody.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) name: String,
    /// Words that a document may call it, in lower case.
    words: Vec<String>,
}

/// The roles that are asked for where the user names none, with what they are called.
const ROLES: [(&str, &[&str]); 5] = [
    ("on-call", &["on-call", "oncall", "on call", "duty", "first responder"]),
    ("platform", &["platform", "devops", "sre", "infrastructure", "operations"]),
    ("database", &["database", "databases", "dba", "dbas", "data platform"]),
    ("security", &["security", "infosec", "appsec", "ciso", "csirt"]),
    (
        "escalation",
        &["escalation", "escalations", "manager", "incident commander", "cto", "management"],
    ),
];

impl Role {
    /// The roles that are asked for: those that the user names, else the usual ones.
    pub(crate) fn wanted(own: &[String]) -> Vec<Self> {
        let known =
            |name: &str| ROLES.iter().find(|(role, words)| *role == name || words.contains(&name));
        if own.is_empty() {
            return ROLES.iter().map(|(name, words)| Self::of(name, words)).collect();
        }
        own.iter()
            .map(|name| {
                let lower = name.to_lowercase();
                match known(&lower) {
                    Some((_, words)) => Self { name: name.clone(), ..Self::of("", words) },
                    None => Self { name: name.clone(), words: vec![lower] },
                }
            })
            .collect()
    }

    fn of(name: &str, words: &[&str]) -> Self {
        Self { name: name.to_owned(), words: words.iter().map(|&word| word.to_owned()).collect() }
    }

    /// Whether a text is about the role.
    fn is_in(&self, text: &str) -> bool {
        let lower = text.to_lowercase();
        let plain = lower.replace('_', " ");
        self.words.iter().any(|word| has_words(&lower, word) || has_words(&plain, word))
    }
}

/// Somebody who has a role.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contact {
    /// Where it is written: a row, an item, a heading, a mapping.
    pub(crate) span: Span,
    /// What says the role.
    role: String,
    /// The texts that say who and how: cells, lines, values.
    parts: Vec<String>,
}

/// What a contact lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// Nobody is named.
    Name,
    /// There is no way to reach them.
    Reach,
}

impl Contact {
    /// Whether it is about a role.
    pub(crate) fn has(&self, role: &Role) -> bool {
        role.is_in(&self.role)
    }

    /// What it lacks.
    pub(crate) fn lack(&self) -> Option<Lack> {
        let words = || self.parts.iter().flat_map(|part| part.split_whitespace());
        let reached = self.parts.iter().any(|part| is_number(part)) || words().any(is_reach);
        if !self.parts.iter().any(|part| names_somebody(part)) {
            Some(Lack::Name)
        } else if reached {
            None
        } else {
            Some(Lack::Reach)
        }
    }
}

/// Words that say what a value is, not who.
const LABELS: [&str; 26] = [
    "name",
    "who",
    "phone",
    "tel",
    "mobile",
    "email",
    "e-mail",
    "mail",
    "slack",
    "teams",
    "chat",
    "channel",
    "pager",
    "pagerduty",
    "opsgenie",
    "contact",
    "primary",
    "secondary",
    "backup",
    "role",
    "handle",
    "url",
    "link",
    "or",
    "and",
    "the",
];

/// Whether a text names a person or a team: a word that is no label, no address and no placeholder.
fn names_somebody(part: &str) -> bool {
    if is_placeholder(part) {
        return false;
    }
    let plain = part.replace(['*', '`', '[', ']', '(', ')', ',', ';', '|', '<', '>'], " ");
    plain.split_whitespace().any(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_address = word.contains(['@', '#', '/']) || word.contains("://");
        bare.chars().filter(|c| c.is_alphabetic()).count() >= 2
            && !is_address
            && !word.ends_with(':')
            && !LABELS.contains(&bare.to_lowercase().as_str())
            && !is_placeholder(bare)
    })
}

/// Whether a word is an address, a handle or a channel that is no placeholder.
fn is_reach(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| {
        matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | '.' | '*' | '`' | '|' | '"')
    });
    let lower = bare.to_lowercase();
    let is_empty_handle = ["@someone", "@somebody", "@todo", "@tbd", "@user", "@name", "@handle"];
    if is_empty_handle.contains(&lower.as_str()) {
        return false;
    }
    if lower.contains("://") || lower.starts_with("tel:") || lower.starts_with("mailto:") {
        return true;
    }
    match bare.split_once('@') {
        Some(("", handle)) => handle.chars().filter(|c| c.is_alphanumeric()).count() >= 2,
        Some((_, host)) => host.contains('.'),
        None => bare
            .strip_prefix('#')
            .is_some_and(|channel| channel.len() >= 2 && channel.starts_with(char::is_alphabetic)),
    }
}

/// Whether a text holds the number of a telephone: seven digits or more, and none of those that films
/// use.
fn is_number(part: &str) -> bool {
    let belongs =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '/' | '.');
    part.split(|c: char| !belongs(c)).any(|run| {
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        let is_day = run.trim().len() == 10 && run.trim().matches('-').count() == 2;
        let is_of_films =
            digits.contains("5550") || digits.starts_with("555") || run.contains("555-");
        let is_filled = digits.chars().any(|digit| !digits.starts_with(digit));
        (7..=20).contains(&digits.len()) && is_filled && !is_of_films && !is_day
    })
}

/// The contacts of a document, in its order.
pub(crate) fn contacts(file: &File) -> Vec<Contact> {
    match &file.tree {
        Some(tree) => tree::contacts(tree),
        None => markdown::contacts(&file.source),
    }
}

/// The documents of contacts, the one nearest to the root first.
pub(crate) fn documents(snapshot: &Snapshot) -> Vec<&File> {
    let is_one = |file: &&File| file.document == Some(Document::Contacts) && is_ours(file);
    let mut found: Vec<&File> = snapshot.files().iter().filter(is_one).collect();
    found.sort_by_key(|file| depth(file.source.path()));
    found
}

#[cfg(test)]
mod tests {
    use careen_model::parse;
    use careen_text::Source;

    use super::{Lack, Role, contacts, is_number, is_reach};

    fn lacks(path: &str, text: &str, role: &str) -> Vec<Option<Lack>> {
        let file = parse(Source::new(path, text), path);
        let wanted = Role::wanted(&[role.to_owned()]);
        let found = contacts(&file);
        found.iter().filter(|each| each.has(&wanted[0])).map(super::Contact::lack).collect()
    }

    #[test]
    fn tables_lists_headings_and_yaml_are_read() {
        for (path, text) in [
            (
                "CONTACTS.md",
                "| Role | Who | How |\n|---|---|---|\n| DBA | Ada Byron | +49 30 901820 |\n",
            ),
            (
                "CONTACTS.md",
                "| Who | Role | Mail |\n|--|--|--|\n| Ada | Database | ada@example.com |\n",
            ),
            ("CONTACTS.md", "* Database: Ada Byron, #db-help\n"),
            ("CONTACTS.md", "- **Database**\n  - Ada Byron\n  - ada@example.com\n"),
            ("CONTACTS.md", "## Database\n\nAda Byron\r\n<https://example.pagerduty.com/x>\n"),
            ("contacts.yaml", "contacts:\n- role: dba\n  name: Ada\n  phone: '+49 30 901820'\n"),
            ("contacts.yaml", "database: {name: Ada, slack: '@ada'}\n"),
            (
                "contacts.json",
                "{\"database\": [{\"name\": \"Ada\", \"email\": \"a@example.com\"}]}",
            ),
        ] {
            assert_eq!(lacks(path, text, "database"), [None], "{text}");
        }
    }

    #[test]
    fn placeholders_reach_nobody() {
        for (text, lack) in [
            ("| Role | Who | How |\n|--|--|--|\n| DBA | TBD | ada@example.com |\n", Lack::Name),
            ("| Role | Who | How |\n|--|--|--|\n| DBA | Ada | TODO |\n", Lack::Reach),
            ("- Database: Ada, @someone\n", Lack::Reach),
            ("- Database: Ada, 555-0123\n", Lack::Reach),
            ("- Database:\n", Lack::Name),
            ("## Database\n", Lack::Name),
        ] {
            assert_eq!(lacks("CONTACTS.md", text, "database"), [Some(lack)], "{text}");
        }
        let text = "contacts:\n- {role: database, name: Ada}\n";
        assert_eq!(lacks("contacts.yaml", text, "database"), [Some(Lack::Reach)]);
    }

    #[test]
    fn ways_to_reach_somebody_have_forms() {
        for number in ["+49 30 901820", "(030) 90 18 20", "x1 030/901820"] {
            assert!(is_number(number), "{number}");
        }
        for text in ["2026-11-20", "555-0100123", "12345", "000 000 000", "24/7"] {
            assert!(!is_number(text), "{text}");
        }
        assert!(is_reach("<ada@example.com>") && is_reach("#db-help") && is_reach("@ada"));
        assert!(!is_reach("@someone") && !is_reach("#1") && !is_reach("ada"));
    }

    #[test]
    fn roles_of_ones_own_are_known_by_their_word() {
        let wanted = Role::wanted(&["Billing".to_owned(), "dba".to_owned()]);
        assert!(wanted[0].is_in("billing team") && wanted[1].is_in("Database"));
    }
}
