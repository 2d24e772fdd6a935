//! What bash has and the shell that reads the script has not.

use careen_image_model::shell::{PieceKind, TokenKind};
use careen_rule::Severity;
use careen_text::Span;

use super::script::{Dialect, Simple};
use super::{Check, Job, Out};

pub(super) static CHECKS: &[Check] =
    &[Check { word: "needs-bash", severity: Severity::Medium, run: needs_bash }];

fn needs_bash(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    let (dash, known) = match script.dialect {
        Dialect::Bash | Dialect::Unknown => return,
        Dialect::Dash => (true, "`dash`, the `sh` of this image,"),
        Dialect::Ash => (false, "`ash`, the `sh` of this image,"),
    };
    let mut say = |span: Span, what: &str| out.report(span, format!("{known} has no {what}"));
    for command in &script.commands {
        let program = script.program(command);
        let Some(name) = command.words.first() else { continue };
        // busybox has these.
        let in_ash = matches!(program, "[[" | "source" | "let" | "function");
        let lacking = match program {
            "[[" => Some("`[[`"),
            "source" => Some("`source`"),
            "let" => Some("`let`"),
            "function" => Some("`function`"),
            "pushd" | "popd" | "dirs" => Some("stack of folders"),
            "declare" | "typeset" => Some("`declare`"),
            "shopt" => Some("`shopt`"),
            "mapfile" | "readarray" => Some("`mapfile`"),
            "select" => Some("`select`"),
            _ => None,
        };
        if let Some(what) = lacking.filter(|_| dash || !in_ash) {
            say(name.span, what);
        }
        if dash && matches!(program, "[" | "test") {
            let words = command.words.iter().skip(1);
            let mut equals = words.filter(|word| script.raw(word) == "==");
            if let Some(word) = equals.next() {
                say(word.span, "`==` in `[`, which has `=`");
            }
        }
        let option = command.words.get(1);
        if let Some(option) = option.filter(|word| {
            dash && program == "echo" && { matches!(script.raw(word), "-e" | "-en" | "-ne") }
        }) {
            say(option.span, "`echo -e`: it prints the option");
        }
    }
    for word in script.commands.iter().flat_map(Simple::parts) {
        let raw = script.raw(word);
        if raw.starts_with("<(") || raw.starts_with(">(") {
            say(word.span, "process substitution");
        }
        if dash && let Some(piece) = word.pieces.iter().find(|one| one.kind == PieceKind::Ansi) {
            say(script.span(&piece.range), "`$'…'`");
        }
        let braced = word.pieces.iter().filter(|piece| piece.kind == PieceKind::Braced);
        for piece in braced {
            let text = script.slice(&piece.range);
            let inside = text.get(2..).unwrap_or_default();
            let len =
                inside.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
            let rest = inside.get(len..).unwrap_or_default();
            if len == 0 && inside.starts_with('!') {
                say(script.span(&piece.range), "indirect expansion");
            } else if rest.starts_with('[') {
                say(script.span(&piece.range), "arrays");
            } else if dash && rest.starts_with('/') {
                say(script.span(&piece.range), "replacement in an expansion");
            } else if dash
                && rest
                    .strip_prefix(':')
                    .is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()))
            {
                say(script.span(&piece.range), "substrings");
            } else if rest.starts_with("^}") || rest.starts_with("^^") || rest.starts_with(",,") {
                say(script.span(&piece.range), "change of case in an expansion");
            }
        }
        let array = word.pieces.first().is_some_and(|piece| {
            piece.kind == PieceKind::Text
                && script.slice(&piece.range).split_once('=').is_some_and(|(name, rest)| {
                    super::script::is_name(name.trim_end_matches('+')) && rest.starts_with('(')
                })
        });
        if array {
            say(word.span, "arrays");
        }
    }
    for token in script.tokens.iter().filter(|token| token.kind == TokenKind::Operator) {
        match script.text(token) {
            "<<<" => say(token.span, "`<<<`"),
            "&>" | "&>>" if dash => say(token.span, "`&>`: it runs the command in the background"),
            "|&" => say(token.span, "`|&`"),
            _ => {}
        }
    }
}
