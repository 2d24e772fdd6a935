//! `.netrc` (the format of ftp(1)): words, in any file or heredoc that holds them.

use crate::assign::Class;
use crate::check::Find;
use crate::context::Context;
use crate::hit::Hit;
use crate::shape::{Match, starts_fresh};

/// Words of one entry that are looked at.
const MOST_WORDS: usize = 10;
/// The longest entry, in bytes.
const LONGEST: usize = 512;

/// Reads the entry whose word `machine` stands at `at`.
pub(crate) fn netrc(text: &str, at: usize, context: Context) -> Option<Hit> {
    if !starts_fresh(text.as_bytes(), at) {
        return None;
    }
    let words = words(text, at);
    let slice = |at: &Match| text.get(at.start..at.end).unwrap_or_default();
    let host = words.get(1).map(slice)?;
    let mut rest = words.iter().skip(2);
    let mut login = None;
    while let (Some(name), Some(value)) = (rest.next(), rest.next()) {
        match slice(name) {
            "login" | "account" => login = Some(slice(value)),
            "password" if login.is_some() => {
                let password = slice(value);
                let confidence = super::judged(password, Class::Password, context)?;
                let message = format!("`.netrc` entry of `{host}` holds a literal password");
                let at = super::span(*value);
                return super::hit(Find::NetrcPassword, at, confidence, message, host, password);
            }
            _ => return None,
        }
    }
    None
}

/// Words that white space separates, with line breaks that are escaped in a string.
fn words(text: &str, from: usize) -> Vec<Match> {
    let bytes = text.as_bytes();
    let end = bytes.len().min(from + LONGEST);
    let mut words = Vec::new();
    let mut at = from;
    while at < end && words.len() < MOST_WORDS {
        let rest = bytes.get(at..end).unwrap_or_default();
        let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let rest = rest.get(blanks..).unwrap_or_default();
        if rest.starts_with(b"\\n") {
            at += blanks + 2;
            continue;
        }
        let ends = |at: usize, byte: u8| {
            byte.is_ascii_whitespace()
                || b"\"'`".contains(&byte)
                || (byte == b'\\' && rest.get(at + 1) == Some(&b'n'))
        };
        let length = rest.iter().enumerate().take_while(|&(at, &byte)| !ends(at, byte)).count();
        if length == 0 {
            break;
        }
        words.push(Match { start: at + blanks, end: at + blanks + length });
        at += blanks + length;
    }
    words
}
