//! A fixed-seed mutation run of every parser and rule over damaged fixtures and examples.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use careen_model::Linter;
use careen_testkit::{Xorshift, check, mutate};
use careen_text::Source;

use crate::harness::root;

pub(crate) static LINTERS: &[&dyn Linter] = &[
    &careen_lint_kubernetes::KubernetesLinter,
    &careen_lint_images::ImagesLinter,
    &careen_lint_secrets::SecretsLinter::new(),
    &careen_lint_tls::TlsLinter,
];

/// Damaged variants of each seed.
const ROUNDS: usize = 24;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Every fixture file, and every example of every rule.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let mut paths = Vec::new();
    files(&root().join("fixtures/repos"), &mut paths);
    let mut seeds: Vec<(String, Vec<u8>)> = paths
        .into_iter()
        .map(|path| {
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())
        })
        .collect();
    for linter in LINTERS {
        for rule in linter.rules() {
            for example in rule.examples() {
                let name = match example.language() {
                    "dockerfile" => "Dockerfile".to_owned(),
                    language => format!("example.{language}"),
                };
                seeds.push((name, example.body.replace('·', "").into_bytes()));
            }
        }
    }
    seeds
}

#[test]
fn damaged_input_never_makes_a_linter_fail() {
    let mut random = Xorshift::new(0x00ca_4ee2_u64.wrapping_mul(0x9e37_79b9));
    let mut failures = Vec::new();
    for (name, seed) in seeds() {
        // Tokens of a thousand kinds are read by one matcher.
        let rounds = if name == "example.text" { ROUNDS / 6 } else { ROUNDS };
        // All in one run, each in a folder of its own, so that they are related to each other too.
        let variants: Vec<Arc<Source>> = (0..rounds)
            .map(|round| {
                let mut bytes = seed.clone();
                mutate(&mut random, &mut bytes);
                Arc::new(Source::from_bytes(format!("round{round}/{name}"), bytes))
            })
            .collect();
        let report = check(LINTERS, variants.clone());
        for note in report.notes.iter().filter(|note| note.incomplete) {
            let texts =
                variants.iter().map(|source| format!("{}:\n{}", source.path(), source.text()));
            let texts: Vec<String> = texts.collect();
            failures.push(format!("{name}: {note:?}\n{}", texts.join("\n")));
        }
        for finding in &report.findings {
            let (start, end) = (finding.region.start, finding.region.end);
            assert!(start.line >= 1 && start <= end, "{name}: {finding:?}");
        }
    }
    assert!(failures.is_empty(), "{} failures, the first: {}", failures.len(), failures[0]);
}
