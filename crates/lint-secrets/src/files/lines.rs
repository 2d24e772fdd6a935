//! Credentials in files of lines: the password file of PostgreSQL, the settings of npm.

use careen_rule::Confidence;

use crate::assign::{Class, judge};
use crate::check::Find;
use crate::context::Context;
use crate::header::password_of_pair;
use crate::hit::Hit;
use crate::shape::Match;

/// Lines of one file that are read.
const MOST_LINES: usize = 10_000;

/// Lines with the place where they start, without comments.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    let lines = text.split('\n').take(MOST_LINES).map(move |line| {
        let start = at;
        at += line.len() + 1;
        (start, line.trim_end_matches('\r'))
    });
    lines.filter(|(_, line)| !line.trim_start().starts_with(['#', ';']))
}

/// `.pgpass`: `host:port:database:user:password`, with `\` before a colon of a field.
pub(super) fn pgpass(text: &str, context: Context) -> Vec<Hit> {
    lines(text).filter_map(|(start, line)| entry(start, line, context)).collect()
}

fn entry(start: usize, line: &str, context: Context) -> Option<Hit> {
    let mut colons = 0;
    let mut escaped = false;
    let mut ends = Vec::new();
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b':' if colons < 4 => {
                colons += 1;
                ends.push(at);
            }
            _ => {}
        }
    }
    let host = line.get(..*ends.first()?)?;
    let from = *ends.get(3)? + 1;
    let password = line.get(from..)?;
    let confidence = super::judged(password, Class::Password, context)?;
    let message = format!("`.pgpass` entry of `{host}` holds a literal password");
    let at = super::span(Match { start: start + from, end: start + line.len() });
    super::hit(Find::Password, at, confidence, message, host, password)
}

/// `_auth` of `.npmrc`: a user and a password in base64.
pub(super) fn npmrc(text: &str, context: Context) -> Vec<Hit> {
    lines(text)
        .filter_map(|(start, line)| {
            let (name, value) = line.split_once('=')?;
            let registry = name.trim_end().strip_suffix("_auth")?;
            let from = start + name.len() + 1 + (value.len() - value.trim_start().len());
            let value = value.trim();
            let confidence = pair(value, context)?;
            let host = registry.trim_end_matches(':').trim_matches('/');
            let message = match host {
                "" => "`_auth` is a literal pair of user and password".to_owned(),
                host => format!("`_auth` of `{host}` is a literal pair of user and password"),
            };
            let at = super::span(Match { start: from, end: from + value.len() });
            super::hit(Find::Authorization, at, confidence, message, host, value)
        })
        .collect()
}

/// Judges the password of `user:password` in base64.
pub(super) fn pair(value: &str, context: Context) -> Option<Confidence> {
    let password = password_of_pair(value)?;
    judge(&password, Class::Password, true, context)
        .or_else(|| super::judged(&password, Class::Secret, context))
}
