//! Writing the draft as `careen.yaml`.

use std::fmt::Write;

use careen_text::sanitize_line;

use crate::Migration;
use crate::model::{Fate, Ignored, Note, Origin, Scope, Value};

/// Where editors find what a configuration may hold.
const SCHEMA: &str =
    "# yaml-language-server: $schema=https://careen.dev/schemas/careen.schema.json";
/// Places that one comment names.
const MOST_PLACES: usize = 6;

/// Writing to a string cannot fail.
macro_rules! line {
    ($out:expr, $($what:tt)*) => {{
        let _ = writeln!($out, $($what)*);
    }};
}

pub(crate) fn write(migration: &Migration, sources: &[&str]) -> String {
    let draft = &migration.draft;
    let mut out = String::new();
    line!(out, "{SCHEMA}");
    line!(out, "#");
    line!(out, "# Written by `careen migrate`. Each part names the file and line it came from:");
    for source in sources {
        line!(out, "#   {}", sanitize_line(source));
    }
    if let Some((level, note)) = &draft.fail_on {
        line!(
            out,
            "\n# The mildest severity that makes a run fail, for everything Careen looks at."
        );
        line!(out, "# {}", one(note));
        line!(out, "fail-on: {level}");
    }
    if !draft.select.is_empty() {
        line!(out, "\n# These rules run and no others: `select` replaces the profile.");
        line!(out, "select:");
        for (name, notes) in &draft.select {
            if notes.is_empty() {
                line!(out, "  # No file lists checks of this kind, so all rules for it run.");
            }
            comment(&mut out, "  ", notes);
            line!(out, "  - {}", scalar(name));
        }
    }
    if !draft.ignore.is_empty() {
        line!(out, "\nignore:");
        for item in &draft.ignore {
            ignored(&mut out, item);
        }
    }
    if !draft.severity.is_empty() {
        line!(out, "\nseverity:");
        for (rule, (level, notes)) in &draft.severity {
            comment(&mut out, "  ", notes);
            line!(out, "  {}: {level}", scalar(rule));
        }
    }
    if !draft.exclude.is_empty() {
        line!(out, "\n# Nothing at all is looked for in these paths.");
        line!(out, "exclude:");
        for (glob, note) in &draft.exclude {
            line!(out, "  # {}", one(note));
            line!(out, "  - {}", scalar(glob));
        }
    }
    options(&mut out, migration);
    if !draft.proposals.is_empty() {
        line!(out, "\n# For you to decide:");
        for (proposal, note) in &draft.proposals {
            line!(out, "# {proposal}  # {}", one(note));
        }
    }
    left(&mut out, migration);
    out
}

fn ignored(out: &mut String, item: &Ignored) {
    comment(out, "  ", &item.origins);
    let Scope { paths, objects, reason, expires } = &item.scope;
    match item.rules.as_slice() {
        [rule] if item.scope.is_plain() => {
            line!(out, "  - {}", scalar(rule));
            return;
        }
        [rule] => line!(out, "  - rule: {}", scalar(rule)),
        rules => line!(out, "  - rules: {}", list(rules)),
    }
    if !paths.is_empty() {
        line!(out, "    paths: {}", list(paths));
    }
    if !objects.is_empty() {
        line!(out, "    objects: {}", list(objects));
    }
    if let Some(reason) = reason {
        line!(out, "    reason: {}", scalar(reason));
    }
    if let Some(day) = expires {
        line!(out, "    expires: {day}");
    }
}

fn options(out: &mut String, migration: &Migration) {
    let mut open = "";
    for ((rule, option), (value, notes)) in &migration.draft.options {
        if open.is_empty() {
            line!(out, "\nrules:");
        }
        if open != rule {
            line!(out, "  {}:", scalar(rule));
            open = rule;
        }
        comment(out, "    ", notes);
        match value {
            Value::Words(words) => line!(out, "    {option}: {}", list(words)),
            Value::Map(pairs) => {
                line!(out, "    {option}:");
                for (key, value) in pairs {
                    line!(out, "      {}: {}", scalar(key), scalar(value));
                }
            }
        }
    }
}

fn left(out: &mut String, migration: &Migration) {
    let mut items = migration.with(Fate::is_honoured).peekable();
    if items.peek().is_some() {
        line!(out, "\n# Read as they are, so that nothing of them stands here:");
        for item in items {
            line!(out, "# {} {}: {}", item.origin, shown(&item.what), shown(item.fate.text()));
        }
    }
    let mut items = migration.with(Fate::is_left).peekable();
    if items.peek().is_some() {
        line!(out, "\n# Not taken over:");
        for item in items {
            line!(out, "# {} {}: {}", item.origin, shown(&item.what), shown(item.fate.text()));
        }
    }
    if migration.more > 0 {
        line!(out, "# and {} more words that are not listed", migration.more);
    }
}

fn comment(out: &mut String, indent: &str, notes: &[Note]) {
    for note in notes.iter().take(MOST_PLACES) {
        line!(out, "{indent}# {}", one(note));
    }
    if notes.len() > MOST_PLACES {
        line!(out, "{indent}# and {} more places", notes.len() - MOST_PLACES);
    }
}

fn one((origin, what): &(Origin, String)) -> String {
    format!("{origin} {}", shown(what))
}

fn shown(text: &str) -> String {
    sanitize_line(text).into_owned()
}

fn list(words: &[String]) -> String {
    let words: Vec<_> = words.iter().map(|word| scalar(word)).collect();
    format!("[{}]", words.join(", "))
}

/// A scalar that every reader of YAML takes for this text: plain where that is safe, else quoted.
fn scalar(text: &str) -> String {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
    let word = text.to_ascii_lowercase();
    let typed = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    if starts && plain && !typed.contains(&word.as_str()) {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() || !is_inert(c) => {
                let code = u32::from(c);
                let _ = if code > 0xffff {
                    write!(quoted, "\\U{code:08x}")
                } else {
                    write!(quoted, "\\u{code:04x}")
                };
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether the character neither hides nor reorders what stands around it.
fn is_inert(c: char) -> bool {
    matches!(sanitize_line(c.encode_utf8(&mut [0; 4])), std::borrow::Cow::Borrowed(_))
}

#[cfg(test)]
mod tests {
    use careen_text::Source;
    use careen_yaml::{Limits, parse};

    use super::scalar;

    #[test]
    fn scalars_are_read_as_they_were_meant() {
        for text in [
            "host-port",
            "vendor/**",
            "*.gcr.io",
            "yes",
            "3",
            "",
            "a: b",
            "#x",
            "say \"hi\" \\ there",
            "two\nlines",
            "\u{202e}x",
            "\u{1f6a2} ship",
            "polaris:*",
        ] {
            let source = Source::new("a.yaml", format!("- {}\n", scalar(text)));
            let tree = parse(&source, &Limits::default());
            assert!(tree.problems().is_empty(), "{}", source.text());
            let root = tree.documents().next().unwrap().root().unwrap();
            assert_eq!(root.items().next().unwrap().as_str(), Some(text));
        }
        assert_eq!(scalar("host-port"), "host-port");
    }
}
