//! Built images: from recipes, and as `umoci` and `skopeo` write them.

use std::fs;
use std::path::Path;
use std::process::Command;

use careen_testkit::images::{ImageRecipe, made, write_layout};
use tempfile::TempDir;

use crate::harness::{Run, run};

/// An image with something to say about every part of it.
const APP: &str = r#"
reference: registry.example.com/shop/api:1.4
config: {User: "0", Env: ["PATH=/bin", "API_TOKEN=Zq8vR2mT6xLw9kPd"], ExposedPorts: {"22/tcp": {}}}
layers:
  - etc/passwd: "root:x:0:0::/root:/bin/sh\n"
    etc/os-release: "ID=debian\nVERSION_ID=\"12\"\n"
    usr/local/bin/helper: {mode: "4755", size: 8}
    app/.env: "DB_PASSWORD=Hn4tK8wQz2VrYb6M\n"
  - app/.wh..env: ""
"#;

fn layout(recipe: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    write_layout(&made(&ImageRecipe::parse(recipe)), &folder.path().join("app"), "1.4");
    folder
}

fn check(folder: &Path, image: &str) -> Run {
    run(folder, &["check", image, "--format", "json"])
}

/// What is found, without where the image lies.
fn findings(run: &Run, image: &str) -> Vec<String> {
    let findings = run.findings().into_iter();
    findings.map(|it| it.strip_prefix(image).unwrap_or(&it).to_owned()).collect()
}

fn messages(run: &Run) -> Vec<String> {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect()
}

/// Whether these programs are there; says so aloud where one is not.
fn are_there(programs: &[&str]) -> bool {
    let missing = programs.iter().find(|it| Command::new(it).arg("--version").output().is_err());
    if let Some(program) = missing {
        eprintln!("SKIPPED: there is no `{program}` to make images with");
    }
    missing.is_none()
}

fn call(folder: &Path, program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_layout_is_looked_at_as_a_whole() {
    let folder = layout(APP);
    let run = check(folder.path(), "oci:app");
    assert_eq!(run.code, 1, "{}", run.stderr);
    let found = findings(&run, "app!");
    // In which order JSON has its keys hangs on who else is built with it.
    for (place, rule) in [
        ("config.json:1:", " image-user-root"),
        ("layer-1/app/.env:1:13", " password-assigned"),
        ("layer-1/usr/local/bin/helper:1:1", " layer-setuid"),
    ] {
        let is_it = |it: &String| it.starts_with(place) && it.ends_with(rule);
        assert!(found.iter().any(is_it), "{place}{rule} is not in {found:#?}");
    }
    let told = messages(&run);
    let hidden = "(layer 2 hides the file, but it still ships)";
    assert!(told.iter().any(|it| it.contains("DB_PASSWORD") && it.ends_with(hidden)), "{told:#?}");
    assert_eq!(run.json()["summary"]["images"], 1);
    for secret in ["Zq8vR2mT6xLw9kPd", "Hn4tK8wQz2VrYb6M"] {
        assert!(!run.stdout.contains(secret), "a secret is shown");
    }
}

#[test]
fn other_bytes_are_told() {
    let folder = layout(APP);
    let blobs = folder.path().join("app/blobs/sha256");
    let is_layer = |path: &Path| {
        let bytes = fs::read(path).unwrap();
        bytes.windows(10).any(|window| window == b"root:x:0:0")
    };
    let layer = fs::read_dir(&blobs).unwrap().map(|it| it.unwrap().path());
    let layer = layer.into_iter().find(|path| is_layer(path)).unwrap();
    let mut bytes = fs::read(&layer).unwrap();
    let at = bytes.windows(4).position(|window| window == b"root").unwrap();
    bytes[at] = b'R';
    fs::write(&layer, bytes).unwrap();
    let run = check(folder.path(), "oci:app");
    assert!(
        findings(&run, "app!").iter().any(|it| it.ends_with(" image-config-digest-mismatch")),
        "{}",
        run.stdout
    );
}

#[test]
fn what_is_no_image_is_told() {
    let folder = layout(APP);
    for (image, expected) in [
        ("oci:none", "the folder `none` is not there"),
        ("oci:app:2.0", "image `2.0` (there is `1.4`) is not there"),
        ("docker-archive:app/index.json", "it is no tar archive"),
        ("oci-archive:app", "it is no regular file"),
    ] {
        let run = check(folder.path(), image);
        assert_eq!(run.code, 2, "{image}: {}", run.stdout);
        assert!(run.stderr.contains(expected), "{image}: {}", run.stderr);
    }
}

#[test]
fn all_forms_say_the_same() {
    if !are_there(&["skopeo", "umoci"]) {
        return;
    }
    let folder = layout(APP);
    let path = folder.path();
    let copy = |to: &str| call(path, "skopeo", &["copy", "oci:app:1.4", to]);
    copy("docker-archive:app.tar:registry.example.com/shop/api:1.4");
    copy("oci-archive:app-oci.tar");
    copy("oci:gzip:1.4");
    // `umoci` writes its own kind of archive, with folders, owners and extended attributes.
    call(path, "umoci", &["unpack", "--rootless", "--image", "app:1.4", "bundle"]);
    call(path, "umoci", &["repack", "--image", "app:again", "bundle"]);
    let expected = findings(&check(path, "oci:app:1.4"), "app:1.4!");
    assert!(expected.len() > 3, "{expected:#?}");
    for image in ["oci-archive:app-oci.tar", "oci:gzip"] {
        let name = image.split_once(':').unwrap().1;
        assert_eq!(findings(&check(path, image), &format!("{name}!")), expected, "{image}");
    }
    // The configuration is written anew, so columns differ.
    let archive = check(path, "docker-archive:app.tar");
    let rules = |found: Vec<String>| -> Vec<String> {
        let rules = found.into_iter().map(|it| it.rsplit(' ').next().unwrap().to_owned());
        rules.filter(|rule| !rule.starts_with("signature-")).collect()
    };
    assert_eq!(rules(findings(&archive, "app.tar!")), rules(expected), "docker-archive");
    let again = check(path, "oci:app:again");
    assert!(findings(&again, "app:again!").iter().any(|it| it.ends_with(" image-user-root")));
}
