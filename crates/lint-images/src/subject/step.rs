use careen_image_model::Word;
use careen_image_model::dockerfile::{Flag, Instruction, Keyword};
use careen_image_model::shell::Command;
use careen_rule::{Finding, Sink};
use careen_text::Span;

use super::build::{Build, StageSite};
use super::shell::Shell;

/// Mounts of one `RUN` that are looked at.
const MOUNTS_MAX: usize = 32;

/// An instruction with its file.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    /// The file.
    pub(crate) build: &'a Build<'a>,
    /// The instruction; of an `ONBUILD`, what it triggers.
    pub(crate) instruction: &'a Instruction,
    /// Its index in the file.
    pub(crate) index: usize,
    /// Whether it stands behind `ONBUILD`.
    pub(crate) triggered: bool,
    /// The shell at this place.
    pub(crate) shell: Shell,
}

impl<'a> Step<'a> {
    /// What it is.
    pub(crate) fn keyword(self) -> Keyword {
        self.instruction.keyword
    }

    /// The stage it belongs to; none in front of the first `FROM`.
    pub(crate) fn stage(self) -> Option<StageSite<'a>> {
        let index = self.instruction.stage?;
        let stage = self.build.dockerfile.stages.get(index)?;
        Some(StageSite { build: self.build, stage, index })
    }

    /// Whether what it does ends up in the image.
    pub(crate) fn ships(self) -> bool {
        self.instruction.stage.is_some_and(|stage| self.build.ships(stage))
    }

    /// Whether its stage is for Windows.
    pub(crate) fn is_windows(self) -> bool {
        self.instruction.stage.is_some_and(|stage| self.build.is_windows(stage))
    }

    /// The commands of a `RUN`; empty for all others and where the shell is none of the POSIX
    /// family.
    pub(crate) fn commands(self) -> &'a [Command] {
        self.build.commands_of(self.index)
    }

    /// What `COPY` and `ADD` read, heredocs left out, and where they put it.
    pub(crate) fn sources_and_destination(self) -> Option<(&'a [Word], &'a Word)> {
        if !matches!(self.keyword(), Keyword::Copy | Keyword::Add) {
            return None;
        }
        let (destination, sources) = self.instruction.words().split_last()?;
        Some((sources, destination))
    }

    /// What `COPY --from` and `RUN --mount=from` name, where it holds no variable.
    pub(crate) fn copied_from(self) -> impl Iterator<Item = &'a Word> {
        let flags = self.instruction.flags.iter();
        let values = flags.filter_map(move |flag| match (self.keyword(), flag.name.as_str()) {
            (Keyword::Copy, "from") => flag.value.as_ref(),
            (Keyword::Run, "mount") => flag.field("from"),
            _ => None,
        });
        values.filter(|word| word.literal && !word.text.contains('$'))
    }

    /// Whether a `RUN` has a cache or a file system in memory at `path`, below or above it, so
    /// that what is written there is in no layer.
    pub(crate) fn keeps_out_of_layer(self, path: &str) -> bool {
        let target = |flag: &'a Flag| {
            let names = ["target", "dst", "destination"];
            names.into_iter().find_map(|name| flag.field(name))
        };
        // Commands ask this one by one: a `RUN` has a handful of mounts.
        self.instruction.flags("mount").take(MOUNTS_MAX).any(|flag| {
            let kind = flag.field("type").map_or("bind", |word| word.text.as_str());
            matches!(kind, "cache" | "tmpfs")
                && target(flag).is_some_and(|target| overlap(&target.text, path))
        })
    }

    /// Reports a defect of the instruction.
    pub(crate) fn report<'s>(
        self,
        out: &'s mut Sink<'_>,
        span: Span,
        message: impl Into<String>,
    ) -> &'s mut Finding {
        let finding = out.report(span, message);
        finding.object(self.build.object(self.instruction.stage))
    }
}

/// Whether one path is the other, or lies below it.
pub(crate) fn overlap(one: &str, other: &str) -> bool {
    let below = |path: &str, folder: &str| {
        path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let (one, other) = (one.trim_end_matches('/'), other.trim_end_matches('/'));
    below(one, other) || below(other, one)
}
