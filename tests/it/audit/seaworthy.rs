//! The fixture that is GO: its records and signatures, made again after it was changed.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{audit, copy_of};
use crate::harness::{careen, copy_folder, root};

/// Who signs what as what, and for how many days.
const WORDS: [(&str, &str, &str); 15] = [
    ("caching-configured", "development", "jonas"),
    ("code-reviewed", "development", "jonas"),
    ("credential-rotation", "security", "ines"),
    ("image-signed", "security", "ines"),
    ("log-masking", "security", "ines"),
    ("pii-compliance", "privacy", "ines"),
    ("previous-version-tagged", "operations", "mara"),
    ("query-review", "dba", "tomas"),
    ("release-communication", "product", "ruth"),
    ("rollback-rehearsed", "operations", "mara"),
    ("sign-off", "development", "jonas"),
    ("sign-off", "operations", "mara"),
    ("sign-off", "product", "ruth"),
    ("sign-off", "qa", "lea"),
    ("sign-off", "security", "ines"),
];
const PEOPLE: [&str; 6] = ["ines", "jonas", "lea", "mara", "ruth", "tomas"];
const REPORTS: [(&str, Option<&str>); 11] = [
    ("cluster.json", None),
    ("complexity.csv", None),
    ("coverage.lcov", None),
    ("data-integrity.xml", Some("data-integrity")),
    ("e2e.xml", Some("e2e")),
    ("image.trivy.json", None),
    ("integration.xml", Some("integration")),
    ("k6.json", None),
    ("lint.sarif", None),
    ("migrations.xml", Some("migrations")),
    ("unit.xml", Some("unit")),
];
/// When the fixture was signed: an hour and a half before the tests' clock.
const SIGNED: &str = "2026-11-30T22:30:00Z";
/// The same moment, half an hour earlier, in Unix seconds: when the reports were recorded.
const RECORDED: &str = "1796076000";

#[test]
fn seaworthy_is_go() {
    if std::env::var_os("CAREEN_UPDATE").is_some() {
        // Not where it lies: the commit of this repository is none of the fixture.
        let copy = copy_of("seaworthy");
        sign(copy.path());
        let own = root().join("fixtures/repos/seaworthy/.careen");
        fs::remove_dir_all(&own).unwrap();
        copy_folder(&copy.path().join(".careen"), &own);
    }
    let folder = copy_of("seaworthy");
    let run = audit(folder.path(), &[]);
    let report = run.json();
    let open: Vec<_> = report["controls"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["status"] != "pass")
        .map(|it| format!("{}: {} {}", it["id"], it["status"], it["reason"]))
        .collect();
    assert_eq!(open, [""; 0], "changed? CAREEN_UPDATE=1 signs it again");
    assert_eq!(report["verdict"]["line"], "GO");
    assert_eq!(report["unseen"].as_array().unwrap().len(), 0, "{}", report["unseen"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
}

/// Where it lies in this repository it says the same: a content is known by its digest.
#[test]
fn seaworthy_is_go_where_it_lies() {
    let run = audit(&root().join("fixtures/repos/seaworthy"), &[]);
    assert_eq!(run.json()["verdict"]["line"], "GO", "{}", run.stderr);
}

/// Records the reports and has everybody sign, with keys that are thrown away.
fn sign(folder: &Path) {
    let own = folder.join(".careen");
    let _ = fs::remove_file(own.join("evidence.yaml"));
    let _ = fs::remove_dir_all(own.join("sign-offs"));
    for (report, suite) in REPORTS {
        let mut command = careen(folder);
        command.env("SOURCE_DATE_EPOCH", RECORDED);
        command.args(["evidence", "add", &format!(".careen/evidence/{report}"), "--no-commit"]);
        if let Some(suite) = suite {
            command.args(["--suite", suite, "--environment", "staging"]);
        }
        succeed(&mut command);
    }
    let keys = tempfile::tempdir().unwrap();
    let mut allowed = String::from("# Who may sign for this repository.\n");
    for person in PEOPLE {
        let key = keys.path().join(person);
        let mut command = Command::new("ssh-keygen");
        command.args(["-q", "-t", "ed25519", "-N", "", "-C", person, "-f"]);
        succeed(command.arg(&key));
        let public = fs::read_to_string(key.with_extension("pub")).unwrap();
        let public: Vec<_> = public.split(' ').take(2).collect();
        let public = public.join(" ");
        allowed += &format!("{person}@harbor.example namespaces=\"careen\" {public}\n");
    }
    fs::write(own.join("allowed_signers"), allowed).unwrap();
    for (control, role, person) in WORDS {
        let by = format!("{person}@harbor.example");
        let key = keys.path().join(person);
        let mut command = careen(folder);
        command.args(["sign-off", control, "--role", role, "--by", &by, "--for", "60d"]);
        succeed(command.args(["--at", SIGNED, "--key"]).arg(key));
    }
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
