//! `careen audit` over sign-offs, waivers, checklists and configurations that are bad.

use std::fs;
use std::path::PathBuf;

use super::rig::{JUNIT, Judged, Rig};
use crate::harness::root;
use crate::signing::{allowing, make_key};

const SIGNED: &str = "- [ ] Indexes looked at <!-- careen: sign-off role=dba -->";
const FILE: &str = ".careen/sign-offs/line-3/dba.yaml";
const WAIVED: &str = "- [ ] Fast <!-- careen: load-tested -->";
const WAIVER: &str = ".careen/waivers/load-tested.yaml";

/// A rig and keys of people; none where `ssh-keygen` is missing.
struct Desk {
    rig: Rig,
}

impl Desk {
    fn open() -> Option<Self> {
        let desk = Self { rig: Rig::of(SIGNED) };
        if !make_key(&desk.key("alice")) || !make_key(&desk.key("bob")) {
            return None;
        }
        let lines =
            ["alice", "bob"].map(|who| allowing(&format!("{who}@example.com"), &desk.key(who)));
        desk.rig.write(".careen/allowed_signers", &lines.concat());
        Some(desk)
    }

    fn key(&self, who: &str) -> PathBuf {
        self.rig.home.path().join(who)
    }

    /// Signs for the line, at the tests' clock.
    fn sign(&self, who: &str, more: &[&str]) {
        let key = self.key(who);
        let by = format!("{who}@example.com");
        let words =
            ["sign-off", "line-3", "--role", "dba", "--by", &by, "--statement", "Looked at."];
        let key = ["--force", "--key", key.to_str().unwrap()];
        let run = self.rig.run(&[&words[..], &key, more].concat());
        assert!(matches!(run.code, 0 | 1), "{}", run.stderr);
    }

    fn at(&self, time: &str) -> Judged {
        let words = ["audit", "--checklist", "list.md", "--format", "json", "--at", time];
        Judged::of(&self.rig.run(&words))
    }
}

#[test]
fn only_a_word_that_holds_proves() {
    let Some(desk) = Desk::open() else { return };
    let rig = &desk.rig;
    desk.sign("alice", &["--expires", "2026-12-10"]);
    assert_eq!(rig.judged().item(3), "pass: Signed by alice@example.com as dba on 2026-12-01.");
    let expired = "stale: The word of alice@example.com as dba no longer holds: it ";
    desk.at("2026-12-20T00:00:00Z").assert_open(expired, &[]);
    let taken =
        |why: &str| format!("fail: The word of alice@example.com as dba cannot be taken: {why}");
    let ahead = taken("`at` is 2026-12-01T00:00:00Z, which lies ahead of 2026-11-01T00:00:00Z");
    desk.at("2026-11-01T00:00:00Z").assert_open(&ahead, &[]);

    // Over other content; and who signed something else signed nothing here.
    let good = rig.read(FILE);
    rig.write(FILE, &good.replace("Looked at.", "All of them!"));
    rig.judged().assert_open(&taken("the signature"), &[]);
    rig.write(FILE, &good.replace("approved: true", "approved: false"));
    rig.judged().assert_open(&taken("the signature"), &[]);
    rig.write(FILE, &good);
    let signature = rig.read(&format!("{FILE}.sig"));
    rig.write(&format!("{FILE}.sig"), "-----BEGIN SSH SIGNATURE-----\n\u{1b}[2J\n");
    rig.judged().assert_open(&taken(""), &[]);

    fs::remove_file(rig.work().join(format!("{FILE}.sig"))).unwrap();
    rig.judged().assert_open(
        "manual: alice@example.com as dba is claimed to have signed off, and no signature says so.",
        &[],
    );
    rig.write(&format!("{FILE}.sig"), &signature);
    fs::remove_file(rig.work().join(FILE)).unwrap();
    let lost = ".careen/sign-offs/line-3/dba.yaml.sig:1: signs";
    rig.judged().assert_open("manual: Nobody signed as dba.", &[lost]);
    rig.write(FILE, &good);

    let signers = rig.read(".careen/allowed_signers");
    rig.write(".careen/roles.yaml", "roles:\n  dba: [bob@example.com]\n");
    rig.judged().assert_open(&taken(""), &[]);
    rig.write(".careen/roles.yaml", "roles: [\n");
    rig.judged().assert_open(&taken(""), &[".careen/roles.yaml:1: "]);
    fs::remove_file(rig.work().join(".careen/roles.yaml")).unwrap();
    rig.write(".careen/allowed_signers", signers.lines().nth(1).unwrap());
    rig.judged().assert_open(&taken(""), &[]);
    rig.write(".careen/allowed_signers", "alice@example.com \u{1b}[31m nonsense\n");
    rig.judged().assert_open(&taken(""), &[".careen/allowed_signers:1: "]);
    fs::remove_file(rig.work().join(".careen/allowed_signers")).unwrap();
    rig.judged().assert_open(&taken(""), &[]);
    let run = rig.audit(&["--signers", "nowhere"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("nowhere is not there: it says who may sign"), "{}", run.stderr);

    // What was proven at first is proven again.
    rig.write(".careen/allowed_signers", &signers);
    assert!(rig.judged().item(3).starts_with("pass: "));
}

#[test]
fn two_who_disagree_prove_nothing() {
    let Some(desk) = Desk::open() else { return };
    let rig = &desk.rig;
    let beside = ".careen/sign-offs/line-3/dba.bob.yaml";
    desk.sign("bob", &["--reject"]);
    for end in ["", ".sig"] {
        rig.write(&format!("{beside}{end}"), &rig.read(&format!("{FILE}{end}")));
    }
    desk.sign("alice", &[]);
    rig.judged().assert_open("fail: The word of ", &[]);
    assert!(rig.judged().item(3).contains("must agree"), "{}", rig.judged().item(3));
    fs::remove_file(rig.work().join(FILE)).unwrap();
    rig.judged().assert_open("fail: bob@example.com as dba says no: Looked at.", &[]);
}

#[test]
fn words_about_nothing_are_told() {
    let rig = Rig::of(SIGNED);
    let sign_off = |control: &str| {
        format!(
            "careen: sign-off/1\ncontrol: {control}\nstatement: Yes\napproved: true\nrole: qa\n\
             by: a@example.com\nat: 2026-11-25T10:00:00Z\n"
        )
    };
    for control in ["test-pass", "line-4", "line-x"] {
        rig.write(&format!(".careen/sign-offs/{control}/qa.yaml"), &sign_off(control));
    }
    rig.write(".careen/sign-offs/line-3/qa.yaml", &sign_off("line-3").replace("by: ", "to: "));
    rig.write(".careen/sign-offs/tests-pass/dba.yaml", &sign_off("tests-pass"));
    rig.write(".careen/sign-offs/readme.txt", "Hello\n");
    rig.write(
        ".careen/waivers/load-test.yaml",
        "careen: waiver/1\ncontrol: load-test\nowner: c@example.com\nreason: No\ncompensating: Yes\n\
         at: 2026-11-25T10:00:00Z\nexpires: 2026-12-20\n",
    );
    let judged = rig.judged();
    judged.assert_open(
        "manual: Nobody signed as dba.",
        &[
            "test-pass/qa.yaml: no control is called `test-pass` (did you mean `tests-pass`?)",
            "line-4/qa.yaml: `line-4` is no line of the checklist that asks for something of its own",
            "line-x/qa.yaml: `line-x` is no line",
            ".careen/sign-offs/line-3/qa.yaml:6: ",
            ".careen/sign-offs/readme.txt:1: is not read",
            ".careen/waivers/load-test.yaml: no control is called `load-test` (did you mean `load-tested`?)",
        ],
    );
    let misplaced =
        judged.list("sign_offs").iter().find(|it| it["control"] == "tests-pass").unwrap();
    assert_eq!(misplaced["vouched"], "refused", "{misplaced}");
}

#[test]
fn a_waiver_holds_until_its_day_and_has_somebody_who_answers() {
    let rig = Rig::of(WAIVED);
    let text = "careen: waiver/1\ncontrol: load-tested\nowner: c@example.com\nreason: No time.\n\
        compensating: A canary.\nat: 2026-11-25T10:00:00Z\nexpires: 2026-12-20\n";
    rig.write(WAIVER, text);
    let judged = rig.judged();
    assert!(
        judged.item(3).starts_with("waived: Waived by c@example.com until "),
        "{}",
        judged.item(3)
    );
    assert_eq!((judged.code, &judged.audit["verdict"]["outcome"]), (0, &"go-with-waivers".into()));
    // Where somebody may sign, what nobody signed waives nothing.
    let signers = root().join("fixtures/repos/seaworthy/.careen/allowed_signers");
    rig.write(".careen/allowed_signers", &fs::read_to_string(signers).unwrap());
    rig.judged().assert_open("fail: There is no report of load. Its waiver is claimed, ", &[]);
    fs::remove_file(rig.work().join(".careen/allowed_signers")).unwrap();

    rig.write(WAIVER, &text.replace("2026-12-20", "2026-11-30"));
    rig.judged().assert_open("fail: There is no report of load. Its waiver ", &[]);
    for (key, line) in [("owner", 1), ("reason", 1), ("compensating", 1), ("expires", 1)] {
        let without = text.lines().filter(|line| !line.starts_with(key));
        rig.write(WAIVER, &without.map(|line| format!("{line}\n")).collect::<String>());
        let told = format!("{WAIVER}:{line}: a waiver needs `{key}`, and has none");
        rig.judged().assert_open("not-run: There is no report of load.", &[&told]);
    }
    for (from, to, told) in [
        ("c@example.com", "\"\"", ":3: "),
        ("2026-12-20", "soon", ":7: "),
        ("2026-12-20", "2026-12-20\nexpires: 2027-11-01", ":8: "),
        ("No time.", "&a [*a]", ":4: "),
        ("waiver/1", "waiver/2", ":1: "),
    ] {
        rig.write(WAIVER, &text.replace(from, to));
        rig.judged().assert_open("not-run: ", &[&format!("{WAIVER}{told}")]);
    }
    // Nobody answers for more than a year, and nobody waives in the future.
    for (from, to) in [("2026-12-20", "2029-12-20"), ("2026-11-25T10", "2026-12-05T10")] {
        rig.write(WAIVER, &text.replace(from, to));
        let judged = rig.judged();
        judged.assert_open("fail: There is no report of load. Its waiver cannot be taken: ", &[]);
    }
}

#[test]
fn lines_that_ask_for_nothing_sound_are_a_persons() {
    let rig = Rig::of(
        "- [x] Certificates <!-- careen: tls-vald -->\n- [ ]\n- [ ] \n\
         - [ ] Twice <!-- careen: docs-changelog, docs-changelog -->\n\
         - [ ] Twice more <!-- careen: docs-changelog --> <!-- careen: docs-changelog -->\n\
         - [ ] Measure <!-- careen: evidence junit failurs=0 -->\n\
         - [ ] Bound <!-- careen: evidence junit failures=none -->\n\
         - [ ] Age <!-- careen: evidence junit failures=0 max-age=14 -->\n\
         - [ ] Report <!-- careen: evidence junitt failures=0 -->\n\
         - [ ] Way out <!-- careen: evidence junit file=../x failures=0 -->\n\
         - [ ] Role <!-- careen: sign-off role=D*A -->\n\
         - [x] Nothing bound\n- [ ] By hand <!-- careen: manual -->\n\
         - [ ] Open <!-- careen: evidence junit failures=0\n",
    );
    rig.write(".careen/evidence/junit.xml", JUNIT);
    let judged = rig.judged();
    judged.assert_open(
        "manual: `tls-vald` is neither a control nor a rule (did you mean `tls-valid`?).",
        &[
            "list.md:4: the item has no words",
            "list.md:5: the item has no words",
            "list.md:6: the item is bound to `docs-changelog` twice: take one away",
            "list.md:7: the item is bound to `docs-changelog` twice: take one away",
            "list.md:8: no measure is called `failurs` (did you mean `failures`?)",
            "list.md:9: ",
            "list.md:10: ",
            "list.md:11: no report is called `junitt` (did you mean `junit`?)",
            "list.md:12: `../x` leads out",
            "list.md:13: `D*A` is no role",
        ],
    );
    for line in 8..=13 {
        let item = judged.item(line);
        assert!(item.starts_with("manual: Its binding cannot be taken: "), "{line}: {item}");
    }
    assert!(judged.item(14).starts_with("manual: Nothing decides it"), "{}", judged.item(14));
    assert_eq!(judged.item(15), "manual: The checklist says that a person must look at it.");
    assert!(judged.list("items").iter().all(|item| item["status"] != "pass"));
}

#[test]
fn a_list_without_items_is_no_audit() {
    for text in ["", "# List\n\nNothing.\n", "- [ ]\n", "    \n- a\n- b\n"] {
        let rig = Rig::of("");
        rig.write("list.md", text);
        let run = rig.audit(&[]);
        assert_eq!(run.code, 2, "{text}: {}", run.stdout);
        assert!(
            run.stderr.contains("list.md holds no items: an item is a line like"),
            "{}",
            run.stderr
        );
    }
    let rig = Rig::of(WAIVED);
    for (arguments, part) in [
        (["--checklist", "none.md"], "none.md"),
        (["--bindings", "none.yaml"], "none.yaml"),
        (["--compare", "none.json"], "none.json"),
        (["--compare", "list.md"], "list.md:1: is no JSON"),
        (["--compare", "deploy"], "deploy"),
        (["--since", "v9"], "is in no Git repository"),
        (["--output", "pdf=x"], "no format is called `pdf`"),
        (["--config", "none.yaml"], "none.yaml"),
        (["--at", "soon"], "soon"),
    ] {
        let words = ["audit", "--checklist", "list.md"];
        let words = if arguments[0] == "--checklist" { &words[..1] } else { &words[..] };
        let run = rig.run(&[words, &arguments[..]].concat());
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stdout);
        assert!(run.stderr.contains(part), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn a_configuration_that_means_nothing_is_told_with_its_place() {
    let rig = Rig::of(WAIVED);
    for (control, told) in [
        (
            "control: load-test",
            "careen.yaml:3:14: no control is called `load-test` (did you mean `load-tested`?)",
        ),
        ("control: load-tested\n    claims: [p9<=1s]", "careen.yaml:4:14: "),
        ("control: load-tested\n    claims: [p99<=fast]", "careen.yaml:4:14: "),
        ("control: load-tested\n    max-age: 14", "careen.yaml:4:14: "),
        ("control: load-tested\n    not-applicable: \"\"", "careen.yaml:4:21: "),
        ("control: load-tested\n    claim: x", "careen.yaml:4:5: "),
    ] {
        rig.write("careen.yaml", &format!("audit:\n  controls:\n  - {control}\n"));
        let run = rig.audit(&[]);
        assert_eq!(run.code, 2, "{control}: {}", run.stdout);
        assert!(run.stderr.contains(told), "{control}: {}", run.stderr);
    }
    rig.write(
        "careen.yaml",
        "audit:\n  controls:\n  - control: load-tested\n    not-applicable: Nobody uses it.\n",
    );
    let judged = rig.judged();
    // Nothing was proven.
    judged.assert_open("not-applicable: Nobody uses it.", &[]);
    assert_eq!(judged.audit["verdict"]["line"], "NO-GO: nothing was proven");
}

/// Whether a terminal, or who reads the file in one, is safe from a text.
fn is_tame(text: &str) -> bool {
    let is_wild = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    !text.contains(is_wild)
}

#[test]
fn no_name_and_no_value_reaches_a_terminal_raw() {
    let wild = "\\e[31m\\a\\u009b2J\\u202e";
    let raw = "\u{1b}[31m\u{7}\u{9b}2J\u{202e}";
    let rig = Rig::of(&format!(
        "- [ ] T{raw} <!-- careen: a{raw}b -->\n- [ ] W{raw} <!-- careen: load-tested -->\n\
         - [ ] J <!-- careen: evidence junit tests>=1 failures=0 -->\n\
         - [ ] S <!-- careen: sign-off role=qa -->\n\
         - [ ] G <!-- careen: evidence k6 file=\"{raw}\" p99<=1s -->"
    ));
    let failed = format!(
        "<testsuites><testsuite name=\"{raw}\"><testcase name=\"a&#x9b;&#x202e;\">\
         <failure message=\"m&#x9b;31m&#x202e;\"/></testcase></testsuite></testsuites>"
    );
    let failed: String = failed.chars().filter(|c| !matches!(c, '\u{1b}' | '\u{7}')).collect();
    rig.write(&format!(".careen/evidence/a{raw}.xml"), JUNIT);
    rig.write(".careen/evidence/b.xml", &failed);
    rig.write(".careen/evidence/c.xml", raw);
    rig.write(
        RECORDS,
        &format!(
            "evidence:\n- file: .careen/evidence/b.xml\n  kind: junit\n  tree: TREE\n\
             - file: z\n  suite: \"{wild}\"\n- file: \"x{wild}\"\n- file: y\n  kind: \"{wild}\"\n- \"{wild}\": 1\n\
             - file: .careen/evidence/c.xml\n  kind: junit\n"
        ),
    );
    let of = |control: &str, by: &str| {
        format!(
            "careen: sign-off/1\ncontrol: {control}\nstatement: \"{wild}\"\napproved: false\nrole: qa\n\
             by: \"{by}\"\nat: 2026-11-25T10:00:00Z\n"
        )
    };
    rig.write(".careen/sign-offs/line-6/qa.yaml", &of("line-6", "a@example.com"));
    rig.write(&format!(".careen/sign-offs/{raw}/qa.yaml"), &of("\\e", wild));
    rig.write(&format!(".careen/sign-offs/line-6/{raw}.yaml"), raw);
    rig.write(
        WAIVER,
        &format!(
            "careen: waiver/1\ncontrol: load-tested\nowner: \"c\\u202e\"\nreason: \"{wild}\"\n\
             compensating: \"{wild}\"\nat: 2026-11-25T10:00:00Z\nexpires: 2026-12-20\n"
        ),
    );
    rig.write(".careen/allowed_signers", &format!("{raw} {raw}\n"));
    rig.write(".careen/roles.yaml", &format!("roles:\n  \"{wild}\": [\"{wild}\"]\n"));
    let tree = rig.tree();
    rig.write(RECORDS, &rig.read(RECORDS).replace("TREE", &tree));
    let judged = rig.judged();
    assert!(judged.item(5).starts_with("fail: "), "{}", judged.item(5));
    assert!(judged.item(4).starts_with("waived: "), "{}", judged.item(4));
    for format in ["text", "markdown", "html", "json", "junit", "sarif", "oscal", "vsa"] {
        let run = rig.audit(&["--format", format]);
        assert_eq!(run.code, 1, "{format}: {}", run.stderr);
        for text in [&run.stdout, &run.stderr] {
            let bad = text.lines().find(|line| !is_tame(line));
            assert!(bad.is_none(), "{format}: {bad:?}");
        }
    }
    rig.write(RECORDS, &format!("evidence:\n- file: {raw}\n"));
    rig.write("careen.yaml", &format!("audit:\n  controls:\n  - control: \"{wild}\"\n"));
    let run = rig.audit(&[]);
    assert_eq!(run.code, 2);
    assert!(is_tame(&run.stderr), "{:?}", run.stderr);
}

const RECORDS: &str = ".careen/evidence.yaml";
