//! The JSON schema of `careen.yaml`, made of the table of its keys. Draft 7 is the one that editors
//! know.

use std::collections::BTreeSet;

use careen_policy::{Keys, ROOT, Shape, TextKind, profiles};
use careen_rule::{Meta, OptionKind, RuleOption, Severity};
use serde_json::{Map, Value, json};

const ID: &str = "https://careen.dev/schemas/careen.schema.json";

/// The schema, for these rules.
pub(super) fn of(rules: &[&'static Meta]) -> Value {
    let mut schema = mapping(&ROOT, rules);
    if let Some(top) = schema.as_object_mut() {
        top.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
        top.insert("$id".to_owned(), json!(ID));
        top.insert("title".to_owned(), json!("careen.yaml"));
        top.insert("description".to_owned(), json!("The configuration of Careen."));
        top.insert("definitions".to_owned(), definitions(rules));
    }
    schema
}

fn definitions(rules: &[&'static Meta]) -> Value {
    let mut names: BTreeSet<String> = ["all".to_owned()].into();
    for rule in rules {
        names.insert(rule.id.to_owned());
        names.insert(rule.linter().to_owned());
        names.insert(format!("{}/{}", rule.linter(), rule.group().replace('_', "-")));
    }
    json!({
        "name": {
            "description": "A rule, a group such as `kubernetes/resources`, a linter, an alias, or \
                            the name that another tool has for a rule, such as \
                            `checkov:CKV_K8S_13` or `kube-linter:*`.",
            "anyOf": [{"enum": names}, {"type": "string", "pattern": "\\S"}],
        },
        "severity": {
            "description": "How much a finding matters.",
            "enum": Severity::ALL.map(Severity::as_str),
        },
        "levels": {
            "type": ["object", "null"],
            "propertyNames": {"$ref": "#/definitions/name"},
            "additionalProperties": {"$ref": "#/definitions/severity"},
            "maxProperties": 1000,
        },
        "glob": {
            "description": "A glob of paths: `*` stands for any text without `/`, `**` for any \
                            folders. One that covers a folder covers all in it.",
            "type": "string",
            "pattern": "^\\s*[^!\\s]",
        },
        "object": {
            "description": "`Kind/namespace/name`, or `Kind/name` in any namespace; `*` stands for \
                            any text.",
            "type": "string",
            "pattern": "^[^/]+/[^/]+(/[^/]+)?$",
        },
        "path": {"type": "string", "pattern": "\\S", "not": {"pattern": "://"}},
        "text": {"type": "string", "pattern": "\\S", "maxLength": 2000},
        "word": {"type": ["string", "number", "boolean"], "minLength": 1},
    })
}

fn shape(shape: &Shape, rules: &[&'static Meta]) -> Value {
    let definition = |name: &str| json!({"$ref": format!("#/definitions/{name}")});
    match shape {
        Shape::Text(TextKind::Name) => definition("name"),
        Shape::Text(TextKind::Glob) => definition("glob"),
        Shape::Text(TextKind::Object) => definition("object"),
        Shape::Text(TextKind::Path) => definition("path"),
        Shape::Text(TextKind::FileOrFolder) => json!({"type": "string", "pattern": "\\S"}),
        Shape::Text(TextKind::Prose) => definition("text"),
        Shape::Text(TextKind::Word) => definition("word"),
        Shape::Profile => {
            json!({"enum": profiles().iter().map(|profile| profile.name).collect::<Vec<_>>()})
        }
        Shape::Severity => definition("severity"),
        Shape::Version => json!({"anyOf": [
            {"type": "string", "pattern": "^v?1\\.[0-9]+(\\.[0-9]+)?$"},
            {"type": "number", "minimum": 1, "exclusiveMaximum": 2},
        ]}),
        Shape::Day => json!({
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        }),
        Shape::Choice(words) => json!({"enum": words}),
        Shape::Truth => json!({"type": "boolean"}),
        Shape::List { of, most, or_one, filled } => {
            let item = self::shape(of, rules);
            let mut list = json!({"type": "array", "items": item, "maxItems": most});
            if let Some(list) = list.as_object_mut() {
                if *filled {
                    list.insert("minItems".to_owned(), json!(1));
                } else {
                    list.insert("type".to_owned(), json!(["array", "null"]));
                }
            }
            if *or_one { json!({"anyOf": [self::shape(of, rules), list]}) } else { list }
        }
        Shape::Levels => definition("levels"),
        Shape::Options => options(rules),
        Shape::Mapping(keys) => mapping(keys, rules),
        Shape::Either(one, other) => {
            json!({"anyOf": [self::shape(one, rules), self::shape(other, rules)]})
        }
        Shape::Elsewhere(inner) => self::shape(inner, rules),
    }
}

fn mapping(keys: &Keys, rules: &[&'static Meta]) -> Value {
    let properties: Map<String, Value> = keys
        .keys
        .iter()
        .map(|key| (key.name.to_owned(), about(key.about, shape(&key.shape, rules))))
        .collect();
    let needed: Vec<_> = keys.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let mut schema = Map::new();
    let kind = if keys.may_be_empty() { json!(["object", "null"]) } else { json!("object") };
    schema.insert("type".to_owned(), kind);
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema.insert("additionalProperties".to_owned(), json!(false));
    if !needed.is_empty() {
        schema.insert("required".to_owned(), json!(needed));
    }
    if !keys.any_of.is_empty() {
        let which: Vec<_> = keys.any_of.iter().map(|key| json!({"required": [key]})).collect();
        let word = if keys.exclusive { "oneOf" } else { "anyOf" };
        schema.insert(word.to_owned(), json!(which));
    }
    Value::Object(schema)
}

/// A schema with a description. Beside a reference, draft 7 reads nothing.
fn about(text: &str, schema: Value) -> Value {
    match schema {
        Value::Object(mut schema) if !schema.contains_key("$ref") => {
            schema.insert("description".to_owned(), json!(text));
            Value::Object(schema)
        }
        schema => json!({"description": text, "allOf": [schema]}),
    }
}

/// `rules`: those with options by their ids; others, by a name of another tool, as they come.
fn options(rules: &[&'static Meta]) -> Value {
    let with_options = rules.iter().filter(|rule| !rule.options.is_empty());
    let properties: Map<String, Value> = with_options
        .map(|rule| {
            let options: Map<String, Value> = rule
                .options
                .iter()
                .map(|it| (it.name.to_owned(), about(it.summary, option(it))))
                .collect();
            let schema = json!({
                "type": "object",
                "description": rule.summary,
                "properties": options,
                "additionalProperties": false,
            });
            (rule.id.to_owned(), schema)
        })
        .collect();
    json!({
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": {"type": "object"},
    })
}

fn option(option: &RuleOption) -> Value {
    let word = json!({"$ref": "#/definitions/word"});
    let words = json!({"type": "array", "items": word});
    match option.kind {
        OptionKind::Words => json!({"anyOf": [word, words]}),
        OptionKind::Map => {
            let value = json!({"type": ["string", "number", "boolean", "null"]});
            json!({"anyOf": [{"type": "object", "additionalProperties": value}, words]})
        }
        OptionKind::Text => word,
        OptionKind::Number => json!({
            "anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[+-]?[0-9]+$"}],
        }),
    }
}
