//! The types of schemas.

use careen_yaml::{Kind, Node};

use super::{Api, Edition, is_extension};
use crate::place::cut;

/// How deep schemas are looked into.
const DEPTH: usize = 64;
/// The most schemas that are looked at; aliases make more of few.
const MOST: usize = 200_000;
/// Where schemas stand inside of schemas, as one, as a list, by name.
const ONE: [&str; 5] = ["items", "not", "additionalProperties", "if", "then"];
const MANY: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
const NAMED: [&str; 4] = ["properties", "patternProperties", "$defs", "definitions"];

/// Tells the types that are none.
pub(super) fn check(api: &mut Api<'_>) {
    let mut left = MOST;
    let schemas = match api.edition {
        Edition::Two => api.root.get("definitions"),
        _ => api.root.at(&["components", "schemas"]),
    };
    for entry in schemas.into_iter().flat_map(|schemas| schemas.entries()) {
        schema(api, entry.value, DEPTH, &mut left);
    }
    // Elsewhere a schema stands below a key of that name.
    let mut found = Vec::new();
    let tops = ["paths", "webhooks", "components", "parameters", "responses"];
    for key in tops {
        if let Some(node) = api.root.get(key) {
            collect(node, DEPTH, &mut left, &mut found);
        }
    }
    for node in found {
        schema(api, node, DEPTH, &mut left);
    }
}

fn collect<'t>(node: Node<'t>, depth: usize, left: &mut usize, found: &mut Vec<Node<'t>>) {
    if depth == 0 || *left == 0 {
        return;
    }
    *left -= 1;
    for item in node.items() {
        collect(item, depth - 1, left, found);
    }
    for entry in node.entries() {
        let name = entry.name().unwrap_or_default();
        if name == "schema" && entry.value.kind() == Kind::Mapping {
            found.push(entry.value);
        } else if !is_extension(name)
            && !matches!(name, "schemas" | "example" | "examples" | "default")
        {
            collect(entry.value, depth - 1, left, found);
        }
    }
}

fn schema(api: &mut Api<'_>, node: Node<'_>, depth: usize, left: &mut usize) {
    if depth == 0 || *left == 0 || node.kind() != Kind::Mapping || node.get("$ref").is_some() {
        return;
    }
    *left -= 1;
    if let Some(kind) = node.get("type") {
        types(api, kind);
    }
    for key in ONE {
        if let Some(below) = node.get(key) {
            schema(api, below, depth - 1, left);
        }
    }
    for key in MANY {
        for below in node.get(key).into_iter().flat_map(|list| list.items()) {
            schema(api, below, depth - 1, left);
        }
    }
    for key in NAMED {
        for entry in node.get(key).into_iter().flat_map(|named| named.entries()) {
            schema(api, entry.value, depth - 1, left);
        }
    }
}

fn types(api: &mut Api<'_>, node: Node<'_>) {
    if node.kind() == Kind::Sequence {
        if api.edition < Edition::ThreeOne {
            let message = "a list of types needs OpenAPI 3.1; before, it is `nullable: true`";
            api.tell(node.span(), "types", message);
            return;
        }
        for item in node.items() {
            word(api, item);
        }
        return;
    }
    word(api, node);
}

fn word(api: &mut Api<'_>, node: Node<'_>) {
    const WORDS: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];
    let text = node.text().unwrap_or_default();
    let more = match api.edition {
        Edition::Two => text == "file",
        Edition::ThreeZero => false,
        _ => text == "null",
    };
    if WORDS.contains(&text) || more || node.span().is_empty() {
        return;
    }
    let hint = careen_text::closest(text, WORDS).or(match text {
        "float" | "double" => Some("number"),
        "int" | "int32" | "int64" | "long" => Some("integer"),
        "date" | "datetime" | "date-time" | "uuid" | "text" => Some("string"),
        "map" | "dict" => Some("object"),
        "list" => Some("array"),
        _ => None,
    });
    let hint = hint.map(|word| format!("; did you mean `{word}`?")).unwrap_or_default();
    let message = if node.kind() == Kind::Scalar {
        format!("`{}` is no type of a schema{hint}", cut(text))
    } else {
        "the type of a schema is a word".to_owned()
    };
    api.tell(node.span(), format!("type {}", cut(text)), message);
}
