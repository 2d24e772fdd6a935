//! A line a finding for programs that write code: nothing to look at, all that is needed to act.
//!
//! Findings that differ in their place alone share a line. What is read costs, so the report ends after
//! a number of lines, the most severe first, and says where the rest is.

use std::collections::BTreeMap;
use std::io;

use careen_rule::{Judged, Report, Safety};

use crate::words::{count, cut};
use crate::{Options, concise, inert, most_severe_first, notes, shown, summary};

/// Lines of findings.
const MAX_LINES: usize = 200;
/// Places on a line.
const MAX_PLACES: usize = 8;
/// Characters of a message.
const MAX_MESSAGE: usize = 400;

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut lines: Vec<Vec<&Judged>> = group(shown(report, options));
    if lines.len() > MAX_LINES {
        lines = group(most_severe_first(report, options).into_iter());
    }
    for findings in lines.iter().take(MAX_LINES) {
        if let Some(line) = line(findings) {
            writeln!(out, "{line}")?;
        }
    }
    let left: usize = lines.iter().skip(MAX_LINES).map(Vec::len).sum();
    if left > 0 {
        let left = count(left, "more finding", "more findings");
        writeln!(out, "{left}, none more severe: {}", rules(&lines))?;
    }
    for group in notes::groups(&report.notes) {
        let lines = group.lines.join("; ");
        let colon = if lines.is_empty() { "" } else { ": " };
        writeln!(out, "{}[{}] {}{colon}{lines}", group.level(), group.kind, group.title)?;
    }
    writeln!(out, "{}", summary::line(report, options.fail_on))?;
    if !lines.is_empty() {
        let fixes = if lines.iter().flatten().any(|finding| finding.fix.is_some()) {
            "; fix: `careen check --fix`"
        } else {
            ""
        };
        let all = "all as data: `careen check --format jsonl`";
        writeln!(out, "why and how to mend: `careen explain RULE`; {all}{fixes}")?;
    }
    Ok(())
}

/// Findings that say the same of one file, in the order of the first of each.
fn group<'r>(findings: impl Iterator<Item = &'r Judged>) -> Vec<Vec<&'r Judged>> {
    let mut known: BTreeMap<(&str, &str, String), usize> = BTreeMap::new();
    let mut groups: Vec<Vec<&Judged>> = Vec::new();
    for finding in findings {
        let key = (&*finding.path, finding.rule.id, concise::message(finding));
        let at = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// `path:line:column: severity rule: message. Remedy [--fix]`.
fn line(findings: &[&Judged]) -> Option<String> {
    let (first, others) = findings.split_first()?;
    let place = |finding: &Judged| {
        let start = finding.region.start;
        format!("{}:{}", start.line.max(1), start.column.max(1))
    };
    let mut places = place(first);
    for other in others.iter().take(MAX_PLACES) {
        places.push_str(&format!(",{}", place(other)));
    }
    if let Some(more) = others.len().checked_sub(MAX_PLACES).filter(|more| *more > 0) {
        places.push_str(&format!(" and {more} more"));
    }
    let message = concise::message(first);
    let message = cut(&message, MAX_MESSAGE);
    let fix = match first.fix.as_ref().map(|fix| fix.safety) {
        Some(Safety::Safe) => " [--fix]",
        Some(Safety::Unsafe) => " [--fix --unsafe-fixes]",
        None => "",
    };
    let (path, severity, rule) = (inert::path(&first.path), first.severity, first.rule.id);
    let remedy = inert::line(first.rule.remedy);
    Some(format!("{path}:{places}: {severity} {rule}: {message}. {remedy}{fix}"))
}

/// The rules of what is not shown, the most frequent first.
fn rules(lines: &[Vec<&Judged>]) -> String {
    /// Rules that are named.
    const NAMED: usize = 20;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in lines.iter().skip(MAX_LINES).flatten() {
        *counts.entry(finding.rule.id).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    let more = counts.len().saturating_sub(NAMED);
    let named = counts.into_iter().take(NAMED).map(|(rule, number)| format!("{rule} {number}"));
    let more = (more > 0).then(|| count(more, "more rule", "more rules"));
    named.chain(more).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use careen_rule::Report;

    use crate::sample::{empty, finding, hostile, usual};
    use crate::{Format, Options, write};

    fn text(report: &Report) -> String {
        let options = Options { show_suppressed: true, color: true, ..Options::default() };
        let mut bytes = Vec::new();
        write(report, Format::Agent, &options, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_line_says_all_that_is_needed() {
        let expected = "\
deploy/web.yaml:7:13: medium cpu-request-missing: container `web` in Deployment `shop/web` has no CPU request. \
Set `resources.requests.cpu`.
deploy/web.yaml:7:13: high memory-limit-missing: container `web` in Deployment `shop/web` has no memory limit. \
Set `resources.limits.memory`. [--fix --unsafe-fixes]
src/a.env:2:7: critical token-in-file: a token stands in a file. Revoke the token, then take it out.
z.yaml:1:4: high memory-limit-missing: container has no memory limit (suppressed by a comment: runs once). \
Set `resources.limits.memory`.
note[template] template is not rendered (7 places): a, b, c, d, e, and 2 more
note[syntax] b.yaml:3: no mapping here
careen: 3 findings (1 critical, 1 high, 1 medium) in 2 of 12 files; 40 objects, 1 Dockerfile, \
3 certificates looked at; not looked at: 3 binary files, 7 templates; 1 suppressed
why and how to mend: `careen explain RULE`; all as data: `careen check --format jsonl`; fix: `careen check --fix`
";
        assert_eq!(text(&usual()), expected);
    }

    #[test]
    fn what_differs_in_its_place_alone_shares_a_line() {
        let mut report = empty();
        for line in 1..=12 {
            let mut same = finding(0, "a.yaml", "a: 1", "1");
            same.region.start.line = line;
            report.findings.push(same);
        }
        let text = text(&report);
        let first = text.lines().next().unwrap();
        let places = "a.yaml:1:4,2:4,3:4,4:4,5:4,6:4,7:4,8:4,9:4 and 3 more: medium cpu-request-";
        assert!(first.starts_with(places), "{text}");
        assert_eq!(text.lines().count(), 3);
    }

    #[test]
    fn a_report_has_an_end() {
        let mut report = empty();
        for number in 0..900 {
            report.findings.push(finding(0, &format!("{number}.yaml"), "a: 1", "1"));
        }
        report.findings.push(finding(2, "z.env", "a: 1", "1"));
        let text = text(&report);
        assert_eq!(text.lines().count(), 203);
        assert!(text.starts_with("z.env:1:4: critical token-in-file"), "{text}");
        let rest = "\n701 more findings, none more severe: cpu-request-missing 701\n";
        assert!(text.contains(rest), "{text}");
    }

    #[test]
    fn hostile_text_stays_on_its_line_and_has_no_colour() {
        let report = hostile();
        let text = text(&report);
        assert!(!text.contains(|character: char| character.is_control() && character != '\n'));
        assert!(text.lines().count() <= report.findings.len() + report.notes.len() + 2);
        assert!(text.is_ascii() || !text.contains(['│', '╭', '━']));
    }
}
