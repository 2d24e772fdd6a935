//! The formats of an audit that programs read: the schema of the contract, comparing with an audit of before,
//! SARIF and what Microsoft's validator says of it, OSCAL, the verification summary.

use std::fs;
use std::path::Path;

use careen_audit_model::Audit;
use careen_report::{AuditFormat, Options, write_audit};
use serde_json::Value;
use tempfile::TempDir;

use super::sample;
use crate::harness::{AT, POD, Run, folder, root, run};
use crate::sarif::{multitool, schema_errors};

const LIST: &str = "\
# Release

- [ ] Limits are set <!-- careen: memory-limit-missing -->
- [ ] Unit tests pass <!-- careen: evidence junit failures=0 -->
- [ ] The DBA agrees <!-- careen: sign-off role=dba -->
- [x] Cake is ordered
";
const TESTS: &str = "<testsuite name=\"unit\" tests=\"2\" failures=\"0\" errors=\"0\">\
    <testcase name=\"a\"/><testcase name=\"b\"/></testsuite>\n";

fn repository() -> TempDir {
    folder(&[
        ("list.md", LIST.as_bytes()),
        ("pod.yaml", POD.as_bytes()),
        (".careen/evidence/junit.xml", TESTS.as_bytes()),
    ])
}

fn audit(directory: &Path, more: &[&str]) -> Run {
    let arguments = [&["audit", "--checklist", "list.md", "--at", AT], more].concat();
    let run = run(directory, &arguments);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    run
}

fn errors(audit: &Value) -> Vec<String> {
    let path = root().join("docs/schemas/careen-audit.schema.json");
    let schema: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let errors = validator.iter_errors(audit);
    errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn an_audit_holds_to_its_schema() {
    let folder = repository();
    let audit = audit(folder.path(), &["--format", "json"]).json();
    assert_eq!(errors(&audit), Vec::<String>::new(), "{audit:#}");
    let statuses: Vec<&Value> =
        audit["items"].as_array().unwrap().iter().map(|item| &item["status"]).collect();
    assert_eq!(statuses[0], "fail", "{audit:#}");
    assert_eq!(statuses[3], "manual", "{audit:#}");
}

#[test]
fn an_audit_is_compared_with_one_of_before() {
    let folder = repository();
    // Outside of what is audited: an audit is a file like others.
    let before = tempfile::tempdir().unwrap();
    let before = before.path().join("before.json");
    let path = before.to_str().unwrap();
    audit(folder.path(), &["--output", &format!("json={path}")]);
    let same = audit(folder.path(), &["--format", "json", "--compare", path]).json();
    assert_eq!(errors(&same), Vec::<String>::new());
    assert_eq!(same["comparison"]["turned"], Value::Array(Vec::new()), "{same:#}");
    assert_eq!(same["comparison"]["verdict"], same["verdict"]["line"]);

    let limit = "    resources: {limits: {memory: 64Mi}}\n";
    fs::write(folder.path().join("pod.yaml"), format!("{POD}{limit}")).unwrap();
    let list = LIST.replace("Cake is ordered", "Tea is ordered");
    fs::write(folder.path().join("list.md"), list).unwrap();
    let after = audit(folder.path(), &["--format", "json", "--compare", path]).json();
    assert_eq!(errors(&after), Vec::<String>::new());
    let turned: Vec<String> = after["comparison"]["turned"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{}: {} to {}", it["what"], it["from"], it["to"]))
        .collect();
    for expected in [
        "\"line-3\": \"fail\" to \"pass\"",
        "\"Tea is ordered\": null to \"manual\"",
        "\"Cake is ordered\": \"manual\" to null",
    ] {
        assert!(turned.iter().any(|it| it == expected), "{turned:?}");
    }
    let wrong = folder.path().join("wrong.json");
    fs::write(&wrong, "{\"schema\": \"careen/1\"}").unwrap();
    let refused = run(folder.path(), &["audit", "--compare", wrong.to_str().unwrap()]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("is no audit of careen"), "{}", refused.stderr);
}

#[test]
fn logs_for_code_scanning_are_valid() {
    let outside = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    let mut put = |name: &str, text: &[u8]| {
        let log: Value = serde_json::from_slice(text).unwrap();
        assert_eq!(schema_errors(&log), Vec::<String>::new(), "{name}");
        let file = outside.path().join(format!("{name}.sarif"));
        fs::write(&file, text).unwrap();
        files.push(file);
        log
    };
    for (name, audit) in samples() {
        put(name, &written(&audit, AuditFormat::Sarif));
    }
    let folder = repository();
    let log = put("real", audit(folder.path(), &["--format", "sarif"]).stdout.as_bytes());
    let results = log["runs"][0]["results"].as_array().unwrap();
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "pod.yaml");
    assert_eq!(results.last().unwrap()["ruleId"], "undecided-line");
    if let Some(complaints) = multitool(&files) {
        assert_eq!(complaints, Vec::<String>::new());
    }
}

#[test]
fn records_and_statements_name_what_was_judged() {
    let folder = repository();
    let json = audit(folder.path(), &["--format", "json"]).json();
    let tree = json["subject"]["tree"].as_str().unwrap();
    let statement = audit(folder.path(), &["--format", "vsa"]).json();
    let digest = statement["subject"][0]["digest"]["sha256"].as_str().unwrap();
    assert_eq!(format!("sha256:{digest}"), tree);
    assert_eq!(statement["predicate"]["verificationResult"], "FAILED");
    let record = audit(folder.path(), &["--format", "oscal"]).json();
    let result = &record["assessment-results"]["results"][0];
    assert_eq!(result["title"], json["verdict"]["line"]);
    let findings = result["findings"].as_array().unwrap().len();
    assert_eq!(findings, json["items"].as_array().unwrap().len());
    for format in ["json", "sarif", "oscal", "vsa"] {
        let once = audit(folder.path(), &["--format", format]).stdout;
        assert!(once == audit(folder.path(), &["--format", format]).stdout, "{format}");
    }
}

fn samples() -> [(&'static str, Audit); 4] {
    // The version of the program is no word of a file, and the validator wants a number.
    let mut hostile = sample::hostile();
    hostile.tool = sample::sample().tool;
    [
        ("sample", sample::sample()),
        ("waived", sample::waived()),
        ("go", sample::go()),
        ("hostile", hostile),
    ]
}

fn written(audit: &Audit, format: AuditFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_audit(audit, format, &Options::default(), &mut bytes).unwrap();
    bytes
}
