//! Secrets inside the JSON documents of built images.

use std::ops::Range;

use careen_rule::{Finding, Identity, Severity, SnapshotSink};
use careen_text::Span;
use careen_yaml::Node;

use crate::secret_name::Value;
use crate::subject::Built;

/// Shorter values also stand where they are no secret.
const MASKED_MIN: usize = 6;
/// Values of one image that are looked for everywhere.
const VALUES_MAX: usize = 100;
/// Places of one value in one document that are masked.
const MASKED_MAX: usize = 200;

/// A value in a text of a document.
#[derive(Clone, Debug)]
pub(crate) struct Place<'a> {
    /// The text.
    pub(crate) node: Node<'a>,
    /// Where in the decoded text what is shown as the place stands; all of it where absent.
    pub(crate) shown: Option<Range<usize>>,
    /// Where in the decoded text the value stands.
    pub(crate) value: Range<usize>,
}

/// Reports the secrets of one image that their names give away. Values are masked where they are
/// found and wherever else they stand in the document: what `ENV` sets stands in the history too.
pub(crate) struct Secrets<'b> {
    built: &'b Built<'b>,
    /// Values that may still be looked for: each is a walk through the document.
    left: usize,
}

impl<'b> Secrets<'b> {
    /// No secrets yet.
    pub(crate) const fn of(built: &'b Built<'b>) -> Self {
        Self { built, left: VALUES_MAX }
    }

    /// What reports call the image.
    pub(crate) fn image(&self) -> &'b str {
        self.built.name()
    }

    /// Reports a secret.
    pub(crate) fn report<'s>(
        &mut self,
        out: &'s mut SnapshotSink<'_>,
        place: &Place<'_>,
        kind: Value,
        message: String,
    ) -> &'s mut Finding {
        let source = place.node.source();
        let whole = place.node.span();
        let derived = place.node.derived();
        let resolve = |range: &Range<usize>| match &derived {
            Some(derived) => derived.resolve(Span::of(range.clone())),
            None => whole,
        };
        let shown = place.shown.as_ref().map_or(whole, resolve);
        let secret = resolve(&place.value);
        let finding = self.built.report(out, source, shown, message);
        finding.secret(secret);
        if kind == Value::Filler {
            // Such words stand elsewhere, and are no secret there.
            finding.severity(Severity::High);
            return finding;
        }
        let text = place.node.as_str().unwrap_or_default();
        finding.about(Identity::of(text.get(place.value.clone()).unwrap_or_default()), true);
        let written = source.slice(secret);
        if written.len() >= MASKED_MIN && self.left > 0 {
            self.left -= 1;
            for (at, _) in source.text().match_indices(written).take(MASKED_MAX) {
                finding.secret(Span::of(at..at + written.len()));
            }
        }
        finding
    }
}
