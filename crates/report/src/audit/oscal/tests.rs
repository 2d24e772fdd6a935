use std::collections::BTreeSet;

use careen_audit_model::{Audit, Status, Vouched};
use serde_json::{Value, json};

use crate::audit::sample::{AT, go, hostile, sample, waived};
use crate::{AuditFormat, Options, write_audit};

/// The part of the model that is written, with what NIST's schema asks of it.
const SHAPE: &str = include_str!("shape.json");

fn text(audit: &Audit) -> String {
    let mut bytes = Vec::new();
    write_audit(audit, AuditFormat::Oscal, &Options::default(), &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn document(audit: &Audit) -> Value {
    serde_json::from_str(&text(audit)).unwrap()
}

fn list<'a>(document: &'a Value, name: &str) -> &'a Vec<Value> {
    document["assessment-results"]["results"][0][name].as_array().unwrap()
}

fn finding<'a>(document: &'a Value, control: &str) -> &'a Value {
    let id = format!("{control}_obj");
    let mut findings = list(document, "findings").iter();
    findings.find(|it| it["target"]["target-id"] == *id).unwrap_or_else(|| panic!("{control}"))
}

fn property<'a>(value: &'a Value, name: &str) -> &'a str {
    let mut props = value["props"].as_array().unwrap().iter();
    props.find(|it| it["name"] == name).unwrap()["value"].as_str().unwrap()
}

#[test]
fn documents_have_the_shape_of_the_model() {
    let shape: Value = serde_json::from_str(SHAPE).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&shape).unwrap();
    let mut bare = go();
    bare.controls.clear();
    bare.items.clear();
    for audit in [sample(), waived(), go(), bare, hostile()] {
        let errors: Vec<String> = validator
            .iter_errors(&document(&audit))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

#[test]
fn the_head_says_what_was_judged() {
    let document = document(&sample());
    let root = &document["assessment-results"];
    assert_eq!(root["metadata"]["title"], "Release audit of 1.5.0");
    assert_eq!(root["metadata"]["version"], "1.5.0");
    assert_eq!(root["metadata"]["last-modified"], "2026-11-26T12:00:00Z");
    assert_eq!(root["metadata"]["oscal-version"], "1.1.3");
    let plan = &root["back-matter"]["resources"][0];
    assert_eq!(root["import-ap"]["href"], format!("#{}", plan["uuid"].as_str().unwrap()));
    assert_eq!(plan["rlinks"][0]["href"], "docs/production.md");
    let result = &root["results"][0];
    assert_eq!(result["title"], "NO-GO: 5 blockers");
    assert_eq!(result["start"], "2026-11-26T12:00:00Z");
    assert_eq!(property(result, "verdict"), "no-go");
    assert_eq!(property(result, "tree"), sample().subject.tree);
}

#[test]
fn every_status_is_a_finding() {
    let document = document(&sample());
    for (control, state, reason) in [
        ("tests-pass", "satisfied", "pass"),
        ("secrets-in-vault", "not-satisfied", "fail"),
        ("image-scanned", "not-satisfied", "other"),
        ("load-tested", "not-satisfied", "other"),
        ("code-complexity", "not-satisfied", "other"),
        ("database-alerts", "satisfied", "other"),
        ("undecided-line-15", "not-satisfied", "other"),
    ] {
        let finding = finding(&document, control);
        assert_eq!(finding["target"]["type"], "objective-id");
        let status = &finding["target"]["status"];
        assert_eq!((&status["state"], &status["reason"]), (&json!(state), &json!(reason)));
    }
    let alerts = finding(&document, "database-alerts");
    assert_eq!(alerts["target"]["implementation-status"]["state"], "not-applicable");
    let load = finding(&document, "load-tested");
    assert_eq!(property(load, "status"), Status::NotRun.as_str());
    assert_eq!(property(load, "owner"), "operations");
    assert_eq!(property(load, "line"), "26");
    assert_eq!(property(finding(&document, "canary-watched"), "due"), "false");
    let objective =
        &document["assessment-results"]["local-definitions"]["objectives-and-methods"][0];
    assert_eq!(objective["control-id"], "secrets-in-vault");
    assert_eq!(objective["parts"][0]["id"], "secrets-in-vault_obj");
}

/// The observations of a control.
fn observed<'a>(document: &'a Value, control: &str) -> Vec<&'a Value> {
    let related = finding(document, control)["related-observations"].as_array().unwrap();
    let observation = |related: &Value| {
        let mut all = list(document, "observations").iter();
        all.find(|it| it["uuid"] == related["observation-uuid"]).unwrap()
    };
    related.iter().map(observation).collect()
}

#[test]
fn proofs_are_observations_by_their_method() {
    let audit = sample();
    let document = document(&audit);
    for (control, method) in [
        ("tests-pass", "TEST"),
        ("nodes-ready", "TEST"),
        ("docs-readme-current", "EXAMINE"),
        ("previous-version-tagged", "EXAMINE"),
        ("secrets-in-vault", "EXAMINE"),
        ("query-review", "INTERVIEW"),
    ] {
        assert_eq!(observed(&document, control)[0]["methods"], json!([method]), "{control}");
    }
    let tests = observed(&document, "tests-pass")[0];
    assert_eq!(tests["collected"], "2026-11-25T12:00:00Z");
    let evidence = &tests["relevant-evidence"][0];
    let record = audit.evidence.iter().find(|it| it.path == "evidence/junit.xml").unwrap();
    assert_eq!(evidence["href"], "evidence/junit.xml");
    assert_eq!(property(evidence, "sha256"), record.sha256);
    let link = evidence["links"][0]["href"].as_str().unwrap().trim_start_matches('#');
    let resources = document["assessment-results"]["back-matter"]["resources"].as_array().unwrap();
    let resource = resources.iter().find(|it| it["uuid"] == link).unwrap();
    assert_eq!(
        resource["rlinks"][0]["hashes"],
        json!([
            { "algorithm": "SHA-256", "value": record.sha256 }
        ])
    );
    let word = observed(&document, "query-review")[0];
    assert!(word["description"].as_str().unwrap().starts_with("Grace Hopper, as dba: I looked"));
    let secrets = observed(&document, "secrets-in-vault");
    assert_eq!(secrets.len(), 2);
    assert_eq!(property(&secrets[0]["relevant-evidence"][0], "rule"), "secret-in-env");
    assert_eq!(property(&secrets[0]["relevant-evidence"][0], "line"), "24");
}

#[test]
fn a_waiver_is_a_risk_that_somebody_accepted() {
    let mut audit = sample();
    let document_of = document(&audit);
    let risks = list(&document_of, "risks");
    let related = &finding(&document_of, "code-complexity")["related-risks"][0]["risk-uuid"];
    let risk = risks.iter().find(|it| it["uuid"] == *related).unwrap();
    assert_eq!(risk["status"], "deviation-approved");
    assert_eq!(risk["deadline"], "2026-12-10T00:00:00Z");
    assert_eq!(risk["mitigating-factors"][0]["description"], "It is fuzzed every night.");
    assert_eq!(property(risk, "waiver-owner"), "Barbara Liskov");
    let expired = &finding(&document_of, "image-scanned")["related-risks"][0]["risk-uuid"];
    assert_eq!(risks.iter().find(|it| it["uuid"] == *expired).unwrap()["status"], "open");
    let of = |audit: &Audit| list(&document(audit), "risks")[1]["status"].clone();
    audit.waivers[1].needed = false;
    assert_eq!(of(&audit), "closed");
    audit.waivers[1].vouched = Vouched::Refused { reason: "the key is unknown".to_owned() };
    assert_eq!(of(&audit), "deviation-requested");
}

fn identifiers(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("uuid").and_then(Value::as_str).map(ToOwned::to_owned));
            members.values().for_each(|member| identifiers(member, found));
        }
        Value::Array(members) => members.iter().for_each(|member| identifiers(member, found)),
        _ => {}
    }
}

#[test]
fn identifiers_are_unique_and_every_reference_leads_somewhere() {
    for audit in [sample(), waived(), hostile()] {
        let mut all = Vec::new();
        identifiers(&document(&audit), &mut all);
        let unique: BTreeSet<&String> = all.iter().collect();
        assert_eq!(unique.len(), all.len());
        let text = text(&audit);
        for name in ["observation-uuid", "risk-uuid", "actor-uuid"] {
            for rest in text.split(&format!("\"{name}\": \"")).skip(1) {
                assert!(unique.contains(&rest[..36].to_owned()), "{name} {}", &rest[..36]);
            }
        }
    }
}

#[test]
fn the_same_audit_gives_the_same_bytes_and_another_other_identifiers() {
    assert_eq!(text(&hostile()), text(&hostile()));
    let mut later = sample();
    later.at = AT + 60;
    let (one, other) = (document(&sample()), document(&later));
    assert_ne!(one["assessment-results"]["uuid"], other["assessment-results"]["uuid"]);
    assert_ne!(list(&one, "findings")[0]["uuid"], list(&other, "findings")[0]["uuid"]);
}

#[test]
fn hostile_words_are_no_markup() {
    let mut audit = hostile();
    audit.controls[0].reason = "]]> \"quoted\" \u{2028} <b>x</b> {{ insert: param, a }}".to_owned();
    let text = text(&audit);
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{0}']) && !text.contains("##vso["));
    assert!(!text.contains("{{ insert"), "{text}");
    let document = document(&audit);
    let title = list(&document, "findings")[1]["title"].as_str().unwrap();
    assert!(title.starts_with("\\</script\\>"), "{title}");
}
