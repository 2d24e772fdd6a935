use careen_text::Source;

use super::{ImageHolder, named_images};
use crate::{File, parse};

fn file(path: &str, text: &str) -> File {
    parse(Source::new(path, text), path)
}

/// Each image as `text @ written`, with a `?` where it is not known.
fn images(file: &File) -> Vec<String> {
    let images = named_images(file);
    let shown = images.iter().map(|image| {
        let unknown = if image.reference.is_ok() { "" } else { "?" };
        format!("{}{unknown} @ {}", image.text, file.source.slice(image.span()))
    });
    shown.collect()
}

#[test]
fn services_of_compose_files_that_are_pulled() {
    let text = "x-base: &base\n  image: busybox:1\nservices:\n  web:\n    image: \"nginx:${TAG:-1.29}\"\n  \
                api:\n    build: {context: ., additional_contexts: {base: 'docker-image://alpine:3.22'}}\n    \
                image: acme/api\n  db:\n    image: postgres:${VERSION}\n  job:\n    <<: *base\n  none:\n    \
                command: x\n";
    let compose = file("deploy/docker-compose.prod.yml", text);
    assert!(compose.is_artifact());
    assert_eq!(
        images(&compose),
        [
            "nginx:1.29 @ nginx:${TAG:-1.29}",
            "alpine:3.22 @ alpine:3.22",
            "postgres:${VERSION}? @ postgres:${VERSION}",
            "busybox:1 @ busybox:1",
        ]
    );
    let nothing = file("compose.yaml", "services: {web: {build: ., image: acme/web}}\n");
    assert!(!nothing.is_artifact() && nothing.tree.is_none());
    assert!(!file("other.yaml", text).is_artifact());
}

#[test]
fn contexts_of_bake_files() {
    let json = r#"{"target": {"app": {"contexts": {"base": "docker-image://alpine:3.22", "src": "../src"}, "tags": ["acme/app:1"]}}}"#;
    assert_eq!(images(&file("docker-bake.json", json)), ["alpine:3.22 @ alpine:3.22"]);
    let hcl = "target \"app\" {\n  contexts = {\n    base = \"docker-image://alpine:3.22\"\n    # old = \"docker-image://alpine:3.1\"\n    other = \"docker-image://${BASE}\"\n  }\n}\n";
    let bake = file("docker-bake.hcl", hcl);
    assert!(bake.is_artifact());
    assert_eq!(images(&bake), ["alpine:3.22 @ alpine:3.22", "${BASE}? @ ${BASE}"]);
}

#[test]
fn values_of_charts() {
    let text = "image:\n  registry: quay.io\n  repository: acme/api\n  tag: 1.4.0\napi:\n  image:\n    \
                repository: acme/web\n    tag: \"\"\nsidecar:\n  image: envoyproxy/envoy:v1.30.1\n  \
                pullPolicy: Always\nbare:\n  image: nginx\njobs:\n- name: x\n  repository: acme/job\n  digest: \
                sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f\nsource:\n  \
                repository: https://git.example.com/x\n  tag: v1\ncharts:\n  repository: acme/charts\n";
    let values = file("charts/shop/values.yaml", text);
    assert!(values.is_artifact());
    let digest = "sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f";
    assert_eq!(
        images(&values),
        [
            "quay.io/acme/api:1.4.0 @ acme/api".to_owned(),
            "acme/web? @ acme/web".to_owned(),
            "envoyproxy/envoy:v1.30.1 @ envoyproxy/envoy:v1.30.1".to_owned(),
            format!("acme/job@{digest} @ acme/job"),
        ]
    );
    let found = named_images(&values);
    let holders = found.iter().map(|image| match &image.holder {
        ImageHolder::HelmValues(keys) => keys.as_str(),
        _ => "another",
    });
    assert_eq!(holders.collect::<Vec<_>>(), ["image", "api.image", "sidecar.image", "jobs."]);
    let first = found.first().unwrap();
    let part = |span| values.source.slice(first.span_of(span));
    let reference = first.reference.as_ref().unwrap();
    assert_eq!(part(reference.tag_span().unwrap()), "1.4.0");
    assert_eq!(part(reference.registry_span().unwrap()), "quay.io");
    assert_eq!(part(reference.repository_span()), "acme/api");
}

#[test]
fn values_are_read_where_they_tell() {
    let text = "image: nginx:1.29\n";
    assert!(!file("config/values.yaml", "a: b\n").is_artifact());
    assert!(file("chart/values.yaml", text).is_artifact());
    assert!(!file("charts/a/templates.yaml", text).is_artifact());
}

#[test]
fn images_of_kustomizations() {
    let text = "images:\n- name: web\n  newName: registry.example.com/web\n  newTag: \"1.4\"\n- name: nginx\n  \
                newTag: 1.29.3\n- name: api\n  newName: registry.example.com/api\n";
    assert_eq!(
        images(&file("kustomization.yaml", text)),
        [
            "registry.example.com/web:1.4 @ registry.example.com/web",
            "nginx:1.29.3 @ nginx",
            "registry.example.com/api? @ registry.example.com/api",
        ]
    );
}

#[test]
fn images_of_manifests_and_dockerfiles() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: a, image: 'nginx:1.29'}\n";
    assert_eq!(images(&file("pod.yaml", pod)), ["nginx:1.29 @ nginx:1.29"]);
    let dockerfile = "ARG V=3.22\nFROM alpine:$V AS a\nFROM a\nCOPY --from=busybox:1 /bin/sh /\n";
    assert_eq!(
        images(&file("Dockerfile", dockerfile)),
        ["alpine:3.22 @ alpine:$V", "busybox:1 @ busybox:1"]
    );
}

#[test]
fn cyclic_values_end() {
    let values = file("charts/values.yaml", "a: &a\n  image: nginx:1\n  b: *a\n");
    assert_eq!(named_images(&values).len(), 1);
}

#[test]
fn what_stands_in_many_places_is_read_in_bounds() {
    use std::fmt::Write;

    let mut text = String::from("x: &c\n");
    for at in 0..2_000 {
        let _ = writeln!(text, "  c{at}: ../c");
    }
    let long = "a".repeat(100_000);
    let _ = write!(text, "y: &long {long}\nservices:\n  one: {{image: 'nginx:1'}}\n");
    for at in 0..2_000 {
        let _ = writeln!(text, "  s{at}: {{build: {{additional_contexts: *c}}}}");
        let _ = writeln!(text, "  t{at}: {{image: *long}}");
    }
    assert_eq!(named_images(&file("compose.yaml", &text)).len(), 1);
}
