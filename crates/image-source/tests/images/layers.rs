use std::io::Write;

use careen_image_model::oci::{Layer, LayerProblemKind as Kind};
use careen_image_source::{ImageSource, Limits, MemorySource};

use crate::support::{config, digest, gzip, manifest, memory, paths, read, read_with, tar_of};

/// The problems of the only layer.
fn problems(layer: &Layer) -> Vec<(Kind, &str)> {
    layer.problems.iter().map(|problem| (problem.kind, problem.message.as_str())).collect()
}

fn zstd_of(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

/// Reads an image of one layer that is stored in some way.
fn one(stored: &[u8], unpacked: &[u8], limits: Limits) -> (Layer, Vec<String>) {
    let source = memory(&[(stored, unpacked)]);
    let (mut image, files) = read_with(&source, limits).unwrap();
    (image.layers.remove(0), files.into_iter().map(|(path, _)| path).collect())
}

#[test]
fn layers_are_unpacked_by_their_first_bytes() {
    let tar = tar_of(&[("a", b"x"), ("b", b"yy"), ("empty", b"")]);
    let (front, back) = tar.split_at(700);
    let skippable =
        [&[0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4][..], &zstd_of(&tar)].concat();
    for stored in [
        tar.clone(),
        gzip(&tar),
        zstd_of(&tar),
        // Several members, one of them empty, as pigz and eStargz write them.
        [gzip(front), gzip(b""), gzip(back)].concat(),
        [zstd_of(front), zstd_of(back)].concat(),
        skippable,
    ] {
        let (layer, files) = one(&stored, &tar, Limits::default());
        assert_eq!(problems(&layer), []);
        assert_eq!(layer.found_diff_id.unwrap().as_str(), digest(&tar));
        assert_eq!(layer.unpacked, tar.len() as u64);
        assert_eq!(layer.entries.len(), 3);
        assert_eq!(files, ["a", "b"]);
    }
}

#[test]
fn damaged_compression_is_told() {
    let tar = tar_of(&[("a", b"x"), ("b", &[7; 5000])]);
    let zipped = gzip(&tar);
    let cases = [
        zipped[..zipped.len() - 20].to_vec(),
        [&zipped[..], b"rubbish"].concat(),
        zstd_of(&tar)[..40].to_vec(),
        [&zstd_of(&tar)[..], b"rubbish"].concat(),
        b"BZh91AY&SY and so on".to_vec(),
        tar[..2000].to_vec(),
    ];
    for stored in cases {
        let (layer, _) = one(&stored, &tar, Limits::default());
        assert_eq!(layer.problems.len(), 1, "{:?}", layer.problems);
        assert_eq!(layer.problems[0].kind, Kind::Damaged, "{:?}", layer.problems);
        assert!(layer.problems[0].message.ends_with("and the rest was not looked at"));
        assert_eq!(layer.found_diff_id, None);
    }
}

#[test]
fn the_configuration_must_list_the_layer() {
    let (tar, other) = (tar_of(&[("a", b"x")]), tar_of(&[("b", b"x")]));
    let (layer, _) = one(&gzip(&tar), &other, Limits::default());
    let message = "the unpacked layer is not the one that the configuration lists";
    assert_eq!(problems(&layer), [(Kind::Digest, message)]);
    // What is behind the end of the archive counts as well.
    let longer = [&tar[..], b"more"].concat();
    assert_eq!(problems(&one(&longer, &tar, Limits::default()).0), [(Kind::Digest, message)]);
    assert_eq!(problems(&one(&longer, &longer, Limits::default()).0), []);
}

#[test]
fn a_tampered_blob_is_told_from_a_damaged_one() {
    let tar = tar_of(&[("a", b"x")]);
    let zipped = gzip(&tar);
    let mut source = memory(&[(&zipped, &tar)]);
    let stored = careen_image_source::digest_of("sha256", &zipped).unwrap();
    let message = "the stored layer is not the one that the manifest lists";
    for bytes in [gzip(&tar_of(&[("evil", b"x")])), b"rubbish".to_vec(), zipped[..30].to_vec()] {
        source.tamper(&stored, bytes);
        let image = read(&source).unwrap();
        assert_eq!(problems(&image.layers[0]), [(Kind::Digest, message)]);
    }
}

#[test]
fn limits_hold() {
    let names: Vec<String> = (0..100).map(|at| format!("folder/{at:03}")).collect();
    let files: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), &b"12345"[..])).collect();
    let tar = tar_of(&files);
    let zeros = tar_of(&[("zeros", &[0; 1 << 20])]);
    let limits = Limits::default();
    let cases: [(Limits, &[u8], &str); 6] = [
        (Limits { entries: 10, ..limits }, &tar, "it has more than 10 entries"),
        (Limits { paths: 100, ..limits }, &tar, "its paths are more than 100 bytes"),
        (Limits { kept: 5000, ..limits }, &tar, "its entries take more than 5000 bytes"),
        (Limits { unpacked: 9999, ..limits }, &tar, "it unpacks to more than 9999 bytes"),
        (
            Limits { ratio: 10, ratio_free: 1000, ..limits },
            &zeros,
            "it unpacks to more than 10 times its size",
        ),
        (Limits { layers: 0, ..limits }, &tar, "it is beyond the 0 layers that are looked at"),
    ];
    for (limits, tar, message) in cases {
        let (layer, _) = one(&gzip(tar), tar, limits);
        let [(kind, found)] = problems(&layer)[..] else { panic!("{:?}", layer.problems) };
        assert_eq!(kind, Kind::Limit);
        assert!(found.starts_with(message), "{found}");
        assert!(layer.entries.len() < 100);
    }
    let (layer, files) = one(&tar, &tar, Limits { file: 4, ..limits });
    assert_eq!((layer.problems.len(), layer.entries.len(), files.len()), (0, 100, 0));
    let (layer, _) = one(&tar, &tar, Limits { path: 9, ..limits });
    assert_eq!(
        problems(&layer),
        [(Kind::Damaged, "a path is too long, and the rest was not looked at")]
    );
}

#[test]
fn what_is_kept_is_counted_over_all_layers() {
    let tar = tar_of(&[("a", b""), ("b", b"")]);
    let layers = [(&tar[..], &tar[..]); 20];
    let source = memory(&layers);
    let (image, _) = read_with(&source, Limits { kept: 2000, ..Limits::default() }).unwrap();
    for layer in &image.layers {
        assert_eq!(layer.entries.len(), 1, "each has the same share");
        assert_eq!(layer.problems[0].kind, Kind::Limit);
    }
    // A large layer has more of it.
    let many: Vec<String> = (0..40).map(|at| at.to_string()).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let large = tar_of(&many);
    let mut layers = layers.to_vec();
    layers.push((&large[..], &large[..]));
    let limits = Limits { kept: 20_000, ..Limits::default() };
    let (image, _) = read_with(&memory(&layers), limits).unwrap();
    assert!(image.layers.iter().all(|layer| layer.problems.is_empty()));
}

#[test]
fn escapes_are_told_and_stay_inside() {
    let mut builder = tar::Builder::new(Vec::new());
    let mut add = |path: &[u8], kind, link: Option<&str>| {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(kind);
        header.set_size(0);
        header.set_mode(0o644);
        header.as_ustar_mut().unwrap().name[..path.len()].copy_from_slice(path);
        if let Some(link) = link {
            header.set_link_name_literal(link).unwrap();
        }
        header.set_cksum();
        builder.append(&header, std::io::empty()).unwrap();
    };
    use tar::EntryType::{Link, Regular, Symlink};
    add(b"../../etc/passwd", Regular, None);
    add(b"/etc/motd", Regular, None);
    add(b"shadow", Link, Some("../etc/shadow"));
    add(b"hosts", Symlink, Some("../../../etc/hosts"));
    add(b"app/.wh...", Regular, None);
    add(b"./", Regular, None);
    let tar = builder.into_inner().unwrap();
    let (layer, _) = one(&tar, &tar, Limits::default());
    assert_eq!(
        problems(&layer),
        [
            (Kind::Escape, "leads out of the root of the image"),
            (Kind::Escape, "is a hard link to `../etc/shadow`, which is out of the root"),
            (Kind::Escape, "is a whiteout of the folder around it"),
            (Kind::Damaged, "an entry that is no folder has no name"),
        ]
    );
    assert_eq!(&*layer.problems[0].path, "../../etc/passwd");
    let found: Vec<_> = layer.entries.iter().map(|entry| &*entry.path).collect();
    assert_eq!(found, ["etc/passwd", "etc/motd", "shadow", "hosts", "app/.wh..."]);
}

#[test]
fn what_is_wrong_is_told_a_bounded_number_of_times() {
    let mut tar = Vec::new();
    let mut header = tar::Header::new_ustar();
    header.set_size(0);
    header.as_ustar_mut().unwrap().name[..4].copy_from_slice(b"../a");
    header.set_mode(0o644);
    header.set_cksum();
    for _ in 0..1000 {
        tar.write_all(header.as_bytes()).unwrap();
    }
    let (layer, _) = one(&tar, &tar, Limits::default());
    assert_eq!((layer.problems.len(), layer.entries.len()), (200, 1000));
}

#[test]
fn a_layer_that_lies_elsewhere_is_foreign() {
    let (here, there) = (tar_of(&[("a", b"")]), tar_of(&[("b", b"")]));
    let config = config(&[&here, &there]);
    let mut document: serde_json::Value =
        serde_json::from_slice(&manifest(&config, &[&here, &there])).unwrap();
    document["layers"][1]["urls"] = serde_json::json!(["https://example.com/layer"]);
    let mut source = MemorySource::default();
    source.push("", here).unwrap();
    source.push("", config).unwrap();
    source.push_document("", document.to_string().into_bytes()).unwrap();
    let image = read(&source).unwrap();
    assert_eq!(paths(&image), [vec!["a"], vec![]]);
    assert_eq!(image.layers[1].problems[0].kind, Kind::Foreign);
}

#[test]
fn documents_and_blobs_are_proven() {
    let tar = tar_of(&[("a", b"")]);
    let mut source = memory(&[(&tar, &tar)]);
    let config = config(&[&tar]);
    let digest = careen_image_source::digest_of("sha256", &config).unwrap();
    source.tamper(&digest, b"{}".to_vec());
    assert!(read(&source).is_err());
    let dynamic: &dyn ImageSource = &source;
    assert!(dynamic.document(&digest).is_err());
}
