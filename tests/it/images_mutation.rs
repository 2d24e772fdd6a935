//! A fixed-seed mutation run of everything that an image is made of, through the whole engine:
//! documents, layers, system files, reports of scanners, attestations, and the files that builds
//! are described in. Nothing panics, what is found is bounded, and nothing secret is shown.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;

use careen_image_source::MemorySource;
use careen_report::{Format, Options, write};
use careen_rule::{NoteKind, Report};
use careen_testkit::images::{ImageRecipe, made};
use careen_testkit::{ImageInput, Input, Xorshift, check_image, check_with, mutate};
use careen_text::Source;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::mutation::LINTERS;

/// Findings and notes of one damaged input; far more than any of them has room for.
const MOST: usize = 2_000;
const SECRET: &str = "Zq8vR2mT6xLw9kPd";
const RECIPE: &str = r#"
reference: registry.example.com/shop/api:1.4
config: {User: "0", Env: ["PATH=/bin", "API_TOKEN=Zq8vR2mT6xLw9kPd"], ExposedPorts: {"22/tcp": {}}}
history: ["RUN apt-get update", "ENV API_TOKEN=Zq8vR2mT6xLw9kPd"]
index: [linux/amd64, linux/arm64]
layers:
  - etc/passwd: "root:x:0:0::/root:/bin/sh\napp::0:0::/:/bin/sh\n"
    etc/shadow: "root::19000:0:99999:7:::\n"
    etc/os-release: "ID=debian\nVERSION_ID=\"12\"\n"
    usr/local/bin/helper: {mode: "4755", size: 8}
    usr/bin/also: {hardlink: usr/local/bin/helper}
    x: {link: etc}
    app/.env: "DB_PASSWORD=Zq8vR2mT6xLw9kPd\n"
  - app/.wh..env: ""
    x/passwd: "root:x:0:0::/root:/bin/sh\n"
"#;

fn run(source: MemorySource) -> Report {
    let input = ImageInput { name: "app".into(), source: Box::new(source) };
    check_with("", LINTERS, vec![Input::Image(input)])
}

/// What holds of every report.
fn examine(report: &Report, what: &str) {
    assert!(report.findings.len() + report.notes.len() <= MOST, "{what}");
    let failure = report.notes.iter().find(|note| note.kind == NoteKind::Failure);
    assert!(failure.is_none(), "{what}: {failure:?}");
}

/// What every writer writes.
fn written(report: &Report) -> String {
    let mut out = Vec::new();
    for format in Format::ALL {
        write(report, format, &Options::default(), &mut out).unwrap();
    }
    String::from_utf8(out).unwrap()
}

fn parts(recipe: &str) -> Parts {
    let source = made(&ImageRecipe::parse(recipe));
    let blobs: Vec<Vec<u8>> = source.blobs().map(|(_, bytes)| bytes.to_vec()).collect();
    let document = |key: &str| {
        let found = blobs.iter().filter_map(|bytes| serde_json::from_slice::<Value>(bytes).ok());
        found.into_iter().find(|value| value.get(key).is_some()).unwrap()
    };
    let (config, manifest) = (document("rootfs"), document("layers"));
    let layers = manifest["layers"].as_array().unwrap().iter().map(|layer| {
        let digest = layer["digest"].as_str().unwrap();
        let found = source.blobs().find(|(known, _)| known.as_str() == digest);
        found.unwrap().1.to_vec()
    });
    Parts { layers: layers.collect(), config, manifest }
}

/// An image whose parts are put together anew, with digests that fit.
struct Parts {
    layers: Vec<Vec<u8>>,
    config: Value,
    manifest: Value,
}

impl Parts {
    fn source(&self, pack: fn(&[u8]) -> (&'static str, Vec<u8>)) -> MemorySource {
        let mut source = MemorySource::default();
        let mut layers = Vec::new();
        let mut config = self.config.clone();
        for (at, tar) in self.layers.iter().enumerate() {
            let plain = source.push("", tar.clone()).unwrap();
            config["rootfs"]["diff_ids"][at] = json!(plain.digest);
            let (kind, bytes) = pack(tar);
            layers.push(source.push(kind, bytes).unwrap());
        }
        self.finish(source, &layers, config.to_string().into_bytes())
    }

    fn finish(
        &self,
        mut source: MemorySource,
        layers: &[careen_image_model::oci::Descriptor],
        config: Vec<u8>,
    ) -> MemorySource {
        let mut manifest = self.manifest.clone();
        manifest["layers"] = json!(layers);
        manifest["config"] =
            json!(source.push("application/vnd.oci.image.config.v1+json", config).unwrap());
        let kind = manifest["mediaType"].as_str().unwrap_or_default().to_owned();
        source.push_document(&kind, manifest.to_string().into_bytes()).unwrap();
        source
    }
}

fn plain(tar: &[u8]) -> (&'static str, Vec<u8>) {
    ("application/vnd.oci.image.layer.v1.tar", tar.to_vec())
}

fn gzip(tar: &[u8]) -> (&'static str, Vec<u8>) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(tar).unwrap();
    ("application/vnd.oci.image.layer.v1.tar+gzip", encoder.finish().unwrap())
}

#[test]
fn damaged_documents_are_read_without_harm() {
    let mut random = Xorshift::new(0x1a6e);
    let whole = made(&ImageRecipe::parse(RECIPE));
    let documents: Vec<_> = whole
        .blobs()
        .filter(|(_, bytes)| bytes.starts_with(b"{"))
        .map(|(digest, bytes)| (digest.clone(), bytes.to_vec()))
        .collect();
    assert!(documents.len() >= 3, "a configuration, a manifest and an index");
    let mut read = 0;
    for (_, seed) in &documents {
        for _ in 0..60 {
            let mut bytes = seed.clone();
            mutate(&mut random, &mut bytes);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let mut source = whole.clone();
            source.push_document("", bytes).unwrap();
            examine(&run(source), &text);
            read += 1;
        }
    }
    assert!(read >= 180);
}

#[test]
fn damaged_configurations_and_layers_are_linted_without_harm() {
    let mut random = Xorshift::new(0xc0f1);
    let seed = parts(RECIPE);
    let mut entries = 0;
    for round in 0..60 {
        let mut source = MemorySource::default();
        let layers: Vec<_> =
            seed.layers.iter().map(|tar| source.push(plain(tar).0, tar.clone()).unwrap()).collect();
        let mut config = seed.config.to_string().into_bytes();
        mutate(&mut random, &mut config);
        let text = String::from_utf8_lossy(&config).into_owned();
        examine(&run(seed.finish(source, &layers, config)), &text);

        let mut damaged = parts(RECIPE);
        for layer in &mut damaged.layers {
            // Headers are where harm is done; the ends are zeros.
            let end = layer.iter().rposition(|byte| *byte != 0).unwrap_or_default();
            let mut head = layer[..end].to_vec();
            mutate(&mut random, &mut head);
            let rest = layer[end..].to_vec();
            *layer = [head, rest].concat();
        }
        let report = run(damaged.source(if round % 2 == 0 { plain } else { gzip }));
        examine(&report, &format!("layers of round {round}"));
        entries += report.findings.len();
    }
    assert!(entries > 60, "{entries}: layers were looked at all the same");
}

#[test]
fn damaged_system_files_and_names_show_nothing_secret() {
    let mut random = Xorshift::new(0x5e7);
    let report = check_image(LINTERS, RECIPE);
    let shown = written(&report);
    assert!(report.findings.len() > 5 && !shown.contains(SECRET), "a secret is shown");
    for at in 0..80 {
        let mut text = |seed: &str| {
            let mut bytes = seed.as_bytes().to_vec();
            mutate(&mut random, &mut bytes);
            // A recipe is YAML, which has no such characters.
            String::from_utf8_lossy(&bytes).replace('\u{7f}', "\u{1}")
        };
        let layer = json!({
            "etc/passwd": text("root:x:0:0::/root:/bin/sh\napp::0:0::/:/bin/sh\n"),
            "etc/shadow": text("root::19000:0:99999:7:::\napp:$6$a$b:1:::::\n"),
            "etc/os-release": text("ID=debian\nVERSION_ID=\"12\"\nNAME='x'\n"),
            "app/.env": format!("DB_PASSWORD={SECRET}\n"),
            "app/\u{1b}[31mred\r\n.pem": {"mode": "4777", "size": 8},
        });
        let recipe = json!({"layers": [layer], "config": {"Env": [format!("TOKEN={SECRET}")]}});
        let report = check_image(LINTERS, &recipe.to_string());
        examine(&report, &recipe.to_string());
        let shown = written(&report);
        assert!(!shown.contains(SECRET), "round {at}: a secret is shown");
        assert!(!shown.contains('\u{1b}') && !shown.contains('\r'), "round {at}: a name acts");
    }
}

#[test]
fn damaged_reports_and_build_files_are_read_without_harm() {
    let mut random = Xorshift::new(0xf11e);
    let digest = format!("sha256:{}", "a".repeat(64));
    let trivy = json!({
        "SchemaVersion": 2, "CreatedAt": "2026-11-30T00:00:00Z", "ArtifactType": "container_image",
        "ArtifactName": "registry.example.com/app:1", "Metadata": {"RepoDigests": [digest]},
        "Results": [{"Vulnerabilities": [{"VulnerabilityID": "CVE-2026-1", "PkgName": "a",
            "InstalledVersion": "1", "FixedVersion": "2", "Severity": "CRITICAL"}]}],
    });
    let grype = json!({
        "descriptor": {"name": "grype", "timestamp": "2026-11-30T00:00:00Z"},
        "source": {"type": "image", "target": {"userInput": "app:1", "manifestDigest": digest}},
        "matches": [{"vulnerability": {"id": "CVE-2026-1", "severity": "Critical",
            "fix": {"state": "fixed", "versions": ["2"]}}, "artifact": {"name": "a", "version": "1"}}],
    });
    let cyclonedx = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "metadata": {"timestamp": "2026-11-30T00:00:00Z", "component": {"type": "container", "name": "app:1"}},
        "components": [{"bom-ref": "a", "name": "a", "version": "1"}],
        "vulnerabilities": [{"id": "CVE-2026-1", "ratings": [{"severity": "critical"}], "affects": [{"ref": "a"}]}],
    });
    let sarif = json!({
        "version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Trivy", "rules": [{"id": "CVE-2026-1"}]}},
            "results": [{"ruleId": "CVE-2026-1", "level": "error", "message": {"text": "a"}}],
            "properties": {"imageName": "app:1"}}],
    });
    let osv = json!({
        "results": [{"source": {"path": "app:1", "type": "docker"}, "packages": [{
            "package": {"name": "a", "version": "1"}, "vulnerabilities": [{"id": "CVE-2026-1"}],
            "groups": [{"ids": ["CVE-2026-1"], "max_severity": "9.8"}]}]}],
    });
    let dockerfile = "FROM app:1 AS b\nRUN --mount=type=secret,id=a cat /run/secrets/a\nCOPY --from=b . /\n\
                      ADD https://example.com/a.tar /x\nUSER 0\nHEALTHCHECK CMD x\n";
    let compose = "services:\n  web:\n    image: app:1\n    build: {context: ., args: [A=b]}\n    user: \"0\"\n";
    let bake = "variable \"TAG\" { default = \"1\" }\ngroup \"default\" { targets = [\"a\"] }\n\
                target \"a\" {\n  inherits = [\"b\"]\n  tags = [\"app:${TAG}\"]\n  args = { A = null }\n}\n";
    let values = "image:\n  repository: app\n  tag: 1\nsidecars:\n- image: {registry: r.example.com, name: x}\n";
    let deploy = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'app:1'}]}\n";
    let files: BTreeMap<&str, String> = [
        ("trivy.json", trivy.to_string()),
        ("grype.json", grype.to_string()),
        ("bom.cdx.json", cyclonedx.to_string()),
        ("scan.sarif", sarif.to_string()),
        ("osv.json", osv.to_string()),
        ("Dockerfile", dockerfile.to_owned()),
        (".dockerignore", "**/*.[a-c]\n!**/x/\n/a/../b\n".to_owned()),
        ("compose.yaml", compose.to_owned()),
        ("docker-bake.hcl", bake.to_owned()),
        (
            "docker-bake.json",
            json!({"target": {"a": {"dockerfile": "Dockerfile", "tags": ["app:1"]}}}).to_string(),
        ),
        ("chart/Chart.yaml", "apiVersion: v2\nname: a\nversion: 1.0.0\n".to_owned()),
        ("chart/values.yaml", values.to_owned()),
        ("deploy.yaml", deploy.to_owned()),
    ]
    .into();
    for _ in 0..60 {
        // One image among them, so that reports are matched with something.
        let image = made(&ImageRecipe::parse("{reference: \"app:1\", layers: [{a: b}]}"));
        let mut inputs =
            vec![Input::Image(ImageInput { name: "app".into(), source: Box::new(image) })];
        let mut texts = String::new();
        for (path, text) in &files {
            let mut bytes = text.clone().into_bytes();
            mutate(&mut random, &mut bytes);
            texts.push_str(&String::from_utf8_lossy(&bytes));
            inputs.push(Input::Text(Arc::new(Source::from_bytes(*path, bytes))));
        }
        examine(&check_with("", LINTERS, inputs), &texts);
    }
}

/// Any value of a document replaced by one of another kind.
fn warp(random: &mut Xorshift, value: &mut Value, depth: usize) {
    if depth == 0 || random.below(4) == 0 {
        let odd = [
            json!(null),
            json!(-1),
            json!(1e300),
            json!([]),
            json!({}),
            json!("\u{0}é"),
            json!([[[]]]),
        ];
        *value = odd[random.below(odd.len())].clone();
        return;
    }
    match value {
        Value::Array(items) if !items.is_empty() => {
            let at = random.below(items.len());
            warp(random, &mut items[at], depth - 1);
        }
        Value::Object(map) if !map.is_empty() => {
            let at = random.below(map.len());
            if let Some(inner) = map.values_mut().nth(at) {
                warp(random, inner, depth - 1);
            }
        }
        other => *other = json!(null),
    }
}

#[test]
fn damaged_attestations_are_judged_without_harm() {
    let mut random = Xorshift::new(0xa77e);
    let digest = json!({"sha256": "b".repeat(64)});
    let predicates = [
        (
            "https://slsa.dev/provenance/v1",
            json!({
                "buildDefinition": {"externalParameters": {"configSource": {"uri": "https://github.com/a/b"}},
                    "resolvedDependencies": [{"uri": "pkg:docker/debian@12", "digest": digest}]},
                "runDetails": {"builder": {"id": "https://ci.example.com"}, "metadata": {"finishedOn": "2026-11-01T00:00:00Z"}},
            }),
        ),
        (
            "https://slsa.dev/provenance/v0.2",
            json!({
                "builder": {"id": "https://ci.example.com"},
                "invocation": {"parameters": {"args": {"build-arg:TOKEN": SECRET}}},
                "materials": [{"uri": "pkg:docker/debian@12", "digest": digest}],
            }),
        ),
        (
            "https://spdx.dev/Document",
            json!({
                "SPDXID": "SPDXRef-DOCUMENT", "packages": [{"name": "a", "licenseDeclared": "(MIT OR AGPL-3.0)"}],
            }),
        ),
        (
            "https://cyclonedx.org/bom",
            json!({"components": [{"name": "a", "licenses": [{"license": {"id": "MIT"}}]}]}),
        ),
        (
            "https://cosign.sigstore.dev/attestation/vuln/v1",
            json!({
                "scanner": {"uri": "pkg:github/a/trivy", "result": {"Results": []}},
                "metadata": {"scanStartedOn": "2026-11-01T00:00:00Z"},
            }),
        ),
        (
            "https://openvex.dev/ns/v0.2.0",
            json!({"statements": [{"vulnerability": {"name": "CVE-2026-1"}, "status": "fixed"}]}),
        ),
    ];
    for round in 0..60 {
        let attestations: Vec<Value> = predicates
            .iter()
            .map(|(kind, predicate)| {
                let mut predicate = predicate.clone();
                warp(&mut random, &mut predicate, 7);
                json!({"predicate-type": kind, "place": "a", "verdict": "valid", "predicate": predicate})
            })
            .collect();
        let recipe = json!({
            "layers": [{"a": "b"}],
            "evidence": {"searched": true, "attestations": attestations, "requirement": {
                "pattern": "*", "builders": ["https://ci.example.com/**"], "sources": ["github.com/a/*"],
                "attestations": ["provenance", "sbom", "vuln"]}},
        });
        let report = check_image(LINTERS, &recipe.to_string());
        examine(&report, &recipe.to_string());
        assert!(round % 6 > 0 || !written(&report).contains(SECRET), "a secret is shown");
    }
}
