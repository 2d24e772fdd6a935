//! `careen evidence`: what is recorded, and what is no evidence.

use std::fs;

use tempfile::TempDir;

use crate::harness::{folder, run};

const JUNIT: &[u8] =
    b"<testsuites>\n<testsuite name=\"hull\" timestamp=\"2026-11-25T10:00:00Z\">\n\
    <testcase classname=\"hull\" name=\"floats\"/>\n</testsuite>\n</testsuites>\n";
const K6: &[u8] = br#"{"metrics": {"http_req_duration": {"p(99)": 212, "avg": 80},
    "http_req_failed": {"value": 0.0002, "passes": 1, "fails": 4999}, "http_reqs": {"count": 5000}}}"#;
const PROMETHEUS: &[u8] = br#"{"status": "success", "data": {"resultType": "vector", "result": [
    {"metric": {"job": "web"}, "value": [1795600800, "0.212"]}]}}"#;
const COMMIT: &str = "9fceb02d0ae598e95dc970b74767f19372d61af8";
const RECORDS: &str = ".careen/evidence.yaml";

fn reports() -> TempDir {
    folder(&[("out/junit.xml", JUNIT), ("out/k6.json", K6), ("out/p99.json", PROMETHEUS)])
}

fn records(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join(RECORDS)).unwrap_or_default()
}

#[test]
fn reports_are_recorded_and_listed() {
    let folder = reports();
    let add = ["evidence", "add", "out/junit.xml", "--suite", "unit", "--commit", COMMIT];
    let done = run(folder.path(), &add);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{}", done.stdout);
    let start = format!(
        "recorded out/junit.xml: junit, tests 1, failures 0, errors 0, skipped 0, commit {COMMIT}, sha256 "
    );
    assert!(done.stdout.starts_with(&start), "{}", done.stdout);
    let written = records(&folder);
    assert!(written.contains("- file: out/junit.xml\n  kind: junit\n  suite: unit\n"), "{written}");
    assert!(written.contains(&format!("  commit: {COMMIT}\n  sha256: ")), "{written}");

    // Again is the same, and a comment stays.
    let commented = written.replace("suite: unit\n", "suite: unit # fast\n");
    fs::write(folder.path().join(RECORDS), &commented).unwrap();
    assert_eq!(run(folder.path(), &add).code, 0);
    assert_eq!(records(&folder), commented);

    let add =
        ["evidence", "add", "out/p99.json", "--measure", "p99", "--unit", "seconds", "--no-commit"];
    assert_eq!(run(folder.path(), &add).code, 0);
    let list = run(folder.path(), &["evidence", "list"]);
    assert_eq!(list.code, 0, "{}", list.stderr);
    let lines: Vec<_> = list.stdout.lines().collect();
    let junit = format!(
        "out/junit.xml: junit, unit, tests 1, failures 0, errors 0, skipped 0, commit {COMMIT}, 2026-11-25T10:00:00Z"
    );
    assert_eq!(
        lines,
        [junit.as_str(), "out/p99.json: prometheus, p99 212 ms, 2026-11-25T10:00:00Z"]
    );
    let list = run(folder.path(), &["evidence", "list", "--format", "json"]).json();
    assert_eq!(list[0]["measures"]["tests"], 1.0);
    assert_eq!(list[0]["commit"], COMMIT);
    assert_eq!(list[1]["measures"]["p99"], 212.0);
    assert_eq!(list[1]["about"][0], "job=web");
}

#[test]
fn another_folder_can_be_named() {
    let folder = reports();
    let outer = folder.path().parent().unwrap();
    let name = folder.path().file_name().unwrap().to_str().unwrap();
    let file = format!("{name}/out/k6.json");
    let done = run(
        outer,
        &["evidence", "add", &file, "--in", name, "--produced-at", "2026-11-25T10:00:00Z"],
    );
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(records(&folder).contains("file: out/k6.json\n"), "{}", records(&folder));
    let list = run(outer, &["evidence", "list", name]);
    assert!(list.stdout.contains("p99 212 ms"), "{}", list.stdout);
}

#[test]
fn what_does_not_say_when_it_was_made_was_made_now() {
    let folder = reports();
    let done = run(folder.path(), &["evidence", "add", "out/k6.json"]);
    assert_eq!(done.code, 0);
    let written = records(&folder);
    assert!(written.contains("  produced-at: \"2026-12-01T00:00:00Z\"\n"), "{written}");
}

#[test]
fn what_is_no_report_is_refused_with_its_place_and_nothing_is_recorded() {
    let folder = reports();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("cut.xml", "<testsuite>\n<testcase name=\"a\">\n");
    write("page.html", "<!DOCTYPE html><html></html>");
    write("laughs.xml", "<!DOCTYPE a [\n<!ENTITY b \"c\">]>\n<testsuite name=\"&b;\"/>");
    fs::write(folder.path().parent().unwrap().join("careen-outside.xml"), JUNIT).unwrap();
    for (arguments, part) in [
        (vec!["cut.xml"], "cut.xml:3: ends before its elements do"),
        (vec!["out/junit.xml", "cut.xml"], "cut.xml:3:"),
        (vec!["page.html"], "name its format with `--kind`"),
        (vec!["page.html", "--kind", "junit"], "page.html:1: has a document type"),
        (vec!["laughs.xml"], "laughs.xml:1: declares entities"),
        (vec!["out/k6.json", "--kind", "junit"], "is no XML"),
        (vec!["out/p99.json"], "does not say what it measures"),
        (vec!["out/k6.json", "--measure", "p99"], "says itself what it measures"),
        (vec!["out/junit.xml", "--commit", "main"], "`commit` is no commit"),
        (vec!["out/junit.xml", "--suite", "a:b"], "`suite` is no name"),
        (vec!["out/junit.xml", "--produced-at", "2099-01-01T00:00:00Z"], "lies in the future"),
        (vec!["out/junit.xml", "--kind", "junitt"], "did you mean `junit`?"),
        (vec!["out/absent.xml"], "cannot read out/absent.xml"),
        (vec!["../careen-outside.xml"], "lies outside of the audited folder"),
    ] {
        let arguments = [&["evidence", "add"], arguments.as_slice()].concat();
        let done = run(folder.path(), &arguments);
        assert_eq!(done.code, 2, "{arguments:?}: {}", done.stdout);
        assert!(done.stderr.contains(part), "{arguments:?}: {}", done.stderr);
        assert_eq!(records(&folder), "", "{arguments:?}");
    }
}

#[test]
fn a_report_that_speaks_of_another_commit_is_refused() {
    let folder = reports();
    let text = format!(
        "<testsuite><properties><property name=\"git.commit\" value=\"{COMMIT}\"/></properties>\
         <testcase name=\"a\"/></testsuite>"
    );
    fs::write(folder.path().join("out/junit.xml"), text).unwrap();
    let other = "0".repeat(40);
    let done = run(folder.path(), &["evidence", "add", "out/junit.xml", "--commit", &other]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("says itself"), "{}", done.stderr);
    // Its own commit is recorded.
    assert_eq!(run(folder.path(), &["evidence", "add", "out/junit.xml"]).code, 0);
    assert!(records(&folder).contains(COMMIT), "{}", records(&folder));
}

#[test]
fn a_report_that_was_changed_or_went_is_no_evidence() {
    let folder = reports();
    let add = ["evidence", "add", "out/junit.xml", "out/k6.json", "--commit", COMMIT];
    assert_eq!(run(folder.path(), &add).code, 0);
    fs::write(folder.path().join("out/junit.xml"), [JUNIT, b"\n"].concat()).unwrap();
    fs::remove_file(folder.path().join("out/k6.json")).unwrap();
    let list = run(folder.path(), &["evidence", "list"]);
    assert_eq!(list.code, 1);
    let lines: Vec<_> = list.stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "error: out/junit.xml: was changed after it was recorded",
            "error: out/k6.json: is not there"
        ]
    );
    let list = run(folder.path(), &["evidence", "list", "--format", "json"]).json();
    assert_eq!(list[1]["error"], "out/k6.json: is not there");
}

#[test]
fn mistakes_in_the_records_have_their_lines_and_are_not_written_over() {
    let text = "evidence:\n- file: ../a.xml\n- file: b.xml\n  sha265: x\n";
    let folder = folder(&[(RECORDS, text.as_bytes()), ("out/junit.xml", JUNIT)]);
    for arguments in [&["evidence", "list"][..], &["evidence", "add", "out/junit.xml"]] {
        let done = run(folder.path(), arguments);
        assert_eq!(done.code, 2, "{arguments:?}");
        for line in [
            ".careen/evidence.yaml:2:9: `file` leaves the audited folder",
            ".careen/evidence.yaml:4:3: a record has no key `sha265` (did you mean `sha256`?)",
        ] {
            assert!(done.stderr.contains(line), "{arguments:?}: {}", done.stderr);
        }
    }
    assert_eq!(records(&folder), text);
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere() {
    use std::os::unix::fs::symlink;

    let outside = reports();
    let folder = folder(&[("a.txt", b"a")]);
    symlink(outside.path().join("out/junit.xml"), folder.path().join("junit.xml")).unwrap();
    let done = run(folder.path(), &["evidence", "add", "junit.xml"]);
    assert!(done.stderr.contains("lies outside"), "{}", done.stderr);
    fs::create_dir(folder.path().join(".careen")).unwrap();
    fs::write(folder.path().join(RECORDS), "evidence:\n- file: junit.xml\n").unwrap();
    let list = run(folder.path(), &["evidence", "list"]);
    assert_eq!(list.code, 1);
    assert!(list.stdout.contains("is a link out of the audited folder"), "{}", list.stdout);
    fs::remove_dir_all(folder.path().join(".careen")).unwrap();
    symlink(outside.path(), folder.path().join(".careen")).unwrap();
    fs::write(folder.path().join("own.xml"), JUNIT).unwrap();
    let done = run(folder.path(), &["evidence", "add", "own.xml"]);
    assert!(done.stderr.contains(".careen is a link"), "{}", done.stderr);
}
