//! A user and a password in a URL.

use std::borrow::Cow;

use careen_rule::Confidence;

use crate::assign::{self, Class};
use crate::charset::Set;
use crate::context::{Context, FileClass};
use crate::filler;
use crate::shape::Match;
use crate::words;

static SCHEME: Set = Set::of("a-zA-Z0-9+.-");
/// What cannot stand in an authority.
static ENDS: Set = Set::of("/?#\"'`<>\\ \t\r\n,;|^()[]");
/// The longest authority that is read, in bytes.
const LONGEST: usize = 320;

/// Passwords that everybody writes in examples and for local databases.
const WEAK: &[&str] = &[
    "password",
    "passwd",
    "pass",
    "pwd",
    "pw",
    "secret",
    "token",
    "admin",
    "root",
    "guest",
    "user",
    "test",
    "postgres",
    "mysql",
    "mongo",
    "redis",
    "example",
    "changeme",
    "apikey",
    "key",
    "password1",
    "pass123",
    "password123",
    "x-oauth-basic",
    "p4ssw0rd",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "hunter2",
    "letmein",
    "123",
    "1234",
    "12345",
    "123456",
    "12345678",
    "abc",
    "abc123",
    "foo",
    "bar",
    "baz",
    "username",
    "oauth",
    "mypassword",
    "mypass",
    "xxx",
    "xxxx",
    "dev",
    "demo",
    "minio123",
    "minioadmin",
    "rabbitmq",
    // The password of Oracle's first user, `scott`.
    "tiger",
];

/// A password or a token in a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UrlPassword<'t> {
    /// `password` or `token`.
    pub(crate) noun: &'static str,
    /// `postgres`.
    pub(crate) scheme: &'t str,
    /// `db.internal:5432`.
    pub(crate) host: &'t str,
    /// Where the password stands.
    pub(crate) password: Match,
    /// How sure we are.
    pub(crate) confidence: Confidence,
}

/// Reads the URL whose `://` starts at `at`.
pub(crate) fn read(text: &str, at: usize, context: Context) -> Option<UrlPassword<'_>> {
    let bytes = text.as_bytes();
    let length = SCHEME.run_back(bytes.get(..at)?, 24);
    let scheme =
        text.get(at - length..at)?.trim_start_matches(|first: char| !first.is_ascii_alphabetic());
    let from = at + 3;
    let rest = bytes.get(from..)?;
    let length = authority(rest);
    if scheme.len() < 2 || scheme == "javascript" || length == LONGEST {
        return None;
    }
    // The last `@` ends the credentials: passwords hold unescaped ones.
    let sign = memchr::memrchr(b'@', rest.get(..length)?)?;
    let host = text.get(from + sign + 1..from + length)?;
    let colon = memchr::memchr(b':', rest.get(..sign)?);
    let user = text.get(from..from + colon.unwrap_or(sign))?;
    let password =
        colon.map_or("", |colon| text.get(from + colon + 1..from + sign).unwrap_or_default());
    if matches!(password, "" | "x-oauth-basic" | "X-OAUTH-BASIC") {
        let confidence = judge_token(scheme, user, host, context)?;
        let password = Match { start: from, end: from + user.len() };
        return Some(UrlPassword { noun: "token", scheme, host, password, confidence });
    }
    let confidence = judge(user, password, host, context)?;
    let password = Match { start: from + sign - password.len(), end: from + sign };
    Some(UrlPassword { noun: "password", scheme, host, password, confidence })
}

/// The length of the authority that `rest` starts with. The brackets of an IPv6 address belong to
/// it.
fn authority(rest: &[u8]) -> usize {
    let run = |from: usize| {
        let rest = rest.get(from..).unwrap_or_default();
        let most = LONGEST.saturating_sub(from);
        rest.iter().take(most).take_while(|&&byte| !ENDS.has(byte)).count()
    };
    let length = run(0);
    let before = length.checked_sub(1).and_then(|last| rest.get(last));
    if before != Some(&b'@') || rest.get(length) != Some(&b'[') {
        return length;
    }
    let address = rest.get(length + 1..).unwrap_or_default();
    let inside =
        address.iter().take(48).take_while(|&&b| b.is_ascii_hexdigit() || b":.%".contains(&b));
    let close = length + 1 + inside.count();
    if rest.get(close) == Some(&b']') { close + 1 + run(close + 1) } else { length }
}

/// `user/password@` of Oracle's thin driver, whose `:thin:` starts at `at`.
pub(crate) fn read_thin(text: &str, at: usize, context: Context) -> Option<UrlPassword<'_>> {
    let from = at + ":thin:".len();
    if !text.get(..at)?.ends_with("jdbc:oracle") {
        return None;
    }
    let rest = text.get(from..)?;
    let ends = |byte: u8| byte.is_ascii_whitespace() || b"\"'`<>\\;".contains(&byte);
    let length = rest.bytes().take(LONGEST).take_while(|&byte| !ends(byte)).count();
    let (user, rest) = rest.get(..length)?.split_once('/')?;
    let (password, host) = rest.rsplit_once('@')?;
    let host = host.trim_start_matches('/');
    let host = host.get(..host.find(['/', '?']).unwrap_or(host.len()))?;
    let confidence = judge(user, password, host, context)?;
    let start = from + user.len() + 1;
    let password = Match { start, end: start + password.len() };
    Some(UrlPassword { noun: "password", scheme: "jdbc:oracle", host, password, confidence })
}

/// Judges what stands alone before the host: a name, or a token that some machine made.
fn judge_token(scheme: &str, user: &str, host: &str, context: Context) -> Option<Confidence> {
    let name = host.split(':').next().unwrap_or(host);
    let reporting =
        name.contains("sentry") || name.contains("glitchtip") || name.contains("ingest");
    let web = matches!(scheme, "https" | "http" | "git+https" | "git+http");
    if !web || reporting || !name.contains('.') || is_nowhere(host) || user.len() < 20 {
        return None;
    }
    let confidence = assign::judge(user, Class::Secret, false, context)?;
    Some(confidence.min(Confidence::Medium))
}

fn is_nowhere(host: &str) -> bool {
    let name = host.split(':').next().unwrap_or(host);
    let example = ["example", "foo", "test", "host", "hostname", "server", "some-host", "myhost"];
    matches!(name, "localhost" | "127.0.0.1" | "0.0.0.0")
        || host.starts_with("[::1]")
        || name.split('.').any(|label| example.contains(&label))
}

fn judge(user: &str, password: &str, host: &str, context: Context) -> Option<Confidence> {
    let decoded = decode(password)?;
    let password = decoded.as_ref();
    let lower = password.to_ascii_lowercase();
    if password.len() < 4
        || host.is_empty()
        || !password.bytes().all(|byte| byte.is_ascii_graphic())
        || !host.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'[')
        || lower == user.to_ascii_lowercase()
        || WEAK.contains(&lower.as_str())
        || is_counted(&lower)
        || password.bytes().any(|byte| b"${}%*".contains(&byte))
            && (filler::is_template(password) || starts_variable(password))
        || filler::is_template(password)
        || filler::is_escaped(password)
        || filler::is_filler(password)
    {
        return None;
    }
    let nowhere = is_nowhere(host);
    let coverage = words::coverage(password);
    let bare_words = !password.bytes().any(|byte| byte.is_ascii_digit()) && coverage > 60;
    if bare_words || coverage == 100 || (nowhere && coverage > 30) {
        return None;
    }
    let strong = password.len() >= 8 && password.bytes().any(|byte| byte.is_ascii_digit());
    let confidence = match (strong, nowhere) {
        (true, false) => Confidence::High,
        (true, true) => Confidence::Low,
        (false, false) => Confidence::Medium,
        (false, true) => return None,
    };
    match context.class {
        FileClass::Docs if confidence < Confidence::High => None,
        FileClass::Docs => Some(Confidence::Low),
        _ if context.fixture && confidence == Confidence::High => Some(Confidence::Medium),
        _ if context.fixture => Some(Confidence::Low),
        _ => Some(confidence),
    }
}

/// Whether a weak password is made longer by counting: `key_1234`.
fn is_counted(lower: &str) -> bool {
    let base = lower.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let count = lower.get(base.len()..).unwrap_or_default();
    !count.is_empty()
        && "1234567890".starts_with(count)
        && WEAK.contains(&base.trim_end_matches(['_', '-', '.']))
}

/// A password without its percent escapes; nothing where they are no text.
fn decode(password: &str) -> Option<Cow<'_, str>> {
    let bytes = password.as_bytes();
    let escape = |at: usize| {
        let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
        Some(u8::try_from(digit(at + 1)? * 16 + digit(at + 2)?).unwrap_or_default())
    };
    if !(0..bytes.len()).any(|at| bytes.get(at) == Some(&b'%') && escape(at).is_some()) {
        return Some(Cow::Borrowed(password));
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = if byte == b'%' { escape(at) } else { None };
        plain.push(code.unwrap_or(byte));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(plain).ok().map(Cow::Owned)
}

/// `$X`, `%X%`, `*****`.
fn starts_variable(password: &str) -> bool {
    password.starts_with('$')
        || (password.starts_with('%') && password.ends_with('%'))
        || password.starts_with('*')
}

#[cfg(test)]
mod tests {
    use super::{read, read_thin};
    use crate::context::{Context, FileClass};

    const CONFIG: Context = Context { class: FileClass::Config, fixture: false, now: 0 };

    fn found(text: &str) -> Option<(&str, &str, &str)> {
        let url = match text.find(":thin:") {
            Some(at) => read_thin(text, at, CONFIG)?,
            None => read(text, text.find("://")?, CONFIG)?,
        };
        Some((url.noun, url.host, &text[url.password.start..url.password.end]))
    }

    #[test]
    fn credentials_of_all_schemes() {
        for (text, expected) in [
            (
                "postgres://shop:kR7vTq2wZ@db.internal:5432/shop",
                ("password", "db.internal:5432", "kR7vTq2wZ"),
            ),
            (
                "mongodb+srv://shop:kR7vTq2wZ@a.internal,b.internal/x",
                ("password", "a.internal", "kR7vTq2wZ"),
            ),
            (
                "mongodb://shop:kR7vTq2wZ@a.internal:27017,b.internal:27017",
                ("password", "a.internal:27017", "kR7vTq2wZ"),
            ),
            ("redis://:kR7vTq2wZ@cache.internal", ("password", "cache.internal", "kR7vTq2wZ")),
            (
                "amqps://shop:kR7v%40Tq2wZ@mq.internal/%2f",
                ("password", "mq.internal", "kR7v%40Tq2wZ"),
            ),
            (
                "ftp://shop:kR7v@Tq2wZ@files.internal/a",
                ("password", "files.internal", "kR7v@Tq2wZ"),
            ),
            (
                "https://shop:kR7vTq2wZ@[2001:db8::7]:8443/a",
                ("password", "[2001:db8::7]:8443", "kR7vTq2wZ"),
            ),
            (
                "https://oauth2:9f3kWq7Lz2Vx8Rt5Bn1M@git.internal/a.git",
                ("password", "git.internal", "9f3kWq7Lz2Vx8Rt5Bn1M"),
            ),
            (
                "https://9f3kWq7Lz2Vx8Rt5Bn1M@git.internal/a.git",
                ("token", "git.internal", "9f3kWq7Lz2Vx8Rt5Bn1M"),
            ),
            (
                "https://9f3kWq7Lz2Vx8Rt5Bn1M:x-oauth-basic@git.internal/a",
                ("token", "git.internal", "9f3kWq7Lz2Vx8Rt5Bn1M"),
            ),
            (
                "https://9f3kWq7Lz2Vx8Rt5Bn1M:@api.internal/v1",
                ("token", "api.internal", "9f3kWq7Lz2Vx8Rt5Bn1M"),
            ),
            (
                "jdbc:oracle:thin:shop/kR7vTq2wZ@//db.internal:1521/x",
                ("password", "db.internal:1521", "kR7vTq2wZ"),
            ),
            (
                "jdbc:oracle:thin:shop/kR7vTq2wZ@db.internal:1521:x",
                ("password", "db.internal:1521:x", "kR7vTq2wZ"),
            ),
        ] {
            assert_eq!(found(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn public_and_harmless_ones() {
        for text in [
            "https://3c1d9be27fa04586d2e1bb703c1d9be2@o7.ingest.sentry.io/4",
            "https://3c1d9be27fa04586d2e1bb703c1d9be2@sentry.shop.internal/4",
            "ssh://git@github.com/a/b",
            "https://build-robot-for-the-shop@git.internal/a",
            "https://9f3kWq7Lz2Vx8Rt5Bn1M@localhost/a",
            "postgres://shop:kR7vTq2wZ@[/x",
            "postgres://shop:%ff%fe%fdaaaa7@db.internal/x",
            "jdbc:oracle:thin:@db.internal:1521:x",
            "jdbc:oracle:thin:shop/${PASSWORD}@db.internal:1521:x",
            "://",
            "a://@",
            "ab://é:é@é",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
