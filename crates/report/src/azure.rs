//! Logging commands, which Azure Pipelines shows as issues of the run.
//!
//! There are two kinds of issues, errors and warnings. Columns are code points from 1: the unit is not
//! documented, and the line and column are only shown.

use std::io;

use careen_rule::{Judged, Report, Severity};

use crate::concise::message;
use crate::words::cut;
use crate::{Options, inert, most_severe_first, notes, summary};

/// Characters of an issue's text.
const MAX_TEXT: usize = 4_000;

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in most_severe_first(report, options) {
        issue(finding, out)?;
    }
    for group in notes::groups(&report.notes) {
        if group.incomplete {
            let text = data(&format!("incomplete analysis: {}", group.title));
            writeln!(out, "##vso[task.logissue type=error;code={};]{text}", group.kind)?;
        } else {
            writeln!(out, "{}[{}]: {}", group.level(), group.kind, group.title)?;
        }
        for line in group.lines {
            writeln!(out, "- {line}")?;
        }
    }
    writeln!(out, "{}", summary::line(report, options.fail_on))
}

fn issue(finding: &Judged, out: &mut dyn io::Write) -> io::Result<()> {
    let kind = match (&finding.suppressed, finding.severity) {
        (None, Severity::Critical | Severity::High) => "error",
        _ => "warning",
    };
    let path = inert::line(finding.path.strip_prefix("./").unwrap_or(&finding.path));
    let start = finding.region.start;
    let (line, column) = (start.line.max(1), start.column.max(1));
    write!(out, "##vso[task.logissue type={kind};")?;
    if !path.is_empty() {
        let path = data(&path);
        write!(out, "sourcepath={path};linenumber={line};columnnumber={column};")?;
    }
    let text = format!("{}. {}", message(finding), finding.rule.remedy);
    writeln!(out, "code={};]{}", data(finding.rule.id), data(&cut(&text, MAX_TEXT)))
}

/// A property or text, in the escapes that the agent undoes.
fn data(text: &str) -> String {
    text.replace('%', "%AZP25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace(';', "%3B")
        .replace(']', "%5D")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use careen_rule::Report;

    use crate::sample::{hostile, usual};
    use crate::{Format, Options, write};

    fn text(report: &Report, options: &Options) -> String {
        let mut bytes = Vec::new();
        write(report, Format::Azure, options, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// Properties and text of a line, if the agent takes it for a command: wherever it stands.
    fn parse(line: &str) -> Option<(BTreeMap<String, String>, String)> {
        let (_, rest) = line.split_once("##vso[")?;
        let (head, text) = rest.split_once(']')?;
        let properties = head.strip_prefix("task.logissue ").expect("our only command");
        let plain = |text: &str| {
            let text = text.replace("%0D", "\r").replace("%0A", "\n");
            text.replace("%3B", ";").replace("%5D", "]").replace("%AZP25", "%")
        };
        let properties = properties.split(';').filter(|each| !each.is_empty()).map(|each| {
            let (key, value) = each.split_once('=').expect("a key and a value");
            (key.to_owned(), plain(value))
        });
        Some((properties.collect(), plain(text)))
    }

    #[test]
    fn a_finding_is_an_issue() {
        let text = text(&usual(), &Options::default());
        let expected = "\
##vso[task.logissue type=error;sourcepath=src/a.env;linenumber=2;columnnumber=7;\
code=token-in-file;]a token stands in a file. Revoke the token, then take it out.\n";
        assert!(text.starts_with(expected), "{text}");
        assert!(text.contains("type=warning;sourcepath=deploy/web.yaml;"));
        assert!(text.lines().last().unwrap().starts_with("careen: 3 findings"));
    }

    #[test]
    fn hostile_text_makes_no_command() {
        let options = Options { show_suppressed: true, ..Options::default() };
        let mut report = hostile();
        let evil = "a;type=x]%0A##vso[task.complete]\n##[error]";
        report.findings[0].path = evil.into();
        report.findings[0].message = evil.to_owned();
        report.notes.push(careen_rule::Note::about(careen_rule::NoteKind::Limit, evil, evil));
        let text = text(&report, &options);
        let commands: Vec<_> = text.lines().filter_map(parse).collect();
        assert_eq!(commands.len(), report.findings.len() + 1);
        assert!(!text.contains("##["));
        for (properties, _) in &commands {
            let known = ["type", "sourcepath", "linenumber", "columnnumber", "code"];
            assert!(properties.keys().all(|key| known.contains(&&**key)), "{properties:?}");
            assert!(["error", "warning"].contains(&&*properties["type"]));
        }
    }
}
