//! The labels of an image, and what the configuration says of them.

pub(crate) mod format;
pub(crate) mod spdx;

use std::collections::HashMap;

use careen_image_model::dockerfile::Keyword;
use careen_image_model::{Pair, Word};
use careen_model::Context;
use careen_rule::{Finding, Sink, fits};
use careen_text::Span;

use crate::subject::{Build, Step, cut};

/// The rule whose option `labels` names the labels an image must have.
pub(crate) const REQUIRED: &str = "dockerfile-label-missing";
/// The rule whose option `labels` names the labels an image may have.
pub(crate) const ALLOWED: &str = "dockerfile-label-superfluous";
/// The name of the option, of these and of the rules about values.
pub(crate) const OPTION: &str = "labels";

/// What the value of a label is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// A date with time, as RFC 3339 writes it.
    Time,
    /// A semantic version.
    Semver,
    /// An address with a scheme.
    Url,
    /// An SPDX licence expression.
    Spdx,
    /// The name of a commit in Git.
    Hash,
    /// An e-mail address.
    Email,
}

impl Kind {
    /// The kind that a word of the configuration means.
    fn named(word: &str) -> Option<Self> {
        Some(match word {
            "text" | "rawtext" => Self::Text,
            "rfc3339" | "time" => Self::Time,
            "semver" => Self::Semver,
            "url" => Self::Url,
            "spdx" => Self::Spdx,
            "hash" | "git-hash" => Self::Hash,
            "email" => Self::Email,
            _ => return None,
        })
    }

    /// The kind that the OCI image specification gives one of its labels.
    fn of_oci(key: &str) -> Option<Self> {
        let name = key.strip_prefix("org.opencontainers.image.")?;
        Some(match name {
            "created" => Self::Time,
            "url" | "source" | "documentation" => Self::Url,
            "licenses" => Self::Spdx,
            _ => return None,
        })
    }
}

/// A label that the image has.
#[derive(Clone, Copy)]
pub(crate) struct Label<'a> {
    /// The `LABEL`.
    pub(crate) step: Step<'a>,
    /// Its name and value.
    pub(crate) pair: &'a Pair,
}

impl<'a> Label<'a> {
    /// Its name; none where a variable makes it.
    pub(crate) fn key(self) -> Option<&'a str> {
        let key = &self.pair.key;
        let known = key.literal && !key.text.is_empty() && !key.text.contains('$');
        known.then_some(key.text.as_str())
    }

    /// Its value as written; none where a variable is part of it.
    pub(crate) fn value(self) -> Option<&'a Word> {
        self.pair.value.as_ref().filter(|value| value.literal)
    }

    /// Reports something about it.
    pub(crate) fn report<'s>(
        self,
        out: &'s mut Sink<'_>,
        span: Span,
        message: impl Into<String>,
    ) -> &'s mut Finding {
        self.step.report(out, span, message).evidence(cut(&self.pair.key.text))
    }
}

/// The labels of the image that the file describes, in the order of the file: those of the final
/// stage and of the stages it is built on. What `ONBUILD` will set is among them. Of a label that
/// is set again the last counts.
pub(crate) fn of<'a>(build: &'a Build<'_>) -> Vec<Label<'a>> {
    let steps = build.steps().filter(|step| step.keyword() == Keyword::Label && step.ships());
    let mut labels: Vec<Option<Label<'a>>> = Vec::new();
    let mut last = HashMap::new();
    for step in steps {
        for pair in step.instruction.pairs() {
            let label = Label { step, pair };
            if let Some(key) = label.key() {
                let before = last.insert((key, step.triggered), labels.len());
                if let Some(before) = before.and_then(|at: usize| labels.get_mut(at)) {
                    *before = None;
                }
            }
            labels.push(Some(label));
        }
    }
    labels.into_iter().flatten().collect()
}

/// The labels whose values rule `id` looks at: those of that kind, written without variables and
/// not empty.
///
/// The configuration decides the kind: the labels an image must have, those it may have, then the
/// labels that are named for the rule itself. What it does not mention has the kind that the OCI
/// image specification gives it.
pub(crate) fn of_kind<'a>(
    build: &'a Build<'_>,
    context: &Context,
    id: &'static str,
    kind: Kind,
) -> Vec<(Label<'a>, &'a str, &'a Word)> {
    let options = &context.options;
    let own = options.words(id, OPTION);
    let is_kind = |key: &str| {
        if let Some(told) = kind_in_schema(context, key) {
            return told == kind;
        }
        own.iter().any(|pattern| is_named(pattern, key)) || Kind::of_oci(key) == Some(kind)
    };
    let labels = of(build).into_iter().filter_map(|label| {
        let (key, value) = (label.key()?, label.value()?);
        let is_judged = !value.text.trim().is_empty() && is_kind(key);
        is_judged.then_some((label, key, value))
    });
    labels.collect()
}

/// The kind of a label in the lists of required and of allowed labels.
fn kind_in_schema(context: &Context, key: &str) -> Option<Kind> {
    let lists = [REQUIRED, ALLOWED].into_iter();
    let mut entries = lists.flat_map(|rule| context.options.map(rule, OPTION));
    entries.find_map(|(pattern, kind)| {
        let kind = Kind::named(&kind.to_ascii_lowercase())?;
        is_named(pattern, key).then_some(kind)
    })
}

/// Whether the configuration names a label among those an image must or may have.
pub(crate) fn is_in_schema(context: &Context, key: &str) -> bool {
    let lists = [REQUIRED, ALLOWED].into_iter();
    lists
        .flat_map(|rule| context.options.map(rule, OPTION))
        .any(|(pattern, _)| is_named(pattern, key))
}

/// Whether a name of the configuration, in which `*` stands for any text, means a label.
fn is_named(pattern: &str, key: &str) -> bool {
    !pattern.is_empty() && fits(pattern, key)
}
