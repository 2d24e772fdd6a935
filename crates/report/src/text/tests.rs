use careen_rule::{History, Note, NoteKind, Report, Safety, Severity, Snippet};
use proptest::prelude::*;

use crate::sample::{empty, finding, history, hostile, lowered, related, usual};
use crate::{Format, Options, write};

fn text(report: &Report, options: &Options) -> String {
    let mut bytes = Vec::new();
    write(report, Format::Text, options, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn last_line(report: &Report, options: &Options) -> String {
    text(report, options).lines().last().unwrap().to_owned()
}

#[test]
fn a_usual_report() {
    let expected = "\
high[memory-limit-missing]: container `web` in Deployment `shop/web` has no memory limit
medium[cpu-request-missing]: container `web` in Deployment `shop/web` has no CPU request
 --> deploy/web.yaml:7:13
  |
7 |     - name: web # schön 🚢
  |             ^^^^^^^^^^^^^^
  |
  = help: memory-limit-missing: Set `resources.limits.memory`.
  = help: cpu-request-missing: Set `resources.requests.cpu`.
  = fix: set a memory limit (--unsafe-fixes)

critical[token-in-file]: a token stands in a file
 --> src/a.env:2:7
  |
2 | TOKEN=ab****
  | ----- ^^^^^^
  | |
  | the variable
  |
 ::: deploy/web.yaml:8:7
  |
8 |       image: a
  |       ----- used here
  |
  = help: Revoke the token, then take it out.

note[template]: template is not rendered (7 places)
  a, b, c, d, e, and 2 more
note[syntax]: b.yaml:3: no mapping here

fixes: `--fix --unsafe-fixes` mends 1 finding; look first, behaviour may change
careen: 3 findings (1 critical, 1 high, 1 medium) in 2 of 12 files; 40 objects, 1 Dockerfile, \
3 certificates looked at; not looked at: 3 binary files, 7 templates; 1 suppressed
";
    assert_eq!(text(&usual(), &Options::default()), expected);
}

#[test]
fn what_lowers_a_severity_and_whose_words_suppress_is_told() {
    let options = Options { show_suppressed: true, ..Options::default() };
    let text = text(&lowered(), &options);
    for expected in [
        "  = note: lowered from critical: by its path the file is a test\n",
        "  = note: suppressed by `trivy:ignore`: runs once\n",
        "; 1 suppressed (1 by trivy:ignore)\n",
    ] {
        assert!(text.contains(expected), "{expected}{text}");
    }
}

#[test]
fn suppressed_findings_are_marked() {
    let options = Options { show_suppressed: true, ..Options::default() };
    let expected = "\
high[memory-limit-missing]: container has no memory limit
 --> z.yaml:1:4
  |
1 | a: 1
  |    ^
  |
  = help: Set `resources.limits.memory`.
  = note: suppressed by a comment: runs once
";
    let shown = text(&usual(), &options);
    assert!(shown.contains(expected), "{shown}");
    assert!(shown.contains("careen: 3 findings"));
}

#[test]
fn nothing_found_and_nothing_checked() {
    let mut report = empty();
    assert_eq!(
        text(&report, &Options::default()),
        "careen: nothing was checked: no file was read\n"
    );
    report.summary.dockerfiles = 1;
    assert_eq!(text(&report, &Options::default()), "careen: no findings; 1 Dockerfile looked at\n");
    report.summary.files = 1;
    report.summary.binary = 2;
    assert_eq!(
        text(&report, &Options::default()),
        "careen: no findings in 1 file; 1 Dockerfile looked at; not looked at: 2 binary files\n"
    );
}

#[test]
fn the_last_line_says_what_fails() {
    let at = |fail_on| last_line(&usual(), &Options { fail_on, ..Options::default() });
    assert!(at(Severity::Critical).contains("1 medium; 1 fails at critical and above) in"));
    assert!(at(Severity::High).contains("1 medium; 2 fail at high and above) in"));
    assert!(at(Severity::Low).contains("1 medium) in"));
    let mut mild = usual();
    mild.findings.truncate(1);
    let line = last_line(&mild, &Options { fail_on: Severity::High, ..Options::default() });
    assert!(
        line.contains("1 finding (1 medium; none fails below high) in 1 of 12 files"),
        "{line}"
    );
}

#[test]
fn an_incomplete_analysis_is_said_aloud() {
    let mut report = empty();
    report.summary.files = 2;
    report.notes = vec![
        Note::about(NoteKind::Unreadable, "a", "permission denied").incomplete(),
        Note::about(NoteKind::Unreadable, "b", "is a loop"),
    ];
    assert_eq!(
        text(&report, &Options::default()),
        "warning[unreadable]: 2 notes\n  a: permission denied\n  b: is a loop\n\n\
         careen: no findings in 2 files; the analysis is incomplete, see the warnings above\n"
    );
}

#[test]
fn many_notes_stay_few_lines() {
    let mut report = empty();
    report.notes = (0..500)
        .map(|number| Note::about(NoteKind::Syntax, "a", format!("problem {number}")))
        .collect();
    let shown = text(&report, &Options::default());
    assert!(shown.lines().count() < 10, "{shown}");
    assert!(shown.contains("note[syntax]: 500 notes\n  a: problem 0\n"));
    assert!(shown.contains("  and 495 more\n"));
}

#[test]
fn positions_are_those_of_the_file() {
    // The snippet was cut before the place: column 3 of what is shown is column 4003 of the file.
    let mut report = empty();
    let mut cut = finding(0, "min.json", "…,1", "1");
    cut.region.start.column += 4_000;
    report.findings = vec![cut];
    assert!(text(&report, &Options::default()).contains(" --> min.json:1:4003\n"));
}

#[test]
fn prose_keeps_to_the_width() {
    let expected = "\
high[memory-limit-missing]: container `web` in Deployment
                            `shop/web` has no memory limit
medium[cpu-request-missing]: container `web` in Deployment
                             `shop/web` has no CPU request
 --> deploy/web.yaml:7:13
  |
7 |     - name: web # schön 🚢
  |             ^^^^^^^^^^^^^^
  |
  = help: memory-limit-missing: Set
          `resources.limits.memory`.
  = help: cpu-request-missing: Set `resources.requests.cpu`.
  = fix: set a memory limit (--unsafe-fixes)
";
    let options = Options { width: Some(60), ..Options::default() };
    let mut report = usual();
    let object = report.findings[0].object.clone();
    report.findings.truncate(2);
    report.findings[1].object = object;
    let narrow = text(&report, &options);
    assert!(narrow.starts_with(expected), "{narrow}");
}

#[test]
fn signs_are_those_that_fonts_have() {
    let mut report = usual();
    report.findings[2].related[1].snippet.text = "⸬  ".to_owned();
    for color in [false, true] {
        let shown = text(&report, &Options { unicode: true, color, ..Options::default() });
        assert!(shown.contains("├▸ "), "{shown}");
        assert_eq!(shown.matches('⸬').count(), 1, "a file keeps its own: {shown}");
    }
}

#[test]
fn fixes_are_counted_once() {
    let with = |safe: bool, risky: bool| {
        let mut report = usual();
        let mut fix = report.findings[1].fix.take().unwrap();
        report.findings[1].fix = risky.then(|| fix.clone());
        fix.safety = Safety::Safe;
        report.findings[0].fix = safe.then_some(fix);
        let shown = text(&report, &Options::default());
        shown.lines().find(|line| line.starts_with("fixes: ")).map(str::to_owned)
    };
    assert_eq!(with(false, false), None);
    assert_eq!(with(true, false).unwrap(), "fixes: `--fix` mends 1 finding");
    let both = "fixes: `--fix` mends 1 finding, `--unsafe-fixes` with it 1 more; look first, \
                behaviour may change";
    assert_eq!(with(true, true).unwrap(), both);
}

#[test]
fn hostile_text_has_no_power() {
    for unicode in [false, true] {
        let options = Options { unicode, show_suppressed: true, ..Options::default() };
        let shown = text(&hostile(), &options);
        let bad = |character: char| {
            (character.is_control() && character != '\n') || character == '\u{202e}'
        };
        assert!(!shown.contains(bad), "{shown:?}");
        assert!(shown.contains("\\u{1b}]0;pwned\\u{7}"));
        assert!(
            !shown.lines().any(|line| line.starts_with("\"<b>")),
            "a path broke out of its line"
        );
    }
}

#[test]
fn colours_and_links_are_ours_alone() {
    let options = Options { color: true, hyperlinks: true, ..Options::default() };
    let shown = text(&hostile(), &options);
    assert!(shown.contains("\u{1b}]8;;https://"));
    // Every escape is a style (`ESC [ … m`), or opens or closes a link (`ESC ] 8 ; ; … ESC \`).
    for after in shown.split('\u{1b}').skip(1) {
        let style = after.strip_prefix('[').and_then(|rest| rest.split_once('m')).is_some_and(
            |(codes, _)| codes.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'),
        );
        let link = after.starts_with("]8;;") || after.starts_with('\\');
        assert!(style || link, "{after:?}");
    }
    let plain = text(&usual(), &Options::default());
    assert!(!plain.contains('\u{1b}'));
}

proptest! {
    #[test]
    fn any_snippet_can_be_shown(
        body in "([a ü🚢\t\r\n\u{1b}\u{202e}\u{300}\u{200d}]|\\PC){0,60}",
        other in any::<String>(),
        (start, end, first) in (0usize..80, 0usize..80, any::<u32>()),
        width in proptest::option::of(0usize..200),
        unicode in any::<bool>(),
    ) {
        let mut report = empty();
        let mut odd = finding(0, "a", "b: 1", "1");
        odd.snippet = Snippet { first_line: first, text: body.clone(), start, end };
        let mut same = related("a", "b: 1", "1", &other);
        same.snippet = Snippet { first_line: first, text: body, start: end, end: start };
        odd.message = other;
        odd.related = vec![same.clone(), related("b", "b: 1", "b", ""), same];
        report.findings = vec![odd];
        let shown = text(&report, &Options { width, unicode, ..Options::default() });
        prop_assert!(!shown.contains(|character: char| character.is_control() && character != '\n'));
    }
}

#[test]
fn many_findings_are_grouped_by_rule() {
    let mut report = empty();
    for number in 0..250 {
        let mut finding = usual().findings.swap_remove(0);
        finding.path = format!("deploy/{:03}.yaml", number / 2).into();
        report.findings.push(finding);
    }
    let grouped = text(&report, &Options::default());
    assert!(grouped.lines().count() < 30, "{grouped}");
    assert!(grouped.contains("250 findings in 125 files; also\n  deploy/000.yaml:"), "{grouped}");
    assert!(grouped.contains("  and 241 more\n"), "{grouped}");
    assert!(grouped.contains("--full"), "{grouped}");
    let full = text(&report, &Options { full: true, ..Options::default() });
    assert!(full.lines().count() > 1000, "{}", full.lines().count());
}

#[test]
fn a_history_is_told_with_each_finding() {
    let mut report = empty();
    let mut gone = finding(0, "a.env", "A=1\n", "1");
    gone.history = Some(Box::new(history()));
    let mut here = finding(1, "a.env", "A=1\n", "1");
    here.history = Some(Box::new(History { in_head: true, ..history() }));
    report.findings = vec![gone, here];
    (report.summary.commits, report.summary.files) = (12, 345);
    let shown = text(&report, &Options::default());
    let note = "  = note: in commit 1a2b3c4d of 2024-03-01,";
    assert!(shown.contains(&format!("{note} no longer in HEAD\n")), "{shown}");
    assert!(shown.contains(&format!("{note} still in HEAD\n")), "{shown}");
    assert!(
        shown.ends_with(" in 1 file; 345 versions of files in 12 commits searched\n"),
        "{shown}"
    );
    report.findings.clear();
    let line = last_line(&report, &Options::default());
    assert_eq!(line, "careen: no findings; 345 versions of files in 12 commits searched");
}
