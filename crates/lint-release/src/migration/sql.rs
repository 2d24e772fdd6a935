//! Steps in SQL.

use careen_text::{Source, Span};

use super::{Step, Tool};
use crate::place::{first_line, name_of};

/// Reads a step in SQL.
pub(super) fn step(path: &str, source: &Source) -> Option<Step> {
    let text = source.text();
    let name = name_of(path);
    let lower = name.to_ascii_lowercase();
    if lower.ends_with(".up.sql") {
        return Some(Step { tool: Tool::Pairs, up: 0..text.len(), lacks: Vec::new() });
    }
    if lower.ends_with(".down.sql") {
        let empty = "takes nothing back: it has no statement".to_owned();
        let lacks =
            if has_statement(text) { Vec::new() } else { vec![(first_line(source), empty)] };
        return Some(Step { tool: Tool::Pairs, up: 0..0, lacks });
    }
    if name.contains("__") && name.starts_with(['V', 'U']) {
        let up = if name.starts_with('V') { 0..text.len() } else { 0..0 };
        return Some(Step { tool: Tool::Flyway, up, lacks: Vec::new() });
    }
    let forms: [(Tool, &[&str], &[&str], &str); 2] = [
        (Tool::Goose, &["+goose up", "+migrate up"], &["+goose down", "+migrate down"], "Down"),
        (Tool::Dbmate, &["migrate:up"], &["migrate:down"], "migrate:down"),
    ];
    forms.iter().find_map(|(tool, up, down, called)| sections(source, *tool, up, down, called))
}

/// Reads a step whose ways lie in sections that comments begin.
fn sections(source: &Source, tool: Tool, up: &[&str], down: &[&str], called: &str) -> Option<Step> {
    let text = source.text();
    let up_mark = mark(text, up)?;
    let down_mark = mark(text, down);
    let end = text.len();
    let up_end = down_mark.as_ref().map(|mark| mark.start).filter(|at| *at > up_mark.end);
    let mut lacks = Vec::new();
    match &down_mark {
        None => {
            let what = format!("cannot be taken back: it has no section `{called}`");
            lacks.push((Span::of(up_mark.clone()), what));
        }
        Some(mark) => {
            let down_end = if mark.start < up_mark.start { up_mark.start } else { end };
            let body = text.get(mark.end..down_end).unwrap_or_default();
            if !has_statement(body) {
                let what = format!("cannot be taken back: its section `{called}` has no statement");
                lacks.push((Span::of(mark.clone()), what));
            }
        }
    }
    Some(Step { tool, up: up_mark.end..up_end.unwrap_or(end), lacks })
}

/// The comment that begins a section.
fn mark(text: &str, words: &[&str]) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let body = line.trim_start_matches('\u{feff}').trim_start();
        let Some(comment) = body.strip_prefix("--") else { continue };
        let comment = comment.trim_start().to_ascii_lowercase();
        if words.iter().any(|word| comment.starts_with(word)) {
            let from = start + line.len() - body.len();
            return Some(from..from + body.trim_end().len());
        }
    }
    None
}

/// Whether something is left without comments.
fn has_statement(text: &str) -> bool {
    let plain = super::code::without_comments(text, &["--", "#"], true);
    plain.chars().any(char::is_alphanumeric)
}
