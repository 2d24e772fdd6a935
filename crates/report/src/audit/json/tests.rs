use std::collections::{BTreeMap, BTreeSet};

use careen_audit_model::{Audit, Vouched};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::audit::sample::{go, hostile, sample, waived};
use crate::{AuditFormat, Options, write_audit};

const SCHEMA: &str = include_str!("../../../../../docs/schemas/careen-audit.schema.json");

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

fn validator() -> Validator {
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema())
        .unwrap_or_else(|error| panic!("{error}"))
}

fn text(audit: &Audit) -> String {
    let mut bytes = Vec::new();
    write_audit(audit, AuditFormat::Json, &Options::default(), &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn value(audit: &Audit) -> Value {
    serde_json::from_str(&text(audit)).unwrap()
}

fn errors(validator: &Validator, value: &Value) -> Vec<String> {
    let errors = validator.iter_errors(value);
    errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Digests are ours, whatever stands in files.
fn hostile_with_digests() -> Audit {
    let (mut audit, known) = (hostile(), sample());
    for (item, known) in audit.items.iter_mut().zip(&known.items) {
        item.evidence.clone_from(&known.evidence);
    }
    audit
}

#[test]
fn audits_hold_to_the_schema() {
    let validator = validator();
    for audit in [sample(), waived(), go(), hostile_with_digests()] {
        assert_eq!(errors(&validator, &value(&audit)), Vec::<String>::new());
    }
}

#[test]
fn wrong_words_are_refused() {
    let validator = validator();
    for (pointer, wrong) in [
        ("/schema", json!("careen-audit/2")),
        ("/phase", json!("during")),
        ("/at", json!("2026-11-26T12:00:00Z")),
        ("/verdict/outcome", json!("go-go")),
        ("/verdict/blockers", json!("none")),
        ("/items/0/status", json!("passed")),
        ("/items/0/line", json!(0)),
        ("/items/0/phase", json!("later")),
        ("/items/0/evidence/0/kind", json!("report")),
        ("/controls/0/status", json!("FAIL")),
        ("/controls/0/causes/0/severity", json!("loud")),
        ("/evidence/0/sha256", json!("abc")),
        ("/subject/tree", json!("8d2f6c1e")),
        ("/sign_offs/0/vouched", json!("sworn")),
        ("/comparison/turned/0/to", json!("better")),
    ] {
        let mut audit = value(&sample());
        *audit.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = wrong;
        assert!(!validator.is_valid(&audit), "{pointer}");
    }
}

#[test]
fn what_is_vouched_for_has_what_it_says() {
    let validator = validator();
    for (place, wrong) in [
        ("sign_offs", json!({ "vouched": "signed" })),
        ("sign_offs", json!({ "vouched": "claimed", "principal": "a" })),
        ("waivers", json!({ "vouched": "refused" })),
    ] {
        let mut audit = value(&sample());
        let record = audit[place][0].as_object_mut().unwrap();
        for name in ["principal", "fingerprint", "refused"] {
            record.remove(name);
        }
        record.extend(wrong.as_object().unwrap().clone());
        assert!(!validator.is_valid(&audit), "{wrong}");
    }
}

/// Why a waiver was given and why its signature is refused are two things.
#[test]
fn no_name_stands_twice() {
    let mut audit = sample();
    audit.waivers[0].reason = "it is small".to_owned();
    audit.waivers[0].vouched = Vouched::Refused { reason: "the key is unknown".to_owned() };
    let waiver = &value(&audit)["waivers"][0];
    assert_eq!(waiver["reason"], "it is small");
    assert_eq!(
        (&waiver["vouched"], &waiver["refused"]),
        (&json!("refused"), &json!("the key is unknown"))
    );
}

/// Names of properties by the definition that they belong to, and whether the definition is closed.
fn walk<'a>(value: &'a Value, path: &str, found: &mut BTreeMap<String, &'a Value>) {
    match value {
        Value::Object(members) => {
            if members.get("type").is_some_and(|kind| kind == "object") {
                found.insert(path.to_owned(), value);
            }
            for (name, member) in members {
                walk(member, &format!("{path}/{name}"), found);
            }
        }
        Value::Array(members) => {
            for (at, member) in members.iter().enumerate() {
                walk(member, &format!("{path}/{at}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_object_is_closed_and_every_property_told() {
    let schema = schema();
    let mut objects = BTreeMap::new();
    walk(&schema, "", &mut objects);
    assert!(objects.len() > 15, "{:?}", objects.keys());
    for (path, object) in objects {
        assert_eq!(object["additionalProperties"], false, "{path}");
        for (name, property) in object["properties"].as_object().unwrap() {
            assert!(property["description"].is_string(), "{path}/{name}");
        }
        for name in object["required"].as_array().unwrap() {
            assert!(object["properties"].get(name.as_str().unwrap()).is_some(), "{path}/{name}");
        }
    }
}

fn names(value: &Value, all: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                all.insert(name.clone());
                names(member, all);
            }
        }
        Value::Array(members) => members.iter().for_each(|member| names(member, all)),
        _ => {}
    }
}

#[test]
fn the_schema_knows_nothing_that_is_not_written() {
    let mut audit = sample();
    audit.verdict.next_expiry = Some(1);
    audit.evidence[0].tree = Some("sha256:0".to_owned());
    audit.sign_offs[0].commit = Some("0".to_owned());
    audit.controls[0].causes[0].remedy = Some("rotate it".to_owned());
    let mut written = BTreeSet::new();
    names(&value(&audit), &mut written);
    let schema = schema();
    let mut objects = BTreeMap::new();
    walk(&schema, "", &mut objects);
    for (path, object) in objects {
        for name in object["properties"].as_object().unwrap().keys() {
            assert!(written.contains(name), "{path}/{name} is never written");
        }
    }
}

#[test]
fn hostile_words_come_back_and_move_no_cursor() {
    let audit = hostile();
    let text = text(&audit);
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{0}']) && !text.contains("##vso["));
    let read: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read, serde_json::to_value(&audit).unwrap());
    for line in ["]]>", "\"quoted\"", "\u{2028}\u{2029}", "\u{7}\u{85}", "\u{feff}"] {
        let mut audit = sample();
        line.clone_into(&mut audit.items[0].text);
        assert_eq!(value(&audit)["items"][0]["text"], line);
    }
}
