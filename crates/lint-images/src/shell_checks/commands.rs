//! Lists of commands that do something else when one of them fails.

use careen_rule::Severity;

use super::script::Simple;
use super::{Check, Job, Out, cut};

pub(super) static CHECKS: &[Check] = &[
    Check { word: "unchecked-cd", severity: Severity::Medium, run: unchecked_cd },
    Check { word: "and-or", severity: Severity::Info, run: and_or },
    Check { word: "useless-cat", severity: Severity::Info, run: useless_cat },
];

/// `cd x; make`: where `cd` fails, the rest runs in the wrong folder.
fn unchecked_cd(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    if job.errexit {
        return;
    }
    for (at, command) in script.commands.iter().enumerate() {
        let program = script.program(command);
        let moves = matches!(program, "cd" | "pushd" | "popd");
        let ends = matches!(command.after.as_str(), ";" | "\n");
        let condition = matches!(command.before.as_str(), "if" | "elif" | "while" | "until" | "!");
        let target = command.words.get(1).map_or("", |word| script.raw(word));
        // These are there, and `..` is where it came from.
        let always = matches!(target, "/" | "." | ".." | "-" | "~" | "/tmp" | "/root" | "/opt");
        let more = script.commands.get(at + 1).is_some();
        if let Some(name) = command.words.first()
            && moves
            && ends
            && more
            && !condition
            && !always
            && command.before != "||"
        {
            let message = format!("what follows runs in the wrong folder where `{program}` fails");
            out.report(name.span, message);
        }
    }
}

/// `test && a || b` runs `b` too where `a` fails.
fn and_or(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for three in script.commands.windows(3) {
        let [condition, then, other] = three else { continue };
        let is_test = matches!(script.program(condition), "[" | "[[" | "test")
            || script.program(condition) == "command";
        let joined = condition.after == "&&" && then.after == "||" && then.before == "&&";
        let harmless = |command: &Simple| {
            matches!(
                script.program(command),
                "true" | ":" | "exit" | "false" | "return" | "echo" | "printf"
            )
        };
        if is_test && joined && !harmless(then) && !harmless(other) && other.before == "||" {
            let program = cut(script.program(other));
            let span = other.words.first().map_or_else(
                || other.parts().next().map_or_else(Default::default, |part| part.span),
                |word| word.span,
            );
            let message =
                format!("`{program}` runs as well where the command in front of `||` fails");
            out.report(span, message);
        }
    }
}

fn useless_cat(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for command in script.commands.iter().filter(|one| script.program(one) == "cat") {
        let [name, file] = command.words.as_slice() else { continue };
        let one_file = !script.raw(file).starts_with('-')
            && !script.raw(file).contains(['*', '?', '[', '$', '{']);
        if command.after == "|" && command.before != "|" && one_file && !command.redirected {
            out.report(name.span, "the next command can read the file without `cat`");
        }
    }
}
