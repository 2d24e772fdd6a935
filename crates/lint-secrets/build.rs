//! Compiles `policies/detectors` into tables, so that start-up parses nothing.
//!
//! A build script and not a checked-in file: the outcome says nothing that the detectors do not
//! say better, and is ten times as long.

#![allow(
    clippy::disallowed_methods,
    reason = "cargo talks to build scripts through the environment"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use careen_detectors::{Detector, DetectorForm, Detectors, Part, read};
use careen_text::Source;

/// Classes of characters with their numbers: many forms share one.
type Classes = BTreeMap<String, usize>;

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../..");
    let folder = root.join("policies/detectors");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut rust = String::from("pub(crate) static DETECTORS: &[Rule<Check>] = &[\n");
    let mut classes = Classes::new();
    for path in &paths {
        for detector in &detectors(path)?.rules {
            emit(detector, &mut classes, &mut rust);
        }
    }
    rust.push_str("];\n");
    for (class, number) in classes {
        let _ = writeln!(rust, "static CLASS_{number}: Set = Set::of({class:?});");
    }
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("detectors.rs"), rust)?;
    Ok(())
}

fn detectors(path: &Path) -> Result<Detectors, Box<dyn Error>> {
    let source = Source::new(path.display().to_string(), fs::read_to_string(path)?);
    let (detectors, problems) = read(&source);
    let told: Vec<String> = problems
        .iter()
        .map(|problem| {
            let line = source.position(problem.span.start).line;
            format!("{}:{line}: {}", path.display(), problem.message)
        })
        .collect();
    if told.is_empty() { Ok(detectors) } else { Err(told.join("\n").into()) }
}

fn emit(detector: &Detector, classes: &mut Classes, rust: &mut String) {
    let Detector { id, summary, remedy, severity, confidence, default, .. } = detector;
    let manual = detector.manual();
    let module = format!("careen_lint_secrets::rules::providers::{}", id.replace('-', "_"));
    let _ = writeln!(
        rust,
        "Rule {{ meta: Meta {{ id: {id:?}, aliases: &{:?}, peers: &{:?}, summary: {summary:?}, \
         docs: {manual:?}, remedy: {remedy:?}, severity: Severity::{severity:?}, \
         confidence: Confidence::{confidence:?}, security: true, cwe: &{:?}, \
         controls: &[control::SECRETS_NOT_IN_REPO], references: &{:?}, default: {default}, \
         module: {module:?}, ..Meta::DEFAULT }}, check: Check::Token(&[",
        detector.covers,
        detector.peers,
        detector.weaknesses(),
        detector.references,
    );
    for form in &detector.forms {
        shape(form, classes, rust);
    }
    rust.push_str("]) },\n");
}

fn shape(form: &DetectorForm, classes: &mut Classes, rust: &mut String) {
    let kind = &form.kind;
    let judge = form.judge.as_deref().unwrap_or("plain").replace('-', "_");
    let anchor = match form.form.anchor() {
        Some(anchor) if form.near.is_empty() => format!("Literal({})", anchor.part),
        _ => format!("Near(&{:?})", form.near),
    };
    let severity = match form.severity {
        Some(severity) => format!("Some(Severity::{severity:?})"),
        None => "None".to_owned(),
    };
    let _ = write!(
        rust,
        "  Shape {{ kind: {kind:?}, anchor: Anchor::{anchor}, judge: crate::judges::{judge}, \
         confidence: Confidence::{:?}, severity: {severity}, parts: &[",
        form.confidence,
    );
    for part in form.form.parts() {
        let _ = match part {
            Part::Is(text) => write!(rust, "Part::Is({text:?}), "),
            Part::Of(class, least, most) => {
                let next = classes.len();
                let number = classes.entry(class.clone()).or_insert(next);
                write!(rust, "Part::Of(&CLASS_{number}, {least}, {most}), ")
            }
        };
    }
    rust.push_str("] },\n");
}
