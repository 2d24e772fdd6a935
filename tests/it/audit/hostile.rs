//! `careen audit` over reports and records that are bad: each is told with its place, the audit goes on,
//! and nothing counts as proof.

use std::fs;

use super::rig::{JUNIT, Judged, K6, Rig};

const TESTS: &str =
    "- [ ] Tests <!-- careen: evidence junit tests>=1 failures=0 errors=0 max-age=14d -->";
const LOAD: &str = "- [ ] Fast <!-- careen: load-tested -->";
const REPORT: &str = ".careen/evidence/report";
const RECORDS: &str = ".careen/evidence.yaml";

/// A rig with a report, and a record of it with these keys besides `file`.
fn recorded(line: &str, report: &str, keys: &str) -> Rig {
    let rig = Rig::of(line);
    rig.write(REPORT, report);
    let keys: String = keys.lines().map(|key| format!("  {key}\n")).collect();
    rig.write(RECORDS, &format!("evidence:\n- file: {REPORT}\n{keys}"));
    rig
}

/// The same, and the record speaks of what is there.
fn of_this(line: &str, report: &str, keys: &str) -> Rig {
    let tree = recorded(line, report, keys).tree();
    recorded(line, report, &format!("tree: {tree}\n{keys}"))
}

#[test]
fn a_good_report_proves_its_line() {
    let judged = of_this(TESTS, JUNIT, "kind: junit").judged();
    assert_eq!(judged.item(3), "pass: `report`: tests 1, failures 0, errors 0.");
    assert_eq!((judged.code, judged.told().as_slice()), (0, &[][..]));
    let judged = of_this(LOAD, K6, "kind: k6\nproduced-at: 2026-11-25T10:00:00Z").judged();
    assert!(judged.item(3).starts_with("pass: "), "{}", judged.item(3));
}

#[test]
fn what_cannot_be_read_proves_nothing() {
    let laughs = "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [\n<!ENTITY lol \"lol\">\n\
        <!ENTITY lol2 \"&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;\">\n]>\n\
        <testsuites><testsuite name=\"&lol2;\"><testcase name=\"x\"/></testsuite></testsuites>\n";
    let cut = JUNIT.replace("</testsuite>\n", "");
    let deep = format!("{}{}", "<testsuites>".repeat(5_000), "</testsuites>".repeat(5_000));
    for (line, report, kind, told) in [
        (TESTS, cut.as_str(), "junit", "report:4: is not valid XML: "),
        (TESTS, laughs, "junit", "report:2: declares entities, which are not expanded"),
        (TESTS, &deep, "junit", "report:1: "),
        (TESTS, "", "junit", "report: is empty"),
        (TESTS, K6, "junit", "report: is no XML, so it is not a JUnit report"),
        (LOAD, "{\"results\": [1, 2]}", "k6", "report:1: is JSON, but not a summary of k6"),
        (LOAD, JUNIT, "k6", "report"),
        (LOAD, "{\"metrics\": {}}", "k6", "report"),
        (LOAD, "\u{feff}\u{0}\u{1b}[2J", "k6", "report"),
    ] {
        let judged = of_this(line, report, &format!("kind: {kind}")).judged();
        let expected = format!("not-run: `{REPORT}` cannot be read: ");
        judged.assert_open(&expected, &[&format!(".careen/evidence/{told}")]);
        assert!(judged.list("evidence")[0]["refused"].is_string());
    }
}

#[test]
fn no_failure_among_no_tests_is_no_proof() {
    let line = "- [ ] Tests <!-- careen: evidence junit failures=0 -->";
    for report in ["<testsuites/>", "<testsuite name=\"a\" tests=\"0\"/>"] {
        let judged = of_this(line, report, "kind: junit").judged();
        judged.assert_open("not-run: `.careen/evidence/report` holds no test.", &[]);
        let asked = line.replace("failures", "tests>=1 failures");
        let judged = of_this(&asked, report, "kind: junit").judged();
        judged.assert_open("fail: `.careen/evidence/report`: `tests` is 0", &[]);
    }
}

#[test]
fn json_of_another_tool_under_the_right_name_is_no_report() {
    let line = "- [ ] Fast <!-- careen: evidence k6 file=.careen/evidence/k6.json p99<=500ms -->";
    let rig = Rig::of(line);
    rig.write(".careen/evidence/k6.json", "{\"p99\": 1, \"error-rate\": 0}\n");
    let judged = rig.judged();
    judged.assert_open(
        "not-run: `.careen/evidence/k6.json` cannot be read: is no report of a known format.",
        &[],
    );
    assert_eq!(judged.list("evidence")[0]["refused"], "It is no report of a known format.");
    // Recorded, it was meant to be something.
    rig.write(RECORDS, "evidence:\n- file: .careen/evidence/k6.json\n");
    rig.judged().assert_open("not-run: ", &["k6.json: was recorded as evidence and is no report"]);
    rig.write(RECORDS, "evidence:\n- file: .careen/evidence/k6.json\n  kind: k6\n");
    rig.judged().assert_open("not-run: ", &["k6.json:1: is JSON, but not a summary of k6"]);
}

#[test]
fn a_huge_report_is_told_and_not_read() {
    let rig = recorded(TESTS, "", "kind: junit");
    let file = fs::File::create(rig.work().join(REPORT)).unwrap();
    file.set_len(500 << 20).unwrap();
    let judged = rig.judged();
    judged.assert_open("not-run: ", &["report: is larger than 64 MiB and was not read"]);
    assert_eq!(judged.list("evidence")[0]["size"], 500 << 20);
}

#[test]
fn what_speaks_of_something_else_is_stale() {
    let now = "tree: HERE";
    let other = format!("tree: \"sha256:{}\"", "0".repeat(64));
    let digest = format!("{now}\nsha256: \"{}\"", "0".repeat(64));
    let at = |time: &str| JUNIT.replace("2026-11-25T10:00:00Z", time);
    let undated = JUNIT.replace(" timestamp=\"2026-11-25T10:00:00Z\"", "");
    for (report, keys, expected) in [
        (JUNIT, other.as_str(), "stale: `.careen/evidence/report`: it speaks of another content"),
        (JUNIT, &digest, "fail: `.careen/evidence/report`: It is not the file that was recorded"),
        (&at("2026-11-10T00:00:00Z"), now, "stale: `.careen/evidence/report`: it is 21 days old"),
        (
            &at("2026-12-02T00:00:00Z"),
            now,
            "fail: `.careen/evidence/report`: It says to be made in the future",
        ),
        (
            &at("9999-12-02T00:00:00Z"),
            now,
            "fail: `.careen/evidence/report`: It says to be made in the future",
        ),
        (&undated, now, "stale: `.careen/evidence/report`: it does not say when it was made"),
        (
            &undated,
            "tree: HERE\nproduced-at: 2026-11-10T00:00:00Z",
            "stale: `.careen/evidence/report`: it is 21 days",
        ),
        // The earlier of two times counts.
        (
            JUNIT,
            "tree: HERE\nproduced-at: 2026-11-10T00:00:00Z",
            "stale: `.careen/evidence/report`: it is 21 days",
        ),
        (
            JUNIT,
            "kind: junit",
            "stale: `.careen/evidence/report`: it does not say of which content it speaks",
        ),
    ] {
        let tree = recorded(TESTS, report, "kind: junit").tree();
        let rig = recorded(TESTS, report, &keys.replace("HERE", &tree));
        let judged = rig.judged();
        judged.assert_open(expected, &[]);
        let told = judged.list("evidence")[0]["refused"].is_string();
        let is_old = expected.contains("days") || expected.contains("when");
        assert!(told || is_old, "{expected}: {}", judged.list("evidence")[0]);
    }
}

#[test]
fn a_report_of_another_commit_is_stale() {
    let rig = recorded(TESTS, JUNIT, "commit: 9fceb02d0ae598e95dc970b74767f19372d61af8");
    rig.judged().assert_open(
        "stale: `.careen/evidence/report`: it speaks of commit 9fceb02d0ae5, and there is no repository",
        &[],
    );
    if !rig.commit("11-20") {
        return;
    }
    rig.judged().assert_open(
        "stale: `.careen/evidence/report`: it speaks of commit 9fceb02d0ae5, which holds something else",
        &[],
    );
    // Neither what was made before the commit, nor of a state that is no commit.
    rig.write(RECORDS, "evidence: []\n");
    assert!(rig.judged().item(3).starts_with("pass: "));
    rig.write("deploy/new.yaml", "a: b\n");
    rig.judged()
        .assert_open("stale: `.careen/evidence/report`: it does not say which content", &[]);
    let rig = recorded(TESTS, JUNIT, "kind: junit");
    assert!(rig.commit("11-26"));
    rig.judged().assert_open("stale: `.careen/evidence/report`: it is older than the commit", &[]);
}

#[test]
fn records_that_are_wrong_are_told_with_their_line() {
    let rig = Rig::of(TESTS);
    fs::write(rig.home.path().join("out.xml"), JUNIT).unwrap();
    rig.write(
        RECORDS,
        "evidence:\n- file: ../out.xml\n- file: /etc/hostname\n- file: a/../../out.xml\n\
         - file: out/none.xml\n- file: x.xml\n  kind: junitt\n- file: y.xml\n  shasum: 0\n\
         - file: out/none.xml\n- kind: junit\n- file: 'C:\\out.xml'\n- 12\n",
    );
    let judged = rig.judged();
    judged.assert_open(
        "not-run: There is no report of junit.",
        &[
            ".careen/evidence.yaml:2: ",
            ".careen/evidence.yaml:3: ",
            ".careen/evidence.yaml:4: ",
            ".careen/evidence.yaml:5: `out/none.xml` was recorded and is not there",
            "(did you mean `junit`?)",
            ".careen/evidence.yaml:9: ",
            ".careen/evidence.yaml:10: ",
            ".careen/evidence.yaml:11: ",
            ".careen/evidence.yaml:13: ",
        ],
    );
    assert_eq!(judged.list("evidence").len(), 0);
    for broken in ["evidence: [\n", "- a\n", "evidence: &a [*a]\n", "a: b\n", "\u{0}\u{1}"] {
        rig.write(RECORDS, broken);
        rig.judged().assert_open("not-run: ", &[".careen/evidence.yaml:1: "]);
    }
}

/// Else a record would be a way to change what people signed for.
#[test]
fn a_record_takes_no_manifest_out_of_what_is_judged() {
    let rig = Rig::of(TESTS);
    let before = rig.tree();
    for kind in ["", "  kind: junit\n", "  kind: kubectl\n"] {
        rig.write(RECORDS, &format!("evidence:\n- file: deploy/map.yaml\n{kind}"));
        assert_eq!(rig.tree(), before);
    }
    rig.write("deploy/map.yaml", &rig.read("deploy/map.yaml").replace("a: b", "a: c"));
    assert_ne!(rig.tree(), before);
}

#[cfg(unix)]
#[test]
fn links_are_told_and_not_followed() {
    use std::os::unix::fs::symlink;

    fn open(rig: &Rig, told: &[&str]) {
        let judged: Judged = rig.judged();
        judged.assert_open("not-run: There is no report of junit.", told);
        assert_eq!(judged.list("evidence").len(), 0);
    }

    let outside = |rig: &Rig| {
        let outside = rig.home.path().join("outside");
        fs::create_dir_all(outside.join("evidence")).unwrap();
        fs::write(outside.join("evidence/junit.xml"), JUNIT).unwrap();
        fs::write(outside.join("junit.xml"), JUNIT).unwrap();
        fs::write(outside.join("evidence.yaml"), "evidence:\n- file: x\n").unwrap();
        outside
    };
    let rig = Rig::of(TESTS);
    let elsewhere = outside(&rig);
    rig.write(".careen/evidence/notes.txt", "");
    fs::remove_file(rig.work().join(".careen/evidence/notes.txt")).unwrap();
    symlink(elsewhere.join("junit.xml"), rig.work().join(".careen/evidence/a.xml")).unwrap();
    symlink(&elsewhere, rig.work().join(".careen/evidence/b")).unwrap();
    symlink("nowhere", rig.work().join(".careen/evidence/c")).unwrap();
    symlink("..", rig.work().join(".careen/evidence/d")).unwrap();
    let told = ["a.xml", "b", "c", "d"].map(|name| format!(".careen/evidence/{name}: is a link"));
    open(&rig, &told.each_ref().map(String::as_str));

    // A way to a recorded report, the folder, the records.
    let rig = Rig::of(TESTS);
    let elsewhere = outside(&rig);
    symlink(&elsewhere, rig.work().join("out")).unwrap();
    rig.write(RECORDS, "evidence:\n- file: out/junit.xml\n- file: list.lnk\n");
    symlink("list.md", rig.work().join("list.lnk")).unwrap();
    open(
        &rig,
        &[
            ".careen/evidence.yaml:2: `out/junit.xml` was recorded, and `out` is a link",
            ".careen/evidence.yaml:3: `list.lnk` was recorded, and `list.lnk` is a link",
        ],
    );
    symlink(elsewhere.join("evidence"), rig.work().join(".careen/evidence")).unwrap();
    symlink(elsewhere.join("evidence"), rig.work().join(".careen/sign-offs")).unwrap();
    fs::remove_file(rig.work().join(RECORDS)).unwrap();
    symlink(elsewhere.join("evidence.yaml"), rig.work().join(RECORDS)).unwrap();
    open(
        &rig,
        &[
            ".careen/evidence: is a link",
            ".careen/sign-offs: is a link",
            ".careen/evidence.yaml: is a link",
        ],
    );

    let rig = Rig::of(TESTS);
    symlink(outside(&rig), rig.work().join(".careen")).unwrap();
    open(&rig, &[".careen: is a link"]);

    // Roles that cannot be read would give every role to everybody.
    let rig = Rig::of(TESTS);
    rig.write(".careen/notes.md", "");
    symlink("nowhere", rig.work().join(".careen/roles.yaml")).unwrap();
    let run = rig.audit(&[]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains(".careen/roles.yaml is a link"), "{}", run.stderr);
}

#[test]
fn thousands_of_reports_are_one_answer() {
    let rig = Rig::of(TESTS);
    let tree = rig.tree();
    let mut records = "evidence:\n".to_owned();
    for at in 0..3_000 {
        rig.write(&format!(".careen/evidence/{at:04}.xml"), JUNIT);
        records += &format!("- file: .careen/evidence/{at:04}.xml\n  tree: {tree}\n");
    }
    rig.write(RECORDS, &records);
    let judged = rig.judged();
    assert!(judged.item(3).starts_with("pass: "), "{}", judged.item(3).len());
    assert_eq!((judged.code, judged.list("evidence").len()), (0, 3_000));
    // A single one that fails is found among them.
    let failed = JUNIT.replace("\"/>", "\"><failure message=\"sank\"/></testcase>");
    rig.write(".careen/evidence/1234.xml", &failed);
    rig.judged().assert_open("fail: `.careen/evidence/1234.xml`: `failures` is 1", &[]);
}
