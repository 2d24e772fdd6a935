//! Steps in programs: read by their words, not by a parser of each language.

use std::ops::Range;

use careen_text::Span;

use super::{Step, Tool};
use crate::place::cut;

/// The text with comments blanked out, so that offsets stay. `block` says that `/* */` is one.
pub(crate) fn without_comments(text: &str, marks: &[&str], block: bool) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    let mut quote: Option<char> = None;
    while let Some(character) = rest.chars().next() {
        let length = match quote {
            Some(open) => {
                if character == open || character == '\n' && open != '`' {
                    quote = None;
                }
                0
            }
            None if block && rest.starts_with("/*") => {
                rest.get(2..).and_then(|body| body.find("*/")).map_or(rest.len(), |end| end + 4)
            }
            None if marks.iter().any(|mark| rest.starts_with(mark)) => {
                rest.find('\n').unwrap_or(rest.len())
            }
            None => {
                if matches!(character, '"' | '\'' | '`') {
                    quote = Some(character);
                }
                0
            }
        };
        let (comment, after) = rest.split_at(length);
        if comment.is_empty() {
            plain.push(character);
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
        } else {
            plain.extend(comment.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            rest = after;
        }
    }
    plain
}

/// A step of Active Record.
pub(super) fn rails(text: &str) -> Option<Step> {
    if !text.contains("ActiveRecord::Migration") {
        return None;
    }
    let plain = without_comments(text, &["#"], false);
    let change = method(&plain, "change");
    let up = method(&plain, "up");
    let down = method(&plain, "down");
    let mut lacks = Vec::new();
    if let Some((name, body)) = &change {
        let code = plain.get(body.clone()).unwrap_or_default();
        for (at, call) in irreversible(code) {
            let span = Span::of(body.start + at..body.start + at + call.len());
            lacks.push((
                span,
                format!("cannot be taken back: `{call}` in `change` has no way back"),
            ));
        }
        return Some(Step { tool: Tool::Rails, up: name.start..body.end, lacks });
    }
    let (name, body) = up?;
    match down {
        None => {
            let what = "cannot be taken back: it has no `down`".to_owned();
            lacks.push((Span::of(name.clone()), what));
        }
        Some((down, body)) => {
            let code = plain.get(body).unwrap_or_default();
            if code.contains("IrreversibleMigration")
                || code.trim().trim_end_matches("end").trim().is_empty()
            {
                let what = "cannot be taken back: its `down` does nothing".to_owned();
                lacks.push((Span::of(down), what));
            }
        }
    }
    Some(Step { tool: Tool::Rails, up: name.start..body.end, lacks })
}

/// `def NAME` and what stands in it: all until the next `def`.
fn method(text: &str, name: &str) -> Option<(Range<usize>, Range<usize>)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let body = line.trim_start();
        let Some(rest) = body.strip_prefix("def ") else { continue };
        let rest = rest.trim_start().strip_prefix("self.").unwrap_or(rest.trim_start());
        let found: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if found != name {
            continue;
        }
        let from = start + line.len() - body.len();
        let end = text.get(at..)?.find("\n  def ").map_or(text.len(), |next| at + next + 1);
        return Some((from..from + body.trim_end().len(), at..end));
    }
    None
}

/// Calls in `change` that Active Record cannot turn around.
fn irreversible(code: &str) -> Vec<(usize, &'static str)> {
    let guarded = code.contains("reversible do") || code.contains("reversible {");
    let mut found = Vec::new();
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let body = line.trim_start();
        let from = start + line.len() - body.len();
        let call = |name: &str| body.strip_prefix(name).filter(|rest| rest.starts_with([' ', '(']));
        let arguments = |rest: &str| rest.split(',').count();
        if !guarded && call("execute").is_some() {
            found.push((from, "execute"));
        } else if !guarded && call("change_column").is_some() {
            found.push((from, "change_column"));
        } else if call("remove_column")
            .is_some_and(|rest| arguments(rest) < 3 && !rest.trim_end().ends_with(','))
        {
            found.push((from, "remove_column"));
        } else if call("drop_table")
            .is_some_and(|rest| !rest.contains(" do") && !rest.contains('{'))
        {
            found.push((from, "drop_table"));
        } else if call("change_column_default").is_some_and(|rest| !rest.contains("from:")) {
            found.push((from, "change_column_default"));
        }
    }
    found
}

/// A step of Alembic.
pub(super) fn alembic(text: &str) -> Option<Step> {
    let plain = without_comments(text, &["#"], false);
    if !plain.contains("down_revision") {
        return None;
    }
    let (name, up) = function(&plain, "upgrade")?;
    let mut lacks = Vec::new();
    match function(&plain, "downgrade") {
        None => {
            let what = "cannot be taken back: it has no `downgrade`".to_owned();
            lacks.push((Span::of(name), what));
        }
        Some((name, body)) => {
            let does = plain.get(body).unwrap_or_default().lines().map(str::trim).any(|line| {
                let idle = ["pass", "...", "raise", "return", "\"\"\"", "'''"];
                !line.is_empty() && !idle.iter().any(|word| line.starts_with(word))
            });
            if !does {
                let what = "cannot be taken back: its `downgrade` does nothing".to_owned();
                lacks.push((Span::of(name), what));
            }
        }
    }
    Some(Step { tool: Tool::Alembic, up, lacks })
}

/// `def NAME(...)` at the start of a line, and its body.
fn function(text: &str, name: &str) -> Option<(Range<usize>, Range<usize>)> {
    let start = format!("def {name}(");
    let mut at = 0;
    let mut found: Option<(Range<usize>, usize)> = None;
    for line in text.split_inclusive('\n') {
        let begin = at;
        at += line.len();
        if let Some((head, body)) = &found {
            if !line.starts_with([' ', '\t', '\n', '\r']) {
                return Some((head.clone(), *body..begin));
            }
        } else if line.starts_with(&start) {
            found = Some((begin..begin + line.trim_end().len(), at));
        }
    }
    found.map(|(head, body)| (head, body..text.len()))
}

/// A step of Django: what it runs by itself it can take back, but for code and statements.
pub(super) fn django(text: &str) -> Option<Step> {
    if !text.contains("migrations.Migration") {
        return None;
    }
    let plain = without_comments(text, &["#"], false);
    let mut lacks = Vec::new();
    for (call, reverse) in [("RunPython", "reverse_code"), ("RunSQL", "reverse_sql")] {
        for (at, _) in plain.match_indices(call) {
            let open = at + call.len();
            if !plain.get(open..).is_some_and(|rest| rest.starts_with('(')) {
                continue;
            }
            let arguments = arguments(&plain, open + 1);
            let has_second = arguments.get(1).is_some_and(|second| !second.contains('='));
            if !has_second && !arguments.iter().any(|each| each.starts_with(reverse)) {
                let what = format!("cannot be taken back: `{call}` has no `{reverse}`");
                lacks.push((Span::of(at..open), what));
            }
        }
    }
    lacks.sort_by_key(|(span, _)| span.start);
    Some(Step { tool: Tool::Django, up: 0..text.len(), lacks })
}

/// The arguments of a call that was opened, without nested commas.
fn arguments(text: &str, from: usize) -> Vec<&str> {
    const LONGEST: usize = 100_000;
    let rest = text.get(from..).unwrap_or_default();
    let (mut depth, mut start) = (0_usize, 0);
    let mut quote: Option<char> = None;
    let mut found = Vec::new();
    for (at, character) in rest.char_indices().take(LONGEST) {
        match (quote, character) {
            (Some(open), _) => quote = quote.filter(|_| open != character),
            (None, '"' | '\'') => quote = Some(character),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')') if depth == 0 => {
                found.push(rest.get(start..at).unwrap_or_default().trim());
                break;
            }
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                found.push(rest.get(start..at).unwrap_or_default().trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.retain(|argument| !argument.is_empty());
    found
}

/// A step of Knex, Sequelize or TypeORM.
pub(super) fn javascript(text: &str) -> Option<Step> {
    let plain = without_comments(text, &["//"], true);
    let up = member(&plain, "up")?;
    let down = member(&plain, "down");
    let mut lacks = Vec::new();
    let end = match &down {
        Some(down) if down.start > up.start => down.start,
        _ => text.len(),
    };
    match down {
        None => {
            let what = "cannot be taken back: it has no `down`".to_owned();
            lacks.push((Span::of(up.clone()), what));
        }
        Some(down) => {
            if does_nothing(plain.get(down.end..).unwrap_or_default()) {
                let what = "cannot be taken back: its `down` does nothing".to_owned();
                lacks.push((Span::of(down), what));
            }
        }
    }
    Some(Step { tool: Tool::JavaScript, up: up.start..end, lacks })
}

/// Where a member or an exported function of that name is defined.
fn member(text: &str, name: &str) -> Option<Range<usize>> {
    text.match_indices(name).map(|(at, _)| at..at + name.len()).find(|range| {
        let before = text.get(..range.start).unwrap_or_default();
        let after = text.get(range.end..).unwrap_or_default().trim_start();
        let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
        let begins = [
            "",
            "exports.",
            "module.exports.",
            "async ",
            "public async ",
            "public ",
            "export async function ",
            "export function ",
            "async function ",
            "function ",
            "export const ",
            "const ",
            "up: ",
            "module.exports = { ",
        ];
        begins.iter().any(|start| line == start.trim_end() || line == *start)
            && (after.starts_with('(') || after.starts_with('=') || after.starts_with(':'))
    })
}

/// Whether the function that begins here has an empty body, or one that only fails or returns.
fn does_nothing(rest: &str) -> bool {
    // Over the parameters, which may have braces of their own.
    let (mut at, mut depth) = (0, 0_usize);
    for (index, character) in rest.char_indices().take(2_000) {
        match character {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    at = index + 1;
                    break;
                }
            }
            _ => {}
        }
    }
    let after = rest.get(at..).unwrap_or_default();
    let Some(open) = after.find(['{', '\n', ';']) else { return false };
    let Some(body) = after.get(open..).and_then(|body| body.strip_prefix('{')) else {
        return false;
    };
    let body = body.split('}').next().unwrap_or_default();
    body.split([';', '\n']).map(str::trim).all(|statement| {
        statement.is_empty()
            || statement.starts_with("throw")
            || statement == "return"
            || statement.starts_with("return Promise.resolve()")
            || statement.starts_with("return null")
    })
}

/// Calls and statements that drop what holds data, each with its place and words.
pub(crate) fn destructive(text: &str, tool: Tool, within: &Range<usize>) -> Vec<(Span, String)> {
    let (marks, block): (&[&str], bool) = match tool {
        Tool::Pairs | Tool::Flyway | Tool::Goose | Tool::Dbmate => (&["--"], true),
        Tool::Rails | Tool::Alembic | Tool::Django => (&["#"], false),
        Tool::JavaScript => (&["//"], true),
    };
    let words: &[&str] = match tool {
        Tool::Pairs | Tool::Flyway | Tool::Goose | Tool::Dbmate => {
            &["drop table", "drop column", "drop schema", "drop database", "truncate"]
        }
        Tool::Rails => {
            &["drop_table", "remove_column", "remove_columns", "drop table", "drop column"]
        }
        Tool::Alembic => &["op.drop_table", "op.drop_column", "drop table", "drop column"],
        Tool::Django => &["deletemodel", "removefield", "drop table", "drop column"],
        Tool::JavaScript => &[
            "droptable",
            "droptableifexists",
            "dropcolumn",
            "dropcolumns",
            "removecolumn",
            "drop table",
            "drop column",
        ],
    };
    let plain = without_comments(text, marks, block).to_ascii_lowercase();
    let body = plain.get(within.clone()).unwrap_or_default();
    let mut found = Vec::new();
    for word in words {
        for (at, _) in body.match_indices(word) {
            let belongs = |c: char| c.is_alphanumeric() || c == '_';
            let before = body.get(..at).unwrap_or_default();
            let after = body.get(at + word.len()..).unwrap_or_default();
            if before.ends_with(belongs) || after.starts_with(belongs) {
                continue;
            }
            let from = within.start + at;
            let span = Span::of(from..from + word.len());
            found.push((span, object(text.get(from + word.len()..).unwrap_or_default())));
        }
    }
    found.sort_by_key(|(span, _)| span.start);
    found
}

/// The name behind the words.
fn object(rest: &str) -> String {
    let skipped = ["if", "exists", "table", "only"];
    let marks = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
    let mut names = rest.split(marks).filter(|word| !word.is_empty());
    let name = names.find(|word| !skipped.contains(&word.to_ascii_lowercase().as_str()));
    cut(name.unwrap_or_default()).to_owned()
}
