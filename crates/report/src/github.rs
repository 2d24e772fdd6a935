//! Workflow commands, which GitHub Actions shows as annotations of the change and of the run.
//!
//! GitHub keeps about ten annotations of a kind for each step and drops what comes after, so the most
//! severe come first; all others stand in the log, in a group that says how many they are. Nothing
//! from a file gets to the beginning of a line of the log, where a command would be read.
//!
//! Columns are UTF-16 code units from 1 and the end is exclusive. GitHub documents neither; its pages
//! count as JavaScript does, and its code scanning counts the same. The runner refuses columns with
//! several lines, and drops the whole annotation then.

use std::collections::BTreeMap;
use std::io;

use careen_rule::{Judged, Report, Severity};

use crate::concise::message;
use crate::words::{count, cut};
use crate::{Options, inert, most_severe_first, notes, summary};

/// Annotations of a kind that a step shows.
const SHOWN: usize = 10;
/// Notes on an incomplete analysis that are annotations: they come out of the same ten.
const INCOMPLETE: usize = 3;
/// Characters of an annotation's text.
const MAX_TEXT: usize = 4_000;

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    for note in report.notes.iter().filter(|note| note.incomplete).take(INCOMPLETE) {
        *used.entry("error").or_default() += 1;
        let properties = [
            ("file", note.path.as_deref().map(|path| inert::line(path).into_owned())),
            ("line", note.line.map(|line| line.max(1).to_string())),
            ("title", Some(format!("incomplete analysis: {}", note.kind))),
        ];
        command("error", &properties, &notes::message(note), out)?;
    }
    let mut rest = Vec::new();
    for finding in most_severe_first(report, options) {
        let used = used.entry(kind(finding)).or_default();
        if *used < SHOWN {
            *used += 1;
            annotate(finding, out)?;
        } else {
            rest.push(finding);
        }
    }
    if !rest.is_empty() {
        let more = count(rest.len(), "more finding", "more findings");
        writeln!(out, "::group::{more} only here: GitHub shows {SHOWN} annotations of a kind")?;
        for finding in rest {
            writeln!(out, "{}", line(finding))?;
        }
        writeln!(out, "::endgroup::")?;
    }
    let groups = notes::groups(&report.notes);
    if !groups.is_empty() {
        writeln!(out, "::group::{}", count(report.notes.len(), "note", "notes"))?;
        for group in groups {
            writeln!(out, "{}[{}]: {}", group.level(), group.kind, group.title)?;
            for line in group.lines {
                writeln!(out, "- {line}")?;
            }
        }
        writeln!(out, "::endgroup::")?;
    }
    writeln!(out, "{}", summary::line(report, options.fail_on))
}

/// What GitHub calls the severity. What is suppressed shall not look like a defect.
const fn kind(finding: &Judged) -> &'static str {
    match (&finding.suppressed, finding.severity) {
        (None, Severity::Critical | Severity::High) => "error",
        (None, Severity::Medium) => "warning",
        _ => "notice",
    }
}

fn annotate(finding: &Judged, out: &mut dyn io::Write) -> io::Result<()> {
    let (start, end) = (finding.region.start, finding.region.end);
    let line = start.line.max(1);
    let end_line = end.line.max(line);
    let on_one_line = line == end_line;
    let column = start.utf16.max(1);
    let path = inert::line(finding.path.strip_prefix("./").unwrap_or(&finding.path));
    let has_path = !path.is_empty();
    let properties = [
        ("file", has_path.then(|| path.into_owned())),
        ("line", has_path.then(|| line.to_string())),
        ("endLine", has_path.then(|| end_line.to_string())),
        ("col", (has_path && on_one_line).then(|| column.to_string())),
        ("endColumn", (has_path && on_one_line).then(|| end.utf16.max(column).to_string())),
        ("title", Some(format!("{} ({})", finding.rule.id, finding.severity))),
    ];
    let mut text = message(finding);
    if !finding.rule.remedy.is_empty() {
        text.push('\n');
        text.push_str(finding.rule.remedy);
    }
    command(kind(finding), &properties, &cut(&text, MAX_TEXT), out)
}

/// A finding in the log, beginning with our own word.
fn line(finding: &Judged) -> String {
    let (path, start) = (inert::line(&finding.path), finding.region.start);
    let (line, column) = (start.line.max(1), start.column.max(1));
    let (severity, rule) = (finding.severity, finding.rule.id);
    format!("{severity}[{rule}] {path}:{line}:{column}: {}", message(finding))
}

fn command(
    name: &str,
    properties: &[(&str, Option<String>)],
    text: &str,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let properties: Vec<String> = properties
        .iter()
        .filter_map(|(key, value)| Some(format!("{key}={}", property(value.as_deref()?))))
        .collect();
    writeln!(out, "::{name} {}::{}", properties.join(","), data(text))
}

/// The text of a command, in the escapes that the runner undoes.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, where colons and commas have a meaning too.
fn property(value: &str) -> String {
    data(value).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use careen_rule::{Report, Severity};

    use crate::sample::{empty, finding, hostile, usual};
    use crate::{Format, Options, write};

    /// A command as the runner reads it.
    #[derive(Debug, PartialEq)]
    struct Command {
        name: String,
        properties: BTreeMap<String, String>,
        text: String,
    }

    /// Reads a line as `ActionCommand` of the runner does.
    fn parse(line: &str) -> Option<Command> {
        let rest = line.trim_start().strip_prefix("::")?;
        let (head, text) = rest.split_once("::")?;
        let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
        let data = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
        let properties = properties.split(',').filter(|each| !each.is_empty()).map(|each| {
            let (key, value) = each.split_once('=').expect("a key and a value");
            let value = data(value).replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
            (key.to_owned(), value)
        });
        let (name, properties) = (name.to_owned(), properties.collect());
        Some(Command { name, properties, text: data(text).replace("%25", "%") })
    }

    fn text(report: &Report, options: &Options) -> String {
        let mut bytes = Vec::new();
        write(report, Format::Github, options, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn commands(report: &Report, options: &Options) -> Vec<Command> {
        text(report, options).lines().filter_map(parse).collect()
    }

    #[test]
    fn a_finding_is_an_annotation() {
        let text = text(&usual(), &Options::default());
        let expected = "\
::error file=src/a.env,line=2,endLine=2,col=7,endColumn=13,title=token-in-file (critical)::\
a token stands in a file%0ARevoke the token, then take it out.
::error file=deploy/web.yaml,line=7,endLine=7,col=13,endColumn=27,\
title=memory-limit-missing (high)::container `web` in Deployment `shop/web` has no memory limit\
%0ASet `resources.limits.memory`.
::warning file=deploy/web.yaml,line=7,endLine=7,col=13,endColumn=27,\
title=cpu-request-missing (medium)::";
        assert!(text.starts_with(expected), "{text}");
        assert!(text.contains("\n::group::8 notes\nnote[template]: template is not rendered"));
        assert!(text.lines().last().unwrap().starts_with("careen: 3 findings"), "{text}");
    }

    #[test]
    fn columns_are_utf16_and_only_on_one_line() {
        let mut report = empty();
        let mut wide = finding(0, "a.yaml", "ü🚢: x", "x");
        assert_eq!((wide.region.start.column, wide.region.start.utf16), (5, 6));
        report.findings = vec![wide.clone()];
        let one = commands(&report, &Options::default()).remove(0);
        assert_eq!((&*one.properties["col"], &*one.properties["endColumn"]), ("6", "7"));
        wide.region.end.line = 3;
        wide.region.end.utf16 = 1;
        report.findings = vec![wide];
        let several = commands(&report, &Options::default()).remove(0);
        assert_eq!(several.properties["endLine"], "3");
        assert!(!several.properties.contains_key("col"), "{several:?}");
        assert!(!several.properties.contains_key("endColumn"));
    }

    #[test]
    fn what_github_would_drop_is_counted_and_in_the_log() {
        let mut report = empty();
        let mut mild = finding(0, "a.yaml", "a: 1", "1");
        mild.severity = Severity::Low;
        report.findings = vec![mild; 3];
        for number in 0..14 {
            let path = format!("{number}.yaml");
            report.findings.push(finding(usize::from(number == 13) + 1, &path, "a: 1", "1"));
        }
        let text = text(&report, &Options::default());
        let commands: Vec<Command> = text.lines().filter_map(parse).collect();
        let of = |name: &str| commands.iter().filter(|each| each.name == name).count();
        assert_eq!((of("error"), of("notice"), of("group"), of("endgroup")), (10, 3, 1, 1));
        assert_eq!(commands[0].properties["file"], "13.yaml", "the most severe is first");
        assert!(text.contains("::group::4 more findings only here"), "{text}");
        assert!(text.contains("\nhigh[memory-limit-missing] 12.yaml:1:4: container"), "{text}");
    }

    #[test]
    fn hostile_text_makes_no_command() {
        let options = Options { show_suppressed: true, ..Options::default() };
        let mut report = hostile();
        let evil = "a%0A::add-mask::x,line=9::y\n::error::z ##[add-path]/tmp";
        for number in 0..14 {
            let mut finding = finding(1, evil, "a: 1", "1");
            finding.message = format!("::stop-commands::{number} {evil}");
            report.findings.push(finding);
        }
        report.notes.push(careen_rule::Note::about(careen_rule::NoteKind::Limit, evil, evil));
        let text = text(&report, &options);
        assert!(!text.contains("##["), "{text}");
        for line in text.lines() {
            assert!(!line.contains(char::is_control));
            let Some(command) = parse(line) else { continue };
            let known = ["error", "warning", "notice", "group", "endgroup"];
            assert!(known.contains(&&*command.name), "{command:?}");
            for key in command.properties.keys() {
                let known = ["file", "line", "endLine", "col", "endColumn", "title"];
                assert!(known.contains(&&**key), "{command:?}");
            }
        }
        let own = text
            .lines()
            .filter_map(parse)
            .find(|each| each.properties.get("file").is_some_and(|file| file.contains("add-mask")));
        let own = own.unwrap();
        assert!(own.properties["file"].starts_with("a%0A::add-mask::x,line=9::y\\u{a}"), "{own:?}");
        assert_eq!(own.properties["line"], "1");
    }

    #[test]
    fn an_incomplete_analysis_is_an_error() {
        let commands = commands(&hostile(), &Options::default());
        assert_eq!(commands[0].name, "error");
        assert_eq!(commands[0].properties["title"], "incomplete analysis: unreadable");
    }
}
