//! OpenAPI descriptions: what of their structure cannot be right, each with its place. This is no
//! validator of the whole format: it looks at what readers of such files stumble over.

mod paths;
mod refs;
mod schemas;

use careen_model::{Document, File};
use careen_text::Span;
use careen_yaml::{Kind, Node, ProblemKind, Scalar};

use crate::place::cut;

/// The most problems of one description that are told.
const MOST: usize = 1_000;

/// Something that cannot be right.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) span: Span,
    pub(crate) message: String,
    /// What tells it apart from others of the file.
    pub(crate) evidence: String,
}

/// Which edition a description is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Edition {
    /// Swagger 2.0.
    Two,
    /// OpenAPI 3.0.
    ThreeZero,
    /// OpenAPI 3.1.
    ThreeOne,
    /// OpenAPI 3.2.
    ThreeTwo,
}

/// A description that is looked through.
struct Api<'t> {
    root: Node<'t>,
    edition: Edition,
    problems: Vec<Problem>,
}

impl Api<'_> {
    fn tell(&mut self, span: Span, evidence: impl Into<String>, message: impl Into<String>) {
        if self.problems.len() < MOST {
            let (evidence, message) = (evidence.into(), message.into());
            self.problems.push(Problem { span, message, evidence });
        }
    }
}

/// What cannot be right in the description that a file holds; nothing of a file that is none, or is a
/// template of one.
pub(crate) fn problems(file: &File) -> Vec<Problem> {
    if file.document != Some(Document::ApiDescription) {
        return Vec::new();
    }
    let Some(tree) = &file.tree else { return Vec::new() };
    let told = |kind: ProblemKind| tree.problems().iter().filter(move |each| each.kind == kind);
    if let Some(problem) = told(ProblemKind::Syntax).next() {
        let message = format!("the description cannot be read: {}", problem.message);
        return vec![Problem { span: problem.span, message, evidence: "syntax".to_owned() }];
    }
    let Some(document) = tree.documents().next().filter(careen_yaml::Document::is_complete) else {
        return Vec::new();
    };
    let Some(root) = document.root().filter(|root| root.kind() == Kind::Mapping) else {
        return Vec::new();
    };
    let mut early = Vec::new();
    let Some(edition) = edition(root, &mut early) else { return early };
    let mut api = Api { root, edition, problems: early };
    for problem in told(ProblemKind::DuplicateKey) {
        let key = cut(file.source.slice(problem.span)).to_owned();
        let message = format!("the key `{key}` stands here a second time: the first is lost");
        api.tell(problem.span, format!("duplicate {key}"), message);
    }
    info(&mut api);
    parts(&mut api);
    paths::check(&mut api);
    schemas::check(&mut api);
    refs::check(&mut api);
    let mut problems = api.problems;
    problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
    problems
}

fn edition(root: Node<'_>, problems: &mut Vec<Problem>) -> Option<Edition> {
    let entry = root.entry("openapi").or_else(|| root.entry("swagger"))?;
    let (key, node) = (entry.name().unwrap_or_default(), entry.value);
    let text = node.text()?;
    let mut tell = |message: String| {
        problems.push(Problem { span: node.span(), message, evidence: format!("{key} version") });
    };
    if !matches!(node.scalar(), Some(Scalar::Str(_))) {
        tell(format!("`{key}` is a number: write `{key}: \"{}\"`", cut(text)));
    }
    let found = match (key, text) {
        ("swagger", "2.0" | "2") => Some(Edition::Two),
        ("openapi", text) if of_series(text, "3.0") => Some(Edition::ThreeZero),
        ("openapi", text) if of_series(text, "3.1") => Some(Edition::ThreeOne),
        ("openapi", text) if of_series(text, "3.2") => Some(Edition::ThreeTwo),
        _ => None,
    };
    if found.is_none() && problems.is_empty() {
        let message = format!("`{key}: {}` is no version of OpenAPI that there is", cut(text));
        problems.push(Problem { span: node.span(), message, evidence: format!("{key} version") });
    }
    found
}

/// Whether a version is of a series: `3.0`, `3.0.4`, `3.0.0-rc1`.
fn of_series(text: &str, series: &str) -> bool {
    text.strip_prefix(series).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
}

fn info(api: &mut Api<'_>) {
    let Some(entry) = api.root.entry("info") else {
        let span = top(api.root);
        api.tell(span, "info", "the description has no `info` with title and version");
        return;
    };
    if entry.value.kind() != Kind::Mapping {
        api.tell(entry.value.span(), "info", "`info` is no mapping with title and version");
        return;
    }
    for key in ["title", "version"] {
        let Some(node) = entry.value.get(key) else {
            api.tell(entry.key.span(), format!("info.{key}"), format!("`info` has no `{key}`"));
            continue;
        };
        let message = match node.scalar() {
            Some(Scalar::Str(text)) if !text.trim().is_empty() => continue,
            Some(Scalar::Int(_) | Scalar::BigInt(_) | Scalar::Float(_)) => {
                let text = cut(node.text().unwrap_or_default());
                format!("`info.{key}` is a number: write `{key}: \"{text}\"`")
            }
            Some(Scalar::Str(_) | Scalar::Null) => format!("`info.{key}` is empty"),
            _ => format!("`info.{key}` is no text"),
        };
        let span = if node.span().is_empty() { entry.key.span() } else { node.span() };
        api.tell(span, format!("info.{key}"), message);
    }
}

/// What describes something must be there.
fn parts(api: &mut Api<'_>) {
    let has = |key: &str| api.root.get(key).is_some();
    let is_enough = if api.edition >= Edition::ThreeOne {
        has("paths") || has("components") || has("webhooks")
    } else {
        has("paths")
    };
    if !is_enough {
        let span = top(api.root);
        let what = if api.edition >= Edition::ThreeOne {
            "the description has neither `paths` nor `components` nor `webhooks`"
        } else {
            "the description has no `paths`"
        };
        api.tell(span, "paths", what);
    }
}

/// The first entry of the description, which stands for all of it.
fn top(root: Node<'_>) -> Span {
    let entry = root.entry("openapi").or_else(|| root.entry("swagger"));
    entry.map_or_else(|| root.span(), |entry| entry.key.span())
}

/// The node that a reference within the file leads to; the node itself if it is none. None where it
/// leads nowhere, elsewhere or in a circle.
fn resolved<'t>(root: Node<'t>, node: Node<'t>) -> Option<Node<'t>> {
    const CHAIN: usize = 32;
    let mut node = node;
    for _ in 0..CHAIN {
        let Some(reference) = node.get("$ref") else { return Some(node) };
        node = refs::target(root, reference.text()?)?;
    }
    None
}

/// Whether a key is an extension, which may hold anything.
fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}

#[cfg(test)]
mod tests;
