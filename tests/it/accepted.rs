//! What was accepted before: the baseline, other tools' files and comments; and one result per
//! secret.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::{POD, Run, folder, run};

/// A token that is broken here, so that no scanner takes it for one.
fn token() -> String {
    ["ghp_", "x7Kq2vTz9LmW4pRb", "8NcYs1DfGh3JkA0VtE5u"].concat()
}

const PASSWORD: &str = "q8Zt-vPw2kLm";

fn secrets(directory: &Path, more: &[&str]) -> Run {
    let arguments = ["check", "--format", "json", "--select", "secrets"];
    run(directory, &[&arguments[..], more].concat())
}

/// `path:line` of the related places.
fn related(finding: &Value) -> Vec<String> {
    let places = finding["related"].as_array().unwrap().iter();
    places.map(|place| format!("{}:{}", place["path"].as_str().unwrap(), place["line"])).collect()
}

#[test]
fn one_result_per_secret_with_its_places() {
    let plain = format!("db:\n  password: {PASSWORD}\n");
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\ndata:\n  password: \
                  cThadC12UHcya0xt\n";
    let folder = folder(&[
        ("a/app.yaml", plain.as_bytes()),
        ("b/secret.yaml", secret.as_bytes()),
        ("tests/app.yaml", plain.as_bytes()),
        ("z/app.yaml", format!("{plain}---\n{plain}").as_bytes()),
    ]);
    let run = secrets(folder.path(), &[]);
    let report = run.json();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(run.findings().len(), 1, "{:?}", run.findings());
    let finding = &findings[0];
    assert_eq!(finding["path"], "b/secret.yaml", "what knows more speaks for the names");
    assert_eq!(
        related(finding),
        ["a/app.yaml:2", "z/app.yaml:2", "z/app.yaml:5", "tests/app.yaml:2"]
    );
    assert!(finding["message"].as_str().unwrap().ends_with("(also in 4 other places)"));
    assert!(!run.stdout.contains(PASSWORD) && !run.stdout.contains("cThadC12"));
}

#[test]
fn a_lowered_severity_says_why_in_every_format() {
    let text = format!("password: {PASSWORD}\n");
    let folder = folder(&[("tests/app.yaml", text.as_bytes())]);
    let json = secrets(folder.path(), &[]).json();
    assert_eq!(json["findings"][0]["lowered"]["by"], 2, "{json:#}");
    for format in ["text", "sarif"] {
        let run = run(folder.path(), &["check", "--format", format, "--select", "secrets"]);
        assert!(run.stdout.contains("by its path the file is a test"), "{}", run.stdout);
    }
}

#[test]
fn words_of_other_scanners_hold_and_are_counted() {
    let lines: String = [
        "# gitleaks:allow",
        "# betterleaks:allow",
        "# trufflehog:ignore",
        "# kingfisher:ignore",
        "# pragma: allowlist secret",
        "# nosec",
        "# nosec B603",
        "# ggignore",
        "# secretlint-disable-line",
    ]
    .iter()
    .enumerate()
    .map(|(at, word)| format!("password_{at} = 'kR7vTq{at}wZ{at}x'  {word}\n"))
    .collect();
    let folder = folder(&[("app.py", lines.as_bytes())]);
    let run = secrets(folder.path(), &[]);
    assert_eq!(run.findings(), ["app.py:7:15 password-assigned"], "{}", run.stdout);
    let by = &run.json()["summary"]["suppressed_by"];
    assert_eq!(by["gitleaks:allow"], 1, "{by}");
    assert_eq!(by.as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>(), 8);
    // Nothing but secrets.
    let pod = POD.replace("name: web\n", "name: web # gitleaks:allow\n");
    let pods = crate::harness::folder(&[("pod.yaml", pod.as_bytes())]);
    assert!(crate::harness::check(pods.path()).findings().len() > 3);
}

#[test]
fn files_of_other_scanners_hold_unless_told_otherwise() {
    let token = token();
    let text = format!("password = '{PASSWORD}'\ntoken = '{token}'\n");
    for (name, content) in [
        (".gitleaks.toml", "[[allowlists]]\ndescription = 'old'\npaths = ['''^src/''']\n".into()),
        (".gitleaksignore", "src/app.py:generic-api-key:1\nsrc/app.py:github-pat:2\n".to_owned()),
        (
            ".secrets.baseline",
            // SHA-1 of the password, and a filter for the token.
            "{\"filters_used\": [{\"path\": \"detect_secrets.filters.regex.should_exclude_line\", \
             \"pattern\": [\"^token\"]}], \"results\": {\"src/app.py\": [{\"type\": \"Secret \
             Keyword\", \"hashed_secret\": \"PASSWORD_SHA1\"}]}}"
                .replace("PASSWORD_SHA1", &sha1(PASSWORD)),
        ),
    ] {
        let folder = folder(&[("src/app.py", text.as_bytes()), (name, content.as_bytes())]);
        let run = secrets(folder.path(), &[]);
        assert_eq!(run.findings(), Vec::<String>::new(), "{name}: {}", run.stdout);
        assert!(run.notes().iter().any(|note| note.contains("suppresses 2 findings")), "{name}");
        assert_eq!(run.json()["summary"]["suppressed_by"][name], 2);
        let run = secrets(folder.path(), &["--no-foreign"]);
        assert_eq!(run.findings().len(), 2, "{name}");
    }
    let broken = folder(&[("src/app.py", text.as_bytes()), (".gitleaks.toml", b"[[[")]);
    let run = secrets(broken.path(), &[]);
    assert_eq!((run.code, run.findings().len()), (1, 2));
    assert!(run.notes()[0].contains(".gitleaks.toml"), "{:?}", run.notes());
}

/// As detect-secrets has it. The test must not depend on the product's own.
fn sha1(text: &str) -> String {
    let mut words = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    let mut block = [0_u8; 64];
    block[..text.len()].copy_from_slice(text.as_bytes());
    block[text.len()] = 0x80;
    block[56..].copy_from_slice(&(text.len() as u64 * 8).to_be_bytes());
    let mut schedule: Vec<u32> =
        block.chunks(4).map(|it| u32::from_be_bytes(it.try_into().unwrap())).collect();
    for at in 16..80 {
        let mixed = schedule[at - 3] ^ schedule[at - 8] ^ schedule[at - 14] ^ schedule[at - 16];
        schedule.push(mixed.rotate_left(1));
    }
    let [mut a, mut b, mut c, mut d, mut e] = words;
    for (at, word) in schedule.iter().enumerate() {
        let (mixed, constant) = match at / 20 {
            0 => ((b & c) | (!b & d), 0x5a82_7999),
            1 => (b ^ c ^ d, 0x6ed9_eba1),
            2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
            _ => (b ^ c ^ d, 0xca62_c1d6_u32),
        };
        let next = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e);
        let next = next.wrapping_add(constant).wrapping_add(*word);
        (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
    }
    for (word, add) in words.iter_mut().zip([a, b, c, d, e]) {
        *word = word.wrapping_add(add);
    }
    words.iter().map(|word| format!("{word:08x}")).collect()
}

#[test]
fn a_baseline_holds_what_it_knows_and_nothing_else() {
    let secret = format!("a: 1\npassword: {PASSWORD}\n");
    let folder = folder(&[("pod.yaml", POD.as_bytes()), ("app.yaml", secret.as_bytes())]);
    let path = folder.path();
    let all = run(path, &["check", "--format", "json"]).findings().len();
    assert!(all > 3);
    let created = run(path, &["baseline", "create", "--reason", "there before us"]);
    assert_eq!(created.code, 0, "{}", created.stderr);
    let again = run(path, &["baseline", "create"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);
    let file = fs::read_to_string(path.join("careen-baseline.json")).unwrap();
    assert!(!file.contains(PASSWORD) && file.contains("there before us"), "{file}");

    let check = |more: &[&str]| {
        let arguments = ["check", "--format", "json", "--baseline", "careen-baseline.json"];
        run(path, &[&arguments[..], more].concat())
    };
    let known = check(&[]);
    assert_eq!(known.findings(), Vec::<String>::new(), "{}", known.stdout);
    assert_eq!(known.code, 0);
    assert_eq!(known.json()["summary"]["suppressed"], all, "the baseline adds no finding itself");
    let shown = check(&["--show-suppressed"]).json();
    assert_eq!(shown["findings"][0]["suppressed"]["kind"], "baseline");
    assert_eq!(shown["findings"][0]["suppressed"]["reason"], "there before us");

    // Lines move: nothing is new. Another value is; another file is.
    fs::write(path.join("app.yaml"), format!("# a\n\n{secret}again: {{password: {PASSWORD}}}\n"))
        .unwrap();
    assert_eq!(check(&[]).findings(), Vec::<String>::new());
    fs::write(path.join("app.yaml"), format!("{secret}new: {{password: u7Rk2pVx9QwL}}\n")).unwrap();
    assert_eq!(check(&[]).findings(), ["app.yaml:3:17 password-assigned"]);
    fs::write(path.join("more.yaml"), &secret).unwrap();
    assert_eq!(check(&[]).findings().len(), 2);
    assert!(check(&[]).notes().is_empty());

    // What is mended is stale; a part of the tree or of the rules tells nothing.
    fs::write(path.join("app.yaml"), "a: 1\n").unwrap();
    fs::remove_file(path.join("more.yaml")).unwrap();
    let stale = check(&[]);
    assert_eq!(stale.notes().len(), 1, "{:?}", stale.notes());
    assert!(stale.notes()[0].contains("matches nothing any more"), "{:?}", stale.notes());
    assert!(check(&["pod.yaml"]).notes().is_empty());
    assert!(check(&["--select", "kubernetes"]).notes().is_empty());
    let pruned = run(path, &["baseline", "prune"]);
    assert_eq!(pruned.code, 0, "{}", pruned.stderr);
    assert!(check(&[]).notes().is_empty());

    // An update takes in what is new and keeps the reasons.
    fs::write(path.join("app.yaml"), &secret).unwrap();
    assert_eq!(check(&[]).code, 1);
    assert_eq!(run(path, &["baseline", "update", "--reason", "later"]).code, 0);
    assert_eq!(check(&[]).code, 0);
    let file = fs::read_to_string(path.join("careen-baseline.json")).unwrap();
    assert!(file.contains("there before us") && file.contains("later"), "{file}");

    // The configuration may name it.
    fs::write(path.join("careen.yaml"), "baseline: careen-baseline.json\n").unwrap();
    assert_eq!(run(path, &["check"]).code, 0);
}

#[test]
fn a_broken_baseline_stops_the_run_with_its_line() {
    let folder =
        folder(&[("a.yaml", POD.as_bytes()), ("b.json", b"{\n  \"schema\": hunter2-hunter2")]);
    let run = run(folder.path(), &["check", "--baseline", "b.json"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("b.json:2: this is not JSON"), "{}", run.stderr);
    assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
}

#[test]
fn an_entry_holds_until_its_last_day() {
    let folder = folder(&[("pod.yaml", POD.as_bytes())]);
    let path = folder.path();
    let select = ["--select", "memory-limit-missing"];
    let baseline = |more: &[&str]| run(path, &[&["baseline"], more, &select[..]].concat());
    let over = baseline(&["create", "--expires", "2026-11-30"]);
    assert_eq!(over.code, 2);
    assert!(over.stderr.contains("a day that is over"), "{}", over.stderr);
    assert!(baseline(&["create", "--expires", "soon"]).stderr.contains("2027-03-01"));
    let terms = ["--reason", "before us", "--owner", "team-shop", "--expires", "2026-12-05"];
    assert_eq!(baseline(&[&["create"], &terms[..]].concat()).code, 0);

    let check = |at: &str| {
        let arguments = ["check", "--format", "json", "--show-suppressed", "--at", at];
        run(path, &[&arguments[..], &select[..], &["--baseline", "careen-baseline.json"]].concat())
    };
    let held = check("2026-12-05T23:59:59Z");
    let reason = &held.json()["findings"][0]["suppressed"]["reason"];
    assert_eq!(reason, "before us (team-shop, until 2026-12-05)");
    assert_eq!((held.code, held.notes().len()), (0, 0), "{:?}", held.notes());
    let over = check("2026-12-06T00:00:00Z");
    assert_eq!((over.code, over.findings().len()), (1, 1));
    assert!(over.json()["findings"][0]["suppressed"].is_null());
    let notes = over.notes();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].contains("(team-shop) expired on 2026-12-05"), "{notes:?}");

    // An update renews it only if it is told a day.
    let at = ["--at", "2026-12-10T00:00:00Z"];
    assert_eq!(baseline(&[&["update"], &at[..]].concat()).code, 0);
    assert_eq!(check("2026-12-10T00:00:00Z").code, 1);
    assert_eq!(baseline(&[&["update", "--expires", "2027-01-31"], &at[..]].concat()).code, 0);
    assert_eq!(check("2026-12-10T00:00:00Z").code, 0);
    let file = fs::read_to_string(path.join("careen-baseline.json")).unwrap();
    assert!(file.contains("before us") && file.contains("2027-01-31"), "{file}");
}

#[test]
fn an_older_baseline_is_read() {
    let folder = folder(&[("pod.yaml", POD.as_bytes())]);
    let path = folder.path();
    assert_eq!(run(path, &["baseline", "create"]).code, 0);
    let file = path.join("careen-baseline.json");
    let mut document: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    for entry in document["entries"].as_array_mut().unwrap() {
        let entry = entry.as_object_mut().unwrap();
        entry.remove("mark");
        entry.remove("container");
        entry.insert("object".to_owned(), "v1/Pod/api".into());
    }
    fs::write(&file, document.to_string()).unwrap();
    let check = ["check", "--format", "json", "--baseline", "careen-baseline.json"];
    let known = run(path, &check);
    assert_eq!((known.code, known.findings()), (0, Vec::new()));
    assert_eq!(run(path, &["baseline", "update"]).code, 0);
    assert!(fs::read_to_string(&file).unwrap().contains("\"object\":\"Pod/api\""));
    fs::rename(path.join("pod.yaml"), path.join("web.yaml")).unwrap();
    assert_eq!(run(path, &check).findings(), Vec::<String>::new());
}
