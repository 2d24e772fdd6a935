//! `careen sarif merge`: logs in the shape that other tools write.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{AT, Run, folder, root, run};
use crate::sarif::{multitool, sarif_tools, schema_errors};

/// A token that is none in this file.
fn token() -> String {
    "ghp_·A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8".replace('·', "")
}

fn log(runs: &[Value]) -> Value {
    json!({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": runs})
}

fn result(rule: &str, uri: &str, line: u32, message: &str) -> Value {
    json!({
        "ruleId": rule,
        "message": {"text": message},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": uri},
            "region": {"startLine": line, "startColumn": 1, "endLine": line, "endColumn": 1},
        }}],
    })
}

fn tool(name: &str, results: &[Value]) -> Value {
    json!({"tool": {"driver": {"name": name, "informationUri": "https://example.org/tool"}}, "results": results})
}

/// A repository with a Pod, in which logs are merged.
struct Bench(TempDir);

impl Bench {
    fn new() -> Self {
        let folder = folder(&[
            ("deploy/pod.yaml", crate::harness::POD.as_bytes()),
            (".git/HEAD", b"ref: refs/heads/main\n"),
        ]);
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn put(&self, name: &str, log: &Value) -> String {
        fs::write(self.path().join(name), log.to_string()).unwrap();
        name.to_owned()
    }

    /// Our own log of the repository.
    fn ours(&self) -> String {
        let arguments = ["check", "deploy", "--format", "sarif", "--at", AT];
        fs::write(self.path().join("careen.sarif"), run(self.path(), &arguments).stdout).unwrap();
        "careen.sarif".to_owned()
    }

    fn merge(&self, arguments: &[&str]) -> Run {
        let run = run(self.path(), &[&["sarif", "merge"], arguments].concat());
        if run.stdout.starts_with('{') {
            assert_eq!(schema_errors(&run.json()), Vec::<String>::new());
        }
        run
    }

    fn of(&self, runs: &[Value]) -> Run {
        let file = self.put("in.sarif", &log(runs));
        self.merge(&[&file])
    }
}

fn results(run: &Run, at: usize) -> Vec<Value> {
    run.json()["runs"][at]["results"].as_array().unwrap().clone()
}

/// `tool rule uri line` of every result.
fn shown(run: &Run) -> Vec<String> {
    let log = run.json();
    let runs = log["runs"].as_array().unwrap();
    let each = runs.iter().flat_map(|run| {
        let tool = run["tool"]["driver"]["name"].as_str().unwrap();
        run["results"].as_array().unwrap().iter().map(move |result| {
            let place = &result["locations"][0]["physicalLocation"];
            format!(
                "{tool} {} {} {}",
                result["ruleId"].as_str().unwrap(),
                place["artifactLocation"]["uri"].as_str().unwrap(),
                place["region"]["startLine"]
            )
        })
    });
    each.collect()
}

/// The shapes of many tools, as they are.
fn many(bench: &Bench) -> Vec<String> {
    let root = bench.path().canonicalize().unwrap();
    let root = root.to_str().unwrap();
    let token = token();
    let trivy = json!({
        "tool": {"driver": {"fullName": "Trivy Vulnerability Scanner", "name": "Trivy", "version": "0.70.0",
            "informationUri": "https://github.com/aquasecurity/trivy", "rules": [
            {"id": "KSV018", "name": "Misconfiguration", "shortDescription": {"text": "Memory not limited"},
                "fullDescription": {"text": "Memory is not limited"}, "defaultConfiguration": {"level": "note"},
                "helpUri": "https://avd.aquasec.com/misconfig/ksv018",
                "help": {"text": "Message: container web", "markdown": "**x**"},
                "properties": {"precision": "very-high", "security-severity": "2.0", "tags": ["misconfiguration", "security", "LOW"]}},
            {"id": "github-pat", "name": "Secret", "shortDescription": {"text": "GitHub token"},
                "defaultConfiguration": {"level": "error"}, "help": {"text": format!("Match: {token}")},
                "properties": {"security-severity": "9.5", "tags": ["secret", "security", "CRITICAL"]}},
        ]}},
        "originalUriBaseIds": {"ROOTPATH": {"uri": format!("file://{root}/")}},
        "columnKind": "utf16CodeUnits",
        "results": [
            {"ruleId": "KSV018", "ruleIndex": 0, "level": "note", "message": {"text": "Artifact: deploy/pod.yaml"},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": "deploy/pod.yaml", "uriBaseId": "ROOTPATH"},
                    "region": {"startLine": 7, "startColumn": 1, "endLine": 8, "endColumn": 1}}}]},
            {"ruleId": "github-pat", "ruleIndex": 1, "level": "error", "message": {"text": format!("Match {token}")},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": "ci.env", "uriBaseId": "ROOTPATH"},
                    "region": {"startLine": 3, "startColumn": 1, "endLine": 3, "endColumn": 1,
                        "snippet": {"text": format!("TOKEN={token}")}}}}]},
        ],
    });
    let mut gitleaks = tool(
        "gitleaks",
        &[result("github-pat", "ci.env", 3, "github-pat has detected secret for file ci.env.")],
    );
    gitleaks["results"][0]["partialFingerprints"] = json!({"commitSha": "", "email": "a@example.org",
        "author": "Anna", "date": "", "commitMessage": "add"});
    gitleaks["results"][0]["locations"][0]["physicalLocation"]["region"]["snippet"] =
        json!({"text": token});
    let command = format!("kingfisher validate --rule 'betterleaks.github-pat' '{token}'");
    let mut kingfisher = tool(
        "kingfisher",
        &[result("betterleaks.github-pat", "./ci.env", 3, "GITHUB-PAT => [X] matched ./ci.env")],
    );
    kingfisher["results"][0]["kind"] = json!("review");
    kingfisher["results"][0]["level"] = json!("error");
    kingfisher["results"][0]["locations"][0]["properties"] = json!({"validate_command": command});
    kingfisher["results"][0]["properties"] = json!({"validate_command": command, "tags": [token]});
    kingfisher["results"][0]["partialFingerprints"] = json!({"fingerprint": "3026597196368998084"});
    let checkov = tool(
        "Checkov",
        &[
            result(
                "CKV_K8S_8",
                &format!("{root}/deploy/pod.yaml"),
                1,
                "Liveness Probe Should be Configured",
            ),
            {
                let mut skipped = result("CKV_K8S_9", "/deploy/pod.yaml", 1, "Readiness");
                skipped["suppressions"] = json!([{"kind": "inSource", "justification": "no"}]);
                skipped
            },
        ],
    );
    let hadolint = tool(
        "Hadolint",
        &[
            result("DL3007", "./Dockerfile", 1, "Using latest is prone to errors"),
            result("DL3007", "./Dockerfile", 1, "Using latest is prone to errors"),
        ],
    );
    let mut semgrep = tool(
        "Semgrep OSS",
        &[result("generic.secrets.token", "ci.env", 3, &format!("token {token}"))],
    );
    semgrep["results"][0]["fingerprints"] = json!({"matchBasedId/v1": "requires login"});
    semgrep["results"][0]["properties"] = json!({});
    let mut zizmor = tool(
        "zizmor",
        &[result("unpinned-uses", ".github/workflows/ci.yml", 9, "unpinned action")],
    );
    zizmor["results"][0]["kind"] = json!("review");
    zizmor["results"][0]["level"] = json!("note");
    let mut lint =
        tool("kube-linter", &[result("no-liveness-probe", "deploy/pod.yaml", 1, "no probe")]);
    lint["invocations"] = json!([{"executionSuccessful": false}]);
    lint["results"][0]["locations"][0]["logicalLocations"] = json!([{"name": ""}]);
    let typos = json!({"tool": {"driver": {"name": "typos"}}, "results": [
        {"message": {"markdown": "`teh` should be `the`"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "README.md"}}}]}]});
    let all = [
        ("trivy", trivy),
        ("gitleaks", gitleaks),
        ("kingfisher", kingfisher),
        ("checkov", checkov),
        ("hadolint", hadolint),
        ("semgrep", semgrep),
        ("zizmor", zizmor),
        ("kube-linter", lint),
        ("typos", typos),
    ];
    all.into_iter().map(|(name, run)| bench.put(&format!("{name}.sarif"), &log(&[run]))).collect()
}

#[test]
fn logs_of_many_tools_become_one() {
    let bench = Bench::new();
    let mut files = vec![bench.ours()];
    files.extend(many(&bench));
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let merged = bench.merge(&files);
    assert_eq!(merged.code, 1, "{}", merged.stderr);
    let shown = shown(&merged);
    for expected in [
        "careen memory-limit-missing deploy/pod.yaml 7",
        "Checkov CKV_K8S_8 deploy/pod.yaml 1",
        "gitleaks github-pat ci.env 3",
        "Hadolint DL3007 Dockerfile 1",
        "kingfisher betterleaks.github-pat ci.env 3",
        "kube-linter no-liveness-probe deploy/pod.yaml 1",
        "Semgrep OSS generic.secrets.token ci.env 3",
        "Trivy github-pat ci.env 3",
        "typos unnamed README.md 1",
    ] {
        assert_eq!(
            shown.iter().filter(|one| *one == expected).count(),
            1,
            "{expected}: {shown:#?}"
        );
    }
    // Of trivy: careen has it too.
    assert!(!shown.iter().any(|one| one.contains("KSV018")), "{shown:#?}");
    let memory = results(&merged, 0).into_iter().find(|it| it["ruleId"] == "memory-limit-missing");
    assert_eq!(memory.unwrap()["properties"]["alsoFoundBy"], json!(["trivy:KSV018"]));
    // No failure; suppressed.
    assert!(!shown.iter().any(|one| one.contains("zizmor unpinned") || one.contains("K8S_9")));
    let stderr = &merged.stderr;
    for told in [
        "merged 10 logs into 10 runs",
        "1 said twice",
        "1 found by careen too",
        "1 suppressed",
        "1 no failures",
        "4 secrets of other tools",
    ] {
        assert!(stderr.contains(told), "{told}: {stderr}");
    }
    // What one tool gets wrong about itself would make a host refuse all.
    assert!(!merged.stdout.contains("\"executionSuccessful\":false"));
    // Neither secrets nor people.
    let token = token();
    for secret in
        [token.as_str(), "3026597196368998084", "a@example.org", "Anna", "validate_command"]
    {
        assert!(!merged.stdout.contains(secret), "{secret}");
        assert!(!stderr.contains(secret));
    }
    // The order of the files decides nothing.
    let backwards: Vec<&str> = files.iter().rev().copied().collect();
    assert_eq!(bench.merge(&backwards).stdout, merged.stdout);
    // Others can read it.
    let file = bench.path().join("merged.sarif");
    fs::write(&file, &merged.stdout).unwrap();
    sarif_tools(&file);
    if let Some(complaints) = multitool(std::slice::from_ref(&file)) {
        // What a tool does not say of itself cannot be made up.
        let own: Vec<_> = complaints.iter().filter(|it| !it.contains("SARIF2005")).collect();
        assert_eq!(own, Vec::<&String>::new());
    }
    // What was merged can be merged again, and is the same.
    let again = bench.merge(&["merged.sarif"]);
    assert_eq!((again.stdout, again.code), (merged.stdout, 1));
}

#[test]
fn runs_of_one_tool_and_category_are_one() {
    let bench = Bench::new();
    let mut first = tool("t", &[result("A", "a", 1, "one"), result("B", "a", 2, "two")]);
    first["tool"]["driver"]["rules"] =
        json!([{"id": "B"}, {"id": "A", "shortDescription": {"text": "first"}}]);
    let mut second = tool("T", &[result("C", "a", 3, "three"), result("A", "a", 1, "one")]);
    second["tool"]["driver"]["version"] = json!("2");
    second["tool"]["driver"]["rules"] =
        json!([{"id": "C"}, {"id": "B", "fullDescription": {"text": "described"}}, {"id": "A"}]);
    let mut other = tool("t", &[result("A", "a", 1, "one")]);
    other["automationDetails"] = json!({"id": "nightly/7"});
    let merged = bench.of(&[other, first, second]);
    let log = merged.json();
    assert_eq!(shown(&merged), ["t A a 1", "t B a 2", "t C a 3", "t A a 1"]);
    assert_eq!(log["runs"][1]["automationDetails"]["id"], "nightly/7");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let texts: Vec<_> =
        rules.iter().map(|rule| rule["shortDescription"]["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["first.", "described.", "C."]);
    for result in results(&merged, 0) {
        let place = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[place]["id"], result["ruleId"]);
    }
}

#[test]
fn the_gate_takes_rank_then_score_then_level() {
    let bench = Bench::new();
    let mut run = tool("t", &[result("A", "a", 1, "a")]);
    let gate = |run: &Value, fail_on: &str| {
        let file = bench.put("in.sarif", &log(std::slice::from_ref(run)));
        bench.merge(&[&file, "--fail-on", fail_on]).code
    };
    // Nothing is said: that is a warning.
    assert_eq!((gate(&run, "high"), gate(&run, "medium")), (0, 1));
    run["tool"]["driver"]["rules"] =
        json!([{"id": "A", "defaultConfiguration": {"level": "error"}}]);
    assert_eq!((gate(&run, "critical"), gate(&run, "high")), (0, 1));
    run["results"][0]["level"] = json!("note");
    assert_eq!((gate(&run, "medium"), gate(&run, "low")), (0, 1));
    run["tool"]["driver"]["rules"][0]["properties"] = json!({"security-severity": 9.1});
    assert_eq!(gate(&run, "critical"), 1);
    run["results"][0]["rank"] = json!(45.0);
    assert_eq!((gate(&run, "high"), gate(&run, "medium")), (0, 1));
    let file = bench.put("in.sarif", &log(&[run]));
    let merged = bench.merge(&[&file, "--exit-zero"]);
    assert_eq!(merged.code, 0);
    assert!(merged.stderr.contains("1 at or above low"), "{}", merged.stderr);
}

#[test]
fn what_does_not_count_fails_nothing() {
    let bench = Bench::new();
    let with = |key: &str, value: Value| {
        let mut one = result("A", "a", 1, key);
        one[key] = value;
        one
    };
    let accepted = json!([{"kind": "external", "status": "accepted"}]);
    let quiet = [
        with("kind", json!("pass")),
        with("kind", json!("notApplicable")),
        with("baselineState", json!("absent")),
        with("suppressions", accepted.clone()),
    ];
    let merged = bench.of(&[tool("t", &quiet)]);
    assert_eq!((merged.code, results(&merged, 0).len()), (0, 0), "{}", merged.stderr);
    assert!(
        merged.stderr.contains("1 suppressed, 2 no failures, 1 gone since the baseline"),
        "{}",
        merged.stderr
    );
    let kept = bench.merge(&["in.sarif", "--show-suppressed"]);
    assert_eq!((kept.code, results(&kept, 0).len()), (0, 1));
    assert_eq!(results(&kept, 0)[0]["suppressions"], accepted);
    // What is under review counts, and so does what names no file, which no host would take.
    let review = with("suppressions", json!([{"kind": "external", "status": "underReview"}]));
    assert_eq!(bench.of(&[tool("t", &[review])]).code, 1);
    let nowhere =
        bench.of(&[tool("t", &[json!({"ruleId": "A", "message": {"text": "somewhere"}})])]);
    assert_eq!((nowhere.code, results(&nowhere, 0).len()), (1, 0));
    assert!(nowhere.stderr.contains("1 without a file"), "{}", nowhere.stderr);
    let told = &nowhere.json()["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(told["message"]["text"], "1 result names no file and is left out.");
}

#[test]
fn what_is_no_sarif_is_told_by_file_and_place() {
    let bench = Bench::new();
    let write = |name: &str, text: &str| fs::write(bench.path().join(name), text).unwrap();
    write("text.sarif", "no JSON");
    write("trivy.json", "{\"SchemaVersion\": 2, \"Results\": []}");
    let good = bench.put("good.sarif", &log(&[tool("t", &[])]));
    let merged = bench.merge(&[&good, "text.sarif", "trivy.json", "missing.sarif"]);
    assert_eq!((merged.code, merged.stdout.as_str()), (2, ""));
    for told in [
        "text.sarif is no SARIF log: it is not JSON: expected ident at line 1 column 2",
        "trivy.json is no SARIF log: /: `runs` is missing: ask the tool for SARIF",
        "cannot read missing.sarif",
    ] {
        assert!(merged.stderr.contains(told), "{told}: {}", merged.stderr);
    }
    // Odd parts are told, and the rest is there.
    let odd = json!({"tool": {"driver": {"name": "t"}}, "results": [3, result("A", "a", 1, "a")]});
    let merged = bench.of(&[odd, json!({"tool": {"driver": {"name": "u"}}})]);
    assert_eq!((merged.code, results(&merged, 0).len()), (1, 1));
    for told in [
        "warning: in.sarif: /runs/0/results/0: a result should be",
        "in.sarif: /runs/1: `results` is missing",
    ] {
        assert!(merged.stderr.contains(told), "{told}: {}", merged.stderr);
    }
    // A run that failed makes the merge incomplete.
    let mut failed = tool("t", &[]);
    failed["invocations"] = json!([{"executionSuccessful": false, "exitCode": 3}]);
    let merged = bench.of(&[failed]);
    assert_eq!(merged.code, 2);
    assert!(
        merged.stderr.contains("error: in.sarif: t says that its run failed"),
        "{}",
        merged.stderr
    );
    assert_eq!(merged.json()["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn an_input_is_never_written_over() {
    let bench = Bench::new();
    let file = bench.put("in.sarif", &log(&[tool("t", &[])]));
    let merged = bench.merge(&[&file, "--output", "./in.sarif"]);
    assert_eq!(merged.code, 2);
    assert!(merged.stderr.contains("would overwrite"), "{}", merged.stderr);
    let merged = bench.merge(&[&file, "--output", "out.sarif"]);
    assert_eq!((merged.code, merged.stdout.as_str()), (0, ""));
    let written: Value =
        serde_json::from_slice(&fs::read(bench.path().join("out.sarif")).unwrap()).unwrap();
    assert_eq!(schema_errors(&written), Vec::<String>::new());
}

#[test]
fn paths_are_those_of_the_repository_from_any_folder() {
    let bench = Bench::new();
    let root = bench.path().canonicalize().unwrap();
    let absolute = format!("file://{}/deploy/a%20b.yaml", root.to_str().unwrap());
    let run_ = tool(
        "t",
        &[
            result("A", &absolute, 1, "a"),
            result("A", "./x/../deploy/ü.yaml", 2, "b"),
            result("A", "file:///etc/passwd", 3, "c"),
        ],
    );
    bench.put("in.sarif", &log(&[run_]));
    let below = run(&bench.path().join("deploy"), &["sarif", "merge", "../in.sarif"]);
    assert_eq!(
        shown(&below),
        ["t A deploy/%C3%BC.yaml 2", "t A deploy/a%20b.yaml 1", "t A file:///etc/passwd 3"]
    );
    assert!(!below.stdout.contains(root.to_str().unwrap()));
}

/// Another tool's snippet of a line on which a scanner found a secret.
#[test]
fn secrets_are_masked_in_every_tools_words() {
    let bench = Bench::new();
    let token = token();
    let mut scanner = tool(
        "gitleaks",
        &[result("generic-api-key", "ci.env", 3, "generic-api-key has detected secret")],
    );
    scanner["results"][0]["locations"][0]["physicalLocation"]["region"]["snippet"] =
        json!({"text": format!("export TOKEN=\"{token}\" # \u{1b}[31m")});
    let mut other = tool(
        "t",
        &[result("A", "ci.env", 2, &format!("`{token}` is odd")), result("A", "b", 1, "b")],
    );
    other["results"][0]["locations"][0]["physicalLocation"]["contextRegion"] = json!({"startLine": 1, "endLine": 4, "snippet": {"text": format!("a\nb\nTOKEN={token}\n")}});
    other["results"][0]["codeFlows"] = json!([{"threadFlows": [{"locations": [{"location": {
        "message": {"text": token}, "physicalLocation": {"artifactLocation": {"uri": "b"}, "region": {"startLine": 1}}}}]}]}]);
    other["results"][1]["locations"][0]["physicalLocation"]["region"]["snippet"] =
        json!({"text": format!("copy of {token}")});
    other["tool"]["driver"]["rules"] =
        json!([{"id": "A", "help": {"text": format!("found {token}")}}]);
    other["invocations"] = json!([{"executionSuccessful": true, "toolExecutionNotifications": [{"message": {"text": token}}]}]);
    let merged = bench.of(&[other, scanner]);
    assert!(!merged.stdout.contains(&token), "{}", merged.stdout);
    assert!(!merged.stdout.contains('\u{1b}'));
    let shown = results(&merged, 1);
    assert_eq!(
        shown[0]["locations"][0]["physicalLocation"]["region"]["snippet"]["text"],
        "copy of ********"
    );
    let context = &shown[1]["locations"][0]["physicalLocation"];
    assert!(context.get("contextRegion").is_none());
    assert_eq!(shown[1]["message"]["text"], "`********` is odd");
}

#[test]
fn ours_come_through_whole() {
    let log = run(&root(), &["check", "fixtures/repos/harbor", "--format", "sarif", "--at", AT]);
    let folder = tempfile::tempdir().unwrap();
    let file: PathBuf = folder.path().join("a.sarif");
    fs::write(&file, &log.stdout).unwrap();
    let merged = run(&root(), &["sarif", "merge", file.to_str().unwrap()]);
    assert_eq!(merged.code, 1, "{}", merged.stderr);
    let (before, after) = (log.json(), merged.json());
    for key in ["tool", "taxonomies", "invocations", "originalUriBaseIds", "columnKind", "language"]
    {
        assert_eq!(before["runs"][0][key], after["runs"][0][key], "{key}");
    }
    let mut before = before["runs"][0]["results"].as_array().unwrap().clone();
    // The list of objects is not carried over: what results say of them is.
    for result in &mut before {
        let objects = result.pointer_mut("/locations/0/logicalLocations");
        for object in objects.and_then(Value::as_array_mut).into_iter().flatten() {
            object.as_object_mut().unwrap().remove("index");
        }
    }
    let after = after["runs"][0]["results"].as_array().unwrap();
    assert_eq!(before.len(), after.len());
    // Those on one column are in order of their rules in both.
    for (before, after) in before.iter().zip(after) {
        assert_eq!(before, after);
    }
}
