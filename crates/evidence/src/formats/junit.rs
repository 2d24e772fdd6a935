//! JUnit XML, as test runners write it.
//!
//! There is no standard, only habits. The cases themselves are counted. Where a suite says that more of
//! them failed than are there, the suite is believed: a case may have been left out, and nothing passes
//! by being left out.

use std::collections::BTreeSet;

use crate::moment::{self, earliest};
use crate::numbers::count;
use crate::words::one_line;
use crate::xml::{self, Doctype, Element, Step, Xml};
use crate::{Evidence, Issue, Kind, Measure, Trouble};

const ROOTS: [&str; 2] = ["testsuites", "testsuite"];
/// Names of suites that are kept.
const MOST_SUITES: usize = 50;
/// Names that properties have which tell the commit, in lower case and without marks between words.
const COMMITS: [&str; 17] = [
    "buildsourceversion",
    "buildvcsnumber",
    "cicommit",
    "cicommitsha",
    "commit",
    "commithash",
    "commitid",
    "commitsha",
    "gitcommit",
    "gitcommitid",
    "gitcommitidfull",
    "githubsha",
    "gitrevision",
    "gitsha",
    "revision",
    "scmrevision",
    "vcsrevision",
];

pub(super) fn is_it(text: &str) -> bool {
    xml::root(text).is_some_and(|root| ROOTS.contains(&root.name()))
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let mut xml = Xml::new(text, "a JUnit report", Doctype::Refused);
    let root = xml.root(&ROOTS)?;
    let mut reader = Reader::new();
    reader.evidence.tool = tool(&root)?;
    reader.open(&root)?;
    while let Some(step) = xml.next()? {
        match step {
            Step::Open(element) => reader.open(&element)?,
            Step::Text(text) => reader.text(&text)?,
            Step::Close => reader.close(),
        }
    }
    Ok(reader.finish())
}

/// Runners that name themselves in the outermost element.
fn tool(root: &Element<'_>) -> Result<Option<String>, Trouble> {
    const TOOLS: [(&str, &str); 5] = [
        ("pytest", "pytest"),
        ("vitest", "vitest"),
        ("jest", "jest"),
        ("nextest-run", "cargo-nextest"),
        ("Mocha", "mocha"),
    ];
    let name = root.words("name", 60)?.unwrap_or_default();
    let found = TOOLS.iter().find(|(start, _)| name.starts_with(start));
    Ok(found.map(|(_, tool)| (*tool).to_owned()))
}

/// What an element that is open stands for.
enum Open {
    Suite(Counts),
    Case(Case),
    /// A property that tells the commit in its text.
    Commit(u32),
    Other,
}

/// How many cases had which end.
#[derive(Clone, Copy, Default)]
struct Counts {
    tests: f64,
    failures: f64,
    errors: f64,
    skipped: f64,
    /// What the suite itself says.
    said: Said,
}

#[derive(Clone, Copy, Default)]
struct Said {
    failures: f64,
    errors: f64,
    skipped: f64,
}

#[derive(Default)]
struct Case {
    name: String,
    failed: Option<String>,
    erred: Option<String>,
    is_skipped: bool,
}

struct Reader {
    evidence: Evidence,
    open: Vec<Open>,
    total: Counts,
    suites: BTreeSet<String>,
}

impl Reader {
    fn new() -> Self {
        Self {
            evidence: Evidence::new(Kind::Junit),
            open: Vec::new(),
            total: Counts::default(),
            suites: BTreeSet::new(),
        }
    }

    fn open(&mut self, element: &Element<'_>) -> Result<(), Trouble> {
        let open = match element.name() {
            "testsuites" | "testsuite" => Open::Suite(self.suite(element)?),
            "testcase" => Open::Case(case(element)?),
            "failure" => self.problem(element, false)?,
            "error" => self.problem(element, true)?,
            "skipped" | "disabled" => {
                if let Some(Open::Case(case)) = self.open.last_mut() {
                    case.is_skipped = true;
                }
                Open::Other
            }
            "property" => self.property(element)?,
            _ => Open::Other,
        };
        self.open.push(open);
        Ok(())
    }

    fn suite(&mut self, element: &Element<'_>) -> Result<Counts, Trouble> {
        if let Some(timestamp) = element.attribute("timestamp")? {
            earliest(&mut self.evidence.produced_at, moment::parse(&timestamp));
        }
        if element.name() == "testsuite" && self.suites.len() < MOST_SUITES {
            self.suites.extend(element.words("name", 200)?);
        }
        let number = |name| Ok::<_, Trouble>(element.number(name)?.unwrap_or_default());
        let said = Said {
            failures: number("failures")?,
            errors: number("errors")?,
            skipped: number("skipped")? + number("disabled")?,
        };
        Ok(Counts { said, ..Counts::default() })
    }

    /// A failure or an error: of the case it stands in, else of the suite, as where a set-up fails.
    fn problem(&mut self, element: &Element<'_>, is_error: bool) -> Result<Open, Trouble> {
        let said = match element.words("message", 300)? {
            Some(message) => Some(message),
            None => element.words("type", 300)?,
        };
        let message = said.unwrap_or_else(|| "failed".to_owned());
        match self.open.last_mut() {
            Some(Open::Case(case)) if is_error => _ = case.erred.get_or_insert(message),
            Some(Open::Case(case)) => _ = case.failed.get_or_insert(message),
            Some(Open::Suite(counts)) => {
                counts.errors += 1.0;
                self.evidence.push(Issue { name: "the suite".to_owned(), message });
            }
            _ => {}
        }
        Ok(Open::Other)
    }

    fn property(&mut self, element: &Element<'_>) -> Result<Open, Trouble> {
        let name = element.attribute("name")?.unwrap_or_default();
        let name = name.bytes().filter(u8::is_ascii_alphanumeric).take(40);
        let name: String = name.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
        if !COMMITS.contains(&name.as_str()) {
            return Ok(Open::Other);
        }
        let line = element.wrong("").line.unwrap_or_default();
        match element.attribute("value")? {
            Some(value) => self.commit(&value, line).map(|()| Open::Other),
            None => Ok(Open::Commit(line)),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Trouble> {
        match self.open.last() {
            Some(Open::Commit(line)) => self.commit(text, *line),
            _ => Ok(()),
        }
    }

    /// Keeps the commit; a report of two commits speaks of neither.
    fn commit(&mut self, value: &str, line: u32) -> Result<(), Trouble> {
        let value = value.trim().to_ascii_lowercase();
        let is_commit =
            (7..=64).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_commit {
            return Ok(());
        }
        match &self.evidence.commit {
            Some(kept) if kept.starts_with(&value) => {}
            Some(kept) if !value.starts_with(kept) => {
                let message = "speaks of two commits: give one report for each".to_owned();
                return Err(Trouble { line: Some(line), column: None, message });
            }
            _ => self.evidence.commit = Some(value),
        }
        Ok(())
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Open::Case(case)) => self.count(&case),
            Some(Open::Suite(counts)) => {
                let sum = self.parent();
                sum.tests += counts.tests;
                sum.failures += counts.failures.max(counts.said.failures);
                sum.errors += counts.errors.max(counts.said.errors);
                sum.skipped += counts.skipped.max(counts.said.skipped);
            }
            Some(Open::Commit(_) | Open::Other) | None => {}
        }
    }

    /// The suite that is open, else the whole.
    fn parent(&mut self) -> &mut Counts {
        let suites = self.open.iter_mut().rev().filter_map(|open| match open {
            Open::Suite(counts) => Some(counts),
            _ => None,
        });
        let mut suites = suites;
        suites.next().unwrap_or(&mut self.total)
    }

    fn count(&mut self, case: &Case) {
        let sum = self.parent();
        sum.tests += 1.0;
        if case.failed.is_some() {
            sum.failures += 1.0;
        } else if case.erred.is_some() {
            sum.errors += 1.0;
        } else if case.is_skipped {
            sum.skipped += 1.0;
        }
        if let Some(message) = case.failed.as_ref().or(case.erred.as_ref()) {
            self.evidence.push(Issue { name: case.name.clone(), message: message.clone() });
        }
    }

    fn finish(self) -> Evidence {
        let Self { mut evidence, total, suites, .. } = self;
        evidence.about = suites.into_iter().collect();
        evidence.measures.set(Measure::Tests, total.tests);
        evidence.measures.set(Measure::Failures, total.failures);
        evidence.measures.set(Measure::Errors, total.errors);
        evidence.measures.set(Measure::Skipped, total.skipped);
        // What the suites count beyond the cases has no name.
        let told = count(evidence.issues.len() + evidence.more_issues);
        let untold = total.failures + total.errors - told;
        if untold > 0.0 {
            let name = "a suite".to_owned();
            let message = format!("says that {untold} more failed than its cases tell");
            evidence.push(Issue { name, message });
        }
        evidence
    }
}

fn case(element: &Element<'_>) -> Result<Case, Trouble> {
    let name = element.words("name", 200)?.unwrap_or_else(|| "a case without a name".to_owned());
    let class = element.words("classname", 200)?;
    let name = match class {
        // Some runners repeat the whole name.
        Some(class) if class != name => one_line(&format!("{class}.{name}"), 200),
        _ => name,
    };
    let is = |attribute, words: &[&str]| -> Result<bool, Trouble> {
        Ok(element.attribute(attribute)?.is_some_and(|value| words.contains(&&*value)))
    };
    // GoogleTest tells in attributes what did not run.
    let is_skipped = is("status", &["notrun", "skipped", "disabled"])?
        || is("result", &["skipped", "suppressed"])?;
    Ok(Case { name, is_skipped, ..Case::default() })
}

#[cfg(test)]
mod tests {
    use super::{is_it, read};
    use crate::{Evidence, Measure};

    fn counts(evidence: &Evidence) -> [f64; 4] {
        [Measure::Tests, Measure::Failures, Measure::Errors, Measure::Skipped]
            .map(|measure| evidence.measures.get(measure).unwrap())
    }

    #[test]
    fn suites_may_nest() {
        let text = r#"<testsuites><testsuite name="outer" tests="3" failures="1">
            <testcase classname="c" name="fails"><failure message="first&#10;second">out</failure></testcase>
            <testsuite name="inner" tests="2" failures="0" timestamp="2026-11-25T10:00:00">
            <testcase name="runs"/><testcase name="left"><skipped/></testcase></testsuite>
            </testsuite></testsuites>"#;
        assert!(is_it(text));
        let evidence = read(text).unwrap();
        assert_eq!(counts(&evidence), [3.0, 1.0, 0.0, 1.0]);
        assert_eq!(evidence.about, ["inner", "outer"]);
        assert_eq!(evidence.produced_at, Some(1_795_600_800));
        assert_eq!(evidence.issues[0].name, "c.fails");
        assert!(!evidence.issues[0].message.contains("second"));
    }

    #[test]
    fn a_suite_that_counts_more_failures_than_its_cases_is_believed() {
        let text = r#"<testsuites failures="1"><testsuite failures="2" errors="1"><testcase name="a"/>
            </testsuite></testsuites>"#;
        let evidence = read(text).unwrap();
        assert_eq!(counts(&evidence), [1.0, 2.0, 1.0, 0.0]);
        assert!(evidence.issues[0].message.contains("3 more failed"));
    }

    #[test]
    fn retries_that_passed_are_no_failures() {
        let text = r#"<testsuite><testcase name="a"><flakyFailure message="x"/></testcase>
            <testcase name="b"><failure message="y"/><rerunFailure message="y"/></testcase></testsuite>"#;
        assert_eq!(counts(&read(text).unwrap()), [2.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn no_cases_are_no_tests() {
        let evidence = read(r#"<testsuite tests="12" failures="0"/>"#).unwrap();
        assert_eq!(counts(&evidence), [0.0; 4]);
    }

    #[test]
    fn what_did_not_run_is_skipped() {
        let text = r#"<testsuite disabled="1"><testcase name="a" status="notrun" result="suppressed"/>
            <testcase name="b" status="run"/></testsuite>"#;
        assert_eq!(counts(&read(text).unwrap()), [2.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn a_set_up_that_fails_is_an_error_of_its_suite() {
        let evidence =
            read(r#"<testsuite><error type="Timeout"/><testcase name="a"/></testsuite>"#);
        let evidence = evidence.unwrap();
        assert_eq!(counts(&evidence), [1.0, 0.0, 1.0, 0.0]);
        assert_eq!(evidence.issues[0].message, "Timeout");
    }

    #[test]
    fn properties_tell_the_commit() {
        let with = |properties: &str| {
            read(&format!("<testsuite><properties>{properties}</properties></testsuite>"))
        };
        let one = with(r#"<property name="git.commit" value="0123ABCdef"/>"#).unwrap();
        assert_eq!(one.commit.as_deref(), Some("0123abcdef"));
        let text = with(r#"<property name="CI_COMMIT_SHA">0123abc</property>"#).unwrap();
        assert_eq!(text.commit.as_deref(), Some("0123abc"));
        let none = with(r#"<property name="commit" value="main"/>"#).unwrap();
        assert_eq!(none.commit, None);
        let two = "<property name=\"revision\" value=\"0123abc\"/>\n<property name=\"commit\" value=\"fedcba9\"/>";
        let trouble = with(two).unwrap_err();
        assert_eq!(trouble.line, Some(2));
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        for number in ["-1", "NaN", "many"] {
            let trouble = read(&format!("\n<testsuite failures=\"{number}\"/>")).unwrap_err();
            assert_eq!(trouble.line, Some(2));
            assert!(trouble.message.contains("`failures`"), "{trouble}");
        }
    }
}
