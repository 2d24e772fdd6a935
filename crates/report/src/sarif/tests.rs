use careen_rule::{Report, Severity};
use serde_json::{Value, json};

use super::results::MAX_RESULTS;
use crate::sample::{empty, finding, history, hostile, lowered, related, usual};
use crate::{Fingerprints, Format, Options, write};

fn sarif(report: &Report, options: &Options) -> Value {
    let mut bytes = Vec::new();
    write(report, Format::Sarif, options, &mut bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn everything() -> Options {
    Options {
        show_suppressed: true,
        sarif_category: Some("nightly".to_owned()),
        ..Options::default()
    }
}

#[test]
fn logs_keep_to_the_schema() {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/schemas/sarif-2.1.0.schema.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    for report in [empty(), usual(), lowered(), hostile()] {
        for options in [Options::default(), everything()] {
            let log = sarif(&report, &options);
            let errors: Vec<String> = validator
                .iter_errors(&log)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }
    assert!(!validator.is_valid(&json!({"version": "2.1.0", "runs": [{"results": []}]})));
}

#[test]
fn a_result_has_all_a_host_reads() {
    let log = sarif(&usual(), &Options::default());
    assert_eq!(log["$schema"], "https://json.schemastore.org/sarif-2.1.0.json");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    assert!(run.get("automationDetails").is_none());
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    assert_eq!(run["invocations"][0]["exitCode"], 1);
    assert_eq!(run["results"].as_array().unwrap().len(), 3);
    assert_eq!(
        run["results"][0],
        json!({
            "ruleId": "cpu-request-missing",
            "ruleIndex": 0,
            "level": "warning",
            "rank": 55.0,
            "message": {"text": "container `web` in Deployment `shop/web` has no CPU request."},
            "locations": [{
                "physicalLocation": {
                    "artifactLocation": {"uri": "deploy/web.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {
                        "startLine": 7, "startColumn": 13, "endLine": 7, "endColumn": 27,
                        "snippet": {"text": "web # schön 🚢"},
                    },
                    "contextRegion": {
                        "startLine": 7, "endLine": 7,
                        "snippet": {"text": "    - name: web # schön 🚢"},
                    },
                },
                "logicalLocations": [{
                    "index": 1,
                    "name": "web",
                    "fullyQualifiedName": "apps/v1/Deployment/shop/web/web",
                    "kind": "container",
                }],
            }],
            "partialFingerprints": {
                "careen/v1": "00112233445566778899aabbccddeeff",
                "primaryLocationLineHash": "a7f2ff13bc495cf2:1",
            },
        })
    );
    assert_eq!(
        run["logicalLocations"],
        json!([
            {
                "name": "web",
                "fullyQualifiedName": "apps/v1/Deployment/shop/web",
                "kind": "resource",
            },
            {
                "parentIndex": 0,
                "name": "web",
                "fullyQualifiedName": "apps/v1/Deployment/shop/web/web",
                "kind": "container",
            },
        ])
    );
    let token = &run["results"][2];
    assert_eq!(
        token["message"]["text"],
        "a token stands in a file. See [the variable](1); [used here](2)."
    );
    assert_eq!(token["relatedLocations"][1]["id"], 2);
    let fix = &run["results"][1]["fixes"][0];
    assert_eq!(
        fix["description"]["text"],
        "set a memory limit. Look first: it may change behaviour."
    );
}

#[test]
fn rules_carry_their_severity() {
    let log = sarif(&empty(), &Options::default());
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["cpu-request-missing", "memory-limit-missing", "token-in-file"]);
    assert_eq!(
        rules[2]["properties"],
        json!({
            "tags": ["security", "secrets", "tokens", "external/cwe/cwe-798", "CWE-798"],
            "precision": "high",
            "security-severity": "9.5",
        })
    );
    assert_eq!(
        rules[2]["relationships"],
        json!([{
            "target": {"id": "CWE-798", "index": 0, "toolComponent": {"name": "CWE", "index": 0}},
            "kinds": ["superset"],
        }])
    );
    assert!(rules[1].get("relationships").is_none());
    let taxonomy = &log["runs"][0]["taxonomies"][0];
    assert_eq!(taxonomy["taxa"][0]["shortDescription"]["text"], "Use of Hard-coded Credentials.");
    assert_eq!(
        log["runs"][0]["tool"]["driver"]["supportedTaxonomies"],
        json!([{"name": "CWE", "index": 0}])
    );
    assert_eq!(rules[1]["properties"]["problem.severity"], "error");
    assert!(rules[1]["properties"].get("security-severity").is_none());
    assert_eq!(log["runs"][0]["results"], json!([]));
    assert_eq!(log["runs"][0]["invocations"][0]["exitCode"], 0);
}

#[test]
fn suppressed_results_are_there_only_on_request() {
    let log = sarif(&usual(), &everything());
    let run = &log["runs"][0];
    assert_eq!(run["automationDetails"]["id"], "nightly/");
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 4);
    assert_eq!(results[0]["suppressions"], json!([]));
    assert_eq!(
        results[3]["suppressions"],
        json!([{"kind": "inSource", "status": "accepted", "justification": "runs once"}])
    );
}

#[test]
fn what_lowers_a_severity_is_in_the_message_and_a_property() {
    let log = sarif(&lowered(), &everything());
    let results = log["runs"][0]["results"].as_array().unwrap();
    let token = results.iter().find(|result| result["ruleId"] == "token-in-file").unwrap();
    assert_eq!(
        token["properties"],
        json!({
            "loweredFrom": "critical",
            "loweredBecause": "by its path the file is a test",
        })
    );
    let text = token["message"]["text"].as_str().unwrap();
    assert!(text.contains(" Lowered from critical: by its path the file is a test."), "{text}");
    assert_eq!(results[3]["suppressions"][0]["justification"], "trivy:ignore: runs once");
}

#[test]
fn hostile_text_stays_text() {
    let log = sarif(&hostile(), &everything());
    let run = &log["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert_eq!(run["invocations"][0]["exitCode"], 2);
    for result in run["results"].as_array().unwrap() {
        let text = result["message"]["text"].as_str().unwrap();
        assert!(text.chars().count() <= 2_048);
        assert!(!text.chars().any(|character| character.is_control() || character == '\u{202e}'));
        assert!(!text.contains("[x](https"), "{text}");
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{uri}");
        assert_eq!(
            uri.starts_with("file:///"),
            place["artifactLocation"].get("uriBaseId").is_none()
        );
        for key in ["startLine", "startColumn", "endLine", "endColumn"] {
            assert!(place["region"][key].as_u64().unwrap() >= 1);
        }
    }
}

#[test]
fn the_mildest_are_left_out() {
    let mut report = empty();
    for number in 0..MAX_RESULTS + 8 {
        let mild = number < 10;
        let path = format!("{}{number:04}.yaml", if mild { 'a' } else { 'b' });
        let mut one = finding(0, &path, "a: 1", "1");
        if mild {
            one.severity = Severity::Info;
        }
        report.findings.push(one);
    }
    let log = sarif(&report, &Options::default());
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), MAX_RESULTS);
    assert_eq!(results.iter().filter(|result| result["rank"] == 5.0).count(), 2);
    let uri =
        |at: usize| &results[at]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!((uri(0), uri(MAX_RESULTS - 1)), (&json!("a0000.yaml"), &json!("b5007.yaml")));
    assert_eq!(
        run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
        "8 findings are left out: hosts take the 5000 most severe."
    );
}

#[test]
fn a_log_that_is_too_large_loses_lines_then_the_mildest() {
    let mut report = empty();
    let text = format!("a: 1 # {}", "x".repeat(3_000));
    for number in 0..4_000 {
        let mut one = finding(0, &format!("deploy/{number}.yaml"), &text, "1");
        one.severity = if number % 2 == 0 { Severity::High } else { Severity::Info };
        report.findings.push(one);
    }
    let written = |report: &Report| {
        let mut bytes = Vec::new();
        write(report, Format::Sarif, &Options::default(), &mut bytes).unwrap();
        assert!(bytes.len() <= 10_000_000, "{}", bytes.len());
        serde_json::from_slice::<Value>(&bytes).unwrap()
    };
    let told = |log: &Value| {
        let notes = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
        let texts = notes.as_array().unwrap().iter();
        texts.map(|note| note["message"]["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let lines = "The lines of the files are left out: hosts take 10 MB.";
    let log = written(&report);
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 4_000);
    assert_eq!(told(&log), [lines]);
    assert!(!log.to_string().contains("xxx"));
    for one in &mut report.findings {
        one.message = "m".repeat(1_300);
        one.related = vec![related("r.yaml", "k: v", "v", &"label ".repeat(40)); 4];
    }
    let log = written(&report);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let told = told(&log);
    let count = format!(
        "{} findings are left out, the mildest ones: hosts take 10 MB.",
        4_000 - results.len()
    );
    assert_eq!(told, [lines.to_owned(), count]);
    let severe = results.iter().filter(|result| result["rank"] == 80.0).count();
    assert!(severe == 2_000 || severe == results.len(), "{severe} of {}", results.len());
    assert!(results.len() > 1_000);
}

#[test]
fn the_semantic_fingerprint_stands_under_the_key_that_github_reads() {
    let options = Options { sarif_fingerprints: Fingerprints::Semantic, ..Options::default() };
    let mut report = usual();
    report.findings[1].fingerprint.push_str("-2");
    let log = sarif(&report, &options);
    let prints = |at: usize| log["runs"][0]["results"][at]["partialFingerprints"].clone();
    assert_eq!(
        prints(0),
        json!({
            "careen/v1": "00112233445566778899aabbccddeeff",
            "primaryLocationLineHash": "00112233445566778899aabbccddeeff:1",
        })
    );
    assert_eq!(prints(1)["primaryLocationLineHash"], json!("00112233445566778899aabbccddeeff:2"));
}

#[test]
fn one_line_of_a_history_has_one_result_of_a_rule() {
    let mut report = empty();
    let mut first = finding(2, "a.env", "A=1\n", "1");
    first.severity = Severity::Medium;
    first.history = Some(Box::new(history()));
    let mut second = finding(2, "a.env", "A=1\n", "A");
    second.history =
        Some(Box::new(careen_rule::History { commit: "ffffffff00".to_owned(), ..history() }));
    report.findings = vec![first, second];
    let log = sarif(&report, &Options::default());
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!((results.len(), &results[0]["level"]), (1, &json!("error")));
    let text = results[0]["relatedLocations"][0]["message"]["text"].as_str().unwrap();
    assert!(text.contains("in commit ffffffff"), "{text}");
}

#[test]
fn the_exit_code_is_that_of_the_process() {
    let options = Options { exit_zero: true, ..Options::default() };
    let log = sarif(&usual(), &options);
    assert_eq!(log["runs"][0]["invocations"][0]["exitCode"], 0);
}

#[test]
fn a_history_is_told_in_the_message_and_as_properties() {
    let mut report = empty();
    let mut gone = finding(0, "a.env", "A=1\n", "1");
    gone.history = Some(Box::new(history()));
    report.findings = vec![gone];
    let log = sarif(&report, &Options::default());
    let result = &log["runs"][0]["results"][0];
    let message = result["message"]["text"].as_str().unwrap();
    assert!(
        message.ends_with(" in commit 1a2b3c4d of 2024-03-01, no longer in HEAD."),
        "{message}"
    );
    assert_eq!(
        result["properties"],
        json!({
            "commit": "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
            "commitDate": "2024-03-01T01:01:01Z",
            "versions": 1,
            "inHead": false,
        })
    );
}
