//! Paths, operations, parameters and responses.

use std::collections::{BTreeMap, BTreeSet};

use careen_text::Span;
use careen_yaml::{Entry, Kind, Node};

use super::{Api, Edition, is_extension, resolved};
use crate::place::cut;

/// The most paths that are looked at.
const PATHS: usize = 20_000;
const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// What was seen of the whole description so far.
#[derive(Default)]
struct Seen {
    /// Operations by their id.
    ids: BTreeMap<String, String>,
    /// Paths with their parameters' names left out.
    shapes: BTreeMap<String, String>,
}

/// Tells what cannot be right below `paths` and `webhooks`.
pub(super) fn check(api: &mut Api<'_>) {
    let mut seen = Seen::default();
    let root = api.root;
    if let Some(paths) = root.get("paths").filter(|paths| !paths.is_null()) {
        if paths.kind() != Kind::Mapping {
            api.tell(paths.span(), "paths", "`paths` is no mapping from paths");
        }
        for entry in paths.entries().take(PATHS) {
            let Some(name) = entry.name().filter(|name| !is_extension(name)) else { continue };
            path(api, name, entry, &mut seen);
        }
    }
    for entry in root.get("webhooks").into_iter().flat_map(|hooks| hooks.entries()).take(PATHS) {
        let name = entry.name().unwrap_or_default();
        if let Some(item) = resolved(root, entry.value) {
            operations(api, name, None, item, &mut seen);
        }
    }
}

fn path<'t>(api: &mut Api<'t>, name: &str, entry: Entry<'t>, seen: &mut Seen) {
    let span = entry.key.span();
    if !name.starts_with('/') {
        let message = format!("the path `{}` does not begin with `/`", cut(name));
        api.tell(span, format!("path {}", cut(name)), message);
    }
    let (parameters, shape) = template(name);
    if let Some(other) = seen.shapes.get(&shape) {
        let message = format!("`{}` is the same path as `{}`", cut(name), cut(other));
        api.tell(span, format!("path {}", cut(name)), message);
    } else {
        seen.shapes.insert(shape, name.to_owned());
    }
    if entry.value.get("$ref").is_some() {
        return;
    }
    operations(api, name, Some((&parameters, span)), entry.value, seen);
}

/// The names in braces, and the path without them.
fn template(path: &str) -> (BTreeSet<&str>, String) {
    let mut names = BTreeSet::new();
    let mut shape = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        names.insert(name);
        shape.push_str(before);
        shape.push_str("{}");
        rest = after;
    }
    shape.push_str(rest);
    (names, shape)
}

fn operations<'t>(
    api: &mut Api<'t>,
    path: &str,
    template: Option<(&BTreeSet<&str>, Span)>,
    item: Node<'t>,
    seen: &mut Seen,
) {
    let common = parameters(api, item, path);
    for entry in item.entries() {
        let Some(method) = entry.name().filter(|name| METHODS.contains(name)) else { continue };
        if method == "query" && api.edition < Edition::ThreeTwo {
            continue;
        }
        let title = format!("{} {}", method.to_ascii_uppercase(), cut(path));
        if entry.value.kind() != Kind::Mapping {
            let message = format!("`{title}` is no mapping");
            api.tell(entry.key.span(), title, message);
            continue;
        }
        operation_id(api, entry.value, &title, seen);
        responses(api, entry, &title);
        let own = parameters(api, entry.value, path);
        if let Some((names, span)) = template {
            declared(api, names, span, &common, &own, &title);
        }
    }
    // What stands for all operations must be in the path too, if there is any.
    let has_any = item.entries().any(|entry| METHODS.contains(&entry.name().unwrap_or_default()));
    if let Some((names, _)) = template.filter(|_| has_any) {
        unknown(api, names, &common, path);
    }
}

fn operation_id(api: &mut Api<'_>, operation: Node<'_>, title: &str, seen: &mut Seen) {
    let Some(node) = operation.get("operationId") else { return };
    let Some(id) = node.text().filter(|id| !id.is_empty()) else { return };
    if let Some(other) = seen.ids.get(id) {
        let id = cut(id);
        let message = format!("the operation `{title}` has the id `{id}` of `{other}`");
        api.tell(node.span(), format!("operationId {id} {title}"), message);
    } else {
        seen.ids.insert(id.to_owned(), title.to_owned());
    }
}

fn responses(api: &mut Api<'_>, operation: Entry<'_>, title: &str) {
    let Some(entry) = operation.value.entry("responses") else {
        if api.edition < Edition::ThreeOne {
            let message = format!("`{title}` has no `responses`");
            api.tell(operation.key.span(), format!("{title} responses"), message);
        }
        return;
    };
    let mut codes = entry.value.entries().filter(|each| !is_extension(each.name().unwrap_or("")));
    if codes.next().is_none() {
        let message = format!("`{title}` has no response");
        api.tell(entry.key.span(), format!("{title} responses"), message);
        return;
    }
    for response in entry.value.entries() {
        let code = response.name().unwrap_or_default();
        if is_extension(code) {
            continue;
        }
        if !is_code(code, api.edition) {
            let message = format!("`{}` is no status code of HTTP", cut(code));
            api.tell(response.key.span(), format!("{title} {}", cut(code)), message);
        }
        // A reference to another file may say it there.
        let Some(target) = resolved(api.root, response.value) else { continue };
        let is_own = response.value.get("$ref").is_none();
        if is_own && api.edition < Edition::ThreeTwo && target.get("description").is_none() {
            let message = format!("the response `{}` of `{title}` has no `description`", cut(code));
            api.tell(response.key.span(), format!("{title} {} description", cut(code)), message);
        }
    }
}

fn is_code(code: &str, edition: Edition) -> bool {
    let bytes = code.as_bytes();
    let is_class = bytes.first().is_some_and(|first| (b'1'..=b'5').contains(first));
    let digits = bytes.iter().all(u8::is_ascii_digit);
    let range = edition > Edition::Two && code.ends_with("XX");
    code == "default" || bytes.len() == 3 && is_class && (digits || range)
}

/// A parameter with a name.
struct Parameter<'t> {
    name: &'t str,
    place: &'t str,
    /// Where the name is written, if in this very place.
    span: Option<Span>,
}

/// What is known of parameters. One that is described elsewhere may have any name.
struct Parameters<'t> {
    list: Vec<Parameter<'t>>,
    complete: bool,
}

fn parameters<'t>(api: &mut Api<'t>, holder: Node<'t>, path: &str) -> Parameters<'t> {
    let mut found = Parameters { list: Vec::new(), complete: true };
    let mut names: BTreeSet<(&str, &str)> = BTreeSet::new();
    for node in holder.get("parameters").into_iter().flat_map(|list| list.items()) {
        let is_own = node.get("$ref").is_none();
        let Some(target) = resolved(api.root, node) else {
            found.complete = false;
            continue;
        };
        let name = target.get("name").and_then(|name| name.text()).unwrap_or_default();
        let place = target.get("in");
        let word = place.and_then(|place| place.text()).unwrap_or_default();
        if is_own {
            parameter(api, target, name, place, path);
            if !name.is_empty() && !names.insert((name, word)) {
                let message = format!("the parameter `{}` in {word} stands here twice", cut(name));
                api.tell(target.span(), format!("parameter {}", cut(name)), message);
            }
        }
        let span = target.get("name").filter(|_| is_own).map(|name| name.span());
        found.list.push(Parameter { name, place: word, span });
    }
    found
}

fn parameter(api: &mut Api<'_>, node: Node<'_>, name: &str, place: Option<Node<'_>>, path: &str) {
    let evidence = format!("parameter {} of {}", cut(name), cut(path));
    let head = node.entries().next().map_or_else(|| node.span(), |entry| entry.key.span());
    if name.is_empty() {
        api.tell(head, format!("{evidence} name"), "the parameter has no `name`");
    }
    let Some(place) = place else {
        let message =
            format!("the parameter `{}` does not say where it is: it has no `in`", cut(name));
        api.tell(head, format!("{evidence} in"), message);
        return;
    };
    let words: &[&str] = match api.edition {
        Edition::Two => &["query", "header", "path", "formData", "body"],
        Edition::ThreeTwo => &["query", "header", "path", "cookie", "querystring"],
        _ => &["query", "header", "path", "cookie"],
    };
    let word = place.text().unwrap_or_default();
    if !words.contains(&word) {
        let message = format!("a parameter is not in `{}`, but in {}", cut(word), words.join(", "));
        api.tell(place.span(), format!("{evidence} in"), message);
    } else if word == "path" && node.get("required").and_then(|value| value.as_bool()) != Some(true)
    {
        let span = node.get("required").map_or_else(|| place.span(), |value| value.span());
        let message = format!("the path parameter `{}` is not `required: true`", cut(name));
        api.tell(span, format!("{evidence} required"), message);
    }
}

/// Tells the names of a path that no parameter declares.
fn declared(
    api: &mut Api<'_>,
    names: &BTreeSet<&str>,
    span: Span,
    common: &Parameters<'_>,
    own: &Parameters<'_>,
    title: &str,
) {
    if !common.complete || !own.complete {
        return;
    }
    let all = || common.list.iter().chain(&own.list).filter(|each| each.place == "path");
    for name in names.iter().filter(|name| !all().any(|each| each.name == **name)) {
        let message = format!("`{title}` declares no path parameter `{}`", cut(name));
        api.tell(span, format!("{title} {}", cut(name)), message);
    }
    unknown(api, names, own, title);
}

/// Tells the path parameters that are not in the path.
fn unknown(api: &mut Api<'_>, names: &BTreeSet<&str>, parameters: &Parameters<'_>, title: &str) {
    for parameter in parameters.list.iter().filter(|each| each.place == "path") {
        let Some(span) = parameter.span.filter(|_| !names.contains(parameter.name)) else {
            continue;
        };
        let name = cut(parameter.name);
        let message = format!("the path of `{}` has no `{{{name}}}`", cut(title));
        api.tell(span, format!("{} {name}", cut(title)), message);
    }
}
