//! What the structure of a Dockerfile adds: `ENV` and `ARG`.
//!
//! That a secret-like name is given a literal there is a defect of images, and reported (and
//! masked) as such. Here only what the value itself proves counts.

use careen_image_model::Pair;
use careen_image_model::dockerfile::{Dockerfile, Instruction, Keyword};
use careen_text::Span;

use crate::anchors::Anchors;
use crate::context::Context;
use crate::hit::{Hit, Spans, settle};
use crate::scan::scan;

/// Drops what is told by names only, and adds tokens that `ENV name value` hides: their names
/// stand before them without an operator.
pub(crate) fn refine(
    dockerfile: &Dockerfile,
    context: Context,
    anchors: &Anchors,
    hits: &mut Vec<Hit>,
) {
    if hits.iter().any(Hit::is_by_name) {
        let values = pairs(dockerfile).filter_map(|pair| Some(pair.value.as_ref()?.span));
        let values = Spans::of(values.collect());
        hits.retain(|hit| !(hit.is_by_name() && values.touch(hit.secret)));
    }
    let mut found = Vec::new();
    for pair in pairs(dockerfile) {
        let Some(value) = pair.value.as_ref() else { continue };
        let text = dockerfile.source.text();
        let between = text.get(pair.key.span.end as usize..value.span.start as usize);
        let as_written = dockerfile.source.slice(value.content) == value.text;
        if !as_written || between.is_none_or(|between| between.contains('=')) {
            continue;
        }
        let mut inside = Vec::new();
        let _ = scan(&format!("{}={}", pair.key.text, value.text), context, anchors, &mut inside);
        let offset = Span::of(0..pair.key.text.len() + 1).end;
        found.extend(inside.into_iter().filter_map(|mut hit| {
            if hit.is_by_name() || hit.secret.start < offset {
                return None;
            }
            for span in [&mut hit.span, &mut hit.secret] {
                *span = Span::new(span.start - offset, span.end - offset);
                *span = span.shifted(value.content.start);
            }
            Some(hit)
        }));
    }
    if !found.is_empty() {
        found.append(hits);
        settle(found, hits);
    }
}

fn pairs(dockerfile: &Dockerfile) -> impl Iterator<Item = &Pair> {
    let instructions = dockerfile.instructions.iter().map(Instruction::effective);
    instructions
        .filter(|each| matches!(each.keyword, Keyword::Env | Keyword::Arg))
        .flat_map(Instruction::pairs)
}
