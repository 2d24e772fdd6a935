//! Variables that are set nowhere, and failures that get lost where they are set.

use careen_image_model::shell::PieceKind;
use careen_rule::Severity;

use super::quoting::variable;
use super::script::{Simple, name_of};
use super::{Check, Job, Out, cut};

pub(super) static CHECKS: &[Check] = &[
    Check { word: "unset-variable", severity: Severity::Medium, run: unset_variable },
    Check { word: "masked-failure", severity: Severity::Low, run: masked_failure },
];

/// A variable in lower case that neither the script nor the file sets. Images set theirs in upper
/// case.
fn unset_variable(job: &Job<'_, '_>, out: &mut Out<'_>) {
    const KNOWN: [&str; 5] = ["http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"];
    let script = job.script;
    if job.sources {
        return;
    }
    for piece in script.commands.iter().flat_map(Simple::parts).flat_map(|word| &word.pieces) {
        let Some(name) = variable(job, piece) else { continue };
        let text = script.slice(&piece.range);
        let after = text.strip_prefix("${").and_then(|rest| rest.get(name.len()..)).unwrap_or("}");
        let guarded = after.starts_with([':', '-', '+', '?', '=']);
        let lower = !name.bytes().any(|byte| byte.is_ascii_uppercase())
            && name.bytes().any(|byte| byte.is_ascii_lowercase());
        let known = job.assigned.contains_key(name)
            || KNOWN.contains(&name)
            || text.starts_with("${!")
            || (job.around.is_set)(name);
        if lower && !guarded && !known {
            out.report(script.span(&piece.range), format!("`{}` is set nowhere", cut(name)));
        }
    }
}

/// `export A=$(b)` succeeds when `b` fails.
fn masked_failure(job: &Job<'_, '_>, out: &mut Out<'_>) {
    let script = job.script;
    for command in &script.commands {
        let program = script.program(command);
        if !matches!(program, "export" | "local" | "declare" | "readonly" | "typeset") {
            continue;
        }
        for word in command.words.iter().skip(1) {
            let runs = |kind| matches!(kind, PieceKind::Command | PieceKind::Backticks);
            let substitutes = word.pieces.iter().any(|piece| runs(piece.kind));
            if let Some(name) = name_of(script.raw(word)).filter(|_| substitutes) {
                let message = format!(
                    "`{program}` hides whether the command that `{}` is set from failed",
                    cut(name)
                );
                out.report(word.span, message);
            }
        }
    }
}
