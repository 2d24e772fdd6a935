//! Reports of scanners and the images they are about.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed test is meant to panic")]

use std::sync::Arc;

use careen_image_source::{MemorySource, Prepared, Selection, prepare};
use careen_lint_images::ImagesLinter;
use careen_testkit::images::{ImageRecipe, made};
use careen_testkit::{ImageInput, Input, Xorshift, check_with, mutate};
use careen_text::Source;
use serde_json::{Value, json};

const RULES: [&str; 3] = ["vuln-attestation-missing", "vuln-attestation-stale", "vuln-findings"];

fn image(recipe: &str) -> (MemorySource, Prepared) {
    let source = made(&ImageRecipe::parse(recipe));
    let name: Arc<str> = "app".into();
    let prepared = prepare(&source, &name, &Selection::default()).unwrap();
    (source, prepared)
}

fn report(metadata: &Value) -> Value {
    json!({
        "SchemaVersion": 2,
        "CreatedAt": "2026-11-30T00:00:00Z",
        "ArtifactName": "registry.example.com/app:1",
        "ArtifactType": "container_image",
        "Metadata": metadata,
        "Results": [{"Class": "os-pkgs", "Vulnerabilities": [{
            "VulnerabilityID": "CVE-2026-1",
            "PkgName": "openssl",
            "PkgIdentifier": {"PURL": "pkg:deb/debian/openssl@3.0.1?arch=amd64"},
            "InstalledVersion": "3.0.1",
            "FixedVersion": "3.0.2",
            "Severity": "CRITICAL",
        }]}],
    })
}

/// The rules about scans that find something, in order.
fn found(image: Option<MemorySource>, files: &[(&str, &Value)]) -> Vec<&'static str> {
    let mut inputs: Vec<Input> = files
        .iter()
        .map(|(path, value)| Input::Text(Source::new(*path, value.to_string())))
        .collect();
    if let Some(source) = image {
        let source = Box::new(source);
        inputs.push(Input::Image(ImageInput { name: "app".into(), source }));
    }
    let report = check_with("", &[&ImagesLinter], inputs);
    let ids = report.findings.iter().map(|finding| finding.rule.id);
    let mut ids: Vec<_> = ids.filter(|id| RULES.contains(id)).collect();
    ids.sort_unstable();
    ids
}

const RECIPE: &str = "{reference: \"registry.example.com/app:1\", layers: [{a: b}, {c: d}]}";

#[test]
fn a_report_is_bound_by_digest_configuration_or_all_layers() {
    let (source, prepared) = image(RECIPE);
    let layers: Vec<_> = prepared.config.diff_ids().into_iter().map(|it| it.unwrap()).collect();
    let digest = prepared.digest.unwrap();
    let own = [
        json!({"RepoDigests": [format!("registry.example.com/app@{digest}")]}),
        json!({"ImageID": prepared.manifest.config.digest}),
        json!({"DiffIDs": layers}),
    ];
    for metadata in own {
        let found = found(Some(source.clone()), &[("scan.json", &report(&metadata))]);
        assert_eq!(found, ["vuln-findings"], "{metadata}");
    }
    let other = format!("sha256:{}", "6a".repeat(32));
    for metadata in [
        json!({"RepoDigests": [format!("registry.example.com/app@{other}")]}),
        json!({"ImageID": other}),
    ] {
        let found = found(Some(source.clone()), &[("scan.json", &report(&metadata))]);
        assert_eq!(found, ["vuln-attestation-missing"], "{metadata}");
    }
    for metadata in [json!({"DiffIDs": [layers.first()]}), json!({})] {
        let found = found(Some(source.clone()), &[("scan.json", &report(&metadata))]);
        assert!(found.is_empty(), "{metadata}: {found:?}");
    }
}

#[test]
fn statements_silence_what_they_are_about() {
    let (source, prepared) = image(RECIPE);
    let scan = report(&json!({"ImageID": prepared.manifest.config.digest}));
    let digest = prepared.digest.unwrap().to_string().replace(':', "%3A");
    let cases = [
        (format!("pkg:oci/app@{digest}?repository_url=registry.example.com"), true),
        ("pkg:oci/app".to_owned(), true),
        ("pkg:deb/debian/openssl@3.0.1".to_owned(), true),
        ("pkg:deb/debian/openssl?arch=arm64".to_owned(), true),
        ("registry.example.com/app:1".to_owned(), true),
        ("pkg:oci/other".to_owned(), false),
        ("pkg:oci/app@sha256%3A12".to_owned(), false),
        ("pkg:deb/debian/openssl@3.0.0".to_owned(), false),
        ("pkg:deb/ubuntu/openssl".to_owned(), false),
        ("registry.example.com/app:2".to_owned(), false),
        (String::new(), false),
    ];
    for (product, silences) in cases {
        let vex = |id: &str, status: &str| {
            json!({
                "@context": "https://openvex.dev/ns/v0.2.0",
                "statements": [{
                    "vulnerability": {"name": id},
                    "status": status,
                    "products": [{"@id": product}],
                }],
            })
        };
        let found = |vex: &Value| {
            found(Some(source.clone()), &[("scan.json", &scan), ("vex.json", vex)]).is_empty()
        };
        assert_eq!(found(&vex("CVE-2026-1", "not_affected")), silences, "{product}");
        assert!(!found(&vex("CVE-2026-1", "under_investigation")), "{product}");
        assert!(!found(&vex("CVE-2026-2", "fixed")), "{product}");
    }
}

#[test]
fn the_newest_report_counts() {
    let (source, prepared) = image(RECIPE);
    let metadata = json!({"ImageID": prepared.manifest.config.digest});
    let old = {
        let mut old = report(&metadata);
        old["CreatedAt"] = json!("2026-09-01T00:00:00Z");
        old
    };
    let mut new = report(&metadata);
    new["Results"][0]["Vulnerabilities"] = json!([]);
    let both = [("a.json", &old), ("b.json", &new)];
    assert!(found(Some(source.clone()), &both).is_empty());
    let only_old = found(Some(source), &[("a.json", &old)]);
    assert_eq!(only_old, ["vuln-attestation-stale", "vuln-findings"]);
}

#[test]
fn without_an_image_a_tag_is_enough_and_a_digest_decides() {
    let pod = |reference: &str| {
        json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app"},
            "spec": {"containers": [{"name": "app", "image": reference}]},
        })
    };
    let digest = format!("sha256:{}", "6a".repeat(32));
    let other = format!("sha256:{}", "5b".repeat(32));
    let scan = report(&json!({"RepoDigests": [format!("registry.example.com/app@{digest}")]}));
    for (reference, expected) in [
        ("registry.example.com/app:1".to_owned(), vec!["vuln-findings"]),
        (format!("registry.example.com/app@{digest}"), vec!["vuln-findings"]),
        (format!("registry.example.com/app:1@{other}"), vec!["vuln-attestation-missing"]),
        (format!("registry.example.com/app@{other}"), vec![]),
        ("registry.example.com/app:2".to_owned(), vec![]),
        ("registry.example.com/app".to_owned(), vec![]),
    ] {
        let found = found(None, &[("pod.json", &pod(&reference)), ("scan.json", &scan)]);
        assert_eq!(found, expected, "{reference}");
    }
}

#[test]
fn no_report_makes_it_panic() {
    let (source, prepared) = image(RECIPE);
    let scan = report(&json!({
        "ImageID": prepared.manifest.config.digest,
        "RepoTags": ["registry.example.com/app:1"],
    }));
    let mut random = Xorshift::new(11);
    for _ in 0..200 {
        let mut bytes = scan.to_string().into_bytes();
        mutate(&mut random, &mut bytes);
        let text = Source::from_bytes("scan.json", bytes);
        let image = Box::new(source.clone());
        let inputs = vec![
            Input::Text(Arc::new(text)),
            Input::Image(ImageInput { name: "app".into(), source: image }),
        ];
        let report = check_with("", &[&ImagesLinter], inputs);
        assert!(!report.notes.iter().any(|note| note.incomplete), "{:?}", report.notes);
    }
}
