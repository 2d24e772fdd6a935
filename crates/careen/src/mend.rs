use std::fmt::Write as _;

use anyhow::{Result, bail};
use careen_engine::{Change, Mended, Sign};
use careen_rule::{Safety, Severity};
use careen_text::{sanitize, sanitize_line};

use crate::args::CheckArguments;
use crate::commands::check::code;
use crate::{FAILURE, complain, outputs};

/// How far fixes go, if any are wanted.
pub(crate) fn wanted(arguments: &CheckArguments) -> Option<Safety> {
    let safety = if arguments.unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
    (arguments.fix || arguments.diff).then_some(safety)
}

/// Refuses to fix what is no file.
pub(crate) fn verify(arguments: &CheckArguments) -> Result<()> {
    let is_stdin = arguments.paths.iter().any(|path| path.as_os_str() == "-");
    if wanted(arguments).is_some() && is_stdin {
        bail!("`--fix` and `--diff` work on files: standard input cannot be fixed");
    }
    Ok(())
}

/// Writes the files and reports what is left, or shows what would change.
pub(crate) fn finish(mended: &Mended, arguments: &CheckArguments, fail_on: Severity) -> Result<u8> {
    if arguments.diff {
        return show(mended);
    }
    let failed = mended.write();
    outputs::write(&mended.report, arguments, fail_on)?;
    let lost: usize = failed.iter().map(|(change, _)| change.findings).sum();
    let files = mended.changes.len() - failed.len();
    let findings = mended.fixed() - lost;
    let lost: usize = failed.iter().map(|(change, _)| change.suppressions).sum();
    let removed = match mended.removed() - lost {
        0 => String::new(),
        1 => ", took 1 suppression away".to_owned(),
        removed => format!(", took {removed} suppressions away"),
    };
    complain(&format!(
        "fixed {findings} {} in {files} {}{removed}",
        if findings == 1 { "finding" } else { "findings" },
        if files == 1 { "file" } else { "files" },
    ));
    for (change, error) in &failed {
        complain(&format!("error: {} {error}", sanitize_line(&change.path)));
    }
    if !failed.is_empty() {
        return Ok(FAILURE);
    }
    Ok(code(&mended.report, fail_on, arguments.exit_zero))
}

/// Prints the diff; the exit code says whether there is one.
fn show(mended: &Mended) -> Result<u8> {
    let mut out = String::new();
    for change in &mended.changes {
        diff(change, &mut out);
    }
    crate::print(out.as_bytes())?;
    if mended.changes.iter().any(|change| change.masked) {
        complain("note: secrets are masked in the diff, so it cannot be applied as a patch");
    }
    if !mended.report.is_complete() {
        complain("error: the analysis is incomplete; `careen check` tells more");
        return Ok(FAILURE);
    }
    Ok(u8::from(!mended.changes.is_empty()))
}

/// A unified diff, in the form that Git and `patch` read.
fn diff(change: &Change, out: &mut String) {
    let path = sanitize_line(&change.path);
    // An absolute path stands for itself.
    let (old, new) = if path.starts_with('/') { ("", "") } else { ("a/", "b/") };
    // Writing to a String cannot fail.
    let _ = writeln!(out, "--- {old}{path}\n+++ {new}{path}");
    for hunk in &change.hunks {
        let _ = writeln!(
            out,
            "@@ -{} +{} @@",
            range(hunk.old_start, hunk.old_count),
            range(hunk.new_start, hunk.new_count)
        );
        for line in &hunk.lines {
            out.push(match line.sign {
                Sign::Kept => ' ',
                Sign::Removed => '-',
                Sign::Added => '+',
            });
            let body = line.text.strip_suffix('\n');
            let text = body.unwrap_or(&line.text);
            // A carriage return at the end belongs to the patch; elsewhere it plays tricks.
            let shown = text.strip_suffix('\r').unwrap_or(text);
            out.push_str(&sanitize(shown));
            out.push_str(text.get(shown.len()..).unwrap_or_default());
            out.push('\n');
            if body.is_none() {
                out.push_str("\\ No newline at end of file\n");
            }
        }
    }
}

fn range(start: usize, count: usize) -> String {
    if count == 1 { start.to_string() } else { format!("{start},{count}") }
}
