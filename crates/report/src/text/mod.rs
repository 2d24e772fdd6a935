//! The report for a terminal.

mod finding;
mod groups;
mod notes;

use std::cmp::Reverse;
use std::io;

use annotate_snippets::Renderer;
use annotate_snippets::renderer::DecorStyle;
use careen_rule::{Judged, Report, Safety};

use crate::words::count;
use crate::wrap::wrapped;
use crate::{Options, paint, shown, summary};

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let renderer = renderer(options);
    let mut findings: Vec<&Judged> = shown(report, options).collect();
    // The report's order, but the worst first where several stand at one place.
    findings.sort_by(|a, b| {
        let place = (&a.path, a.region).cmp(&(&b.path, b.region));
        place
            .then(Reverse(a.severity).cmp(&Reverse(b.severity)))
            .then_with(|| a.rule.id.cmp(b.rule.id))
    });
    let grouped = findings.len() >= groups::FROM && !options.full;
    if grouped {
        groups::write(&findings, &renderer, options, out)?;
    } else {
        for cluster in findings.chunk_by(|a, b| finding::stand_together(a, b)) {
            finding::write(cluster, &renderer, options, out)?;
            out.write_all(b"\n")?;
        }
    }
    if notes::write(&report.notes, &renderer, options.width, out)? {
        out.write_all(b"\n")?;
    }
    if grouped {
        let few = "grouped by rule: `--full` shows every finding with its lines, `--format json` lists all";
        writeln!(out, "{}", wrapped(few, options.width, 0, 0))?;
    }
    if let Some(line) = fixes(&findings) {
        writeln!(out, "{}", wrapped(&line, options.width, 0, "fixes: ".len()))?;
    }
    let line = wrapped(&summary::line(report, options.fail_on), options.width, 0, "careen: ".len());
    writeln!(out, "{}", paint::bold(&line, options.color))
}

/// How many findings can be mended, and by which options.
fn fixes(findings: &[&Judged]) -> Option<String> {
    let of = |safety| {
        let active = findings.iter().filter(|finding| finding.suppressed.is_none());
        active.filter(|each| each.fix.as_ref().is_some_and(|fix| fix.safety == safety)).count()
    };
    let mends = |options, number| {
        let findings = count(number, "finding", "findings");
        format!("`{options}` mends {findings}")
    };
    let look = "look first, behaviour may change";
    match (of(Safety::Safe), of(Safety::Unsafe)) {
        (0, 0) => None,
        (safe, 0) => Some(format!("fixes: {}", mends("--fix", safe))),
        (0, risky) => Some(format!("fixes: {}; {look}", mends("--fix --unsafe-fixes", risky))),
        (safe, risky) => {
            let safe = mends("--fix", safe);
            Some(format!("fixes: {safe}, `--unsafe-fixes` with it {risky} more; {look}"))
        }
    }
}

fn renderer(options: &Options) -> Renderer {
    let renderer = if options.color { Renderer::styled() } else { Renderer::plain() };
    let decor = if options.unicode { DecorStyle::Unicode } else { DecorStyle::Ascii };
    let renderer = renderer.decor_style(decor).hyperlink(options.hyperlinks);
    match options.width {
        Some(width) => renderer.term_width(width.max(40)),
        None => renderer,
    }
}

#[cfg(test)]
mod tests;
