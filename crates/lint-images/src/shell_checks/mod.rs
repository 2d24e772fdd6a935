//! What is wrong with the shell text of a `RUN`.
//!
//! Each check looks at one script, the text of a substitution being a script of its own, and has a
//! word for a name. The text is read as it is written, with its quotes: [`script`].

mod commands;
mod expansions;
mod portability;
mod quoting;
mod reader;
mod script;
mod spacing;
mod syntax;
mod words;

use std::collections::HashMap;

use careen_image_model::Joined;
use careen_rule::Severity;
use careen_text::Span;

pub(crate) use script::Dialect;
use script::Script;

/// What is known around a script.
pub(crate) struct Surroundings<'a> {
    /// Who reads it.
    pub(crate) dialect: Dialect,
    /// Whether a failing command ends it.
    pub(crate) errexit: bool,
    /// Whether a variable is set outside of it.
    pub(crate) is_set: &'a dyn Fn(&str) -> bool,
    /// Whether a variable of outside has no blanks and wildcards in its value, wherever it is set.
    pub(crate) is_one_word: &'a dyn Fn(&str) -> bool,
}

/// What a check found.
#[derive(Clone, Debug)]
pub(crate) struct Defect {
    /// Where.
    pub(crate) span: Span,
    /// What, with the name of the check at its end.
    pub(crate) message: String,
    /// How bad.
    pub(crate) severity: Severity,
}

/// Defects of one script; what follows is left out.
const DEFECTS_MAX: usize = 500;

/// A check.
struct Check {
    /// Its name.
    word: &'static str,
    /// How bad what it finds is.
    severity: Severity,
    run: fn(&Job<'_, '_>, &mut Out<'_>),
}

/// A script with what is known about it.
struct Job<'s, 'a> {
    script: &'s Script<'a>,
    around: &'s Surroundings<'s>,
    /// Variables that the outermost script, or a substitution in it, gives a value, and whether
    /// each is a plain word.
    assigned: &'s HashMap<&'a str, bool>,
    /// Whether it may set variables that cannot be seen: it reads other scripts.
    sources: bool,
    /// Whether a failing command ends it.
    errexit: bool,
}

/// Where a check puts what it finds.
struct Out<'o> {
    check: &'o Check,
    defects: &'o mut Vec<Defect>,
}

impl Out<'_> {
    fn report(&mut self, span: Span, message: impl Into<String>) {
        if self.defects.len() < DEFECTS_MAX {
            let message = format!("{} ({})", message.into(), self.check.word);
            self.defects.push(Defect { span, message, severity: self.check.severity });
        }
    }
}

/// Runs all checks over a script, the worst first and in the order of the text.
pub(crate) fn check(text: &Joined, around: &Surroundings<'_>) -> Vec<Defect> {
    let scripts = Script::all(text, around.dialect);
    let mut assigned = HashMap::new();
    let mut sources = false;
    let mut errexit = around.errexit;
    for script in &scripts {
        script.assigned(&mut assigned);
        for command in &script.commands {
            let program = script.program(command);
            sources |= matches!(program, "." | "source" | "eval");
            errexit |= program == "set"
                && command.words.iter().skip(1).any(|word| {
                    let word = script.raw(word);
                    word == "errexit"
                        || word.starts_with('-') && !word.starts_with("--") && word.contains('e')
                });
        }
    }
    let mut defects = Vec::new();
    for script in &scripts {
        let job = Job { script, around, assigned: &assigned, sources, errexit };
        let tables = [
            syntax::CHECKS,
            spacing::CHECKS,
            words::CHECKS,
            quoting::CHECKS,
            expansions::CHECKS,
            commands::CHECKS,
            portability::CHECKS,
        ];
        for check in tables.into_iter().flatten() {
            (check.run)(&job, &mut Out { check, defects: &mut defects });
        }
    }
    defects.sort_by_key(|one| (std::cmp::Reverse(one.severity), one.span.start));
    defects
}

/// The start of a text for a message, on one line.
fn cut(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    crate::subject::cut(line)
}

#[cfg(test)]
mod tests;
