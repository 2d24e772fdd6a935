//! The history of a built image: what each step did, and which steps are the base image's.
//!
//! Builders write the history for people. BuildKit writes the instruction, a `RUN` with the
//! build arguments it had (`RUN |2 A=x B=y /bin/sh -c make # buildkit`); older builders write the
//! command of the shell, and `/bin/sh -c #(nop) ENV A=x` for what ran no command. Mounts are in
//! neither. Quotes are lost: a value ends where the next `NAME=` begins.

use std::ops::Range;

use careen_image_model::Joined;
use careen_image_model::dockerfile::Keyword;
use careen_image_model::shell::{self, Command};
use careen_rule::{Confidence, Finding, SnapshotSink};
use careen_text::Span;
use careen_yaml::Node;

use crate::subject::Built;

mod text;

pub(crate) use text::Given;

/// Steps of one history that are looked at.
const STEPS_MAX: usize = 1_000;

/// The steps of an image, first one first.
pub(crate) struct History<'a> {
    /// All of them.
    pub(crate) steps: Vec<PastStep<'a>>,
    /// Where the base image's end.
    own: usize,
    /// Whether something told where that is.
    told: bool,
}

/// A step.
pub(crate) struct PastStep<'a> {
    /// The text.
    pub(crate) node: Node<'a>,
    /// The text, decoded.
    pub(crate) text: &'a str,
    /// What it did.
    pub(crate) act: Act<'a>,
    /// The index of the layer it made, where the configuration and the layers agree.
    pub(crate) layer: Option<usize>,
    makes_layer: bool,
}

/// What a step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act<'a> {
    /// It ran commands.
    Run {
        /// The build arguments.
        arguments: Vec<Given<'a>>,
        /// Where the commands stand in the text.
        script: Range<usize>,
    },
    /// It was another instruction, whose words stand there in the text.
    Instruction(Keyword, Range<usize>),
    /// It is not by a Dockerfile.
    Foreign,
}

impl<'a> History<'a> {
    /// The history of an image.
    pub(crate) fn of(built: &Built<'a>) -> Self {
        let image = built.image;
        let made = image.config.history().filter(|step| !step.empty_layer).count();
        let agrees = made == image.layers.len();
        let mut layers = 0;
        let mut steps = Vec::new();
        for step in image.config.history().take(STEPS_MAX) {
            let layer = (!step.empty_layer && agrees).then_some(layers);
            layers += usize::from(!step.empty_layer);
            let Some(node) = step.created_by else { continue };
            let text = node.as_str().unwrap_or_default();
            let act = Act::of(text);
            let makes_layer = !step.empty_layer
                || matches!(
                    act,
                    Act::Run { .. } | Act::Instruction(Keyword::Add | Keyword::Copy, _)
                );
            steps.push(PastStep { node, text, act, layer, makes_layer });
        }
        let border = border(&steps);
        Self { steps, own: border.unwrap_or(0), told: border.is_some() }
    }

    /// The steps that are not the base image's, as far as that is known.
    pub(crate) fn own(&self) -> impl Iterator<Item = &PastStep<'a>> {
        self.steps.iter().skip(self.own)
    }

    /// How sure it is that a step of [`History::own`] is not the base image's.
    pub(crate) fn confidence(&self) -> Confidence {
        if self.told { Confidence::Medium } else { Confidence::Low }
    }
}

/// Where the steps of the base image end: behind the first layer where that is the root of a
/// distribution, and behind the last `CMD` or `ENTRYPOINT` that layers follow, as hardly anybody
/// writes one in the middle of a stage. None where nothing tells.
fn border(steps: &[PastStep<'_>]) -> Option<usize> {
    let first = steps.iter().position(|step| step.makes_layer)?;
    let root = steps.get(first).is_some_and(PastStep::is_root).then_some(first + 1);
    let last = steps.iter().rposition(|step| step.makes_layer).unwrap_or(first);
    let before = steps.get(..last).unwrap_or_default();
    let start = before.iter().rposition(PastStep::sets_command).map(|at| at + 1);
    start.max(root)
}

impl<'a> PastStep<'a> {
    /// Whether it lays out the root of a distribution.
    fn is_root(&self) -> bool {
        match &self.act {
            Act::Foreign => true,
            Act::Instruction(Keyword::Add, words) => {
                let words = self.text.get(words.clone()).unwrap_or_default().trim();
                words.ends_with(" /")
            }
            _ => false,
        }
    }

    fn sets_command(&self) -> bool {
        matches!(self.act, Act::Instruction(Keyword::Cmd | Keyword::Entrypoint, _))
    }

    /// The commands it ran, with spans in [`PastStep::text`].
    pub(crate) fn commands(&self) -> Vec<Command> {
        let Act::Run { script, .. } = &self.act else { return Vec::new() };
        let text = self.text.get(script.clone()).unwrap_or_default();
        shell::commands(&Joined::verbatim(text, Span::of(script.clone()).start))
    }

    /// Reports a defect at a span of [`PastStep::text`].
    pub(crate) fn report<'s>(
        &self,
        built: &Built<'_>,
        out: &'s mut SnapshotSink<'_>,
        span: Span,
        message: impl Into<String>,
    ) -> &'s mut Finding {
        let span = self.node.derived().map_or(self.node.span(), |text| text.resolve(span));
        built.report(out, self.node.source(), span, message)
    }

    /// Whether the layer that it made holds files below a folder; none where that is not known.
    pub(crate) fn leaves_files(&self, built: &Built<'_>, folder: &str) -> Option<bool> {
        let layer = built.image.layers.get(self.layer?)?;
        let inside = |path: &str| {
            path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/') && rest.len() > 1)
        };
        let left = layer.entries.iter().any(|entry| {
            // A lock is no cache, and its size is nought.
            inside(&entry.path) && entry.size > 0 && entry.whiteout().is_none()
        });
        let read = layer.problems.iter().all(|problem| !problem.kind.is_incomplete());
        (left || read).then_some(left)
    }
}
