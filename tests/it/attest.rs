//! `careen sign-off` and `careen waive`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::harness::{Run, careen, folder, run};
use crate::signing::{allowing, make_key};

const SIGN_OFF: &str = ".careen/sign-offs/migrations-tested/dba.yaml";
const WAIVER: &str = ".careen/waivers/autoscaling.yaml";

/// A folder to audit, and beside it a key of a person; none where `ssh-keygen` is missing.
struct Desk {
    home: TempDir,
}

impl Desk {
    fn open() -> Option<Self> {
        let home = folder(&[("work/perf/k6.json", b"{}\n"), ("work/.careen/notes.md", b"ours\n")]);
        let desk = Self { home };
        make_key(&desk.key()).then_some(desk)
    }

    fn key(&self) -> PathBuf {
        self.home.path().join("key")
    }

    fn work(&self) -> PathBuf {
        self.home.path().join("work")
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.work().join(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.work().join(path)).unwrap()
    }

    /// Lets the key sign for these principals.
    fn allow(&self, principals: &str) {
        self.write(".careen/allowed_signers", &allowing(principals, &self.key()));
    }

    fn run(&self, words: &str, more: &[&str]) -> Run {
        let words: Vec<_> = words.split_whitespace().chain(more.iter().copied()).collect();
        run(&self.work(), &words)
    }

    fn sign_off(&self, more: &[&str]) -> Run {
        let key = self.key();
        let words = "sign-off migrations-tested --role dba --by dba@example.com --key";
        self.run(words, &[&[key.to_str().unwrap()], more].concat())
    }

    /// Whether the command in the first line of a file says that the signature is good.
    fn verifies(&self, path: &str) -> bool {
        let text = self.read(path);
        let command = text.lines().next().unwrap().strip_prefix("# Verify: ").unwrap();
        let output =
            Command::new("sh").args(["-c", command]).current_dir(self.work()).output().unwrap();
        output.status.success()
    }

    /// Names below `.careen`, without what a test put there.
    fn written(&self) -> Vec<String> {
        let root = self.work().join(".careen");
        let mut found = files(&root);
        found.retain(|path| path.contains('/'));
        found
    }
}

fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_person_signs() {
    let Some(desk) = Desk::open() else { return };
    desk.allow("dba@example.com");
    desk.write(".careen/roles.yaml", "roles:\n  dba: [dba@example.com]\n");
    let ran = desk.sign_off(&["--for", "90d", "--evidence", "perf/k6.json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let told = format!("{SIGN_OFF}: signed by dba@example.com with the key SHA256:");
    assert!(ran.stdout.starts_with(&told), "{}", ran.stdout);
    let text = desk.read(SIGN_OFF);
    let (_, text) = text.split_once('\n').unwrap();
    let of_content = |line: &&str| line.starts_with("tree: \"sha256:");
    assert_eq!(text.lines().filter(of_content).count(), 1, "{text}");
    let rest = text.split_inclusive('\n').filter(|line| !of_content(line)).collect::<String>();
    assert_eq!(
        rest,
        "careen: sign-off/1\n\
         control: migrations-tested\n\
         statement: \"Database migrations were tested and can be undone\"\n\
         approved: true\n\
         role: dba\n\
         by: dba@example.com\n\
         at: 2026-12-01T00:00:00Z\n\
         expires: 2027-03-01\n\
         evidence:\n\
         - file: \"perf/k6.json\"\n  sha256: \"ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356\"\n"
    );
    assert!(desk.verifies(SIGN_OFF));
    let names =
        ["sign-offs/migrations-tested/dba.yaml", "sign-offs/migrations-tested/dba.yaml.sig"];
    assert_eq!(desk.written(), names);

    // Once more only if asked to, and then all is new.
    let ran = desk.sign_off(&[]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("dba.yaml is there already: `--force` replaces it"),
        "{}",
        ran.stderr
    );
    let ran = desk.sign_off(&[
        "--force",
        "--reject",
        "--statement",
        "No way back for 0042.",
        "--expires",
        "2026-12-31",
        "--at",
        "2026-11-25T10:00:00Z",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = desk.read(SIGN_OFF);
    for line in [
        "statement: \"No way back for 0042.\"",
        "approved: false",
        "at: 2026-11-25T10:00:00Z",
        "expires: 2026-12-31",
    ] {
        assert!(text.lines().any(|have| have == line), "{line}: {text}");
    }
    assert!(desk.verifies(SIGN_OFF));
    let twice = [desk.read(&format!("{SIGN_OFF}.sig")), {
        desk.sign_off(&[
            "--force",
            "--reject",
            "--statement",
            "No way back for 0042.",
            "--expires",
            "2026-12-31",
            "--at",
            "2026-11-25T10:00:00Z",
        ]);
        desk.read(&format!("{SIGN_OFF}.sig"))
    }];
    assert_eq!(twice[0], twice[1]);
    // An unsigned one in its place has no signature of the old one beside it.
    let ran = desk
        .run("sign-off migrations-tested --role dba --by dba@example.com --unsigned --force", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(desk.written(), names[..1]);
}

#[test]
fn who_may_not_is_told_so() {
    let Some(desk) = Desk::open() else { return };
    let ran = desk.sign_off(&[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("signed, but an audit refuses it: nobody may sign"),
        "{}",
        ran.stdout
    );
    let line =
        ran.stderr.lines().find(|line| line.starts_with("dba@example.com namespaces=")).unwrap();
    desk.write(".careen/allowed_signers", &format!("{line}\n"));
    assert_eq!(desk.sign_off(&["--force"]).code, 0);
    assert!(desk.verifies(SIGN_OFF));

    desk.allow("bob@example.com");
    let ran = desk.sign_off(&["--force"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("may not sign for `dba@example.com`: .careen/allowed_signers:1 gives it to bob@example.com"), "{}", ran.stdout);

    // Signers that stand elsewhere count alone.
    let elsewhere = desk.home.path().join("signers");
    fs::copy(desk.work().join(".careen/allowed_signers"), &elsewhere).unwrap();
    desk.allow("dba@example.com");
    let ran = desk.sign_off(&["--force", "--signers", elsewhere.to_str().unwrap()]);
    assert_eq!(ran.code, 1);

    // A role that is somebody else's is told before anything is signed.
    fs::remove_dir_all(desk.work().join(".careen/sign-offs")).unwrap();
    desk.write(".careen/roles.yaml", "roles:\n  dba: [bob@example.com]\n  dbas: x\n");
    let ran = desk.sign_off(&[]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("warning: .careen/roles.yaml:3:9: `dbas` is a list of principals"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("nothing is written: `dba@example.com` may not sign as `dba`"),
        "{}",
        ran.stderr
    );
    assert_eq!(desk.written(), [""; 0]);
}

#[test]
fn without_a_hand_that_signs_nothing_is_written() {
    let Some(desk) = Desk::open() else { return };
    let words = ["sign-off", "migrations-tested", "--role", "dba", "--by", "dba@example.com"];
    let key = desk.key();
    let output =
        careen(&desk.work()).args(words).arg("--key").arg(&key).env("PATH", "").output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("ssh-keygen is not there: install OpenSSH"), "{told}");
    assert!(
        told.contains(&format!("run `ssh-keygen -Y sign -n careen -f KEY {SIGN_OFF}` there")),
        "{told}"
    );
    for (key, expected) in [
        ("--key=-Oprint", "`-Oprint` looks like an option: name the key as ./-Oprint"),
        ("--key=nowhere", "cannot read the key nowhere"),
        ("--key=perf/k6.json", "ssh-keygen did not sign with perf/k6.json"),
    ] {
        let ran = run(&desk.work(), &[&words[..], &[key]].concat());
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
        assert_eq!(desk.written(), [""; 0]);
    }
    let ran = run(&desk.work(), &words);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--key <FILE>|--unsigned"), "{}", ran.stderr);
}

#[test]
fn unsigned_is_written_with_the_way_to_sign() {
    let work = folder(&[("a/x", b"")]);
    let words = |text: &'static str| text.split_whitespace().collect::<Vec<_>>();
    let with = |more: &[&str]| {
        let all = words("sign-off line-12 --role qa --by q@example.com --unsigned --in a");
        run(work.path(), &[&all[..], more].concat())
    };
    let ran = with(&[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("`--statement TEXT` says what is stated"), "{}", ran.stderr);
    let ran = with(&["--statement", "We \"looked\"\u{202e}."]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(
        ran.stdout,
        ".careen/sign-offs/line-12/qa.yaml: written, unsigned: it counts as claimed only\n\
         to sign it, in a: ssh-keygen -Y sign -n careen -f KEY .careen/sign-offs/line-12/qa.yaml\n"
    );
    let text = fs::read_to_string(work.path().join("a/.careen/sign-offs/line-12/qa.yaml")).unwrap();
    assert!(text.contains("statement: \"We \\\"looked\\\"\\U0000202E.\"\n"), "{text}");
    assert!(!text.contains("expires") && !text.contains("evidence"), "{text}");

    for (command, expected) in [
        (
            "sign-off migration-tested --role a --by a@b --unsigned",
            "no control is called `migration-tested` (did you mean `migrations-tested`?): `--own-control`",
        ),
        ("sign-off ../x --role a --by a@b --unsigned", "`../x` is no control"),
        ("sign-off tests-pass --role A --by a@b --unsigned", "`--role A` is no role"),
        ("sign-off tests-pass --role a --by *@b --unsigned", "`--by *@b` is no address"),
        ("sign-off tests-pass --role a --by a@b --unsigned --in nowhere", "nowhere is no folder"),
        (
            "sign-off tests-pass --role a --by a@b --unsigned --statement= ",
            "`statement` is empty: write it down",
        ),
        (
            "sign-off tests-pass --role a --by a@b --unsigned --for 90",
            "write a number of days from 1d to 3653d",
        ),
        (
            "sign-off tests-pass --role a --by a@b --unsigned --for 9d --expires 2027-01-01",
            "cannot be used with",
        ),
        (
            "sign-off tests-pass --role a --by a@b --unsigned --expires 2026-11-30",
            "nothing is written: `expires` is 2026-11-30, which is over",
        ),
        (
            "sign-off tests-pass --role a --by a@b --unsigned --evidence ..",
            ".. is not in .: evidence stands in the audited folder",
        ),
        ("sign-off tests-pass --role a --by a@b --unsigned --evidence b", "cannot read b"),
        ("sign-off tests-pass --role a --by a@b --unsigned --signers b", "b is not there"),
    ] {
        let ran = run(work.path(), &words(command));
        assert_eq!(ran.code, 2, "{command}: {}", ran.stdout);
        assert!(ran.stderr.contains(expected), "{command}: {}", ran.stderr);
        assert!(!work.path().join(".careen").exists(), "{command}");
    }
    let own = "sign-off our-own --role a --by a@b --unsigned --own-control --statement Yes";
    assert_eq!(run(work.path(), &words(own)).code, 0);
}

#[test]
fn somebody_answers_for_going_without() {
    let Some(desk) = Desk::open() else { return };
    desk.allow("cto@example.com");
    let key = desk.key();
    let key = ["--key", key.to_str().unwrap()];
    let said = [
        "--owner",
        "cto@example.com",
        "--reason",
        "One node until the move.",
        "--compensating",
        "On call scales by hand.",
    ];
    let waive = |more: &[&str]| desk.run("waive autoscaling", &[&said[..], more].concat());
    let ran = waive(&[&key[..], &["--expires", "2027-01-31"]].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.starts_with(&format!("{WAIVER}: signed by cto@example.com")),
        "{}",
        ran.stdout
    );
    let text = desk.read(WAIVER);
    let (_, text) = text.split_once('\n').unwrap();
    assert_eq!(
        text,
        "careen: waiver/1\n\
         control: autoscaling\n\
         owner: cto@example.com\n\
         reason: \"One node until the move.\"\n\
         compensating: \"On call scales by hand.\"\n\
         at: 2026-12-01T00:00:00Z\n\
         expires: 2027-01-31\n"
    );
    assert!(desk.verifies(WAIVER));
    let ran = waive(&["--unsigned", "--expires", "2027-01-31"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("autoscaling.yaml is there already"), "{}", ran.stderr);
    let ran = waive(&["--unsigned", "--force", "--expires", "2027-12-03"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("a waiver lasts 366 days at most: let it end on 2027-12-02"),
        "{}",
        ran.stderr
    );
    assert!(desk.verifies(WAIVER), "nothing was written");
    let ran = desk.run(
        "waive autoscaling --unsigned --force --expires 2027-01-31 --owner us --compensating x",
        &["--reason", " "],
    );
    assert!(
        ran.stderr.contains("nothing is written: `reason` is empty: write it down"),
        "{}",
        ran.stderr
    );
    let ran =
        desk.run("waive autoscaling --unsigned --expires 2027-01-31 --owner us --reason x", &[]);
    assert!(ran.stderr.contains("--compensating"), "{}", ran.stderr);
    desk.write(".careen/roles.yaml", "roles:\n  waiver: [ceo@example.com]\n");
    let ran = waive(&[&key[..], &["--force", "--expires", "2027-01-31"]].concat());
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("`cto@example.com` may not sign as `waiver`"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_links() {
    let work = folder(&[("elsewhere/x", b""), ("work/x", b"")]);
    std::os::unix::fs::symlink("../elsewhere", work.path().join("work/.careen")).unwrap();
    let words = "sign-off tests-pass --role a --by a@example.com --unsigned --force --in work";
    let ran = run(work.path(), &words.split_whitespace().collect::<Vec<_>>());
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("work/.careen is a link: nothing is written through links"),
        "{}",
        ran.stderr
    );
    assert_eq!(files(&work.path().join("elsewhere")), ["x"]);
}
