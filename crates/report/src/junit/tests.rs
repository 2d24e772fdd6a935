use std::collections::BTreeSet;

use careen_rule::{Report, Severity};
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::sample::{empty, hostile, usual};
use crate::{Format, Options, write};

/// An element with what is in it.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Self>,
    text: String,
}

impl Element {
    fn get(&self, key: &str) -> &str {
        let found = self.attributes.iter().find(|(name, _)| name == key);
        found.map_or_else(|| panic!("{} has no {key}", self.name), |(_, value)| value)
    }

    fn number(&self, key: &str) -> usize {
        self.get(key).parse().unwrap()
    }

    fn of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

fn text(report: &Report, options: &Options) -> String {
    let mut bytes = Vec::new();
    write(report, Format::Junit, options, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn parse(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                let attributes = start.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let value = quick_xml::escape::unescape(&attribute.value).unwrap();
                    (attribute.key.as_ref().to_owned(), value.into_owned())
                });
                let attributes = attributes.collect();
                let name = start.name().as_ref().to_owned();
                open.push(Element { name, attributes, ..Element::default() });
            }
            Event::End(_) => {
                let element = open.pop().unwrap();
                open.last_mut().unwrap().children.push(element);
            }
            Event::Text(text) => open.last_mut().unwrap().text.push_str(&text),
            Event::GeneralRef(name) => {
                let reference = format!("&{};", &*name);
                let text = quick_xml::escape::unescape(&reference).unwrap();
                open.last_mut().unwrap().text.push_str(&text);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open.len(), 1);
    open.remove(0).children.remove(0)
}

/// What the schemas of Jenkins and Ant ask for, and what servers rely on.
fn assert_valid(root: &Element) {
    assert_eq!(root.name, "testsuites");
    let (mut tests, mut failures, mut skipped, mut errors) = (0, 0, 0, 0);
    for suite in &root.children {
        assert_eq!(suite.name, "testsuite");
        assert!(!suite.get("name").is_empty());
        assert_eq!(suite.get("timestamp").len(), "2026-11-22T00:04:05".len());
        let mut known = BTreeSet::new();
        let mut seen_output = false;
        for child in &suite.children {
            seen_output |= child.name == "system-out";
            assert_eq!(child.name == "testcase", !seen_output, "cases come before output");
            if child.name == "testcase" {
                assert!(known.insert((child.get("classname"), child.get("name"))), "{child:?}");
                assert!(child.children.len() <= 1);
                for result in &child.children {
                    assert!(["failure", "error", "skipped"].contains(&&*result.name));
                    assert!(!result.get("message").is_empty());
                }
            }
        }
        let with = |name: &'static str| {
            suite.of("testcase").filter(|case| case.of(name).next().is_some()).count()
        };
        assert_eq!(suite.number("tests"), suite.of("testcase").count());
        assert_eq!(suite.number("failures"), with("failure"));
        assert_eq!(suite.number("errors"), with("error"));
        assert_eq!(suite.number("skipped"), with("skipped"));
        tests += suite.number("tests");
        failures += suite.number("failures");
        skipped += suite.number("skipped");
        errors += suite.number("errors");
    }
    let of = |key| root.number(key);
    assert_eq!([of("tests"), of("failures")], [tests, failures]);
    assert_eq!([of("skipped"), of("errors")], [skipped, errors]);
}

#[test]
fn a_clean_run_has_one_passing_case() {
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="careen" tests="1" failures="0" errors="0" skipped="0" time="0">
  <testsuite name="careen" tests="1" failures="0" errors="0" skipped="0" time="0" timestamp="2026-11-22T00:04:05">
    <testcase name="everything was looked at" classname="careen" time="0"/>
    <system-out>
careen: nothing was checked: no file was read
</system-out>
  </testsuite>
</testsuites>
"#;
    assert_eq!(text(&empty(), &Options::default()), expected);
    assert_valid(&parse(expected));
}

#[test]
fn findings_are_cases_of_their_linter() {
    let options = Options { show_suppressed: true, ..Options::default() };
    let root = parse(&text(&usual(), &options));
    assert_valid(&root);
    let names: Vec<&str> = root.children.iter().map(|suite| suite.get("name")).collect();
    assert_eq!(names, ["kubernetes", "secrets", "careen"]);
    let token = root.children[1].of("testcase").next().unwrap();
    assert_eq!(token.get("classname"), "careen.secrets.token-in-file");
    assert_eq!(token.get("name"), "src/a.env: a token stands in a file");
    assert_eq!((token.get("file"), token.get("line")), ("src/a.env", "2"));
    let failure = token.of("failure").next().unwrap();
    assert_eq!(failure.get("message"), "critical: a token stands in a file");
    assert_eq!(
        failure.text,
        "src/a.env:2:7: critical[token-in-file]\na token stands in a file\n\
         Revoke the token, then take it out.\n"
    );
    assert_eq!(root.number("skipped"), 1, "what is suppressed is skipped");
    let output = root.children[2].of("system-out").next().unwrap();
    assert!(output.text.contains("note[syntax]: b.yaml:3: no mapping here\n"), "{}", output.text);
}

#[test]
fn what_does_not_fail_the_run_is_skipped() {
    let options = Options { fail_on: Severity::Critical, ..Options::default() };
    let root = parse(&text(&usual(), &options));
    assert_valid(&root);
    assert_eq!([root.number("failures"), root.number("skipped")], [1, 2]);
}

#[test]
fn hostile_text_is_valid_xml() {
    let options = Options { show_suppressed: true, ..Options::default() };
    let mut report = hostile();
    report.findings[0].message =
        "]]> &amp; \u{fffe}\u{ffff}\u{0}\u{b}</failure><failure a='".into();
    let text = text(&report, &options);
    let forbidden = |character: char| {
        let control = character.is_control() && character != '\n';
        control || matches!(character, '\u{fffe}' | '\u{ffff}')
    };
    assert!(!text.contains(forbidden), "{text:?}");
    let root = parse(&text);
    assert_valid(&root);
    let cases: usize = root.children.iter().map(|suite| suite.of("testcase").count()).sum();
    assert_eq!(cases, report.findings.len() + 1);
    let failure = root.children[0].of("testcase").next().unwrap().of("failure").next().unwrap();
    assert!(failure.get("message").ends_with("\\u{0}\\u{b}</failure><failure a='"));
    assert_eq!(root.number("errors"), 1, "the analysis is incomplete");
}

#[test]
fn cases_keep_their_names_when_lines_move() {
    let names = |report: &Report| -> Vec<String> {
        let root = parse(&text(report, &Options::default()));
        let cases = root.children.iter().flat_map(|suite| suite.of("testcase"));
        cases.map(|case| format!("{} {}", case.get("classname"), case.get("name"))).collect()
    };
    let mut report = usual();
    report.findings.push(report.findings[0].clone());
    let before = names(&report);
    assert!(before.iter().any(|name| name.ends_with("no CPU request (2)")), "{before:?}");
    for finding in &mut report.findings {
        finding.region.start.line += 10;
    }
    assert_eq!(names(&report), before);
}
