//! Files that hold credentials without saying so at each of them: the format is the promise.
//!
//! Texts are known by their names or by the shape of what stands in them, documents of YAML and
//! JSON by their shape alone.

mod daemons;
mod docker;
mod kubeconfig;
mod lines;
mod netrc;
mod nuget;
mod terraform;

pub(crate) use docker::in_text as registry_auth;
pub(crate) use netrc::netrc;

use careen_model::File;
use careen_rule::{Confidence, redact};
use careen_text::Span;
use careen_yaml::Node;

use crate::assign::{Class, judge};
use crate::check::Find;
use crate::context::{Context, FileClass};
use crate::filler;
use crate::hit::{Hit, join, rank};
use crate::shape::Match;

/// Shorter values are no credentials, in bytes.
const LEAST: usize = 6;

/// Adds what files of lines hold that are known by their names.
pub(crate) fn refine(file: &File, context: Context, hits: &mut Vec<Hit>) {
    if let Some(read) = reader(&name_of(file.source.path())) {
        join(read(file.source.text(), context), hits);
    }
}

type Read = fn(&str, Context) -> Vec<Hit>;

/// The reader of files with that name, which is in lower case.
fn reader(name: &str) -> Option<Read> {
    let ends = |end: &str| name.ends_with(end);
    if ends("pgpass") || ends("pgpass.conf") {
        Some(lines::pgpass)
    } else if ends("npmrc") {
        Some(lines::npmrc)
    } else if name == "nuget.config" {
        Some(nuget::keys)
    } else if (name.contains("redis") || name.contains("sentinel")) && ends(".conf") {
        Some(daemons::redis)
    } else if name == "userlist.txt" {
        Some(daemons::userlist)
    } else if name == "sasl_passwd" {
        Some(daemons::sasl)
    } else {
        None
    }
}

/// Whether a file with that name is read in a way of its own.
pub(crate) fn is_known(name: &str) -> bool {
    let name = name_of(name);
    reader(&name).is_some()
        || ["netrc", "kubeconfig"].iter().any(|end| name.ends_with(end))
        || ["dockercfg", "dockerconfigjson"].iter().any(|word| name.contains(word))
}

/// Whether the text is worth a tree although its name or its names do not say so.
pub(crate) fn wants_tree(file: &File) -> bool {
    let name = name_of(file.source.path());
    let text = file.source.text();
    name.ends_with("kubeconfig")
        || name.contains("dockercfg")
        || name.contains("dockerconfigjson")
        || (name == "config.json" && text.len() < 1 << 16 && text.contains("\"auths\""))
        || (name.contains("tfstate") && text.contains("\"terraform_version\""))
}

/// Finds what the shape of a document tells; answers whether nothing else is to be looked for in
/// the document.
pub(crate) fn document(root: Node<'_>, context: Context, found: &mut Vec<Hit>) -> bool {
    docker::read(root, context, found);
    kubeconfig::read(root, context, found);
    terraform::read(root, context, found)
}

/// The last segment of a path, in lower case.
fn name_of(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase()
}

/// How sure we are of a value that stands where nothing but a credential does.
pub(crate) fn judged(value: &str, class: Class, context: Context) -> Option<Confidence> {
    let stands_for_another = value.len() < LEAST
        || !value.bytes().all(|byte| byte.is_ascii_graphic())
        || filler::is_template(value)
        || filler::is_reference(value)
        || filler::is_sealed(value)
        || filler::is_filler(value);
    if stands_for_another {
        return None;
    }
    let judged = judge(value, class, true, context);
    match context.class {
        FileClass::Docs => judged,
        _ if context.fixture => judged.or(Some(Confidence::Low)),
        _ => judged.or(Some(Confidence::Medium)),
    }
}

/// A hit of a file for a value.
fn hit(
    find: Find,
    at: Span,
    confidence: Confidence,
    message: String,
    evidence: &str,
    value: &str,
) -> Option<Hit> {
    let evidence = format!("{evidence} {}", redact(value, 0));
    let mut hit = Hit::new(find.rule()?, at, rank::FILE, message, evidence);
    hit.confidence = confidence;
    Some(hit)
}

/// A hit for all of a scalar.
fn hit_at(
    find: Find,
    node: Node<'_>,
    confidence: Confidence,
    message: String,
    evidence: &str,
) -> Option<Hit> {
    let at = node.derived()?.whole();
    hit(find, at, confidence, message, evidence, node.text().unwrap_or_default())
}

fn span(at: Match) -> Span {
    Span::of(at.start..at.end)
}
