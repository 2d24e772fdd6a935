//! Connection strings: `Server=…;User Id=…;Password=…` of ADO.NET and ODBC, the parameters of
//! JDBC, the `host=… password=…` of libpq.

use std::sync::LazyLock;

use regex::Regex;

use crate::shape::Match;

/// How far around a name its connection string is looked at, in bytes.
const REACH: usize = 256;
/// The longest name of a server that is shown, in bytes.
const LONGEST: usize = 120;

/// `Server=tcp:db.internal,1433` among settings that semicolons separate.
static SETTING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:^|[;:=])\s*(?:server|data source|datasource|host|hostname|addr|address|network address|dbq)\s*=\s*(?:tcp:|np:|lpc:)?([^;,\s]+)",
    )
    .ok()
});
/// The service that a key of Azure belongs to.
static SERVICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[;:=])\s*(?:accountname|endpoint|accountendpoint|blobendpoint|hostname)\s*=\s*(?:[a-z]+://)?([a-z0-9][a-z0-9.\-]*)").ok()
});
/// `cache.internal:6380,password=…,ssl=True` of StackExchange.Redis.
static CACHE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*([a-z0-9][a-z0-9.\-]*:[0-9]+),").ok());
/// `jdbc:postgresql://db.internal:5432/shop`.
static JDBC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)jdbc:[a-z0-9:+]+?:(?:thin:)?[@/]*([a-z0-9][a-z0-9.\-]*(?::\d+)?)").ok()
});
/// Nothing but `name=value` separated by blanks, one of them the host.
static PAIRS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:[a-z_.-]+:\s+)?(?:[a-z_]+\s?=\s?\S+\s+)*[a-z_]+\s?=\s?\S*\s*$").ok()
});
static PAIRED_HOST: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)(?:^|\s)host(?:addr)?\s?=\s?([^\s=]+)").ok());

/// The server of the connection string that gives `value` to the name at `name`; nothing where
/// that is no connection string.
pub(crate) fn target(text: &str, name: Match, value: Match) -> Option<&str> {
    let literal = literal(text, name.start, value.end)?;
    let target = match separator(text, name.start, literal.start)? {
        Separator::Semicolon => {
            let named = || first(&SERVICE, literal.text);
            first(&SETTING, literal.text).or_else(|| first(&JDBC, literal.text)).or_else(named)
        }
        Separator::Comma => first(&CACHE, literal.text),
        Separator::Query => first(&JDBC, literal.text),
        Separator::Blank => paired(literal.text),
    }?;
    (target.len() <= LONGEST).then_some(target)
}

/// Whether the name at `start..end` stands in a connection string inside of a quoted literal.
pub(crate) fn holds(text: &str, start: usize, end: usize) -> bool {
    text.as_bytes().get(end).is_some_and(|&byte| byte == b'=')
        && target(text, Match { start, end }, Match { start: end, end }).is_some()
}

/// What stands before a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Separator {
    Semicolon,
    /// `?` or `&`, of the parameters of a URL.
    Query,
    Blank,
    Comma,
}

/// The separator before the name; a name that starts its literal may be of either kind.
fn separator(text: &str, start: usize, literal: usize) -> Option<Separator> {
    let head = text.get(literal..start)?;
    match head.trim_end().as_bytes().last() {
        Some(b';') => Some(Separator::Semicolon),
        Some(b',') => Some(Separator::Comma),
        Some(b'?' | b'&') => Some(Separator::Query),
        Some(_) if head.ends_with([' ', '\t']) => Some(Separator::Blank),
        Some(_) => None,
        None if text.get(start..)?.chars().take(REACH).any(|each| each == ';') => {
            Some(Separator::Semicolon)
        }
        None => Some(Separator::Blank),
    }
}

/// The text between quotes or line breaks around `start..end`.
struct Literal<'t> {
    text: &'t str,
    /// Where it starts.
    start: usize,
}

fn literal(text: &str, start: usize, end: usize) -> Option<Literal<'_>> {
    let bytes = text.as_bytes();
    let ends = |byte: &u8| b"\"'`\r\n<>".contains(byte);
    let head = bytes.get(start.saturating_sub(REACH)..start)?;
    let before = head.iter().rev().take_while(|byte| !ends(byte)).count();
    let tail = bytes.get(end..(end + REACH).min(bytes.len()))?;
    let after = tail.iter().take_while(|byte| !ends(byte)).count();
    let (mut from, mut to) = (start - before, end + after);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    Some(Literal { text: text.get(from..to)?, start: from })
}

fn first<'t>(pattern: &LazyLock<Option<Regex>>, text: &'t str) -> Option<&'t str> {
    let found = pattern.as_ref()?.captures(text)?;
    found.get(1).map(|found| found.as_str())
}

fn paired(text: &str) -> Option<&str> {
    let all = PAIRS.as_ref().is_some_and(|pairs| pairs.is_match(text));
    if all { first(&PAIRED_HOST, text) } else { None }
}

#[cfg(test)]
mod tests {
    use super::target;
    use crate::shape::Match;

    fn of(text: &str) -> Option<&str> {
        let start = text.to_ascii_lowercase().find("password=")?;
        let end = start + "password".len();
        target(text, Match { start, end }, Match { start: end + 1, end: end + 1 })
    }

    #[test]
    fn servers_of_all_forms() {
        for (text, server) in [
            ("\"Server=tcp:db.internal,1433;User Id=a;Password=x\"", Some("db.internal")),
            ("Password=x;Data Source=db.internal", Some("db.internal")),
            ("Driver={ODBC};Server=db;Uid=a;Password=x;", Some("db")),
            ("jdbc:sqlserver://db.internal:1433;user=a;password=x", Some("db.internal:1433")),
            ("jdbc:mysql://db/shop?user=a&password=x", Some("db")),
            ("\"host=db.internal user=a password=x\"", Some("db.internal")),
            ("'password=x host=db.internal'", Some("db.internal")),
            ("cache.internal:6380,password=x,ssl=True", Some("cache.internal:6380")),
            ("Endpoint=sb://bus.internal/;Password=x", Some("bus.internal")),
            ("f(cache,password=x)", None),
            ("connect(host=db, password=x)", None),
            ("mysql --host=db --password=x", None),
            ("docker run -e HOST=db -e PASSWORD=x", None),
            ("https://x.internal/?user=a&password=x", None),
            ("server=db\npassword=x", None),
        ] {
            assert_eq!(of(text), server, "{text}");
        }
    }
}
