use careen_model::{Context, File};
use careen_rule::{Severity, Sink, control, rule};
use careen_text::Span;
use memchr::memmem;

use crate::Check;
use crate::directive::Directives;
use crate::names::Shown;

rule! {
    /// The parameter tells the database's client not to use TLS: user name, password and every row
    /// cross the network readable. Managed databases accept it as long as nobody forces TLS on
    /// their side.
    ///
    /// It is fine for a database on the same machine, which is not judged, and in a network that
    /// encrypts itself, such as a mesh.
    ///
    /// ```env bad
    /// DATABASE_URL=postgres://shop@db.example.com:5432/shop?sslmode=disable
    /// #                                                     ^^^^^^^^^^^^^^^ connection to `db.example.com` does without TLS: `sslmode=disable`
    /// JDBC_URL=jdbc:mysql://db.example.com/shop?useSSL=false&user=shop
    /// #                                         ^^^^^^^^^^^^ connection to `db.example.com` does without TLS: `useSSL=false`
    /// DSN="host=db.example.com user=shop sslmode=disable"
    /// #                                  ^^^^^^^^^^^^^^^ connection to `db.example.com` does without TLS: `sslmode=disable`
    /// ```
    /// ```env good
    /// DATABASE_URL=postgres://shop@db.example.com:5432/shop?sslmode=verify-full
    /// TEST_URL=postgres://shop@localhost:5432/shop?sslmode=disable
    /// SOCKET="host=/var/run/postgresql sslmode=disable"
    /// ```
    pub(crate) static RULE: Check = {
        id: "config-tls-disabled-dsn",
        summary: "connection string switches TLS off",
        remedy: "Ask for TLS with verification: `sslmode=verify-full`, `sslMode=VERIFY_IDENTITY`, `tls=true`.",
        severity: Medium,
        check: Check::Text(&MARKS, check),
        security: true,
        cwe: &[319],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION",
            "https://dev.mysql.com/doc/connector-j/en/connector-j-connp-props-security.html",
        ],
    }
}

const MARKS: [&str; 7] = [
    "sslmode=disable",
    "usessl=false",
    "ssl-mode=disabled",
    "tls=false",
    "ssl=false",
    "encrypt=false",
    "encrypt=no",
];

/// Longest connection string that is looked at to either side, in bytes.
const REACH: usize = 2_048;

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    let text = file.source.text();
    if Directives::of(file).is_none() {
        return;
    }
    let lower = text.to_ascii_lowercase();
    for mark in MARKS {
        for at in memmem::find_iter(lower.as_bytes(), mark.as_bytes()) {
            let end = at + mark.len();
            let part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
            let joins = lower.as_bytes().get(at.wrapping_sub(1)).is_some_and(|byte| part(*byte))
                || lower.as_bytes().get(end).is_some_and(|byte| part(*byte));
            if joins {
                continue;
            }
            let Some(host) = host(text, at, end) else { continue };
            if is_local(host) {
                continue;
            }
            let written = text.get(at..end).unwrap_or(mark);
            let host = Shown(host);
            let message = format!("connection to `{host}` does without TLS: `{written}`");
            let finding = out.report(Span::of(at..end), message).evidence(host.0);
            // A name without a dot is a neighbour: in the same compose project or namespace.
            if !host.0.contains('.') {
                finding.severity(Severity::Low);
            }
        }
    }
}

/// The host of the connection string around a parameter: that of a URL, or the value of `host`,
/// `server` or `data source`.
fn host(text: &str, at: usize, end: usize) -> Option<&str> {
    let before = text.get(..at)?;
    let line = before.rsplit('\n').next().unwrap_or_default();
    let line = line.get(line.len().saturating_sub(REACH)..).unwrap_or(line);
    let quoted = |character: char| matches!(character, '"' | '\'' | '`');
    let head = line.rsplit(quoted).next().unwrap_or(line);
    if let Some((_, rest)) = head.rsplit_once("://") {
        if rest.contains(char::is_whitespace) {
            return None;
        }
        let authority = rest.split(['/', '?', ';']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let host = host.trim_start_matches("tcp(").trim_end_matches(')');
        let host = if host.starts_with('[') {
            host.split(']').next().map(|host| host.trim_start_matches('['))
        } else {
            host.split([':', ',']).next()
        };
        return host.filter(|host| is_name(host));
    }
    if let Some((_, rest)) = head.rsplit_once("tcp(") {
        return rest.split([':', ')']).next().filter(|host| is_name(host));
    }
    let tail = text.get(end..).unwrap_or_default();
    let tail = tail.split(['\n', '"', '\'', '`']).next().unwrap_or_default();
    [head, tail].into_iter().find_map(|part| {
        ["host=", "server=", "data source=", "hostaddr="].iter().find_map(|key| {
            let at = part.to_ascii_lowercase().find(key)?;
            let value = part.get(at + key.len()..)?;
            let value = value.trim_start_matches("tcp:");
            value.split([' ', ';', '&', ',', ':']).next().filter(|host| !host.is_empty())
        })
    })
}

fn is_name(host: &str) -> bool {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':');
    !host.is_empty() && host.bytes().all(part)
}

fn is_local(host: &str) -> bool {
    host.starts_with('/')
        || host.starts_with("127.")
        || matches!(host, "localhost" | "::1" | "0.0.0.0" | "." | "host.docker.internal")
        || host.contains(['$', '{', '<', '%'])
}
