//! One pass over a text: anchors lead to readers, readers to hits, and of hits that overlap the
//! most specific one stays.

use careen_rule::{Confidence, Rule, redact};
use careen_text::Span;

use crate::anchors::{Anchors, Owner};
use crate::assign;
use crate::charset::BASE64_BODY;
use crate::check::{Check, Find, Reader};
use crate::connection;
use crate::context::Context;
use crate::files;
use crate::filler;
use crate::header;
use crate::hit::{Hit, rank, settle};
use crate::pem;
use crate::shape::{Match, Shape, Verdict};
use crate::shell;
use crate::url;

/// The rule whose tokens have a secret beside them.
const AWS_ID_RULE: &str = "aws-access-key-id-committed";
/// How far from an AWS access key id its secret may stand, in bytes.
const PAIR_REACH: usize = 256;

/// Escapes of one text whose surroundings are decoded.
const MOST_ESCAPES: usize = 1_000;

/// What a text holds beside secrets that stand in it as they are.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Whether a name promises a secret that the text alone does not lead to.
    pub(crate) promised: bool,
    /// Where escapes stand that may hide a name or a token.
    pub(crate) escapes: Vec<usize>,
}

/// Finds the secrets of `text` and appends them in order; none of them overlap.
pub(crate) fn scan(text: &str, context: Context, anchors: &Anchors, hits: &mut Vec<Hit>) -> Notes {
    let mut found = Vec::new();
    let mut names = assign::Names::default();
    let mut escapes = Vec::new();
    let mut command = 0..0;
    anchors.each(text, |owner, at, length| match owner {
        Owner::Shape(rule, shape) => token(text, rule, shape, at, length, &mut found),
        Owner::Reader(Reader::Assignment) => {
            if let Some(assignment) = assign::read(text, at, context, &mut names) {
                found.extend(assigned(text, &assignment));
            }
        }
        Owner::Reader(Reader::PrivateKey) => {
            found.extend(pem::read(text, at).and_then(|key| private_key(&key)));
        }
        Owner::Reader(Reader::Url) => {
            found.extend(url::read(text, at, context).and_then(|url| in_url(text, &url)));
        }
        Owner::Reader(Reader::Authorization) => {
            let header = header::read(text, at, length, context);
            found.extend(header.and_then(|header| in_header(text, &header)));
        }
        Owner::Reader(Reader::Shell) => {
            shell::read(text, at, context, &mut command, &mut found);
        }
        Owner::Reader(Reader::Netrc) => found.extend(files::netrc(text, at, context)),
        Owner::Reader(Reader::Escape) => {
            if escapes.len() < MOST_ESCAPES {
                escapes.push(at);
            }
        }
    });
    settle(found, hits);
    Notes { promised: names.promised, escapes }
}

fn span(at: Match) -> Span {
    Span::of(at.start..at.end)
}

fn slice(text: &str, at: Match) -> &str {
    text.get(at.start..at.end).unwrap_or_default()
}

fn token(
    text: &str,
    rule: &'static Rule<Check>,
    shape: &'static Shape,
    at: usize,
    length: usize,
    found: &mut Vec<Hit>,
) {
    let Some((place, verdict)) = shape.find(text, at, length) else { return };
    let shown = redact(slice(text, place), shape.public());
    let mut message = format!("{} `{shown}` is committed", shape.kind);
    let confidence = match verdict {
        Verdict::Proven => Confidence::Certain,
        Verdict::Unfit => {
            message.push_str(", although its checksum does not fit");
            Confidence::Low
        }
        Verdict::Plain | Verdict::No => shape.confidence,
    };
    let named = if shape.is_marked_and_named() { rank::NAMED } else { 0 };
    let rank = rank::TOKEN + confidence as u8 + named;
    let mut hit = Hit::new(&rule.meta, span(place), rank, message, shown);
    hit.severity = shape.severity.unwrap_or(rule.meta.severity);
    hit.confidence = confidence;
    found.push(hit);
    if rule.meta.id == AWS_ID_RULE {
        found.extend(aws_secret(text, place));
    }
}

/// The secret that belongs to the AWS access key id at `id`: forty characters of base64 near it.
fn aws_secret(text: &str, id: Match) -> Option<Hit> {
    let bytes = text.as_bytes();
    let from = id.start.saturating_sub(PAIR_REACH);
    let to = (id.end + PAIR_REACH).min(bytes.len());
    let mut best: Option<Match> = None;
    let mut at = from;
    while at < to {
        let run = BASE64_BODY.run(bytes.get(at..to)?, PAIR_REACH);
        // A run that begins before the window is longer than it looks.
        let whole = at > from || from == 0 || !BASE64_BODY.has(*bytes.get(from - 1)?);
        let place = Match { start: at, end: at + run };
        if run == 40 && whole && looks_like_aws_secret(slice(text, place)) {
            let distance = |place: Match| place.start.abs_diff(id.start);
            // The one behind the id wins over the one before it.
            if best.is_none_or(|best| {
                place.start > id.start && best.start < id.start || distance(place) < distance(best)
            }) {
                best = Some(place);
            }
        }
        at += run.max(1);
    }
    let place = best?;
    let rule = Find::AwsSecret.rule()?;
    let shown = redact(slice(text, place), 0);
    let message = format!("AWS secret access key `{shown}` is committed beside its access key id");
    let evidence = format!("{} {shown}", slice(text, id).get(..8).unwrap_or_default());
    Some(Hit::new(rule, span(place), rank::PAIR, message, evidence))
}

fn looks_like_aws_secret(value: &str) -> bool {
    let has = |test: fn(&u8) -> bool| value.as_bytes().iter().any(&test);
    has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_digit)
        && !filler::is_filler(value)
        && crate::words::coverage(value) < 50
}

fn assigned(text: &str, found: &assign::Assignment<'_>) -> Option<Hit> {
    let shown = redact(slice(text, found.value), 0);
    let password = found.class == assign::Class::Password;
    if password && let Some(target) = connection::target(text, found.written, found.value) {
        let message = format!("connection string of `{target}` holds a literal password");
        let rule = Find::ConnectionPassword.rule()?;
        let evidence = format!("{target} {shown}");
        let mut hit = Hit::new(rule, span(found.value), rank::CONNECTION, message, evidence);
        hit.confidence = found.confidence;
        return Some(hit);
    }
    let (rule, noun) = match found.class {
        assign::Class::Password => (Find::Password.rule()?, "password"),
        assign::Class::Secret => (Find::Secret.rule()?, "secret"),
    };
    let message = format!("`{}` is assigned a literal {noun}", found.name);
    let evidence = format!("{} {shown}", found.name);
    let mut hit = Hit::new(rule, span(found.value), rank::ASSIGNED, message, evidence);
    hit.confidence = found.confidence;
    Some(hit)
}

fn private_key(key: &pem::PrivateKey<'_>) -> Option<Hit> {
    let account = key.service_account && !key.encrypted;
    let find = if account { Find::ServiceAccountKey } else { Find::PrivateKey };
    let rule = find.rule()?;
    let message = if account {
        "private key of a Google service account is committed".to_owned()
    } else {
        let kind = key.label.replace("PRIVATE KEY", "private key").replace(" BLOCK", "");
        let protection = if key.encrypted { ", protected by a passphrase only" } else { "" };
        format!("{} is committed{protection}", kind.trim())
    };
    let all = span(key.all);
    let evidence = format!("{} ({} bytes)", key.label, all.len());
    let mut hit = Hit::new(rule, all, rank::KEY, message, evidence);
    hit.span = span(key.head);
    if key.encrypted {
        hit.severity = rule.severity.lowered(2);
    }
    Some(hit)
}

fn in_url(text: &str, found: &url::UrlPassword<'_>) -> Option<Hit> {
    let rule = Find::UrlPassword.rule()?;
    let shown = redact(slice(text, found.password), 0);
    let message = format!("`{}` URL of `{}` holds a literal password", found.scheme, found.host);
    let evidence = format!("{}://{} {shown}", found.scheme, found.host);
    let mut hit = Hit::new(rule, span(found.password), rank::URL, message, evidence);
    hit.confidence = found.confidence;
    Some(hit)
}

fn in_header(text: &str, found: &header::Authorization) -> Option<Hit> {
    let rule = Find::Authorization.rule()?;
    let shown = redact(slice(text, found.value), 0);
    let message = format!("`Authorization` value holds a literal `{}` credential", found.scheme);
    let evidence = format!("{} {shown}", found.scheme);
    let mut hit = Hit::new(rule, span(found.value), rank::HEADER, message, evidence);
    hit.confidence = found.confidence;
    Some(hit)
}
