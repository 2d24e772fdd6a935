use proptest::prelude::*;
use serde_json::{Value, json};

use super::{NotSarif, ReadLog, read};
use crate::{Kind, Level, Log, Region, Run, SuppressionStatus};

fn log(run: &Value) -> ReadLog {
    let log = json!({"version": "2.1.0", "runs": [run]});
    read(log.to_string().as_bytes()).unwrap()
}

fn run(results: &Value) -> Run {
    let driver = json!({"name": "t", "rules": [
        {"id": "A", "defaultConfiguration": {"level": "error"},
            "messageStrings": {"m": {"text": "found {0} in '{1}', not {{2}}"}}},
        {"id": "B", "shortDescription": {"markdown": "*b*"}},
    ]});
    let extensions = json!([{"name": "x", "rules": [{"id": "C"}, {"id": "A"}]}]);
    let tool = json!({"driver": driver, "extensions": extensions});
    let mut log = log(&json!({"tool": tool, "results": results}));
    log.runs.remove(0).run
}

#[test]
fn what_is_no_log_is_told_with_its_place() {
    let told = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
    assert!(told("").contains("it is empty"));
    assert!(told("{").contains("line 1 column 1"), "{}", told("{"));
    assert!(told("[]").starts_with("/: it is no object"));
    assert!(told("{\"Results\": []}").starts_with("/: `runs` is missing"));
    assert!(told("{\"runs\": []}").starts_with("/: `version` is missing"));
    assert!(told("{\"version\": \"2.0.0\", \"runs\": []}").starts_with("/version: only"));
    assert!(told("{\"version\": \"2.1.0\", \"runs\": {}}").starts_with("/runs: "));
    let nameless =
        r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t"}}, "results": []}, {}]}"#;
    assert!(told(nameless).starts_with("/runs/1: no tool"), "{}", told(nameless));
    let deep = format!("{{\"version\": \"2.1.0\", \"runs\": [{}", "[".repeat(10_000));
    assert!(matches!(read(deep.as_bytes()), Err(NotSarif::Json(_))));
    let wide = format!("[{}1]", "1,".repeat(8_000_001));
    assert!(told(&wide).contains("too large"));
}

#[test]
fn marks_and_wide_encodings_are_read() {
    let text = r#"{"version": "2.1.0", "runs": []}"#;
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let mut wide = vec![0xFF, 0xFE];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    for bytes in [marked, wide] {
        assert_eq!(read(&bytes).unwrap(), ReadLog::default());
    }
}

#[test]
fn results_find_their_rule_whatever_they_call_it() {
    let run = run(&json!([
        {"ruleId": "A", "message": {"id": "m", "arguments": ["x", "y"]}},
        {"ruleIndex": 1, "message": {}},
        {"rule": {"id": "C", "index": 0, "toolComponent": {"index": 0}}, "message": {"text": "c"}},
        {"rule": {"index": 0, "toolComponent": {"name": "x"}}, "message": {"markdown": "*c*"}},
        {"ruleId": "A/1", "ruleIndex": 0, "level": "note", "message": {"text": "a"}},
        {"ruleId": "B", "ruleIndex": 0, "message": {"text": "b"}},
        {"ruleId": "new", "message": {"text": "n"}},
        {"ruleId": "new", "ruleIndex": 77, "kind": "pass", "message": {"text": "n"}},
        {"message": {"text": "nameless"}},
    ]));
    let rules = &run.tool.driver.rules;
    let shown: Vec<String> = run
        .results
        .iter()
        .map(|outcome| {
            let rule = &rules[outcome.rule_index].id;
            format!("{rule} {} {:?} {}", outcome.rule_id, outcome.level, outcome.message.text)
        })
        .collect();
    assert_eq!(
        shown,
        [
            "A A Error found x in 'y', not {2}",
            "B B Warning *b*",
            "C C Warning c",
            "C C Warning *c*",
            "A A/1 Note a",
            "B B Warning b",
            "new new Warning n",
            "new new None n",
            "unnamed unnamed Warning nameless",
        ]
    );
    assert_eq!(run.results[7].kind, Some(Kind::Pass));
}

#[test]
fn regions_are_believed_as_far_as_they_can_be() {
    let region = |region: Value| {
        let place =
            json!({"physicalLocation": {"artifactLocation": {"uri": "a"}, "region": region}});
        let run = run(&json!([{"ruleId": "A", "locations": [place]}]));
        run.results[0].locations[0].physical_location.clone().unwrap().region
    };
    let at = |start_line, start_column, end_line, end_column| {
        Some(Region { start_line, start_column, end_line, end_column, snippet: None })
    };
    assert_eq!(region(json!({"startLine": 0})), None);
    assert_eq!(region(json!({"startLine": -1, "endLine": 3})), None);
    assert_eq!(region(json!({"charOffset": 7})), None);
    assert_eq!(
        region(json!({"startLine": 5, "endLine": 3, "startColumn": 0})),
        at(5, None, None, None)
    );
    assert_eq!(
        region(json!({"startLine": 5, "startColumn": 9, "endColumn": 2, "snippet": {}})),
        at(5, Some(9), None, None)
    );
    assert_eq!(
        region(json!({"startLine": 5, "startColumn": 9, "endLine": 6, "endColumn": 2})),
        at(5, Some(9), Some(6), Some(2))
    );
    assert_eq!(region(json!({"startLine": 1e300, "endLine": "x"})), None);
}

#[test]
fn files_and_objects_may_stand_in_lists() {
    let log = log(&json!({
        "tool": {"driver": {"name": "t"}},
        "artifacts": [{"location": {"uri": "a.yaml", "uriBaseId": "R"}}],
        "logicalLocations": [{"name": "web", "kind": "resource"}],
        "originalUriBaseIds": {"R": {"uri": "file:///r/"}},
        "invocations": [{"executionSuccessful": false, "workingDirectory": {"uri": "file:///w"},
            "toolExecutionNotifications": [{"level": "error", "message": {"text": "oh"}}]}],
        "results": [{"ruleId": "A", "message": {"text": "a"}, "locations": [{
            "physicalLocation": {"artifactLocation": {"index": 0}},
            "logicalLocations": [{"index": 0}, {"index": 9}],
        }]}, 7],
    }));
    let read = &log.runs[0];
    assert_eq!(read.working_directory.as_deref(), Some("file:///w"));
    let invocation = &read.run.invocations[0];
    assert!(!invocation.execution_successful);
    assert_eq!(invocation.tool_execution_notifications[0].level, Level::Error);
    let place = &read.run.results[0].locations[0];
    let file = &place.physical_location.as_ref().unwrap().artifact_location;
    assert_eq!((file.uri.as_deref(), file.uri_base_id.as_deref()), (Some("a.yaml"), Some("R")));
    assert_eq!(place.logical_locations.len(), 1);
    assert_eq!(log.problems, ["/runs/0/results/1: a result should be an object"]);
}

#[test]
fn a_run_without_results_is_told() {
    let log = log(&json!({"tool": {"driver": {"name": "t"}}, "results": null}));
    assert!(!log.runs[0].has_results);
    assert_eq!(log.problems, ["/runs/0: `results` is missing"]);
}

#[test]
fn scores_may_be_numbers_and_suppressions_have_a_status() {
    let run = run(&json!([
        {"ruleId": "A", "properties": {"security-severity": 7}},
        {"ruleId": "A", "properties": {"security-severity": " 9.1 "}},
        {"ruleId": "A", "properties": {"security-severity": "high"}},
        {"ruleId": "A", "suppressions": [{"kind": "inSource"}, {"status": "rejected"}]},
    ]));
    let score = |at: usize| {
        let bag = run.results[at].properties.as_ref();
        bag.and_then(|bag| bag.security_severity.clone())
    };
    assert_eq!(score(0).as_deref(), Some("7.0"));
    assert_eq!(score(1).as_deref(), Some("9.1"));
    assert_eq!(score(2), None);
    let status: Vec<_> =
        run.results[3].suppressions.iter().flatten().map(|each| each.status).collect();
    assert_eq!(status, [SuppressionStatus::Accepted, SuppressionStatus::Rejected]);
}

/// Any JSON, with the keys of a log.
fn anything() -> impl Strategy<Value = Value> {
    let keys = [
        "runs",
        "results",
        "tool",
        "driver",
        "rules",
        "message",
        "text",
        "locations",
        "region",
        "physicalLocation",
        "artifactLocation",
        "uri",
        "index",
        "ruleIndex",
        "ruleId",
        "startLine",
        "fixes",
        "artifactChanges",
        "replacements",
        "codeFlows",
        "threadFlows",
        "suppressions",
        "properties",
        "rank",
        "invocations",
        "originalUriBaseIds",
        "arguments",
        "id",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2i64..200).prop_map(Value::from),
        "[a{}0-9]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(keys.to_vec()), inner), 0..6).prop_map(
                |pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            ),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_panics_and_what_is_read_can_be_written(
        run in anything(), result in anything(), rules in anything(),
    ) {
        let mut run = if run.is_object() { run } else { json!({}) };
        run["tool"] = json!({"driver": {"name": "t", "rules": rules}});
        run["results"] = json!([result]);
        let log = log(&run);
        let written = serde_json::to_vec(&Log::of(log.runs[0].run.clone())).unwrap();
        let again = read(&written).unwrap();
        prop_assert_eq!(again.runs[0].run.results.len(), log.runs[0].run.results.len());
    }
}

#[test]
fn a_run_tells_its_revision_and_its_times() {
    let log = br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t"}}, "results": [],
      "versionControlProvenance": [{"repositoryUri": "x"}, {"repositoryUri": "y", "revisionId": "abc"}],
      "invocations": [{"executionSuccessful": true, "startTimeUtc": "1", "endTimeUtc": "2"}, {"endTimeUtc": 3}]}]}"#;
    let run = super::read(log).unwrap().runs.remove(0);
    assert_eq!(run.revision.as_deref(), Some("abc"));
    assert_eq!(run.times, ["1", "2"]);
}
