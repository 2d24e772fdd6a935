//! A script as a flat list of words and operators, for those who need to see what the splitter
//! takes away: reserved words, quotes, comments.

use std::ops::Range;

use super::lexer::{Lexer, ends_word};
use crate::Joined;
use crate::shell::{Piece, PieceKind, TOKENS_MAX, Token, TokenKind, skip};

/// The tokens of a byte range of a script.
pub(crate) fn tokens(script: &Joined, range: Range<usize>) -> Vec<Token> {
    const OPERATORS: [&str; 22] = [
        "<<<", "<<-", "&>>", ";;&", "&&", "||", ";;", ";&", "|&", "<<", ">>", "<&", ">&", "<>",
        "&>", ">|", ";", "&", "|", "(", ")", "<",
    ];
    let Some(text) = script.text().get(..range.end) else { return Vec::new() };
    let mut lexer = Lexer { script, text, at: range.start };
    let mut tokens: Vec<Token> = Vec::new();
    let mut heredocs: Vec<(String, bool)> = Vec::new();
    while tokens.len() < TOKENS_MAX {
        lexer.skip_blanks();
        let start = lexer.at;
        let Some(byte) = lexer.peek(0) else { break };
        let kind = match byte {
            b'#' => {
                lexer.skip_comment();
                TokenKind::Comment
            }
            b'\n' => {
                lexer.at += 1;
                for (delimiter, tabs) in std::mem::take(&mut heredocs) {
                    lexer.skip_heredoc(&delimiter, tabs);
                }
                TokenKind::Newline
            }
            b'<' | b'>' if lexer.peek(1) == Some(b'(') => word(&mut lexer),
            _ if ends_word(byte) => {
                let rest = text.get(start..).unwrap_or_default();
                let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
                let operator = operator.copied().unwrap_or(if byte == b'>' { ">" } else { "" });
                lexer.at += operator.len().max(1);
                if matches!(operator, "<<" | "<<-") {
                    let back = lexer.at;
                    lexer.skip_blanks();
                    let delimiter = lexer.word(&mut Vec::new()).word.text;
                    heredocs.push((delimiter, operator == "<<-"));
                    lexer.at = back;
                }
                TokenKind::Operator
            }
            _ => word(&mut lexer),
        };
        if lexer.at <= start {
            lexer.at = start + 1;
            continue;
        }
        let end = match kind {
            // The line break alone, without the bodies of heredocs.
            TokenKind::Newline => start + 1,
            // A line continuation at the end of a word is no part of it.
            TokenKind::Word => {
                let word = text.get(start..lexer.at).unwrap_or_default();
                start + word.trim_end_matches("\\\n").trim_end_matches("\\\r\n").len()
            }
            TokenKind::Operator | TokenKind::Comment => lexer.at,
        };
        if end > start {
            tokens.push(Token { kind, range: start..end, span: script.span(start..end) });
        }
    }
    tokens
}

fn word(lexer: &mut Lexer<'_>) -> TokenKind {
    lexer.word(&mut Vec::new());
    TokenKind::Word
}

/// The parts of a word, in their order and without gaps.
pub(crate) fn pieces(script: &Joined, word: Range<usize>) -> Vec<Piece> {
    let Some(text) = script.text().get(..word.end) else { return Vec::new() };
    let bytes = text.as_bytes();
    let mut pieces = Vec::new();
    let mut at = word.start;
    let mut double = false;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let next = bytes.get(at + 1).copied();
        let mut inner = Vec::new();
        let mut closed = true;
        let kind = match byte {
            b'\\' => {
                let rest = text.get(at + 1..).and_then(|rest| rest.chars().next());
                at += 1 + rest.map_or(0, char::len_utf8);
                PieceKind::Escape
            }
            b'"' => {
                double = !double;
                at += 1;
                // Where nothing ends it, it runs to the end of the word.
                if double && !text.get(at..).is_some_and(|rest| rest.contains('"')) {
                    closed = false;
                }
                PieceKind::Quote
            }
            b'\'' if !double => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                let end = memchr::memchr(b'\'', rest);
                closed = end.is_some();
                at += end.map_or(rest.len() + 1, |len| len + 2);
                PieceKind::Single
            }
            b'$' if !double && matches!(next, Some(b'\'')) => {
                at += 2;
                while let Some(&one) = bytes.get(at) {
                    at += if one == b'\\' { 2 } else { 1 };
                    if one == b'\'' {
                        break;
                    }
                }
                at = at.min(bytes.len());
                PieceKind::Ansi
            }
            b'`' => {
                at = skip::substitution(bytes, at, double, &mut inner);
                PieceKind::Backticks
            }
            b'$' if next == Some(b'(') => {
                let arithmetic = bytes.get(at + 2) == Some(&b'(');
                at = skip::substitution(bytes, at, double, &mut inner);
                if arithmetic { PieceKind::Arithmetic } else { PieceKind::Command }
            }
            b'$' if next == Some(b'{') => {
                at = skip::substitution(bytes, at, double, &mut inner);
                PieceKind::Braced
            }
            b'$' if next.is_some_and(|one| one.is_ascii_alphabetic() || one == b'_') => {
                at += 1;
                let is_name = |one: &u8| one.is_ascii_alphanumeric() || *one == b'_';
                at += bytes.get(at..).map_or(0, |r| r.iter().take_while(|b| is_name(b)).count());
                PieceKind::Variable
            }
            b'$' if next.is_some_and(|b| b.is_ascii_digit() || b"@*#?$!-".contains(&b)) => {
                at += 2;
                PieceKind::Variable
            }
            b'$' => {
                at += 1;
                PieceKind::Dollar
            }
            _ => {
                let special: &[u8] = if double { b"\\\"$`" } else { b"\\\"'$`" };
                let rest = bytes.get(at..).unwrap_or_default();
                at += rest.iter().take_while(|one| !special.contains(one)).count().max(1);
                PieceKind::Text
            }
        };
        let quoted = double || kind == PieceKind::Quote;
        pieces.push(Piece { kind, quoted, range: start..at, inner, closed });
    }
    pieces
}
