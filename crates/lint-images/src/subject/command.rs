use careen_image_model::Word;
use careen_image_model::dockerfile::Keyword;
use careen_image_model::shell::{self, Command, Separator};
use careen_rule::{Finding, Sink};
use careen_text::Span;

use super::shell::Shell;
use super::step::{Step, overlap};

/// A command of a `RUN`.
pub(crate) struct CommandSite<'a> {
    /// The `RUN`.
    pub(crate) step: Step<'a>,
    /// The list it stands in: the commands of the script, or of a substitution.
    pub(crate) list: &'a [Command],
    /// Its index in the list.
    pub(crate) at: usize,
    /// The command.
    pub(crate) command: &'a Command,
    /// What it calls in the end; none where nothing is called.
    pub(crate) call: Option<Call<'a>>,
}

/// A program with its arguments, what runs it for another user or with other variables
/// (`sudo`, `env`, …) taken off.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    /// The program as written.
    pub(crate) name: &'a Word,
    /// What follows it.
    pub(crate) arguments: &'a [Word],
}

impl<'a> Call<'a> {
    /// What a command calls.
    pub(crate) fn of(command: &'a Command) -> Option<Self> {
        let mut words = command.words.as_slice();
        loop {
            let (name, rest) = words.split_first()?;
            let options_with_value = match base(&name.text) {
                "sudo" => "ugpCchrt",
                "env" => "uCS",
                "nice" => "n",
                "timeout" => "ks",
                "exec" | "command" | "eatmydata" | "nohup" | "busybox" | "ionice" | "doas" => "",
                _ => return Some(Self { name, arguments: rest }),
            };
            let skipped = skip_options(rest, options_with_value);
            let mut rest = rest.get(skipped..)?;
            if base(&name.text) == "timeout" {
                rest = rest.get(1..)?;
            }
            if rest.is_empty() {
                return Some(Self { name, arguments: rest });
            }
            words = rest;
        }
    }

    /// The last path component of the program.
    pub(crate) fn program(self) -> &'a str {
        base(&self.name.text)
    }

    /// Whether an argument is exactly `text`.
    pub(crate) fn has(self, text: &str) -> bool {
        self.arguments.iter().any(|word| word.text == text)
    }

    /// The long option `name` (with its dashes), alone or with `=value`.
    pub(crate) fn long(self, name: &str) -> Option<&'a Word> {
        self.arguments.iter().find(|word| {
            let rest = word.text.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        })
    }

    /// The word that holds the short option `letter`, also in a cluster such as `-qy`. Letters of
    /// `with_value` take the rest of a cluster for their value.
    pub(crate) fn short(self, letter: char, with_value: &str) -> Option<&'a Word> {
        self.arguments.iter().find(|word| {
            let Some(cluster) = word.text.strip_prefix('-') else { return false };
            let mut letters = cluster.chars();
            !cluster.starts_with('-')
                && letters
                    .by_ref()
                    .take_while(|one| !with_value.contains(*one))
                    .any(|one| one == letter)
        })
    }

    /// Whether an argument is a variable that may hold options.
    pub(crate) fn may_have_more_options(self) -> bool {
        self.arguments.iter().any(|word| {
            let upper = word.text.to_ascii_uppercase();
            !word.literal
                && word.text.starts_with('$')
                && ["OPT", "FLAG", "ARG", "PARAM"].iter().any(|part| upper.contains(part))
        })
    }
}

/// Number of words that are options, their values, or `NAME=value`.
fn skip_options(words: &[Word], with_value: &str) -> usize {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if let Some(option) = word.text.strip_prefix('-') {
            at += 1;
            let takes_next = option.len() == 1 && with_value.contains(option);
            at += usize::from(takes_next);
        } else if word.text.contains('=') && !word.text.starts_with(['/', '.', '=']) {
            at += 1;
        } else {
            break;
        }
    }
    at
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

impl<'a> CommandSite<'a> {
    /// The call, where it is of one of these programs.
    pub(crate) fn call_of(&self, programs: &[&str]) -> Option<Call<'a>> {
        self.call.filter(|call| programs.contains(&call.program()))
    }

    /// Whether some call of the `RUN`, nested ones too, is such a one. The question is asked once
    /// per `RUN`, so `is_such` must not depend on this very command.
    pub(crate) fn any_call(
        &self,
        question: &'static str,
        is_such: impl FnMut(Call<'a>) -> bool,
    ) -> bool {
        self.step.build.once(self.step.index, question, || {
            shell::walk(self.step.commands()).filter_map(Call::of).any(is_such)
        })
    }

    /// Whether the `RUN` leaves nothing at `path` in its layer: it takes it away, runs a program
    /// whose name says that it cleans up, or has a cache or a file system in memory there.
    pub(crate) fn leaves_nothing(&self, path: &'static str) -> bool {
        self.any_call(path, |call| takes_away(call, path)) || self.step.keeps_out_of_layer(path)
    }

    /// Whether the standard input comes from another command.
    pub(crate) fn reads_pipe(&self) -> bool {
        self.command.before == Separator::Pipe
    }

    /// Reports a defect of the command.
    pub(crate) fn report<'s>(
        &self,
        out: &'s mut Sink<'_>,
        span: Span,
        message: impl Into<String>,
    ) -> &'s mut Finding {
        self.step.report(out, span, message)
    }
}

/// Whether a call takes away what stands at `path`, or is of a program whose name says that it
/// cleans up.
pub(crate) fn takes_away(call: Call<'_>, path: &str) -> bool {
    let over = |word: &Word| is_over(&word.text, path);
    match call.program() {
        "rm" => call.arguments.iter().any(over),
        "find" => {
            call.arguments.first().is_some_and(over) && (call.has("-delete") || call.has("-exec"))
        }
        program => program.contains("clean"),
    }
}

/// Whether a pattern such as `/var/lib/apt/lists/*` means `path`, a folder above, or a part of it.
fn is_over(pattern: &str, path: &str) -> bool {
    let fixed = pattern.find(['*', '?', '[', '{']).and_then(|end| pattern.get(..end));
    match fixed {
        Some(fixed) => path.starts_with(fixed) && fixed.len() > 1 || overlap(fixed, path),
        None => pattern.len() > 1 && overlap(pattern, path),
    }
}

/// The commands of a `RUN` whose text is for a POSIX shell.
pub(super) fn of_run(step: Step<'_>) -> Vec<Command> {
    let readable = step.shell != Shell::Foreign || step.instruction.is_json();
    if step.keyword() != Keyword::Run
        || !readable
        || step.is_windows() && !step.instruction.is_json()
    {
        return Vec::new();
    }
    step.instruction.commands(&step.build.dockerfile.source)
}

/// The sites of all commands of a `RUN`, list by list.
pub(super) fn sites(step: Step<'_>) -> Vec<CommandSite<'_>> {
    let mut open: Vec<&[Command]> = vec![step.commands()];
    let mut sites = Vec::new();
    while let Some(list) = open.pop() {
        for (at, command) in list.iter().enumerate() {
            sites.push(CommandSite { step, list, at, command, call: Call::of(command) });
            if !command.nested.is_empty() {
                open.push(&command.nested);
            }
        }
    }
    sites
}
