use std::fs;

use careen_image_model::oci::LayerProblemKind as Kind;
use careen_image_source::{Scheme, SourceError, open};
use serde_json::json;

use crate::support::{
    INDEX, Layout, MANIFEST, config, descriptor, digest, file, gzip, manifest, paths, read, tar_of,
};

const REF_NAME: &str = "org.opencontainers.image.ref.name";

fn failure(scheme: Scheme, place: &str) -> String {
    match open(scheme, place) {
        Err(error) => error.to_string(),
        Ok(source) => read(&*source).unwrap_err().to_string(),
    }
}

#[test]
fn schemes_are_told_from_paths() {
    assert_eq!(Scheme::of("oci:a:b"), Some((Scheme::Oci, "a:b")));
    assert_eq!(Scheme::of("oci-archive:/x.tar"), Some((Scheme::OciArchive, "/x.tar")));
    assert_eq!(Scheme::of("docker-archive:x"), Some((Scheme::DockerArchive, "x")));
    assert_eq!(Scheme::of("nginx:1.27"), None);
    assert_eq!(Scheme::of("nginx"), None);
}

#[test]
fn a_layout_is_read_from_a_folder_and_from_an_archive() {
    let mut layout = Layout::new();
    let image = layout.image(&tar_of(&[("a", b"x")]));
    layout.list(MANIFEST, &image, json!({REF_NAME: "ghcr.io/shop/api:1"}));
    let (_folder, archive) = file(&layout.archive());
    for (scheme, place) in [(Scheme::Oci, layout.path()), (Scheme::OciArchive, &archive)] {
        let source = open(scheme, place).unwrap();
        let read = read(&*source).unwrap();
        assert_eq!(paths(&read), [["a"]]);
        assert_eq!(read.digest.unwrap().as_str(), digest(&image));
        assert_eq!(read.reference.unwrap().as_written(), "ghcr.io/shop/api:1");
        assert!(read.layers[0].problems.is_empty());
    }
}

#[test]
fn one_of_several_images_must_be_named() {
    let mut layout = Layout::new();
    let one = layout.image(&tar_of(&[("one", b"1")]));
    let two = layout.image(&tar_of(&[("two", b"2")]));
    layout.list(MANIFEST, &one, json!({REF_NAME: "shop/api:1"}));
    layout.list(MANIFEST, &two, json!({REF_NAME: "shop/web:1"}));
    layout.list(MANIFEST, &two, json!({REF_NAME: "shop/web:2"}));
    let path = layout.path();
    let names = "`shop/api:1`, `shop/web:1`, `shop/web:2`";
    let several = format!("it holds several images: name one of {names}");
    assert_eq!(failure(Scheme::Oci, path), several);
    // A tag of two images tells neither.
    assert_eq!(failure(Scheme::Oci, &format!("{path}:1")), several);
    assert_eq!(
        failure(Scheme::Oci, &format!("{path}:3")),
        format!("image `3` (there is {names}) is not there")
    );
    for (place, found) in [
        (format!("{path}:2"), "two"),
        (format!("{path}:shop/web:1"), "two"),
        (format!("{path}:shop/api:1"), "one"),
        (format!("{path}@{}", digest(&one)), "one"),
        (format!("{path}:{}", digest(&two)), "two"),
    ] {
        let source = open(Scheme::Oci, &place).unwrap();
        assert_eq!(paths(&read(&*source).unwrap()), [[found]], "{place}");
        let tag = source.tag("2").unwrap().unwrap();
        assert_eq!(tag.as_str(), digest(&two));
        assert_eq!(source.tag("none").unwrap(), None);
    }
}

#[test]
fn the_longest_path_that_exists_is_meant() {
    let mut layout = Layout::new();
    let image = layout.image(&tar_of(&[("a", b"")]));
    layout.list(MANIFEST, &image, json!({REF_NAME: "v1"}));
    let odd = layout.folder.path().join("dir@v2:x");
    fs::create_dir_all(odd.join("blobs")).unwrap();
    for name in ["oci-layout", "index.json"] {
        fs::copy(layout.folder.path().join(name), odd.join(name)).unwrap();
    }
    fs::rename(layout.folder.path().join("blobs/sha256"), odd.join("blobs/sha256")).unwrap();
    for end in ["", ":v1"] {
        let place = format!("{}{end}", odd.display());
        assert!(read(&*open(Scheme::Oci, &place).unwrap()).is_ok(), "{place}");
    }
}

#[test]
fn what_is_no_layout_is_told() {
    let layout = Layout::new();
    let path = layout.path();
    assert_eq!(failure(Scheme::Oci, path), "`index.json` is not there");
    fs::write(layout.folder.path().join("index.json"), "{").unwrap();
    assert_eq!(failure(Scheme::Oci, path), "`index.json` is malformed");
    fs::write(layout.folder.path().join("oci-layout"), r#"{"imageLayoutVersion": "2.0"}"#).unwrap();
    assert_eq!(failure(Scheme::Oci, path), "the layout is of a version other than 1");
    fs::remove_file(layout.folder.path().join("oci-layout")).unwrap();
    let no_layout = "it is no OCI layout: there is no `oci-layout` in it";
    assert_eq!(failure(Scheme::Oci, path), no_layout);
    assert!(failure(Scheme::Oci, "no/such").starts_with("the folder `no/such` is not there"));
    assert!(failure(Scheme::OciArchive, "no.tar").starts_with("the archive `no.tar` is not there"));
    assert_eq!(failure(Scheme::OciArchive, path), "it is no regular file");
    let (_folder, archive) = file(&tar_of(&[("a", b"x")]));
    assert_eq!(failure(Scheme::OciArchive, &archive), no_layout);
    let (_folder, zip) = file(b"PK\x03\x04, and so on");
    assert!(failure(Scheme::OciArchive, &zip).starts_with("it is no tar archive: "));
    let (_folder, compressed) = file(&gzip(&layout.archive()));
    assert_eq!(
        failure(Scheme::OciArchive, &compressed),
        "it is compressed: unpack it first, with `gunzip` or `zstd -d`"
    );
}

#[test]
fn blobs_must_be_what_their_digests_name() {
    let mut layout = Layout::new();
    let layer = tar_of(&[("a", b"x")]);
    let image = layout.image(&layer);
    layout.list(MANIFEST, &image, json!({}));
    let problem = || {
        let image = read(&*open(Scheme::Oci, layout.path()).unwrap()).unwrap();
        image.layers[0].problems[0].clone()
    };
    let other = "the stored layer is not the one that the manifest lists";
    // Of the same size, shorter, longer, and no archive at all.
    let mut same = layer.clone();
    same[512] = b'y';
    for bytes in [&same[..], &layer[..600], &[&layer[..], b"more"].concat(), b"rubbish"] {
        fs::write(layout.blob(&layer), bytes).unwrap();
        let problem = problem();
        assert_eq!((problem.kind, problem.message.as_str()), (Kind::Digest, other));
    }
    fs::remove_file(layout.blob(&layer)).unwrap();
    assert_eq!(problem().kind, Kind::Unreadable);
    layout.blob(&layer);

    let written = layout.blob(&config(&[&layer]));
    fs::write(written, config(&[])).unwrap();
    let wanted = failure(Scheme::Oci, layout.path());
    assert!(wanted.starts_with("the content is not what its digest `sha256:"), "{wanted}");
    fs::write(layout.blob(&image), manifest(&[], &[])).unwrap();
    let source = open(Scheme::Oci, layout.path()).unwrap();
    assert!(matches!(source.root(), Err(SourceError::WrongDigest { .. })));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let mut layout = Layout::new();
    let layer = tar_of(&[("a", b"x")]);
    let image = layout.image(&layer);
    layout.list(MANIFEST, &image, json!({}));
    let path = layout.blob(&layer);
    let elsewhere = layout.folder.path().join("elsewhere");
    fs::rename(&path, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    let image = read(&*open(Scheme::Oci, layout.path()).unwrap()).unwrap();
    let problem = &image.layers[0].problems[0];
    assert_eq!(problem.kind, Kind::Unreadable);
    assert!(problem.message.ends_with("is no regular file"), "{}", problem.message);
}

#[test]
fn indexes_lead_to_the_platform() {
    let mut layout = Layout::new();
    let arm = layout.image(&tar_of(&[("arm", b"")]));
    let amd = layout.image(&tar_of(&[("amd", b"")]));
    let mut entries = vec![descriptor(MANIFEST, &arm), descriptor(MANIFEST, &amd)];
    entries[0]["platform"] = json!({"os": "linux", "architecture": "arm64", "variant": "v8"});
    entries[1]["platform"] = json!({"os": "linux", "architecture": "amd64"});
    // What BuildKit writes about an image stands in front of it.
    let mut attestation = descriptor(MANIFEST, &arm);
    attestation["platform"] = json!({"os": "unknown", "architecture": "unknown"});
    attestation["annotations"] = json!({
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": digest(&arm),
    });
    entries.insert(0, attestation);
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}).to_string();
    layout.blob(index.as_bytes());
    layout.list(INDEX, index.as_bytes(), json!({}));
    let image = read(&*open(Scheme::Oci, layout.path()).unwrap()).unwrap();
    assert_eq!(paths(&image), [["amd"]]);
    let facts = image.index.unwrap();
    assert_eq!(facts.platforms.len(), 2);
    assert_eq!(facts.digest.unwrap().as_str(), digest(index.as_bytes()));
}

#[test]
fn indexes_in_indexes_come_to_an_end() {
    let nested = |depth: usize| {
        let mut layout = Layout::new();
        let mut document = layout.image(&tar_of(&[("a", b"")]));
        let mut kind = MANIFEST;
        for _ in 0..depth {
            let index = json!({"schemaVersion": 2, "manifests": [descriptor(kind, &document)]});
            document = index.to_string().into_bytes();
            kind = INDEX;
            layout.blob(&document);
        }
        layout.list(kind, &document, json!({}));
        read(&*open(Scheme::Oci, layout.path()).unwrap()).map(|image| image.layers.len())
    };
    assert_eq!(nested(0), Ok(1));
    assert_eq!(nested(3), Ok(1));
    let endless = "indexes stand in indexes without end".to_owned();
    assert_eq!(nested(4), Err(SourceError::Malformed(endless)));
}

#[test]
fn retired_and_ambiguous_manifests_are_refused() {
    let failure = |document: &str| {
        let mut layout = Layout::new();
        layout.blob(document.as_bytes());
        layout.list(MANIFEST, document.as_bytes(), json!({}));
        failure(Scheme::Oci, layout.path())
    };
    let old = failure(r#"{"schemaVersion":1,"name":"a","fsLayers":[]}"#);
    assert_eq!(old, "the manifest is of Docker's retired schema 1");
    let one = descriptor(MANIFEST, b"x").to_string();
    let both = failure(&format!(r#"{{"config":{one},"layers":[],"manifests":[{one}]}}"#));
    assert_eq!(both, "the manifest is also an index, which is refused");
    assert!(failure("[]").starts_with("the manifest is malformed: "));
    let empty = format!(r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[]}}"#);
    assert_eq!(failure(&empty), "an image in the index is not there");
}

#[test]
fn referrers_are_found_by_their_subject() {
    let mut layout = Layout::new();
    let image = layout.image(&tar_of(&[("a", b"")]));
    layout.list(MANIFEST, &image, json!({}));
    let artifact = json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": "application/x",
        "config": descriptor("application/vnd.oci.empty.v1+json", b"{}"), "layers": [],
        "subject": descriptor(MANIFEST, &image),
    });
    let artifact = artifact.to_string();
    layout.blob(artifact.as_bytes());
    let source = open(Scheme::Oci, layout.path()).unwrap();
    let image = source.root().unwrap().digest.unwrap();
    let found = source.referrers(&image).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].digest.as_str(), digest(artifact.as_bytes()));
    assert_eq!(found[0].artifact_type.as_deref(), Some("application/x"));
}
