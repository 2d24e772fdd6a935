//! Passwords in the settings of daemons that are words without an operator between them: Redis,
//! PgBouncer, Postfix.

use crate::assign::Class;
use crate::check::Find;
use crate::context::Context;
use crate::hit::Hit;
use crate::shape::Match;

/// `requirepass VALUE` and its like.
pub(super) fn redis(text: &str, context: Context) -> Vec<Hit> {
    super::lines::lines(text)
        .filter_map(|(start, line)| {
            let mut words = line.split_whitespace();
            let name = words.next()?;
            let (name, value) = match name {
                "requirepass" | "masterauth" => (name, words.next()?),
                "sentinel" if words.next()? == "auth-pass" => ("auth-pass", words.nth(1)?),
                _ => return None,
            };
            let value = value.trim_matches(['"', '\'']);
            let message = format!("`{name}` is given a literal password");
            found(start, line, value, message, name, context)
        })
        .collect()
}

/// `"user" "password"` of PgBouncer; hashes are no passwords.
pub(super) fn userlist(text: &str, context: Context) -> Vec<Hit> {
    super::lines::lines(text)
        .filter_map(|(start, line)| {
            let mut parts = line.trim().split('"');
            let (before, user) = (parts.next()?, parts.next()?);
            let (between, value) = (parts.next()?, parts.next()?);
            if !before.is_empty() || !between.trim().is_empty() || is_md5(value) {
                return None;
            }
            let message = format!("`userlist.txt` holds the password of `{user}`");
            found(start, line, value, message, user, context)
        })
        .collect()
}

/// What PostgreSQL keeps of a password: `md5` and 32 digits.
fn is_md5(value: &str) -> bool {
    value.strip_prefix("md5").is_some_and(|hash| hash.len() >= 24 && !hash.contains(' '))
}

/// `host user:password` of Postfix.
pub(super) fn sasl(text: &str, context: Context) -> Vec<Hit> {
    super::lines::lines(text)
        .filter_map(|(start, line)| {
            let mut words = line.split_whitespace();
            let (host, pair) = (words.next()?, words.next()?);
            let (_, value) = pair.split_once(':')?;
            let message = format!("`sasl_passwd` entry of `{host}` holds a literal password");
            found(start, line, value, message, host, context)
        })
        .collect()
}

/// The hit for `value`, which is a part of `line`.
fn found(
    start: usize,
    line: &str,
    value: &str,
    message: String,
    evidence: &str,
    context: Context,
) -> Option<Hit> {
    let confidence = super::judged(value, Class::Password, context)?;
    // The value stands last on its line, but for a quote.
    let from = start + line.rfind(value)?;
    let at = super::span(Match { start: from, end: from + value.len() });
    super::hit(Find::Password, at, confidence, message, evidence, value)
}
