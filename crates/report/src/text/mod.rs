//! The report for a terminal.

mod finding;
mod groups;
mod notes;

use std::cmp::Reverse;
use std::io;

use annotate_snippets::Renderer;
use annotate_snippets::renderer::DecorStyle;
use careen_rule::{Judged, Report};

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
    if notes::write(&report.notes, &renderer, out)? {
        out.write_all(b"\n")?;
    }
    if grouped {
        let few = "grouped by rule: `--full` shows every finding with its lines, `--format json` lists all";
        writeln!(out, "{few}")?;
    }
    writeln!(out, "{}", paint::bold(&summary::line(report, options.fail_on), options.color))
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
