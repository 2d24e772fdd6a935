//! One pass over a text: anchors lead to readers, readers to hits, and of hits that overlap the
//! most specific one stays.

use careen_rule::{Confidence, Rule, redact};

use crate::anchors::{Anchors, Owner};
use crate::assign;
use crate::charset::BASE64_BODY;
use crate::check::{Check, Find, Reader};
use crate::context::{Context, FileClass};
use crate::filler;
use crate::hit::{Hit, rank, settle};
use crate::pair;
use crate::readers::{self, assigned, slice, span};
use crate::shape::{Match, Shape, Verdict};

/// The rule whose tokens have a secret beside them.
const AWS_ID_RULE: &str = "aws-access-key-id-committed";

/// Finds the secrets of `text` and appends them in order; none of them overlap.
pub(crate) fn scan(text: &str, context: Context, anchors: &Anchors, hits: &mut Vec<Hit>) {
    let mut found = Vec::new();
    let mut done = 0..0;
    anchors.each(text, |owner, at, length| match owner {
        // Lists of packages are full of digests.
        Owner::Shape(_, shape) if shape.is_bare() && context.class == FileClass::Lock => {}
        Owner::Shape(rule, shape) => token(text, rule, shape, at, length, &mut found),
        Owner::Encoded(..) => {}
        Owner::Reader(Reader::Assignment) => {
            if let Some(assignment) = assign::read(text, at, context, &mut done) {
                found.extend(assigned(text, &assignment));
            }
        }
        Owner::Reader(reader) => found.extend(readers::read(reader, text, at, length, context)),
    });
    settle(found, hits);
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
