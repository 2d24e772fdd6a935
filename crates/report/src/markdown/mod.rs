//! Markdown for the summary of a step and for a comment on a change.
//!
//! The verdict first, then counts, then the findings by rule, the most severe first: a fold for each
//! rule with the remedy, a link, and the places. A report that is larger than its place takes is cut
//! from the mild end, and says how much is missing. The first line is invisible and always the same, so
//! that a bot finds its comment of last time and changes that.

pub(crate) mod escape;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use careen_rule::{Judged, Report, Safety, Severity};

use self::escape::{code, prose};
use crate::words::{count, cut};
use crate::{Options, concise, notes, shown, source, summary};

/// By which a bot knows its comment.
const MARK: &str = "<!-- careen:report -->";
/// Characters of a message, and of a path.
const MAX_MESSAGE: usize = 400;
const MAX_PATH: usize = 300;
/// Places of a rule: more do not help to see what it is about.
const MAX_PLACES: usize = 100;
/// Findings that are seen without a click: a comment shall not be longer than a screen or two.
const OPEN: usize = 10;
/// Bytes of the notes.
const MAX_NOTES: usize = 8_192;
/// Bytes kept for the line about what is missing.
const RESERVE: usize = 300;

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let head = head(report, options);
    let foot = foot(report, options);
    let room = options.markdown_bytes.saturating_sub(head.len() + foot.len() + RESERVE);
    let (body, left_out) = body(report, options, room);
    let mut text = head + &body;
    if left_out > 0 {
        let (are, places) =
            if left_out == 1 { ("is", "its place") } else { ("are", "their places") };
        let _ = writeln!(
            text,
            "{} {are} left out here, with {places}: the report would be too long. \
             `careen check` shows all.\n",
            count(left_out, "finding", "findings")
        );
    }
    text.push_str(&foot);
    out.write_all(text.as_bytes())
}

/// The verdict and the counts.
fn head(report: &Report, options: &Options) -> String {
    let number = report.active().count();
    let fatal = report.active().filter(|finding| finding.severity >= options.fail_on).count();
    let findings = count(number, "finding", "findings");
    let verdict = match (report.is_complete(), fatal, number) {
        (false, ..) => format!("⚠️ Careen: the analysis is incomplete, {findings}"),
        (true, 0, 0) => "✅ Careen: no findings".to_owned(),
        (true, 0, _) => format!("✅ Careen: {findings}, none fails below {}", options.fail_on),
        (true, _, _) if fatal == number => format!("❌ Careen: {findings}"),
        (true, 1, _) => format!("❌ Careen: {findings}, 1 fails at {} and above", options.fail_on),
        _ => format!("❌ Careen: {findings}, {fatal} fail at {} and above", options.fail_on),
    };
    let mut head = format!("{MARK}\n### {verdict}\n\n");
    let suppressed = report.findings.len() - number;
    if report.findings.is_empty() {
        return head;
    }
    let columns: Vec<(String, usize)> = Severity::ALL
        .into_iter()
        .rev()
        .map(|severity| {
            let of = report.active().filter(|finding| finding.severity == severity).count();
            (severity.to_string(), of)
        })
        .chain((suppressed > 0).then(|| ("suppressed".to_owned(), suppressed)))
        .collect();
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    head.push_str(&row(columns.iter().map(|(name, _)| name.clone()).collect()));
    head.push_str(&row(columns.iter().map(|_| "---:".to_owned()).collect()));
    head.push_str(&row(columns.iter().map(|(_, number)| number.to_string()).collect()));
    head.push('\n');
    head
}

/// The findings by rule as far as there is room, and how many there was none for.
fn body(report: &Report, options: &Options, room: usize) -> (String, usize) {
    let mut groups: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    for finding in shown(report, options) {
        groups.entry(finding.rule.id).or_default().push(finding);
    }
    let mut groups: Vec<Vec<&Judged>> = groups.into_values().collect();
    groups.sort_by_key(|group| {
        let worst = group.iter().map(|finding| finding.severity).max();
        (Reverse(worst), Reverse(group.len()))
    });
    let (mut body, mut left_out, mut seen) = (String::new(), 0, 0);
    for mut group in groups {
        group.sort_by_key(|finding| Reverse(finding.severity));
        let is_bad = group.iter().any(|finding| finding.severity >= Severity::High);
        let open = is_bad && seen < OPEN;
        let (text, shown) = rule(&group, open, options, room.saturating_sub(body.len()));
        body.push_str(&text);
        seen += shown;
        left_out += group.len() - shown;
    }
    (body, left_out)
}

/// The fold of a rule, and how many of its findings are in it. None if there is no room for one.
fn rule(group: &[&Judged], open: bool, options: &Options, room: usize) -> (String, usize) {
    let Some(first) = group.first() else { return Default::default() };
    let rule = first.rule;
    let times =
        if group.len() > 1 { format!(" ({} findings)", group.len()) } else { String::new() };
    let open = if open { " open" } else { "" };
    let mut text = format!(
        "<details{open}>\n<summary><b>{}</b> {}: {}{times}</summary>\n\n{}",
        first.severity,
        code(rule.id, MAX_PATH),
        prose(rule.summary, MAX_MESSAGE),
        prose(rule.remedy, MAX_MESSAGE),
    );
    if let Some(url) = rule.url() {
        let _ = write!(text, " [Read more]({url})");
    }
    let fixes: Vec<Safety> =
        group.iter().filter_map(|finding| Some(finding.fix.as_ref()?.safety)).collect();
    if !fixes.is_empty() {
        let option = if fixes.contains(&Safety::Safe) { "--fix" } else { "--fix --unsafe-fixes" };
        let number = count(fixes.len(), "finding", "findings");
        let _ = write!(text, " `careen check {option}` mends {number}.");
    }
    text.push_str("\n\n");
    let close = "\n</details>\n\n";
    let more = "- and 1000000000 more\n".len();
    let mut shown = 0;
    for finding in group.iter().take(MAX_PLACES) {
        let item = item(finding, options);
        if text.len() + item.len() + more + close.len() > room {
            break;
        }
        text.push_str(&item);
        shown += 1;
    }
    if shown == 0 {
        return Default::default();
    }
    if shown < group.len() {
        let _ = writeln!(text, "- and {} more", group.len() - shown);
    }
    text.push_str(close);
    (text, shown)
}

/// A list reads better than a table, which most rules would have for one row.
fn item(finding: &Judged, options: &Options) -> String {
    let start = finding.region.start;
    let (line, column) = (start.line.max(1), start.column.max(1));
    let path = cut(&finding.path, MAX_PATH);
    let place = code(&format!("{path}:{line}:{column}"), MAX_PATH + 24);
    // A version that is not in HEAD is not there either.
    let base = options.source_url.as_deref().filter(|_| finding.history.is_none());
    let place = match source::address(base, &finding.path, line) {
        Some(address) => format!("[{place}]({address})"),
        None => place,
    };
    format!("- {place} {}\n", prose(&concise::message(finding), MAX_MESSAGE))
}

/// The notes and the summary.
fn foot(report: &Report, options: &Options) -> String {
    let mut foot = String::new();
    if !report.notes.is_empty() {
        let open = if report.is_complete() { "" } else { " open" };
        let number = count(report.notes.len(), "note", "notes");
        let _ = write!(foot, "<details{open}>\n<summary>{number}</summary>\n\n");
        for group in notes::groups(&report.notes) {
            let title = prose(&group.title, MAX_MESSAGE);
            let mut text = format!("- **{}** {}: {title}\n", group.level(), group.kind);
            for line in &group.lines {
                let _ = writeln!(text, "  - {}", prose(line, MAX_MESSAGE));
            }
            if foot.len() + text.len() > MAX_NOTES {
                foot.push_str("- and more, which are not shown\n");
                break;
            }
            foot.push_str(&text);
        }
        foot.push_str("\n</details>\n\n");
    }
    let line = prose(&summary::line(report, options.fail_on), MAX_MESSAGE);
    let version = prose(&report.tool.version, MAX_PATH);
    let _ = writeln!(foot, "<sub>{line}. Version {version}.</sub>");
    foot
}

#[cfg(test)]
mod tests;
