//! Words whose quotes or characters mean something else than they seem to.

use careen_image_model::shell::PieceKind;
use careen_rule::Severity;

use super::script::{Dialect, Simple};
use super::{Check, Job, Out, cut};

pub(super) static CHECKS: &[Check] = &[
    Check { word: "space-after-equals", severity: Severity::Medium, run: space_after_equals },
    Check { word: "array-braces", severity: Severity::Medium, run: array_braces },
    Check { word: "useless-escape", severity: Severity::Low, run: useless_escape },
    Check { word: "echo-escapes", severity: Severity::Low, run: echo_escapes },
    Check { word: "lone-dollar", severity: Severity::Info, run: lone_dollar },
    Check { word: "word-between-quotes", severity: Severity::Info, run: word_between_quotes },
    Check { word: "glob-as-option", severity: Severity::Info, run: glob_as_option },
];

/// `NAME= value` runs `value`. `NAME= command` is a way to say that NAME is empty for it.
fn space_after_equals(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for command in &script.commands {
        let (Some(assignment), [value]) = (command.assignments.last(), command.words.as_slice())
        else {
            continue;
        };
        let (name, text) = (script.raw(assignment), script.raw(value));
        let is_value = text.starts_with(['"', '\'', '$', '`'])
            || text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if name.ends_with('=') && is_value && !name.starts_with("IFS") {
            let message =
                format!("`{}` is set to nothing: a space stands behind its `=`", cut(name));
            out.report(assignment.span.cover(value.span), message);
        }
    }
}

fn array_braces(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for word in script.commands.iter().flat_map(Simple::parts) {
        for pair in word.pieces.windows(2) {
            let [variable, text] = pair else { continue };
            let (name, rest) = (script.slice(&variable.range), script.slice(&text.range));
            let both = variable.kind == PieceKind::Variable && text.kind == PieceKind::Text;
            // `$1[0]` and the like are no arrays.
            if both && name.len() > 2 && begins_with_index(rest) {
                let message =
                    format!("`{}` ends in front of the `[`: arrays need braces", cut(name));
                out.report(script.span(&variable.range), message);
            }
        }
    }
}

/// Whether a text begins with `[1]`, `[@]` or `[*]`.
fn begins_with_index(text: &str) -> bool {
    let index = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    index.is_some_and(|(index, _)| {
        let number = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
        number || matches!(index, "@" | "*")
    })
}

fn useless_escape(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for command in &script.commands {
        for word in command.assignments.iter().chain(command.words.iter().skip(1)) {
            let useless = word.pieces.iter().find(|piece| {
                let next = script.slice(&piece.range).chars().nth(1);
                piece.kind == PieceKind::Escape
                    && !piece.quoted
                    && next.is_some_and(|next| next.is_ascii_alphanumeric())
            });
            if let Some(piece) = useless {
                let text = script.slice(&piece.range);
                out.report(
                    script.span(&piece.range),
                    format!("the shell takes the backslash of `{text}` away"),
                );
            }
        }
    }
}

/// `echo "a\n"`: some shells write a line break, others write what stands there.
fn echo_escapes(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    if script.dialect == Dialect::Dash {
        return;
    }
    for command in script.commands.iter().filter(|one| script.program(one) == "echo") {
        let options = command.words.get(1).map_or("", |word| script.raw(word));
        if options.starts_with('-') && options.contains(['e', 'E']) {
            continue;
        }
        for piece in command.words.iter().skip(1).flat_map(|word| &word.pieces) {
            let text = script.slice(&piece.range);
            let escaped = piece.quoted && matches!(text, "\\n" | "\\t" | "\\r");
            let single = piece.kind == PieceKind::Single
                && ["\\n", "\\t", "\\r"].iter().any(|one| text.contains(one));
            if single || escaped && piece.kind == PieceKind::Escape {
                let message = "whether `echo` makes a line break of this hangs on the shell";
                out.report(script.span(&piece.range), message);
                break;
            }
        }
    }
}

fn lone_dollar(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for word in script.commands.iter().flat_map(Simple::parts) {
        for pair in word.pieces.windows(2) {
            let [dollar, next] = pair else { continue };
            let follows = script.slice(&next.range).starts_with([' ', '.', '%', '=', ':', '+']);
            if dollar.kind == PieceKind::Dollar && next.kind == PieceKind::Text && follows {
                out.report(script.span(&dollar.range), "the `$` stands for itself: escape it");
                break;
            }
        }
    }
}

/// `'a'b'c'` and `"a"b"c"`: the word in the middle is outside of the quotes.
fn word_between_quotes(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for word in script.commands.iter().flat_map(Simple::parts) {
        for three in word.pieces.windows(3) {
            let [before, middle, after] = three else { continue };
            let quotes = matches!(
                (before.kind, after.kind),
                (PieceKind::Single, PieceKind::Single) | (PieceKind::Quote, PieceKind::Quote)
            );
            let text = script.slice(&middle.range);
            let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if quotes && middle.kind == PieceKind::Text && !middle.quoted && is_word {
                let message = format!("`{}` stands outside of the quotes around it", cut(text));
                out.report(script.span(&middle.range), message);
                break;
            }
        }
    }
}

/// `rm *`: a file whose name begins with a dash is an option.
fn glob_as_option(job: &Job<'_, '_>, out: &mut Out<'_>) {
    const PROGRAMS: [&str; 15] = [
        "cat",
        "chgrp",
        "chmod",
        "chown",
        "cp",
        "dpkg",
        "gzip",
        "ls",
        "mv",
        "rm",
        "rpm",
        "sha256sum",
        "tar",
        "touch",
        "zip",
    ];
    let script = job.script;
    for command in &script.commands {
        if !PROGRAMS.contains(&script.program(command)) || script.has(command, "--") {
            continue;
        }
        let glob = command.words.iter().skip(1).find(|word| {
            let first = word.pieces.first();
            first.is_some_and(|piece| piece.kind == PieceKind::Text && !piece.quoted)
                && script.raw(word).starts_with(['*', '?'])
        });
        if let Some(word) = glob {
            let text = cut(script.raw(word));
            out.report(word.span, format!("`{text}` may be an option: write `./{text}`"));
        }
    }
}
