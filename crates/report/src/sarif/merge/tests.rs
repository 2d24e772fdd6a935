use careen_rule::Severity;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Input, MergeOptions, Merged, merge};
use crate::sample::MEMORY;
use crate::sarif::results::MAX_RESULTS;

fn merged(runs: &[Value]) -> Merged {
    let log = json!({"version": "2.1.0", "runs": runs}).to_string();
    let log = careen_sarif::read(log.as_bytes()).unwrap();
    let options = MergeOptions {
        roots: &["/srv/shop".to_owned()],
        rules: &[&MEMORY],
        fail_on: Severity::Low,
        show_suppressed: true,
    };
    merge(vec![Input { name: "a.sarif".to_owned(), log }], &options)
}

fn written(merged: &Merged) -> Value {
    let mut bytes = Vec::new();
    merged.write(&mut bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn result(line: usize, level: &str) -> Value {
    json!({"ruleId": "A", "level": level, "message": {"text": "a"}, "locations": [
        {"physicalLocation": {"artifactLocation": {"uri": "a"}, "region": {"startLine": line}}}]})
}

#[test]
fn the_mildest_of_many_are_left_out_and_count() {
    let mut results: Vec<Value> = (1..=10).map(|line| result(line, "note")).collect();
    results.extend((11..=MAX_RESULTS + 5).map(|line| result(line, "error")));
    let merged = merged(&[json!({"tool": {"driver": {"name": "t"}}, "results": results})]);
    assert_eq!(merged.failing, MAX_RESULTS + 5);
    let run = &written(&merged)["runs"][0];
    let kept = run["results"].as_array().unwrap();
    assert_eq!(kept.len(), MAX_RESULTS);
    assert_eq!(kept.iter().filter(|result| result["level"] == "note").count(), 5);
    assert_eq!(
        run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
        "5 findings are left out: hosts take the 5000 most severe."
    );
}

#[test]
fn rules_of_a_log_that_is_too_large_are_those_that_found_something() {
    let rules: Vec<Value> = (0..600)
        .map(|number| json!({"id": format!("R{number:03}"), "help": {"text": "h ".repeat(9_000)}}))
        .collect();
    let mut found = result(1, "error");
    found["ruleId"] = json!("R599");
    let merged =
        merged(&[json!({"tool": {"driver": {"name": "t", "rules": rules}}, "results": [found]})]);
    let run = &written(&merged)["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!((rules.len(), &rules[0]["id"]), (1, &json!("R599")));
    assert_eq!(run["results"][0]["ruleIndex"], 0);
}

#[test]
fn classes_of_a_rule_are_pointed_to() {
    let relationships = json!([
        {"target": {"id": "798", "toolComponent": {"name": "cwe", "guid": "x"}}, "kinds": ["relevant"]},
        {"target": {"id": "A1", "toolComponent": {"name": "OWASP"}}},
    ]);
    let rules = json!([{"id": "A", "relationships": relationships}]);
    let merged =
        merged(&[json!({"tool": {"driver": {"name": "t", "rules": rules}}, "results": []})]);
    let run = &written(&merged)["runs"][0];
    assert_eq!(
        run["tool"]["driver"]["rules"][0]["relationships"],
        json!([{
            "target": {"id": "CWE-798", "index": 0, "toolComponent": {"name": "CWE", "index": 0}},
            "kinds": ["superset"],
        }])
    );
    assert_eq!(run["taxonomies"][0]["taxa"][0]["id"], "CWE-798");
}

/// Any JSON, with the keys of a log.
fn anything() -> impl Strategy<Value = Value> {
    let keys = [
        "results",
        "message",
        "text",
        "locations",
        "region",
        "physicalLocation",
        "artifactLocation",
        "uri",
        "uriBaseId",
        "ruleIndex",
        "ruleId",
        "startLine",
        "endLine",
        "startColumn",
        "endColumn",
        "fixes",
        "artifactChanges",
        "replacements",
        "deletedRegion",
        "codeFlows",
        "threadFlows",
        "suppressions",
        "properties",
        "tags",
        "rank",
        "level",
        "kind",
        "relatedLocations",
        "id",
        "contextRegion",
        "snippet",
        "logicalLocations",
        "name",
        "partialFingerprints",
        "location",
    ];
    let words = [
        "error",
        "note",
        "none",
        "review",
        "%",
        "a b",
        "\u{1b}[m\u{202e}",
        "CWE-798",
        "//x",
        "C:\\a",
        "https://[",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        (-2i64..200).prop_map(Value::from),
        prop::sample::select(words.to_vec()).prop_map(Value::from),
    ];
    leaf.prop_recursive(7, 80, 6, move |inner| {
        let pairs =
            prop::collection::vec((prop::sample::select(keys.to_vec()), inner.clone()), 0..7);
        prop_oneof![
            1 => prop::collection::vec(inner, 0..4).prop_map(Value::from),
            3 => pairs.prop_map(|pairs| {
                pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            }),
        ]
    })
}

/// A place of anything, so that results come through.
fn place() -> impl Strategy<Value = Value> {
    (anything(), "[a-z%:/ü#\\\\. ]{1,12}", anything()).prop_map(|(region, uri, context)| {
        json!({"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region,
            "contextRegion": context}})
    })
}

proptest! {
    #[test]
    fn whatever_is_merged_keeps_to_the_schema(
        result in anything(), place in place(), rule in anything(), invocation in anything(),
        name in prop::sample::select(vec!["t", "careen", "gitleaks", "\u{202e}x"]),
    ) {
        let path =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/schemas/sarif-2.1.0.schema.json");
        let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let mut result = if result.is_object() { result } else { json!({}) };
        result["kind"] = json!("fail");
        result["locations"] = json!([place]);
        let run = json!({
            "tool": {"driver": {"name": name, "rules": [rule]}},
            "results": [result],
            "invocations": [invocation],
        });
        let log = written(&merged(&[run.clone(), run]));
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|error| error.to_string()).collect();
        prop_assert!(errors.is_empty(), "{errors:#?} {log:#}");
        prop_assert_eq!(log["runs"].as_array().unwrap().len(), 1);
    }
}
