//! One pass over a text: anchors lead to readers, readers to hits, and of hits that overlap the
//! most specific one stays.

use careen_rule::{Confidence, Rule, redact};

use crate::ahead::Ahead;
use crate::anchors::{Anchors, Owner};
use crate::assign;
use crate::charset::BASE64_BODY;
use crate::check::{Check, Find, Reader};
use crate::context::{Context, FileClass};
use crate::decode;
use crate::files;
use crate::filler;
use crate::hit::{Hit, rank, settle};
use crate::inside::bring_back;
use crate::pair;
use crate::readers::{self, assigned, slice, span};
use crate::shape::{Match, Shape, Verdict};
use crate::shell;

/// The rule whose tokens have a secret beside them.
const AWS_ID_RULE: &str = "aws-access-key-id-committed";

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
    let mut packed = 0;
    let mut ahead = Ahead::default();
    anchors.each(text, |owner, at, length| match owner {
        // Lists of packages are full of digests.
        Owner::Near(_, shape, _) if shape.is_bare() && context.class == FileClass::Lock => {}
        Owner::Near(rule, shape, need) => {
            if ahead.meets(text, at + length, need) {
                token(text, rule, shape, at, length, &mut found);
            }
        }
        Owner::Shape(rule, shape) => token(text, rule, shape, at, length, &mut found),
        Owner::Encoded(rule, shape) => {
            if at >= packed {
                for hit in encoded(text, at, length, rule, shape) {
                    packed = packed.max(hit.secret.end as usize);
                    found.push(hit);
                }
            }
        }
        Owner::Reader(Reader::Assignment) => {
            if let Some(assignment) = assign::read(text, at, context, &mut names) {
                found.extend(assigned(text, &assignment));
            }
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
        Owner::Reader(reader) => found.extend(readers::read(reader, text, at, length, context)),
    });
    settle(found, hits);
    Notes { promised: names.promised, escapes }
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

/// Tokens behind base64, where one of the forms of their anchor stands at `at`.
fn encoded(
    text: &str,
    at: usize,
    length: usize,
    rule: &'static Rule<Check>,
    shape: &'static Shape,
) -> Vec<Hit> {
    // Most of what looks like a form of an anchor stands in no run that is long enough.
    let bytes = text.as_bytes();
    let least = shape.least() * 4 / 3;
    let ahead = BASE64_BODY.run(bytes.get(at..).unwrap_or_default(), least);
    let behind = BASE64_BODY.run_back(bytes.get(..at).unwrap_or_default(), least);
    let mut found = Vec::new();
    if ahead <= length || ahead + behind < least {
        return found;
    }
    let (Some(derived), Some(literal)) = (decode::around(text, at), shape.literal()) else {
        return found;
    };
    let inner = derived.text().unwrap_or_default();
    for (start, _) in inner.match_indices(literal) {
        token(inner, rule, shape, start, literal.len(), &mut found);
    }
    for hit in &mut found {
        bring_back(hit, &derived);
        hit.message = hit.message.replacen(" is committed", " is committed in base64", 1);
    }
    found
}

/// The secret that belongs to the AWS access key id at `id`: forty characters of base64 near it.
fn aws_secret(text: &str, id: Match) -> Option<Hit> {
    let place = pair::beside(text, id, &BASE64_BODY, 40, looks_like_aws_secret)?;
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
