use careen_image_model::oci::LayerProblemKind as Kind;
use careen_image_source::{Scheme, open};
use serde_json::{Value, json};
use tar::{EntryType, Header};

use crate::support::{Layout, MANIFEST, config, digest, file, gzip, paths, read, tar_of};

/// What `docker save` wrote before Docker 25.
fn saved(images: &Value, files: &[(&str, &[u8])], links: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let listed = images.to_string();
    let files = files.iter().copied().chain([("manifest.json", listed.as_bytes())]);
    for (path, content) in files {
        let mut header = Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, content).unwrap();
    }
    for (path, target) in links {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Symlink);
        header.set_size(0);
        header.set_path(path).unwrap();
        header.set_link_name_literal(target).unwrap();
        header.set_cksum();
        builder.append(&header, std::io::empty()).unwrap();
    }
    builder.into_inner().unwrap()
}

fn failure(bytes: &[u8], end: &str) -> String {
    let (_folder, path) = file(bytes);
    match open(Scheme::DockerArchive, &format!("{path}{end}")) {
        Err(error) => error.to_string(),
        Ok(source) => read(&*source).unwrap_err().to_string(),
    }
}

#[test]
fn saved_images_are_read() {
    let (first, second) = (tar_of(&[("a", b"1")]), tar_of(&[("b", b"2")]));
    let config = config(&[&first, &second, &first]);
    let bytes = saved(
        &json!([{
            "Config": "c.json", "RepoTags": ["shop/api:1", "shop/api:2"],
            "Layers": ["1/layer.tar", "2/layer.tar", "3/layer.tar"],
        }]),
        // Podman stores layers compressed if it is told to.
        &[("c.json", &config), ("1/layer.tar", &first), ("2/layer.tar", &gzip(&second))],
        &[("3/layer.tar", "../1/layer.tar")],
    );
    let (_folder, path) = file(&bytes);
    let source = open(Scheme::DockerArchive, &path).unwrap();
    assert!(!source.keeps_evidence());
    let image = read(&*source).unwrap();
    assert_eq!(paths(&image), [["a"], ["b"], ["a"]]);
    assert!(image.layers.iter().all(|layer| layer.problems.is_empty()));
    assert!(image.problems.is_empty());
    assert_eq!(image.digest, None);
    assert_eq!(image.reference.unwrap().as_written(), "shop/api:1");
}

#[test]
fn one_of_several_saved_images_must_be_named() {
    let layer = tar_of(&[("a", b"1")]);
    let config = config(&[&layer]);
    let image = |tag: &str| json!({"Config": "c.json", "RepoTags": [tag], "Layers": ["l.tar"]});
    let bytes = saved(
        &json!([image("shop/api:1"), image("shop/web:1"), image("shop/web:2")]),
        &[("c.json", &config), ("l.tar", &layer)],
        &[],
    );
    let names = "`shop/api:1`, `shop/web:1`, `shop/web:2`";
    assert_eq!(failure(&bytes, ""), format!("it holds several images: name one of {names}"));
    assert_eq!(failure(&bytes, ":1"), format!("it holds several images: name one of {names}"));
    assert_eq!(failure(&bytes, ":3"), format!("image `3` (there is {names}) is not there"));
    let (_folder, path) = file(&bytes);
    for (end, tag) in [(":2", "shop/web:2"), (":shop/web:1", "shop/web:1")] {
        let source = open(Scheme::DockerArchive, &format!("{path}{end}")).unwrap();
        assert_eq!(source.root().unwrap().reference.as_deref(), Some(tag));
        assert!(read(&*source).is_ok());
    }
}

#[test]
fn an_archive_with_a_layout_in_it_keeps_its_digest() {
    let mut layout = Layout::new();
    let image = layout.image(&tar_of(&[("a", b"x")]));
    layout.list(MANIFEST, &image, json!({}));
    std::fs::write(layout.folder.path().join("manifest.json"), "[]").unwrap();
    let (_folder, path) = file(&layout.archive());
    let source = open(Scheme::DockerArchive, &path).unwrap();
    assert_eq!(source.root().unwrap().digest.unwrap().as_str(), digest(&image));
    assert_eq!(paths(&read(&*source).unwrap()), [["a"]]);
}

#[test]
fn what_is_no_saved_image_is_told() {
    let none = "it is no archive of `docker save`: there is no `manifest.json` in it";
    assert_eq!(failure(&tar_of(&[("a", b"x")]), ""), none);
    assert_eq!(failure(&saved(&json!({}), &[], &[]), ""), "`manifest.json` is malformed");
    assert_eq!(failure(&saved(&json!([]), &[], &[]), ""), "an image is not there");
    let image = json!([{"Config": "c.json", "Layers": ["l.tar"]}]);
    assert_eq!(failure(&saved(&image, &[], &[]), ""), "`c.json` is not there");
    assert_eq!(failure(&saved(&image, &[("c.json", b"{}")], &[]), ""), "`c.json` is malformed");
    assert_eq!(
        failure(&saved(&image, &[("c.json", &config(&[]))], &[]), ""),
        "`l.tar` is not there"
    );
    let compressed = failure(&gzip(&saved(&image, &[], &[])), "");
    assert!(compressed.starts_with("it is compressed: unpack it first"), "{compressed}");
    // Links lead nowhere outside of the archive, and come to an end.
    for target in ["/etc/passwd", "../../etc/passwd", "l.tar"] {
        let bytes = saved(&image, &[("c.json", &config(&[]))], &[("l.tar", target)]);
        assert_eq!(failure(&bytes, ""), "`l.tar` is not there", "{target}");
    }
}

#[test]
fn layers_are_compared_with_the_configuration() {
    let (good, bad) = (tar_of(&[("good", b"1")]), tar_of(&[("bad", b"2")]));
    let image = |layers: &[&str]| json!([{"Config": "c.json", "Layers": layers}]);
    let read_all = |layers: &[&str], config: &[u8]| {
        let files: &[(&str, &[u8])] = &[("c.json", config), ("1.tar", &good), ("2.tar", &bad)];
        let (_folder, path) = file(&saved(&image(layers), files, &[]));
        read(&*open(Scheme::DockerArchive, &path).unwrap()).unwrap()
    };
    let swapped = read_all(&["2.tar"], &config(&[&good]));
    assert_eq!(swapped.layers[0].problems[0].kind, Kind::Digest);
    // One that gives itself out for another is looked at all the same.
    let doubled = read_all(&["2.tar", "1.tar"], &config(&[&good, &good]));
    assert_eq!(paths(&doubled), [["bad"], ["good"]]);
    assert_eq!(doubled.layers[0].problems[0].kind, Kind::Digest);
    let short = read_all(&["1.tar", "2.tar"], &config(&[&good]));
    assert_eq!(paths(&short), [["good"], ["bad"]]);
    assert_eq!(short.problems.len(), 1);
}
