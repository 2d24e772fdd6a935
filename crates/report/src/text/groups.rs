//! Many findings, grouped by rule: one mistake that was made four hundred times is read once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use annotate_snippets::Renderer;
use careen_rule::Judged;

use super::finding;
use crate::words::{count, cut};
use crate::wrap::wrapped;
use crate::{Options, history, inert, paint};

/// From this many findings on they are grouped.
pub(super) const FROM: usize = 200;
/// Places of a group that are listed besides the one that is shown with its lines.
const LISTED: usize = 8;
/// Characters of a message in the list.
const MAX_MESSAGE: usize = 200;

/// Writes findings, which are in the report's order, by rule: the worst and the most frequent first.
pub(super) fn write(
    findings: &[&Judged],
    renderer: &Renderer,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut groups: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    for finding in findings {
        groups.entry(finding.rule.id).or_default().push(finding);
    }
    let mut groups: Vec<Vec<&Judged>> = groups.into_values().collect();
    groups.sort_by_key(|group| {
        let worst = group.iter().map(|finding| finding.severity).max();
        (Reverse(worst), Reverse(group.len()))
    });
    for group in &mut groups {
        // What is shown with its lines is the worst, the first of those in the report's order.
        group.sort_by_key(|finding| Reverse(finding.severity));
        write_group(group, renderer, options, out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn write_group(
    group: &[&Judged],
    renderer: &Renderer,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let Some((first, rest)) = group.split_first() else { return Ok(()) };
    finding::write(&[first], renderer, options, out)?;
    if rest.is_empty() {
        return Ok(());
    }
    let files: BTreeSet<&str> = group.iter().map(|finding| &*finding.path).collect();
    let findings = count(group.len(), "finding", "findings");
    let files = count(files.len(), "file", "files");
    let line = format!("{}: {findings} in {files}; also", first.rule.id);
    writeln!(out, "{}", paint::bold(&line, options.color))?;
    for finding in rest.iter().take(LISTED) {
        let start = finding.region.start;
        let path = inert::path(&finding.path);
        let message = cut(&finding.message, MAX_MESSAGE);
        let message = inert::line(&message);
        let mut line = format!("{path}:{}:{}: {message}", start.line, start.column);
        if let Some(history) = &finding.history {
            line.push_str(&format!(", {}", history::words(history)));
        }
        writeln!(out, "  {}", wrapped(&line, options.width, 2, 6))?;
    }
    if let Some(more) = rest.len().checked_sub(LISTED).filter(|more| *more > 0) {
        writeln!(out, "  and {more} more")?;
    }
    Ok(())
}
