//! What a rule's file looks like: one `rule!`, a manual with a bad and a good example, a summary
//! and a remedy in their forms, a name that is the file's.

use std::collections::btree_map::Entry;

use super::literal::{field, list};
use super::{Names, Violation, source};

/// Where a declaration starts; the macro's own documentation has it inside a comment.
const START: &str = "rule! {";

/// Whether a rule stands here: `crates/lint-*/src/rules/<group>/<rule>.rs`.
pub(super) fn is_rule_file(path: &str) -> bool {
    let parts: Vec<_> = path.split('/').collect();
    matches!(
        parts.as_slice(),
        ["crates", linter, "src", "rules", _, file]
            if linter.starts_with("lint-") && file.ends_with(".rs") && *file != "mod.rs"
    )
}

/// What is wrong with the form of a rule's file.
pub(super) fn check(path: &str, text: &str) -> Vec<Violation> {
    let declarations = declarations(text);
    let mut violations = Vec::new();
    let mut say = |line: usize, message: String| {
        violations.push(Violation { path: path.to_owned(), line, message });
    };
    let [declaration] = declarations.as_slice() else {
        let line = declarations.get(1).map_or(1, |second| second.line);
        say(line, format!("{} `rule!` in the file: a rule is one file", declarations.len()));
        return violations;
    };
    let line = declaration.line;
    let manual = Manual::of(declaration.text);
    if !manual.has_prose {
        say(line, "the rule has no manual: say why it hurts and when it is fine".to_owned());
    }
    if manual.is_open {
        say(line, "an example of the manual is not closed".to_owned());
    }
    if !manual.has_bad {
        say(line, "the manual has no `bad` example".to_owned());
    }
    if !manual.has_good {
        say(line, "the manual has no `good` example".to_owned());
    }
    match declaration.field("summary") {
        None => say(line, "the rule has no `summary`".to_owned()),
        Some((line, summary)) => {
            if summary.is_empty() || summary.ends_with('.') || summary.contains('\n') {
                say(line, "a `summary` is one line without a full stop".to_owned());
            }
        }
    }
    match declaration.field("remedy") {
        None => say(line, "the rule has no `remedy`".to_owned()),
        Some((line, remedy)) => {
            if !remedy.ends_with('.') {
                say(line, "a `remedy` is a sentence and ends with a full stop".to_owned());
            }
        }
    }
    match declaration.field("id") {
        None => say(line, "the rule has no `id`".to_owned()),
        Some((line, id)) => {
            let name = id.replace('-', "_");
            let stem = path.rsplit('/').next().and_then(|file| file.strip_suffix(".rs"));
            // A hundred detectors end alike; their files may leave the ending out.
            let short = name.strip_suffix("_committed");
            if stem != Some(name.as_str()) && (short.is_none() || stem != short) {
                let expected = short.unwrap_or(&name);
                say(line, format!("rule `{id}` stands in a file called `{expected}.rs`"));
            }
        }
    }
    violations
}

/// Adds the ids and aliases of the rules in a file to `names`; one that is taken is a violation.
pub(super) fn collect_names(path: &str, text: &str, names: &mut Names) -> Vec<Violation> {
    let mut violations = Vec::new();
    for declaration in declarations(text) {
        let Some((line, id)) = declaration.field("id") else { continue };
        for name in std::iter::once(id).chain(list(declaration.text, "aliases")) {
            match names.entry(name) {
                Entry::Vacant(entry) => {
                    entry.insert((path.to_owned(), line));
                }
                Entry::Occupied(entry) => {
                    let (other, other_line) = entry.get();
                    let name = entry.key();
                    let message = format!("`{name}` is taken by the rule at {other}:{other_line}");
                    violations.push(Violation { path: path.to_owned(), line, message });
                }
            }
        }
    }
    violations
}

struct Declaration<'t> {
    /// 1-based line of `rule! {`.
    line: usize,
    /// From `rule! {` to the closing brace.
    text: &'t str,
}

impl Declaration<'_> {
    /// The line of the field and its value.
    fn field(&self, name: &str) -> Option<(usize, String)> {
        let body = self.text.find(" = {").unwrap_or(0);
        let (at, value) = field(self.text.get(body..)?, name)?;
        let before = self.text.get(..body + at)?;
        Some((self.line + before.matches('\n').count(), value))
    }
}

/// The rules a file declares outside of its tests: at the start of a line, to the `}` that starts
/// a line.
fn declarations(text: &str) -> Vec<Declaration<'_>> {
    let mut found = Vec::new();
    for line in source::lines(text).filter(|line| line.code.starts_with(START)) {
        let at: usize = text.split_inclusive('\n').take(line.number - 1).map(str::len).sum();
        let rest = text.get(at..).unwrap_or_default();
        let end = rest.find("\n}").map_or(rest.len(), |end| end + 2);
        let text = rest.get(..end).unwrap_or(rest);
        found.push(Declaration { line: line.number, text });
    }
    found
}

/// What the `///` lines hold.
#[derive(Default)]
struct Manual {
    has_prose: bool,
    has_bad: bool,
    has_good: bool,
    is_open: bool,
}

impl Manual {
    fn of(declaration: &str) -> Self {
        let mut manual = Self::default();
        for line in declaration.lines() {
            let Some(line) = line.trim_start().strip_prefix("///") else { continue };
            let line = line.trim();
            if let Some(info) = line.strip_prefix("```") {
                manual.is_open = !manual.is_open;
                if manual.is_open {
                    manual.has_bad |= info.split_whitespace().any(|word| word == "bad");
                    manual.has_good |= info.split_whitespace().any(|word| word == "good");
                }
            } else if !manual.is_open && !line.is_empty() {
                manual.has_prose = true;
            }
        }
        manual
    }
}

#[cfg(test)]
mod tests {
    use super::super::Names;
    use super::{check, collect_names, is_rule_file};

    const PATH: &str = "crates/lint-kubernetes/src/rules/pods/a_thing.rs";
    const RULE: &str = r#"use careen_rule::rule;

rule! {
    /// It hurts.
    ///
    /// ```yaml bad
    /// id: "no"
    /// ```
    /// ```yaml good
    /// a: 2
    /// ```
    pub(crate) static RULE: Check = {
        id: "a-thing",
        summary: "a thing is missing",
        remedy: "Add it.",
        severity: High,
        check: Check::Pod(check),
        aliases: &["thing", "the-thing"],
    }
}
"#;

    fn messages(text: &str) -> Vec<String> {
        check(PATH, text)
            .into_iter()
            .map(|each| format!("{}: {}", each.line, each.message))
            .collect()
    }

    #[test]
    fn a_good_file_is_left_alone() {
        assert_eq!(messages(RULE), [""; 0]);
        assert!(is_rule_file(PATH));
        assert!(!is_rule_file("crates/lint-kubernetes/src/rules/mod.rs"));
        assert!(!is_rule_file("crates/lint-kubernetes/src/rules/pods/a_thing/tests.rs"));
        assert!(!is_rule_file("crates/rule/src/rules/pods/a_thing.rs"));
    }

    #[test]
    fn every_flaw_is_named() {
        for (from, to, expected) in [
            ("/// It hurts.\n", "///\n", "3: the rule has no manual"),
            ("yaml bad", "yaml", "3: the manual has no `bad`"),
            ("yaml good", "yaml", "3: the manual has no `good`"),
            ("is missing\"", "is missing.\"", "14: a `summary`"),
            ("Add it.", "Add it", "15: a `remedy`"),
            ("id: \"a-thing\"", "id: \"b-thing\"", "13: rule `b-thing` stands in a file"),
            ("rule! {", "other! {", "1: 0 `rule!`"),
        ] {
            let found = messages(&RULE.replace(from, to));
            assert!(found.iter().any(|each| each.starts_with(expected)), "{expected}: {found:?}");
        }
        let twice = format!("{RULE}{RULE}");
        assert!(messages(&twice)[0].starts_with("23: 2 `rule!`"), "{:?}", messages(&twice));
    }

    #[test]
    fn names_are_taken_once() {
        let mut names = Names::new();
        assert_eq!(collect_names(PATH, RULE, &mut names), []);
        assert_eq!(names.len(), 3);
        let other = RULE.replace("\"a-thing\"", "\"the-thing\"").replace("aliases", "peers");
        let found = collect_names("b.rs", &other, &mut names);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("`the-thing` is taken by the rule at crates/"));
    }
}
