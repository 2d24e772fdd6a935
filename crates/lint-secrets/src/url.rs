//! A user and a password in a URL.

use careen_rule::Confidence;

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
];

/// A password in a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UrlPassword<'t> {
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
    let length = rest.iter().take(LONGEST).take_while(|&&byte| !ENDS.has(byte)).count();
    if scheme.len() < 2 || scheme == "javascript" || length == LONGEST {
        return None;
    }
    // The last `@` ends the credentials: passwords hold unescaped ones.
    let sign = memchr::memrchr(b'@', rest.get(..length)?)?;
    let colon = memchr::memchr(b':', rest.get(..sign)?)?;
    let user = text.get(from..from + colon)?;
    let password = text.get(from + colon + 1..from + sign)?;
    let host = text.get(from + sign + 1..from + length)?;
    let confidence = judge(user, password, host, context)?;
    let password = Match { start: from + colon + 1, end: from + sign };
    Some(UrlPassword { scheme, host, password, confidence })
}

fn judge(user: &str, password: &str, host: &str, context: Context) -> Option<Confidence> {
    let lower = password.to_ascii_lowercase();
    if password.len() < 4
        || host.is_empty()
        || !password.bytes().all(|byte| byte.is_ascii_graphic())
        || !host.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        || lower == user.to_ascii_lowercase()
        || WEAK.contains(&lower.as_str())
        || password.bytes().any(|byte| b"${}%*".contains(&byte))
            && (filler::is_template(password) || starts_variable(password))
        || filler::is_template(password)
        || filler::is_escaped(password)
        || filler::is_filler(password)
    {
        return None;
    }
    let name = host.split(':').next().unwrap_or(host);
    let example = ["example", "foo", "test", "host", "hostname", "server", "some-host", "myhost"];
    let nowhere =
        matches!(name, "localhost" | "127.0.0.1" | "0.0.0.0" | "host" | "hostname" | "server")
            || name.split('.').any(|label| example.contains(&label));
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

/// `$X`, `%X%`, `*****`.
fn starts_variable(password: &str) -> bool {
    password.starts_with('$')
        || (password.starts_with('%') && password.ends_with('%'))
        || password.starts_with('*')
}
