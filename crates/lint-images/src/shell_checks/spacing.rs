//! Blanks that are missing, or stand where they may not.

use careen_image_model::shell::{PieceKind, TokenKind};
use careen_rule::Severity;

use super::script::{RESERVED, Simple, is_name};
use super::syntax::certain;
use super::{Check, Job, Out, cut};

pub(super) static CHECKS: &[Check] = &[
    certain("no-break-space", no_break_space),
    Check { word: "slanted-tick", severity: Severity::Medium, run: slanted_tick },
    certain("missing-space", missing_space),
    certain("ampersand-semicolon", ampersand_semicolon),
    certain("function-body-space", function_body_space),
    certain("spaces-around-equals", spaces_around_equals),
    certain("comment-space", comment_space),
];

fn no_break_space(job: &Job<'_, '_>, out: &mut Out<'_>) {
    in_bare_text(job, out, &['\u{a0}', '\u{2007}', '\u{202f}', '\u{200b}', '\u{3000}'], |_| {
        "a space that is none to the shell".to_owned()
    });
}

fn slanted_tick(job: &Job<'_, '_>, out: &mut Out<'_>) {
    in_bare_text(job, out, &['\u{b4}'], |mark| format!("`{mark}` is no backtick"));
}

/// Reports the first of such characters in each word, outside of quotes.
fn in_bare_text(job: &Job<'_, '_>, out: &mut Out<'_>, marks: &[char], message: fn(char) -> String) {
    let script = job.script;
    for word in script.commands.iter().flat_map(Simple::parts) {
        let bare = word.pieces.iter().filter(|one| one.kind == PieceKind::Text && !one.quoted);
        for piece in bare {
            let found = script.slice(&piece.range).char_indices().find(|(_, c)| marks.contains(c));
            if let Some((at, mark)) = found {
                let start = piece.range.start + at;
                out.report(script.span(&(start..start + mark.len_utf8())), message(mark));
                break;
            }
        }
    }
}

fn missing_space(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for command in &job.script.commands {
        let (Some(name), Some(last)) = (command.words.first(), command.words.last()) else {
            continue;
        };
        let (text, end) = (script.raw(name), script.raw(last));
        let glued = ["if[", "elif[", "while[", "until[", "!["];
        let bracket = text.starts_with('[')
            && text.len() > 1
            && !text.starts_with("[[")
            && end.ends_with(']')
            && (command.words.len() > 1 || text.starts_with("[-") || text.starts_with("[\""));
        if bracket || glued.iter().any(|start| text.starts_with(start)) {
            out.report(name.span, format!("a space is missing in `{}`", cut(text)));
        } else if text == "[" && end != "]" && end.ends_with(']') && !end.starts_with('[') {
            out.report(
                last.span,
                format!("a space is missing in front of the `]` of `{}`", cut(end)),
            );
        } else if let Some(rest) = text.strip_prefix('{')
            && rest.starts_with(|one: char| one.is_ascii_alphabetic())
            && !rest.contains(['}', ','])
        {
            out.report(name.span, format!("a space is missing behind the `{{` of `{}`", cut(text)));
        }
    }
}

fn ampersand_semicolon(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for pair in script.tokens.windows(2) {
        let [one, next] = pair else { continue };
        let operators = one.kind == TokenKind::Operator && next.kind == TokenKind::Operator;
        if operators && script.text(one) == "&" && script.text(next) == ";" {
            out.report(one.span.cover(next.span), "`&` ends a command as `;` does: not both");
        }
    }
}

fn function_body_space(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for command in script.commands.iter().filter(|one| script.program(one) == "function") {
        let Some(name) = command.words.get(1) else { continue };
        let text = script.raw(name);
        if text.len() > 1 && text.ends_with('{') {
            out.report(
                name.span,
                format!("a space is missing in front of the `{{` of `{}`", cut(text)),
            );
        }
    }
}

fn spaces_around_equals(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for command in &script.commands {
        let [name, equals, ..] = command.words.as_slice() else { continue };
        let text = script.raw(name);
        let sets = script.raw(equals).starts_with('=') && !script.raw(equals).starts_with("==");
        if is_name(text) && sets && !matches!(text, "test" | "expr" | "let") {
            let message =
                format!("`{}` is run, and not set: no space may stand at the `=`", cut(text));
            out.report(name.span.cover(equals.span), message);
        }
    }
}

fn comment_space(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for name in script.commands.iter().filter_map(|command| command.words.first()) {
        let Some((word, _)) = script.raw(name).split_once('#') else { continue };
        if RESERVED.contains(&word) && word != "!" {
            out.report(name.span, format!("a space is missing between `{word}` and the comment"));
        }
    }
}
