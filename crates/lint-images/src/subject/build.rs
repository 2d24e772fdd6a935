use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use careen_image_model::Word;
use careen_image_model::dockerfile::{
    BaseKind, Dockerfile, Instruction, Keyword, Stage, VariableSource,
};
use careen_image_model::shell::Command;
use careen_rule::{Finding, ObjectPath, Sink};
use careen_text::Span;

use super::command::{self, CommandSite};
use super::shell::{self, Shell};
use super::step::Step;

/// A Dockerfile with what rules ask of it, worked out once.
pub(crate) struct Build<'a> {
    /// The file.
    pub(crate) dockerfile: &'a Dockerfile,
    /// By stage.
    facts: Vec<Facts>,
    /// By instruction: the shell, and the commands of a `RUN`.
    shells: Vec<Shell>,
    commands: Vec<Vec<Command>>,
    /// The names of the global arguments.
    declared: HashSet<&'a str>,
    /// Answers to questions that many commands of one instruction ask.
    known: RefCell<HashMap<(usize, &'static str), bool>>,
}

#[derive(Clone, Copy)]
struct Facts {
    ships: bool,
    windows: bool,
    shell: Shell,
}

impl<'a> Build<'a> {
    pub(crate) fn new(dockerfile: &'a Dockerfile) -> Self {
        let mut facts: Vec<Facts> = Vec::with_capacity(dockerfile.stages.len());
        let mut shells = Vec::with_capacity(dockerfile.instructions.len());
        let unknown = Shell::Posix { pipefail: false, explicit: false };
        let first = dockerfile.stages.first().map_or(0, |stage| stage.instructions.start);
        shells.resize(first, unknown);
        for stage in &dockerfile.stages {
            let base = match stage.base_kind {
                BaseKind::Stage(base) => facts.get(base).copied(),
                _ => None,
            };
            let mut own = base.unwrap_or_else(|| Facts {
                ships: false,
                windows: shell::is_windows(dockerfile, stage),
                shell: Shell::of_base(dockerfile, stage),
            });
            for instruction in dockerfile.instructions_of(stage) {
                if instruction.keyword == Keyword::Shell {
                    own.shell = Shell::of_instruction(instruction);
                }
                shells.push(own.shell);
            }
            facts.push(Facts { ships: false, ..own });
        }
        // A stage is built on an earlier one only, so this ends.
        let mut next = dockerfile.stages.len().checked_sub(1);
        while let Some(index) = next {
            if let Some(facts) = facts.get_mut(index) {
                facts.ships = true;
            }
            next = match dockerfile.stages.get(index).map(|stage| &stage.base_kind) {
                Some(BaseKind::Stage(base)) => Some(*base),
                _ => None,
            };
        }
        let globals = dockerfile.instructions.iter().take_while(|one| one.stage.is_none());
        let declared = globals.flat_map(Instruction::pairs).map(|pair| pair.key.text.as_str());
        let mut build = Self {
            dockerfile,
            facts,
            shells,
            commands: Vec::new(),
            declared: declared.collect(),
            known: RefCell::default(),
        };
        build.commands = build.steps().map(|step| command::of_run(step)).collect();
        build
    }

    /// The stages, in the order of the file.
    pub(crate) fn stages(&self) -> impl Iterator<Item = StageSite<'_>> {
        let stages = self.dockerfile.stages.iter().enumerate();
        stages.map(|(index, stage)| StageSite { build: self, stage, index })
    }

    /// The instructions, in the order of the file.
    pub(crate) fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        (0..self.dockerfile.instructions.len()).filter_map(|index| self.step(index))
    }

    /// The instruction with that index.
    pub(crate) fn step(&self, index: usize) -> Option<Step<'_>> {
        let written = self.dockerfile.instructions.get(index)?;
        let foreign = Shell::Foreign;
        Some(Step {
            build: self,
            instruction: written.effective(),
            index,
            triggered: written.onbuild.is_some(),
            shell: self.shells.get(index).copied().unwrap_or(foreign),
        })
    }

    /// The commands of a `RUN` by its index; empty for all others.
    pub(crate) fn commands_of(&self, index: usize) -> &[Command] {
        self.commands.get(index).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every command of every `RUN`, outer before inner.
    pub(crate) fn command_sites(&self) -> Vec<CommandSite<'_>> {
        self.steps().flat_map(command::sites).collect()
    }

    /// Whether the layers of the stage with that index end up in the image.
    pub(crate) fn ships(&self, stage: usize) -> bool {
        self.facts.get(stage).is_some_and(|facts| facts.ships)
    }

    /// Whether the stage with that index is for Windows.
    pub(crate) fn is_windows(&self, stage: usize) -> bool {
        self.facts.get(stage).is_some_and(|facts| facts.windows)
    }

    /// Whether an `ARG` in front of the first `FROM` declares that name.
    pub(crate) fn declares(&self, name: &str) -> bool {
        self.declared.contains(name)
    }

    /// Whether the file is for developers rather than for production: by the name of its final
    /// stage, or by its own.
    pub(crate) fn is_for_development(&self) -> bool {
        const WORDS: &[&str] =
            &["dev", "develop", "development", "devcontainer", "debug", "gitpod", "test"];
        let words = |text: &str| {
            let lower = text.to_ascii_lowercase();
            lower.split(['-', '_', '.']).any(|word| WORDS.contains(&word) || word == "tests")
        };
        let stage = self.dockerfile.stages.last().and_then(|stage| stage.name.as_ref());
        let path = self.dockerfile.source.path();
        let file = path.rsplit('/').next().unwrap_or(path);
        stage.is_some_and(|name| words(&name.text)) || words(file) || path.contains(".devcontainer")
    }

    /// Whether the file has that text anywhere, such as the name of a setting in a configuration
    /// file that it writes.
    pub(crate) fn mentions(&self, text: &'static str) -> bool {
        self.once(usize::MAX, text, || self.dockerfile.source.text().contains(text))
    }

    /// The answer to a question about the instruction with that index, which is asked once
    /// however many of its commands want to know.
    pub(super) fn once(
        &self,
        index: usize,
        question: &'static str,
        answer: impl FnOnce() -> bool,
    ) -> bool {
        if let Some(known) = self.known.borrow().get(&(index, question)) {
            return *known;
        }
        let answer = answer();
        self.known.borrow_mut().insert((index, question), answer);
        answer
    }

    /// What findings in the stage with that index are about.
    pub(crate) fn object(&self, stage: Option<usize>) -> ObjectPath {
        let name = stage.and_then(|stage| self.dockerfile.stages.get(stage)?.name.as_ref());
        ObjectPath {
            kind: "Dockerfile".to_owned(),
            name: name.map(|name| name.text.clone()).unwrap_or_default(),
            ..ObjectPath::default()
        }
    }
}

/// A build stage with its file.
#[derive(Clone, Copy)]
pub(crate) struct StageSite<'a> {
    /// The file.
    pub(crate) build: &'a Build<'a>,
    /// The stage.
    pub(crate) stage: &'a Stage,
    /// Its index.
    pub(crate) index: usize,
}

impl<'a> StageSite<'a> {
    /// Its instructions, the `FROM` first.
    pub(crate) fn steps(self) -> impl Iterator<Item = Step<'a>> {
        self.stage.instructions.clone().filter_map(move |index| self.build.step(index))
    }

    /// The instructions of that kind which a later one of the stage makes pointless.
    pub(crate) fn overridden(self, keyword: Keyword) -> impl Iterator<Item = Step<'a>> {
        let last = self.steps().filter(|step| !step.triggered && step.keyword() == keyword).last();
        self.steps()
            .take_while(move |step| last.is_some_and(|last| step.index < last.index))
            .filter(move |step| !step.triggered && step.keyword() == keyword)
    }

    /// The variables without a value in the base, where it is not known for want of them.
    pub(crate) fn unset_arguments(self) -> impl Iterator<Item = &'a str> {
        let unknown = self.stage.base_kind == BaseKind::Unexpanded;
        let variables = self.stage.base_variables.iter().filter(move |_| unknown);
        let unset = variables.filter(|variable| variable.source == VariableSource::Unset);
        unset.map(|variable| variable.name.as_str())
    }

    /// Whether it is the stage that is built when no other is asked for.
    pub(crate) fn is_final(self) -> bool {
        self.index + 1 == self.build.dockerfile.stages.len()
    }

    /// Whether it is for Windows.
    pub(crate) fn is_windows(self) -> bool {
        self.build.is_windows(self.index)
    }

    /// The instruction of that kind that takes effect in it.
    pub(crate) fn effective(self, keyword: Keyword) -> Option<&'a Instruction> {
        self.build.dockerfile.effective(self.stage, keyword)
    }

    /// Whether anything is run from it: it, or a stage below, has a `CMD` or `ENTRYPOINT`, or its
    /// base may have one. A stage from nothing without them only carries files.
    pub(crate) fn can_run(self) -> bool {
        let root = self.build.dockerfile.root_stage(self.stage);
        root.base_kind != BaseKind::Scratch
            || self.effective(Keyword::Cmd).is_some()
            || self.effective(Keyword::Entrypoint).is_some()
    }

    /// The stage for a message: "stage `build`", "the final stage", "stage 2".
    pub(crate) fn display(self) -> String {
        match &self.stage.name {
            Some(Word { text, .. }) => format!("stage `{}`", super::cut(text)),
            None if self.is_final() => "the final stage".to_owned(),
            None => format!("stage {}", self.index),
        }
    }

    /// Reports a defect of the stage.
    pub(crate) fn report<'s>(
        self,
        out: &'s mut Sink<'_>,
        span: Span,
        message: impl Into<String>,
    ) -> &'s mut Finding {
        let finding = out.report(span, message);
        finding.object(self.build.object(Some(self.index)))
    }
}
