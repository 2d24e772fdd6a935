//! Expansions that the shell splits at blanks and matches with files.

use careen_image_model::shell::{Piece, PieceKind};
use careen_rule::Severity;

use super::script::{Part, Simple, name_of};
use super::{Check, Job, Out, cut};

pub(super) static CHECKS: &[Check] = &[
    Check { word: "unquoted-command", severity: Severity::Low, run: unquoted_command },
    Check { word: "unquoted-variable", severity: Severity::Info, run: unquoted_variable },
];

/// The words of a command that are split: those of `[[`, `case` and `for`, and what is assigned,
/// are not.
fn split_words<'c>(job: &Job<'_, '_>, command: &'c Simple) -> impl Iterator<Item = &'c Part> {
    let script = job.script;
    let kept =
        matches!(script.program(command), "[[" | "case" | "for" | "select" | "let" | "function");
    let declares =
        matches!(script.program(command), "export" | "local" | "declare" | "readonly" | "typeset");
    let words: Vec<&Part> = if kept {
        Vec::new()
    } else {
        let words = command.words.iter().chain(&command.targets);
        words.filter(|word| !(declares && name_of(script.raw(word)).is_some())).collect()
    };
    words.into_iter()
}

fn unquoted_command(job: &Job<'_, '_>, out: &mut Out<'_>) {
    /// Programs that print one word, or a list that is meant to be one.
    const FINE: [&str; 22] = [
        "arch",
        "basename",
        "command",
        "date",
        "dirname",
        "dpkg",
        "dpkg-architecture",
        "getconf",
        "gpgconf",
        "hostname",
        "id",
        "llvm-config",
        "lsb_release",
        "mktemp",
        "nproc",
        "pkg-config",
        "pwd",
        "rpm",
        "seq",
        "uname",
        "which",
        "whoami",
    ];
    let script = job.script;
    for command in &script.commands {
        for word in split_words(job, command) {
            let bare = word.pieces.iter().find(|piece| {
                matches!(piece.kind, PieceKind::Command | PieceKind::Backticks) && !piece.quoted
            });
            let Some(piece) = bare else { continue };
            let inner = piece.inner.first().map_or("", |range| script.slice(range));
            let program = inner.split_whitespace().next().unwrap_or_default();
            let program = program.rsplit('/').next().unwrap_or_default();
            if !FINE.contains(&program) && !program.ends_with("-config") {
                let message = format!(
                    "what `{}` prints is split at blanks: quote the substitution",
                    cut(program)
                );
                out.report(script.span(&piece.range), message);
            }
        }
    }
}

fn unquoted_variable(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for command in &script.commands {
        for word in split_words(job, command) {
            let bare = word.pieces.iter().find(|piece| {
                variable(job, piece).is_some_and(|name| !piece.quoted && may_split(job, name))
            });
            if let Some(piece) = bare {
                let text = cut(script.slice(&piece.range));
                let message = format!("`{text}` is split at blanks: quote it");
                out.report(script.span(&piece.range), message);
            }
        }
    }
}

/// The name of the variable that a part of a word is, where nothing but its value takes its place.
pub(super) fn variable<'a>(job: &Job<'_, 'a>, piece: &Piece) -> Option<&'a str> {
    let text = job.script.slice(&piece.range);
    let name = match piece.kind {
        PieceKind::Variable => text.strip_prefix('$')?,
        PieceKind::Braced => {
            let inside = text.strip_prefix("${")?.strip_suffix('}')?;
            let len =
                inside.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
            inside.get(..len)?
        }
        _ => return None,
    };
    super::script::is_name(name).then_some(name)
}

/// Whether the value may have blanks, as far as is known, and is not meant to.
fn may_split(job: &Job<'_, '_>, name: &str) -> bool {
    const LISTS: [&str; 14] = [
        "OPTS",
        "OPTIONS",
        "FLAGS",
        "ARGS",
        "PKGS",
        "PACKAGES",
        "DEPS",
        "LIST",
        "EXTENSIONS",
        "MODULES",
        "PLUGINS",
        "FILES",
        "LIBS",
        "CMD",
    ];
    let upper = name.to_ascii_uppercase();
    let is_list = LISTS.iter().any(|end| upper.ends_with(end));
    if is_list {
        return false;
    }
    // What the script sets itself is known where all of it is plain.
    match job.assigned.get(name) {
        Some(plain) => !plain,
        None => !(job.around.is_one_word)(name),
    }
}
