//! Text that a shell refuses, or reads otherwise than it looks.

use careen_image_model::shell::{PieceKind, TokenKind};
use careen_rule::Severity;

use super::script::{Part, RESERVED, Simple, is_name};
use super::{Check, Job, Out, cut};

pub(super) const fn certain(word: &'static str, run: fn(&Job<'_, '_>, &mut Out<'_>)) -> Check {
    Check { word, severity: Severity::High, run }
}

pub(super) static CHECKS: &[Check] = &[
    certain("comment-swallows", comment_swallows),
    certain("unclosed-quote", unclosed_quote),
    Check { word: "quote-over-lines", severity: Severity::Low, run: quote_over_lines },
    certain("reserved-word-argument", reserved_word_argument),
    certain("function-parameters", function_parameters),
    certain("dollar-assignment", dollar_assignment),
    certain("reserved-word-case", reserved_word_case),
    certain("dollar-iterator", dollar_iterator),
    Check { word: "literal-brace", severity: Severity::Medium, run: literal_brace },
    Check { word: "double-equals", severity: Severity::Medium, run: double_equals },
    certain("eval-parenthesis", eval_parenthesis),
];

/// A comment in a `RUN` over several lines takes all that follows with it: the lines are one.
fn comment_swallows(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for token in script.tokens.iter().filter(|token| token.kind == TokenKind::Comment) {
        let text = script.text(token);
        let first = script.span(&(token.range.start..token.range.start + 1));
        // The text is shorter than its place in the file where lines were joined.
        if token.range.len() < token.span.len() as usize && text.len() > 1 && !script.is_inner {
            out.report(first, "the comment runs on over the joined lines: what follows is not run");
        }
    }
}

fn unclosed_quote(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    if script.is_inner {
        return;
    }
    for word in script.commands.iter().flat_map(Simple::parts) {
        if let Some(piece) = word.pieces.iter().find(|piece| !piece.closed) {
            let mark = piece.range.start..piece.range.start + 1;
            out.report(script.span(&mark), "the quote is not closed");
        }
    }
}

/// `"…` over a line break, closed right in front of a letter: the quote was meant to open.
fn quote_over_lines(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for word in script.commands.iter().flat_map(Simple::parts) {
        let mut breaks = false;
        for pair in word.pieces.windows(2) {
            let [piece, next] = pair else { continue };
            breaks |= piece.quoted && script.slice(&piece.range).contains('\n');
            let closes = piece.kind == PieceKind::Quote && !next.quoted;
            let letter = script.slice(&next.range).starts_with(|one: char| one.is_alphanumeric());
            if closes && breaks && letter && next.kind == PieceKind::Text {
                out.report(script.span(&piece.range), "the quote closes one of an earlier line");
                break;
            }
        }
    }
}

/// What an open construct waits for.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    IfNeedsThen,
    If,
    LoopNeedsDo,
    Loop,
}

/// `if x then`, `do … done` without the `;` that makes the word a reserved one.
fn reserved_word_argument(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    let mut open: Vec<Open> = Vec::new();
    let mut candidate = None;
    let mut starts = true;
    let mut target = false;
    let mut words = 0usize;
    let mut iterates = false;
    for token in &script.tokens {
        let text = script.text(token);
        match token.kind {
            TokenKind::Comment => {}
            TokenKind::Operator if text.contains(['<', '>']) => target = true,
            TokenKind::Operator | TokenKind::Newline => {
                (starts, target, iterates) = (true, false, false);
            }
            TokenKind::Word if target => target = false,
            TokenKind::Word if starts => {
                words = 0;
                starts = reserve(text, &mut open);
                iterates = matches!(text, "for" | "select");
                if is_assignment(text) {
                    starts = true;
                }
            }
            TokenKind::Word => {
                words += 1;
                let wanted = matches!(
                    (text, open.last()),
                    ("then", Some(Open::IfNeedsThen))
                        | ("do", Some(Open::LoopNeedsDo))
                        | ("done", Some(Open::Loop))
                        | ("fi" | "else" | "elif", Some(Open::If))
                );
                // `for name do` needs nothing in front of the `do`.
                if iterates && words == 2 && text == "do" {
                    starts = reserve(text, &mut open);
                } else if wanted {
                    candidate.get_or_insert((token.span, text));
                }
            }
        }
    }
    // As an argument the word is fine, unless the construct stays open for it.
    if let Some((span, text)) = candidate.filter(|_| !open.is_empty()) {
        out.report(span, format!("`{text}` is an argument here: a `;` is missing in front of it"));
    }
}

/// Follows a reserved word; says whether a command may begin behind it.
fn reserve(text: &str, open: &mut Vec<Open>) -> bool {
    match (text, open.last_mut()) {
        ("if", _) => open.push(Open::IfNeedsThen),
        ("while" | "until", _) => open.push(Open::LoopNeedsDo),
        ("for" | "select", _) => {
            open.push(Open::LoopNeedsDo);
            return false;
        }
        ("elif", Some(top @ Open::If)) => *top = Open::IfNeedsThen,
        ("then", Some(top @ Open::IfNeedsThen)) => *top = Open::If,
        ("do", Some(top @ Open::LoopNeedsDo)) => *top = Open::Loop,
        ("fi", Some(Open::If)) | ("done", Some(Open::Loop)) => {
            open.pop();
        }
        (
            "else" | "{" | "}" | "!" | "esac" | "time" | "then" | "do" | "fi" | "done" | "elif",
            _,
        ) => {}
        _ => return false,
    }
    true
}

fn is_assignment(text: &str) -> bool {
    super::script::name_of(text).is_some()
}

fn function_parameters(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    let tokens = &script.tokens;
    for (at, pair) in tokens.windows(2).enumerate() {
        let [name, open] = pair else { continue };
        let begins = name.kind == TokenKind::Word
            && is_name(script.text(name))
            && script.text(open) == "("
            && name.range.end == open.range.start;
        if !begins {
            continue;
        }
        let rest = tokens.get(at + 2..).unwrap_or_default();
        let count = rest.iter().take(32).take_while(|one| one.kind == TokenKind::Word).count();
        let closes = rest.get(count).is_some_and(|one| script.text(one) == ")");
        let body = rest.get(count + 1).is_some_and(|one| script.text(one) == "{");
        if let Some(first) = rest.first().filter(|_| count > 0 && closes && body) {
            let message = "functions of the shell declare no parameters: they are `$1`, `$2`, …";
            out.report(first.span, message);
        }
    }
}

fn dollar_assignment(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for name in script.commands.iter().filter_map(|command| command.words.first()) {
        let [variable, equals, ..] = name.pieces.as_slice() else { continue };
        let is_variable = matches!(variable.kind, PieceKind::Variable | PieceKind::Braced);
        let sets = equals.kind == PieceKind::Text && script.slice(&equals.range).starts_with('=');
        if is_variable && sets {
            let text = cut(script.slice(&variable.range));
            out.report(
                name.span,
                format!("the name of what is set is written without `$`: `{text}`"),
            );
        }
    }
}

fn reserved_word_case(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for name in script.commands.iter().filter_map(|command| command.words.first()) {
        let text = script.raw(name);
        let lower = text.to_ascii_lowercase();
        let reserved = RESERVED.iter().chain(&["for", "case"]).any(|word| *word == lower);
        if reserved && lower != text {
            out.report(name.span, format!("`{text}` is no reserved word: `{lower}` is"));
        }
    }
}

fn dollar_iterator(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for command in script.commands.iter().filter(|one| script.program(one) == "for") {
        let Some(name) = command.words.get(1) else { continue };
        if script.raw(name).starts_with('$') {
            out.report(name.span, "the variable of `for` is written without `$`");
        }
    }
}

fn literal_brace(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for command in &script.commands {
        if matches!(script.program(command), "echo" | "printf" | "function" | "[" | "[[" | "test") {
            continue;
        }
        let brace = |word: &&Part| matches!(script.raw(word), "{" | "}");
        if let Some(word) = command.words.iter().skip(1).find(brace) {
            let text = script.raw(word);
            out.report(word.span, format!("`{text}` is an argument here: a `;` may be missing"));
        }
    }
}

fn double_equals(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for word in script.commands.iter().flat_map(|command| &command.assignments) {
        let Some((name, value)) = script.raw(word).split_once('=') else { continue };
        if value.starts_with('=') && is_name(name) && value.len() > 1 {
            let message = format!("`{}` is set to a value that begins with `=`", cut(name));
            out.report(word.span, message);
        }
    }
}

fn eval_parenthesis(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for command in script.commands.iter().filter(|one| script.program(one) == "eval") {
        if let Some(last) = command.words.last().filter(|_| command.after == "(") {
            out.report(last.span, "the parenthesis behind `eval` is not quoted");
        }
    }
}
