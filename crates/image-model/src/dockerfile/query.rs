use careen_text::{Source, Span};

use super::expand::{self, Expansion};
use super::{
    Arguments, BaseKind, Dockerfile, Heredoc, Instruction, Keyword, Stage, VariableSource, json,
    stage,
};
use crate::Word;
use crate::shell::{self, Command};

/// The account a `USER` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User<'a> {
    /// Name or number of the user.
    pub user: &'a str,
    /// Where it stands.
    pub user_span: Span,
    /// Name or number of the group.
    pub group: Option<&'a str>,
}

impl Dockerfile {
    /// The last stage: the one that is built when no other is asked for.
    #[must_use]
    pub fn final_stage(&self) -> Option<&Stage> {
        self.stages.last()
    }

    /// The stage of that name, in any mix of cases; the last one where it is given twice.
    #[must_use]
    pub fn stage_named(&self, name: &str) -> Option<&Stage> {
        let mut stages = self.stages.iter().rev();
        stages.find(|stage| stage.name.as_ref().is_some_and(|one| one.is_ignoring_case(name)))
    }

    /// The instructions of a stage, its `FROM` first.
    #[must_use]
    pub fn instructions_of(&self, stage: &Stage) -> &[Instruction] {
        self.instructions.get(stage.instructions.clone()).unwrap_or_default()
    }

    /// The instruction of that kind that takes effect in a stage, as [`Stage::effective`] finds it.
    #[must_use]
    pub fn effective(&self, stage: &Stage, keyword: Keyword) -> Option<&Instruction> {
        self.instructions.get(stage.effective(keyword)?)
    }

    /// The `USER` a container of the stage runs with; nothing where the base image decides.
    #[must_use]
    pub fn effective_user(&self, stage: &Stage) -> Option<&Instruction> {
        self.effective(stage, Keyword::User)
    }

    /// The `SHELL` at the end of the stage; nothing where the base image decides.
    #[must_use]
    pub fn effective_shell(&self, stage: &Stage) -> Option<&Instruction> {
        self.effective(stage, Keyword::Shell)
    }

    /// The stage that a stage is built on.
    #[must_use]
    pub fn base_stage(&self, stage: &Stage) -> Option<&Stage> {
        let BaseKind::Stage(base) = stage.base_kind else {
            return None;
        };
        self.stages.get(base)
    }

    /// The stage at the bottom of the chain of stages: the one that starts from an image.
    #[must_use]
    pub fn root_stage<'a>(&'a self, stage: &'a Stage) -> &'a Stage {
        // A stage is built on an earlier one only, so this ends.
        let mut root = stage;
        while let Some(base) = self.base_stage(root) {
            root = base;
        }
        root
    }

    /// Fills in the variables of a word of the instruction with index `at`, from the `ENV` and
    /// `ARG` that stand in front of it in its stage and those of the stages below. Takes time
    /// with the number of those instructions: meant for single words such as a `USER`.
    #[must_use]
    pub fn expand_at(&self, at: usize, word: &Word) -> Expansion {
        let raw = expand::raw(&self.source, word, self.escape);
        if word.literal {
            return expand::expand(&raw, self.escape, &expand::Scope::default());
        }
        let globals = stage::globals(&self.source, &self.instructions, self.escape);
        let Some(own) = self.instructions.get(at).and_then(|one| one.stage) else {
            return expand::expand(&raw, self.escape, &globals);
        };
        let mut chain = Vec::new();
        let mut next = self.stages.get(own);
        while let Some(stage) = next {
            chain.push(stage);
            next = self.base_stage(stage);
        }
        let mut scope = expand::Scope::default();
        while let Some(stage) = chain.pop() {
            let end = if chain.is_empty() { at } else { stage.instructions.end };
            let range = stage.instructions.start..end.max(stage.instructions.start);
            for instruction in self.instructions.get(range).unwrap_or_default() {
                self.declare(instruction, &globals, &mut scope);
            }
        }
        expand::expand(&raw, self.escape, &scope)
    }

    /// Puts the variables of an `ENV` or `ARG` into a scope. A stage inherits both.
    fn declare(
        &self,
        instruction: &Instruction,
        globals: &expand::Scope,
        scope: &mut expand::Scope,
    ) {
        let is_env = instruction.keyword == Keyword::Env;
        if !is_env && instruction.keyword != Keyword::Arg {
            return;
        }
        let mut values = Vec::new();
        for pair in instruction.pairs() {
            let name = pair.key.text.as_str();
            let is_set_by_env =
                scope.get(name).is_some_and(|(_, from)| matches!(from, VariableSource::Env(_)));
            if !is_env && is_set_by_env {
                continue;
            }
            let value = match &pair.value {
                Some(value) => {
                    let raw = expand::raw(&self.source, value, self.escape);
                    let expansion = expand::expand(&raw, self.escape, scope);
                    let source = if is_env {
                        VariableSource::Env(pair.span)
                    } else {
                        VariableSource::Default(pair.span)
                    };
                    expansion.complete.then_some((expansion.text, source))
                }
                None => globals.get(name).cloned(),
            };
            values.push((name, value));
        }
        // Within one instruction the values see what was known before it.
        for (name, value) in values {
            match value {
                Some((value, source)) => scope.set(name, value, source),
                None => scope.unset(name),
            }
        }
    }
}

impl Instruction {
    /// The account of a `USER`, as written.
    #[must_use]
    pub fn user(&self) -> Option<User<'_>> {
        if self.keyword != Keyword::User {
            return None;
        }
        let word = self.words().first()?;
        let mut depth = 0usize;
        let colon = word.text.find(|character| {
            match character {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            character == ':' && depth == 0
        });
        let Some(colon) = colon else {
            return Some(User { user: &word.text, user_span: word.content, group: None });
        };
        let exact = word.content.len() == Span::of(0..word.text.len()).len();
        let user_span = if exact {
            Span::new(word.content.start, word.content.start + Span::of(0..colon).len())
        } else {
            word.content
        };
        let (user, group) = (word.text.get(..colon)?, word.text.get(colon + 1..));
        Some(User { user, user_span, group })
    }

    /// The commands that a `RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK` (also behind `ONBUILD`)
    /// runs: of its shell text, of
    /// the heredocs that are scripts for a shell, and of the JSON form, whose `sh -c` text is
    /// nested. The text is read as POSIX shell; whether a `SHELL` says otherwise is for the caller
    /// to ask.
    #[must_use]
    pub fn commands(&self, source: &Source) -> Vec<Command> {
        if let Some(inner) = &self.onbuild {
            return inner.commands(source);
        }
        match &self.arguments {
            Arguments::Shell(text) => {
                let mut commands = shell::commands(text);
                if !self.heredocs.is_empty() {
                    self.follow_heredocs(&mut commands);
                }
                commands
            }
            Arguments::Json(words)
                if matches!(
                    self.keyword,
                    Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck
                ) =>
            {
                vec![exec(words, source)]
            }
            _ => Vec::new(),
        }
    }

    /// Puts the commands of heredocs in: in place of a command that is nothing but a heredoc,
    /// below a shell that reads one.
    fn follow_heredocs(&self, commands: &mut Vec<Command>) {
        let only = commands.len() == 1;
        let mut replaced = Vec::new();
        for command in commands.iter_mut() {
            let here = |heredoc: &&Heredoc| {
                let mut redirects = command.redirects.iter();
                redirects.any(|redirect| redirect.span.overlaps(heredoc.delimiter.span))
            };
            let Some(heredoc) = self.heredocs.iter().find(here) else {
                continue;
            };
            if command.words.is_empty() && only {
                if is_shell_script(heredoc.body.text()) {
                    replaced = shell::commands(&heredoc.body);
                }
            } else if is_shell(command.program())
                && command.arguments().iter().all(|word| word.text.starts_with('-'))
            {
                command.nested.extend(shell::commands(&heredoc.body));
            }
        }
        if !replaced.is_empty() {
            *commands = replaced;
        }
    }
}

/// The command of a JSON form.
fn exec(words: &[Word], source: &Source) -> Command {
    let mut command = Command { words: words.to_vec(), ..Command::default() };
    let spans = words.iter().map(|word| word.span);
    command.span = spans.reduce(Span::cover).unwrap_or_default();
    let takes_script = |word: &Word| word.text.starts_with('-') && word.text.ends_with('c');
    if is_shell(command.program())
        && let Some(option) = words.iter().position(takes_script)
        && let Some(script) = words.get(option + 1)
    {
        command.nested = shell::commands(&json::decoded(source.text(), script));
    }
    command
}

fn is_shell(program: &str) -> bool {
    ["sh", "bash", "ash", "dash", "ksh", "zsh"].contains(&program)
}

/// Whether a script is for a shell: it has no `#!`, or one that names a shell.
fn is_shell_script(text: &str) -> bool {
    let Some(line) = text.strip_prefix("#!").and_then(|rest| rest.lines().next()) else {
        return true;
    };
    line.split_whitespace().any(|word| is_shell(word.rsplit('/').next().unwrap_or_default()))
}
