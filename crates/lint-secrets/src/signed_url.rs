//! Addresses that carry their own permission: signed URLs of storage services, and webhooks.

use careen_rule::Confidence;

use crate::assign::{Class, judge};
use crate::charset::{HEX, Set, URL64};
use crate::context::Context;
use crate::date::parse_day;
use crate::filler;
use crate::shape::{Match, Verdict};
use crate::{judges, words};

/// How far a query is read in either direction, in bytes.
const REACH: usize = 2_000;
/// How far behind its head the path of a webhook is read, in bytes.
const LONGEST_PATH: usize = 300;
/// What ends an address.
static ENDS: Set = Set::of("\"'`<> \t\r\n\\()[]{}|^");
/// What a signature in a query is written with.
static SIGNATURE: Set = Set::of("a-zA-Z0-9%+/=_~-");

/// A signed URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SignedUrl<'t> {
    /// Who signs in this way.
    pub(crate) provider: &'static str,
    /// Where it leads, if that is written there.
    pub(crate) host: Option<&'t str>,
    /// Where the signature stands.
    pub(crate) signature: Match,
    /// When it is over, in Unix seconds.
    pub(crate) expires: Option<i64>,
    /// Whether nobody signs for longer than a week in this way.
    pub(crate) brief: bool,
}

/// Parameters that hold a signature, as they lead here.
pub(crate) const SIGNATURES: &[&str] =
    &["X-Amz-Signature=", "X-Goog-Signature=", "&sig=", "?sig=", "&Signature=", "?Signature="];

/// Reads the signed URL whose parameter stands at `at`.
pub(crate) fn read(text: &str, at: usize, length: usize) -> Option<SignedUrl<'_>> {
    let bytes = text.as_bytes();
    let from = at + length;
    let run = SIGNATURE.run(bytes.get(from..)?, 1_200);
    let value = text.get(from..from + run)?;
    if run < 27 || filler::is_filler(value) || filler::is_template(value) {
        return None;
    }
    let address = address(text, at, from + run)?;
    let whole = text.get(address.start..address.end)?;
    let parameter = |name: &str| parameter(whole, name);
    let literal = text.get(at..from)?;
    let hex = value.bytes().all(|byte| HEX.has(byte));
    let (provider, expires, brief) = match literal {
        "X-Amz-Signature=" if hex && run == 64 => {
            let end = lasts(parameter("X-Amz-Date"), parameter("X-Amz-Expires"));
            ("AWS", end, true)
        }
        "X-Goog-Signature=" if hex => {
            let end = lasts(parameter("X-Goog-Date"), parameter("X-Goog-Expires"));
            ("Google Cloud", end, true)
        }
        "&sig=" | "?sig=" if parameter("sv").is_some_and(|sv| parse_day(sv).is_some()) => {
            ("Azure", parameter("se").and_then(parse_day), false)
        }
        "&sig=" | "?sig=" if parameter("sp").is_some() => ("Azure Logic Apps", None, false),
        "&Signature=" | "?Signature=" => {
            let signer = if parameter("Key-Pair-Id").is_some() {
                "CloudFront"
            } else if parameter("AWSAccessKeyId").is_some() {
                "AWS"
            } else if parameter("GoogleAccessId").is_some() {
                "Google Cloud"
            } else {
                parameter("OSSAccessKeyId")?;
                "Alibaba Cloud"
            };
            (signer, parameter("Expires").and_then(|expires| expires.parse().ok()), false)
        }
        _ => return None,
    };
    let host = whole.split_once("://").map(|(_, rest)| {
        rest.get(..rest.find(['/', '?', ':']).unwrap_or(rest.len())).unwrap_or(rest)
    });
    let signature = Match { start: from, end: from + run };
    Some(SignedUrl { provider, host: host.filter(|host| is_host(host)), signature, expires, brief })
}

/// The address around `start..end`, as far as it goes without a blank or a quote.
fn address(text: &str, start: usize, end: usize) -> Option<Match> {
    let bytes = text.as_bytes();
    let head = bytes.get(start.saturating_sub(REACH)..start)?;
    let before = head.iter().rev().take_while(|&&byte| !ENDS.has(byte)).count();
    let tail = bytes.get(end..(end + REACH).min(bytes.len()))?;
    let after = tail.iter().take_while(|&&byte| !ENDS.has(byte)).count();
    let (mut from, mut to) = (start - before, end + after);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    Some(Match { start: from, end: to })
}

/// The value of a parameter. In documents of XML an ampersand is written `&amp;`.
fn parameter<'t>(address: &'t str, name: &str) -> Option<&'t str> {
    let start = address.find('?').map_or(0, |at| at + 1);
    address.get(start..)?.split('&').find_map(|pair| {
        let pair = pair.strip_prefix("amp;").unwrap_or(pair);
        let pair = pair.strip_prefix("SharedAccessSignature=").unwrap_or(pair);
        pair.strip_prefix(name)?.strip_prefix('=')
    })
}

/// `20260101T000000Z` and so many seconds.
fn lasts(date: Option<&str>, seconds: Option<&str>) -> Option<i64> {
    let day = parse_day(date?)?;
    let length: i64 = seconds?.parse().ok()?;
    (0..=10_000_000).contains(&length).then_some(day + length)
}

fn is_host(host: &str) -> bool {
    (1..=120).contains(&host.len())
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}

/// A webhook that anybody can call who knows its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Webhook<'t> {
    /// Where it leads.
    pub(crate) host: &'t str,
    /// Where the secret part stands.
    pub(crate) secret: Match,
}

/// Parts of paths that lead here.
pub(crate) const HOOKS: &[&str] =
    &["/hooks/", "/webhook", "/incoming", "/with/key/", "/messages?key="];

/// Reads the address whose path holds the literal at `at`: it is a webhook if a last part follows
/// that some machine made.
pub(crate) fn read_hook(
    text: &str,
    at: usize,
    length: usize,
    context: Context,
) -> Option<Webhook<'_>> {
    let query = text.get(at..at + length)?.ends_with('=');
    let stops = |byte: u8| ENDS.has(byte) || byte == b'#' || (!query && b"?&".contains(&byte));
    let rest = text.get(at + length..)?;
    let path = rest.bytes().take(LONGEST_PATH).take_while(|&byte| !stops(byte)).count();
    let path = rest.get(..path)?.trim_end_matches(['/', '.', ',', ';', ':']);
    let start = at + length + path.rfind(['/', '=']).map_or(0, |last| last + 1);
    let secret = Match { start, end: at + length + path.len() };
    let value = text.get(secret.start..secret.end)?;
    let run = URL64.run(value.as_bytes(), 400);
    let digest = value.len() == 40 && value.bytes().all(|byte| HEX.has(byte));
    if run != value.len() || run < 20 || digest || judges::random(value) == Verdict::No {
        return None;
    }
    if words::coverage(value) > 20
        || judge(value, Class::Secret, true, context)? < Confidence::Medium
    {
        return None;
    }
    let address = address(text, at, at + length)?;
    let scheme = text.get(address.start..at)?.find("://")?;
    let host = text.get(address.start + scheme + 3..at)?;
    let host = host.get(..host.find(['/', ':']).unwrap_or(host.len()))?;
    if !is_host(host) || !host.contains('.') || host.contains("example") {
        return None;
    }
    Some(Webhook { host, secret })
}

#[cfg(test)]
mod tests {
    use super::{HOOKS, SIGNATURES, read, read_hook};
    use crate::context::{Context, FileClass};
    use crate::date::parse_day;

    const CONFIG: Context = Context { class: FileClass::Config, fixture: false, now: 0 };
    const HEX64: &str = "3c1d9be27fa04586d2e1bb703c1d9be27fa04586d2e1bb703c1d9be27fa0458a";
    const BASE64: &str = "q8Rk2Lm5Tn7Vw9Xb3Cd4Fg6Hj1Kp0sTzYxWv%2BuNmQwE%3D";

    fn found(text: &str) -> Option<(&'static str, Option<&str>, Option<i64>)> {
        SIGNATURES.iter().find_map(|literal| {
            let url = read(text, text.find(literal)?, literal.len())?;
            Some((url.provider, url.host, url.expires))
        })
    }

    #[test]
    fn signatures_and_their_ends() {
        let day = parse_day("2026-01-05");
        for (text, expected) in [
            (
                format!(
                    "\"https://b.s3.amazonaws.com/a?X-Amz-Date=20260105T000000Z&X-Amz-Expires=0&X-Amz-Signature={HEX64}\""
                ),
                ("AWS", Some("b.s3.amazonaws.com"), day),
            ),
            (
                format!(
                    "https://a.blob.core.windows.net/c?sv=2022-11-02&se=2026-01-05T10:00:00Z&sr=c&sp=r&sig={BASE64}"
                ),
                ("Azure", Some("a.blob.core.windows.net"), day),
            ),
            (format!("SharedAccessSignature=sv=2022-11-02&sig={BASE64}"), ("Azure", None, None)),
            (
                format!(
                    "<a href='https://cdn.shop.internal/a?Expires=1767571200&amp;Key-Pair-Id=K2&Signature={BASE64}'>"
                ),
                ("CloudFront", Some("cdn.shop.internal"), day),
            ),
        ] {
            assert_eq!(found(&text), Some(expected), "{text}");
        }
        for text in [
            "https://x.internal/a?sv=2022-11-02&sig=REDACTED".to_owned(),
            format!("https://x.internal/a?v=1&sig={BASE64}"),
            format!("https://x.internal/a?Signature={BASE64}"),
            "https://x.internal/a?X-Amz-Signature=${SIGNATURE}".to_owned(),
            format!("é?sig={BASE64}é&sv=é"),
            "&sig=".to_owned(),
        ] {
            assert_eq!(found(&text), None, "{text}");
        }
    }

    #[test]
    fn webhooks_end_in_what_a_machine_made() {
        let find = |text: &str| {
            HOOKS.iter().find_map(|literal| {
                let hook = read_hook(text, text.find(literal)?, literal.len(), CONFIG)?;
                Some((hook.host.to_owned(), text[hook.secret.start..hook.secret.end].to_owned()))
            })
        };
        let secret = "9f3kwq7lz2vx8rt5bn1mq8xr4y";
        let hook = |text: &str, host: &str| {
            assert_eq!(find(text), Some((host.to_owned(), secret.to_owned())), "{text}");
        };
        hook(&format!("url: https://chat.shop.internal/hooks/{secret}"), "chat.shop.internal");
        hook(
            &format!("https://maker.shop.internal/trigger/a/with/key/{secret}?v=1"),
            "maker.shop.internal",
        );
        hook(&format!("(https://n8n.shop.internal/webhook-test/a/{secret})"), "n8n.shop.internal");
        for text in [
            "https://git.internal/hooks/pre-commit/readme-of-the-hooks".to_owned(),
            format!("https://git.internal/hooks/{}", "3c1d9be27fa04586d2e1bb703c1d9be27fa04586"),
            format!("/hooks/{secret}"),
            format!("https://hooks.example.com/hooks/{secret}"),
            "https://chat.shop.internal/hooks/${HOOK}".to_owned(),
            "https://é/hooks/é".to_owned(),
        ] {
            assert_eq!(find(&text), None, "{text}");
        }
    }
}
