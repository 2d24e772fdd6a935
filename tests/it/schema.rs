//! The JSON schema of `careen.yaml`, held against what is read.

use std::fs;
use std::path::PathBuf;

use careen_model::Linter;
use careen_text::Source;
use careen_yaml::{Limits, parse};
use jsonschema::Validator;
use serde_json::Value;

use crate::harness::{folder, root, run};
use crate::mutation::LINTERS;

const COMMITTED: &str = "docs/schemas/careen.schema.json";

fn schema() -> (String, Validator) {
    let folder = folder(&[]);
    let run = run(folder.path(), &["config", "schema"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&run.json())
        .unwrap_or_else(|error| panic!("{error}"));
    (run.stdout, validator)
}

/// YAML as JSON; `null` if there is nothing.
fn value(text: &str) -> Value {
    let tree = parse(&Source::new("careen.yaml", text), &Limits::default());
    let root = tree.documents().next().and_then(|document| document.root());
    root.map_or(Value::Null, |root| careen_yaml::de::from_node(root).value.unwrap_or_default())
}

#[test]
fn the_committed_schema_is_the_one_that_is_written() {
    let path = root().join(COMMITTED);
    let (written, _) = schema();
    if std::env::var_os("CAREEN_UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &written).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == written,
        "{COMMITTED} is not what `careen config schema` writes: run the tests with CAREEN_UPDATE=1"
    );
}

/// Every configuration in examples of rules and in documents, with where it stands.
fn configurations() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for linter in LINTERS {
        for rule in Linter::rules(*linter) {
            for example in rule.examples() {
                if example.language() == "config" {
                    all.push((rule.id.to_owned(), example.body.clone()));
                }
            }
        }
    }
    let mut pages = vec![root().join("README.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                pages.push(path);
            }
        }
    }
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for block in text.split("```yaml\n").skip(1) {
            let block = block.split("```").next().unwrap();
            if is_configuration(&value(block)) {
                all.push((page.display().to_string(), block.to_owned()));
            }
        }
    }
    all
}

/// Whether a block of a page is a `careen.yaml`, not a manifest or a file of detectors.
fn is_configuration(value: &Value) -> bool {
    let Some(mapping) = value.as_object() else { return false };
    let known = |key: &String| careen_policy::ROOT.names().any(|name| name == key);
    !mapping.is_empty()
        && mapping.keys().all(known)
        && !mapping.get("rules").is_some_and(Value::is_array)
}

#[test]
fn every_configuration_in_the_tree_holds() {
    let (_, validator) = schema();
    let all = configurations();
    assert!(all.len() > 20, "{}", all.len());
    for (place, text) in all {
        let (_, problems) = careen_policy::read(&Source::new("careen.yaml", text.as_str()));
        assert!(problems.is_empty(), "{place}: {problems:?}\n{text}");
        let errors: Vec<_> =
            validator.iter_errors(&value(&text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{place}: {errors:?}\n{text}");
    }
}

#[test]
fn both_hold_what_is_good() {
    let (_, validator) = schema();
    for text in [
        "",
        "{}",
        "extend: base.yaml",
        "extend: [../a.yaml, /etc/careen/b.yaml]",
        "select:\nignore:\nseverity:\nexclude:\noverrides:\nsuppressions:\nimages:\nrules:\ndetectors:\n",
        "ignore: [all, secrets, kubernetes/resources, 'kube-linter:*', CKV_K8S_13, own-detector]",
        "ignore: [{rule: a}, {rules: a}, {rules: [a, b], paths: [c], objects: [Pod/d, Pod/e/f]}]",
        "ignore: [{rule: a, reason: why, owner: us, expires: 2027-03-01}]",
        "severity: {host-port: info, own-detector: critical}",
        "kubernetes-version: 1.30",
        "kubernetes-version: v1.33.1",
        "overrides: [{paths: '**', select: [], ignore: [], severity: {}}]",
        "suppressions: {reason: optional, owner: required, expiry: required}",
        "pki: private",
        "rules: {required-label-missing: {labels: [a]}, 'checkov:X': {y: z}}",
        "images: {signatures: [{images: a, keys: [b], transparency: optional, repository: same}]}",
    ] {
        let (_, problems) = careen_policy::read(&Source::new("careen.yaml", text));
        assert!(problems.is_empty(), "{text}: {problems:?}");
        let errors: Vec<_> =
            validator.iter_errors(&value(text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{text}: {errors:?}");
    }
}

#[test]
fn both_refuse_what_is_bad() {
    let (_, validator) = schema();
    let detector = "id: a-b, summary: s, about: a, remedy: r, severity: low";
    let form = "forms: [{kind: k, form: 'acme_[a-z]{8}'}]";
    let detectors = [
        format!("detectors: [{{{detector}}}]"),
        format!("detectors: [{{{detector}, {form}, finds: []}}]"),
        format!("detectors: [{{{detector}, forms: [{{kind: k}}]}}]"),
        format!("detectors: [{{{detector}, {form}, confidence: sure}}]"),
        format!("detectors: [{{{}, {form}}}]", detector.replace("low", "loud")),
        format!("detectors: [{{{}, {form}}}]", detector.replace("remedy: r, ", "")),
    ];
    let plain = [
        "[]",
        "profil: strict",
        "profile: loud",
        "profile: [strict]",
        "extend: 7",
        "extend: {a: b}",
        "extend: ['']",
        "extend: https://example.com/a.yaml",
        "select: all",
        "select: [7]",
        "select: [[a]]",
        "ignore: a",
        "ignore: [{}]",
        "ignore: [{rule: a, rules: [b]}]",
        "ignore: [{rul: a}]",
        "ignore: [{rule: [a]}]",
        "ignore: [{rules: []}]",
        "ignore: [{rule: a, paths: []}]",
        "ignore: [{rule: a, paths: ['!b']}]",
        "ignore: [{rule: a, objects: [api]}]",
        "ignore: [{rule: a, objects: [a/b/c/d]}]",
        "ignore: [{rule: a, objects: [a//b]}]",
        "ignore: [{rule: a, reason: 7}]",
        "ignore: [{rule: a, reason: ''}]",
        "ignore: [{rule: a, owner: [b]}]",
        "ignore: [{rule: a, expires: soon}]",
        "ignore: [{rule: a, expires: 2027-02-30}]",
        "ignore: [{rule: a, expires: 20270301}]",
        "ignore: [{rule: a, until: 2027-03-01}]",
        "severity: [a]",
        "severity: {a: loud}",
        "severity: {a: 7}",
        "fail-on: loud",
        "fail-on: [low]",
        "exclude: vendor",
        "exclude: ['!a']",
        "exclude: [true]",
        "overrides: {paths: a}",
        "overrides: [{ignore: [a]}]",
        "overrides: [{paths: a}]",
        "overrides: [{paths: [], ignore: [a]}]",
        "overrides: [{paths: a, ignores: [a]}]",
        "overrides: [{paths: a, severity: {b: loud}}]",
        "overrides: [a]",
        "overrides: [{paths: a, ignore: [{rule: b}]}]",
        "suppressions: required",
        "suppressions: {reason: yes}",
        "suppressions: {reasons: required}",
        "baseline: [a]",
        "baseline: ''",
        "kubernetes-version: [1.33]",
        "kubernetes-version: ''",
        "pki: ours",
        "images: [a]",
        "images: {signature: []}",
        "images: {signatures: a}",
        "images: {signatures: [{images: a}]}",
        "images: {signatures: [{keys: [a]}]}",
        "images: {signatures: [{images: a, keys: []}]}",
        "images: {signatures: [{images: a, keys: b, transparency: no}]}",
        "images: {signatures: [{images: a, keys: b, repository: mine}]}",
        "images: {signatures: [{images: a, identities: [{subject: b}]}]}",
        "images: {signatures: [{images: a, identities: [{issuer: 'https://a.test'}]}]}",
        "images: {signatures: [{images: a, keys: b, key: c}]}",
        "rules: [a]",
        "rules: {required-label-missing: a}",
        "detectors: a.yaml",
        "detectors: [[a]]",
    ];
    for text in plain.into_iter().chain(detectors.iter().map(String::as_str)) {
        let (_, problems) = careen_policy::read(&Source::new("careen.yaml", text));
        assert!(!problems.is_empty(), "the reader takes {text}");
        assert!(!validator.is_valid(&value(text)), "the schema takes {text}");
    }
    // What options there are, only the list of rules tells.
    let rules = careen_engine::rules(LINTERS);
    for text in [
        "rules: {required-label-missing: {label: [x]}}",
        "rules: {required-label-missing: {labels: 7}}",
        "rules: {image-registry-not-allowed: {registries: {a: b}}}",
    ] {
        let (config, problems) = careen_policy::read(&Source::new("careen.yaml", text));
        assert!(problems.is_empty(), "{problems:?}");
        assert!(careen_policy::options(&rules, &config.rules).is_err(), "the reader takes {text}");
        assert!(!validator.is_valid(&value(text)), "the schema takes {text}");
    }
}
