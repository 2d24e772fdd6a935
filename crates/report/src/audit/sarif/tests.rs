use std::collections::{BTreeMap, BTreeSet};

use careen_audit_model::{Audit, Status};
use serde_json::{Value, json};

use crate::audit::sample::{go, hostile, sample, waived};
use crate::{AuditFormat, Options, write_audit};

const SCHEMA: &str = include_str!("../../../../../fixtures/schemas/sarif-2.1.0.schema.json");

fn text(audit: &Audit) -> String {
    let mut bytes = Vec::new();
    write_audit(audit, AuditFormat::Sarif, &Options::default(), &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn run(audit: &Audit) -> Value {
    let mut log: Value = serde_json::from_str(&text(audit)).unwrap();
    log["runs"][0].take()
}

/// Rule, level, file and line of every result.
fn results(run: &Value) -> Vec<(String, String, String, u64)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let result = |result: &Value| {
        let place = &result["locations"][0]["physicalLocation"];
        let line = place["region"]["startLine"].as_u64().unwrap();
        let uri = text(&place["artifactLocation"]["uri"]);
        (text(&result["ruleId"]), text(&result["level"]), uri, line)
    };
    run["results"].as_array().unwrap().iter().map(result).collect()
}

#[test]
fn logs_hold_to_the_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    for audit in [sample(), waived(), go(), hostile()] {
        let log: Value = serde_json::from_str(&text(&audit)).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&log)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

#[test]
fn what_holds_the_release_up_stands_where_its_cause_is() {
    let result =
        |rule: &str, uri: &str, line| (rule.to_owned(), "error".to_owned(), uri.to_owned(), line);
    assert_eq!(
        results(&run(&sample())),
        [
            result("secrets-in-vault", "deploy/api.yaml", 24),
            result("secrets-in-vault", "src/payments/config.env", 2),
            result("image-scanned", "docs/production.md", 14),
            result("backup-configured", "deploy/postgres.yaml", 4),
            result("load-tested", "docs/production.md", 26),
            result("undecided-line", "docs/production.md", 15),
        ]
    );
}

#[test]
fn what_is_settled_or_not_due_is_no_result() {
    for audit in [waived(), go()] {
        assert_eq!(results(&run(&audit)), []);
    }
    // What can be known later and is wrong already is worth a warning, and no more.
    let mut audit = sample();
    let canary = audit.controls.iter_mut().find(|it| it.id == "canary-watched").unwrap();
    canary.status = Status::Fail;
    let last = results(&run(&audit)).pop().unwrap();
    assert_eq!((&*last.0, &*last.1), ("canary-watched", "warning"));
}

#[test]
fn every_control_is_a_rule_with_its_remedy() {
    let audit = sample();
    let run = run(&audit);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), audit.controls.len() + 1);
    let secrets = &rules[0];
    assert_eq!(secrets["id"], "secrets-in-vault");
    assert_eq!(secrets["name"], "SecretsInVault");
    assert_eq!(secrets["shortDescription"]["text"], "Credentials come from a vault.");
    let why = "Whoever can read the repository has them, and they stay in its history.";
    assert_eq!(secrets["fullDescription"]["text"], why);
    let help = secrets["help"]["markdown"].as_str().unwrap();
    assert!(help.contains(why) && help.contains("<code>ExternalSecret</code>"), "{help}");
    assert_eq!(secrets["properties"]["tags"], json!(["careen-audit", "security"]));
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let message = run["results"][0]["message"]["text"].as_str().unwrap();
    assert_eq!(
        message,
        "variable `DB_PASSWORD` in Deployment `shop/api` holds a password. \
         Revoke them, then name them in an `ExternalSecret`."
    );
}

#[test]
fn the_run_says_how_it_went() {
    let sample = run(&sample());
    let invocation = &sample["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(
        (&invocation["exitCode"], &invocation["exitCodeDescription"]),
        (&json!(1), &json!("NO-GO"))
    );
    let notes = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert!(notes.iter().any(|note| {
        note["level"] == "error"
            && note["locations"][0]["physicalLocation"]["region"]["startLine"] == 12
    }));
    assert_eq!(sample["automationDetails"]["id"], "careen-audit/");
    let go = run(&go());
    assert_eq!(go["invocations"][0]["executionSuccessful"], true);
    assert_eq!(go["invocations"][0]["exitCode"], 0);
}

fn prints(run: &Value) -> BTreeMap<(String, String, String), String> {
    let mut all = BTreeMap::new();
    for result in run["results"].as_array().unwrap() {
        let prints = &result["partialFingerprints"];
        assert_eq!(prints["careen-audit/v1"], prints["primaryLocationLineHash"]);
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let message = result["message"]["text"].to_string();
        all.insert(
            (result["ruleId"].to_string(), place.to_string(), message),
            prints["careen-audit/v1"].as_str().unwrap().to_owned(),
        );
    }
    all
}

#[test]
fn fingerprints_survive_edits_of_other_lines() {
    let mut audit = sample();
    let before = prints(&run(&audit));
    let apart: BTreeSet<&String> = before.values().collect();
    assert_eq!(apart.len(), before.len());
    for cause in audit.controls.iter_mut().flat_map(|control| &mut control.causes) {
        cause.place.as_mut().unwrap().line += 7;
    }
    for item in &mut audit.items {
        item.line += 3;
    }
    for line in audit.controls.iter_mut().flat_map(|control| &mut control.lines) {
        *line += 3;
    }
    for blocker in &mut audit.verdict.blockers {
        if blocker == "line 15" {
            "line 18".clone_into(blocker);
        }
    }
    assert_eq!(prints(&run(&audit)), before);
}

/// A host knows no two results of one rule on one line.
#[test]
fn causes_on_one_line_are_one_result() {
    let mut audit = sample();
    let mut second = audit.controls[0].causes[0].clone();
    second.message = "variable `B` holds a password, too".to_owned();
    audit.controls[0].causes.insert(1, second);
    let run = run(&audit);
    assert_eq!(results(&run).len(), 6);
    let message = run["results"][0]["message"]["text"].as_str().unwrap();
    assert!(message.contains("`DB_PASSWORD`") && message.contains("variable `B`"), "{message}");
}

#[test]
fn hostile_words_make_no_link_and_stay_short() {
    let mut audit = hostile();
    for line in ["]]> \"quoted\" \u{2028}", &"a".repeat(9_000), "[x](1)", "{0}"] {
        let mut cause = audit.controls[0].causes[0].clone();
        line.clone_into(&mut cause.message);
        cause.place.as_mut().unwrap().line += 100 + u32::try_from(line.len()).unwrap();
        audit.controls[0].causes.push(cause);
    }
    let text = text(&audit);
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{0}']) && !text.contains("##vso["));
    for result in run(&audit)["results"].as_array().unwrap() {
        let message = result["message"]["text"].as_str().unwrap();
        assert!(message.chars().count() <= 2_048 && !message.contains("[x](1)"), "{message}");
        assert!(!message.contains('\n') && !message.contains("![i](https"), "{message}");
    }
}

#[test]
fn the_same_audit_gives_the_same_bytes() {
    assert_eq!(text(&hostile()), text(&hostile()));
}
