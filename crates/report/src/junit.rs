//! JUnit XML, in the form that build servers agree on: Jenkins' `junit-10.xsd` and what GitLab, Azure
//! and GitHub's reporters read of it.
//!
//! A suite is a linter, a class is a rule, a case is a finding. Servers show cases by class, split a
//! class name at its dots (so that the name of a file would come apart at its extension), and follow a
//! case over runs by class and name; neither has a line number, so that an edit above does not make
//! a new case. The place is in `file` and `line`, which GitLab links, and in the text.
//!
//! What does not fail the run is a skipped case: it is seen, and turns nothing red. The suite `careen`
//! has one case more, which passes if everything was looked at, and the notes.

use std::collections::BTreeMap;
use std::io;

use careen_rule::{Judged, Report};
use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::Writer;

use crate::time::rfc3339;
use crate::words::cut;
use crate::{Options, concise, inert, notes, shown, summary};

/// Characters of a name or a message.
pub(crate) const MAX_NAME: usize = 500;
/// The suite of the run itself.
const OWN: &str = "careen";

/// A finding with a name that no other of its class has.
struct Case<'r> {
    finding: &'r Judged,
    name: String,
    fails: bool,
}

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut suites: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    let mut names: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for finding in shown(report, options) {
        let name = format!("{}: {}", finding.path, finding.message);
        let mut name = plain(&cut(&name, MAX_NAME));
        let ordinal = names.entry((finding.rule.id, name.clone())).or_insert(0);
        *ordinal += 1;
        if *ordinal > 1 {
            name.push_str(&format!(" ({ordinal})"));
        }
        let fails = finding.suppressed.is_none() && finding.severity >= options.fail_on;
        let case = Case { finding, name, fails };
        suites.entry(finding.rule.linter()).or_default().push(case);
    }
    let cases = suites.values().flatten();
    let failures = cases.clone().filter(|case| case.fails).count();
    let skipped = cases.count() - failures;
    let errors = usize::from(!report.is_complete());
    let mut writer = Writer::new_with_indent(out, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("testsuites")
        .with_attribute(("name", "careen"))
        .with_attributes(counts(failures + skipped + 1, failures, errors, skipped).iter().map(pair))
        .write_inner_content(|writer| {
            for (linter, cases) in &suites {
                suite(linter, cases, report, writer)?;
            }
            let mut text = String::from("\n");
            for note in &report.notes {
                let level = if note.incomplete { "warning" } else { "note" };
                text.push_str(&format!("{level}[{}]: {}\n", note.kind, plain(&notes::words(note))));
            }
            text.push_str(&plain(&summary::line(report, options.fail_on)));
            text.push('\n');
            write_own(report.is_complete(), &text, report.at, writer)
        })?;
    writer.into_inner().write_all(b"\n")
}

pub(crate) type Attributes = Vec<(&'static str, String)>;

pub(crate) fn counts(tests: usize, failures: usize, errors: usize, skipped: usize) -> Attributes {
    let number = |number: usize| number.to_string();
    vec![
        ("tests", number(tests)),
        ("failures", number(failures)),
        ("errors", number(errors)),
        ("skipped", number(skipped)),
        // No time is measured: the same input gives the same report.
        ("time", number(0)),
    ]
}

pub(crate) fn pair<'a>((key, value): &'a (&'static str, String)) -> (&'a str, &'a str) {
    (key, value)
}

fn suite<W: io::Write>(
    linter: &str,
    cases: &[Case],
    report: &Report,
    writer: &mut Writer<W>,
) -> io::Result<()> {
    let failures = cases.iter().filter(|case| case.fails).count();
    let counts = counts(cases.len(), failures, 0, cases.len() - failures);
    writer
        .create_element("testsuite")
        .with_attribute(("name", linter))
        .with_attributes(counts.iter().map(pair))
        .with_attribute(("timestamp", &*moment(report.at)))
        .write_inner_content(|writer| {
            cases.iter().try_for_each(|case| write_case(linter, case, writer))
        })?;
    Ok(())
}

fn write_case<W: io::Write>(linter: &str, case: &Case, writer: &mut Writer<W>) -> io::Result<()> {
    let finding = case.finding;
    let (severity, rule) = (finding.severity.as_str(), finding.rule);
    let start = finding.region.start;
    let (line, column) = (start.line.max(1), start.column.max(1));
    let path = plain(&finding.path);
    let message = cut(&plain(&concise::message(finding)), MAX_NAME).into_owned();
    let element = writer
        .create_element("testcase")
        .with_attribute(("name", &*case.name))
        .with_attribute(("classname", &*format!("careen.{linter}.{}", rule.id)))
        .with_attribute(("file", &*path))
        .with_attribute(("line", &*line.to_string()))
        .with_attribute(("time", "0"));
    let summary = format!("{severity}: {message}");
    element.write_inner_content(|writer| {
        if !case.fails {
            let skipped = writer.create_element("skipped");
            skipped.with_attribute(("message", &*summary)).write_empty()?;
            return Ok(());
        }
        let mut text = format!("{path}:{line}:{column}: {severity}[{}]\n{message}\n", rule.id);
        text.push_str(&plain(rule.remedy));
        text.push('\n');
        if let Some(url) = rule.url() {
            text.push_str(&plain(url));
            text.push('\n');
        }
        writer
            .create_element("failure")
            .with_attribute(("message", &*summary))
            .with_attribute(("type", severity))
            .write_text_content(BytesText::new(&text))?;
        Ok(())
    })?;
    Ok(())
}

/// The suite of the run: whether everything was looked at, and what is to be said besides.
pub(crate) fn write_own<W: io::Write>(
    complete: bool,
    text: &str,
    at: i64,
    writer: &mut Writer<W>,
) -> io::Result<()> {
    let counts = counts(1, 0, usize::from(!complete), 0);
    writer
        .create_element("testsuite")
        .with_attribute(("name", OWN))
        .with_attributes(counts.iter().map(pair))
        .with_attribute(("timestamp", &*moment(at)))
        .write_inner_content(|writer| {
            let case = writer
                .create_element("testcase")
                .with_attribute(("name", "everything was looked at"))
                .with_attribute(("classname", OWN))
                .with_attribute(("time", "0"));
            if complete {
                case.write_empty()?;
            } else {
                case.write_inner_content(|writer| {
                    let error = writer.create_element("error");
                    let error = error.with_attribute(("message", "the analysis is incomplete"));
                    error.with_attribute(("type", "incomplete")).write_empty()?;
                    Ok(())
                })?;
            }
            writer.create_element("system-out").write_text_content(BytesText::new(text))?;
            Ok(())
        })?;
    Ok(())
}

/// The schemas know no time zone; it is UTC.
pub(crate) fn moment(at: i64) -> String {
    rfc3339(at).trim_end_matches('Z').to_owned()
}

/// Text without the characters that XML 1.0 forbids, escaped or not. Controls are shown as escapes
/// already; two code points that are no characters are left.
pub(crate) fn plain(text: &str) -> String {
    inert::line(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

#[cfg(test)]
mod tests;
