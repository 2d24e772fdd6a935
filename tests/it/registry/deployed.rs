//! Images that files name: looked up in the registry, and afterwards in the cache alone.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::real::Real;
use super::repository::Repository;
use super::world::{World, write};
use super::{ask, ask_as};
use crate::harness::Run;

/// What `htpasswd -B` makes of `me` and the password.
const HTPASSWD: &str = "me:$2y$04$48LumUZhbZdauypA7nvSkecvn/34qHCmUHXgENcz9LRYE5YBx0Q/G\n";
const PASSWORD: &str = "pass word";

/// What is asked of registries.
const ABOUT: &str = "ref-not-found,ref-tag-digest-mismatch,ref-platform-missing,signature-missing,\
                     signature-wrong-key,signature-unchecked,base-unsigned,base-outdated,\
                     base-platform-mismatch,vuln-findings";

fn look(folder: &Path, more: &[&str]) -> Run {
    ask(folder, &[&["check", ".", "--format", "json", "--select", ABOUT], more].concat())
}

fn both(label: &str) -> Repository {
    Repository::made(&format!(
        "config: {{User: \"10001:10001\", Labels: {{is: {label}}}}}\n\
         index: [linux/amd64, linux/arm64/v8]\n"
    ))
}

fn pinned(reference: &str, repository: &Repository) -> String {
    format!("{reference}@{}", repository.digest())
}

/// A repository of files whose images are in the registry, and what is to be found in it.
fn fill(real: &Real, world: &World, folder: &Path) -> Vec<String> {
    let mut signed = both("signed");
    let digest = signed.digest().clone();
    signed.sign_by_bundle(&world.sigstore, world.who(), &digest);
    let signed = real.push("keyless/signed", &signed);
    let unsigned = real.push("keyless/unsigned", &both("unsigned"));
    let narrow = real.push("free/narrow", &Repository::new("narrow"));
    let old = both("old");
    let moved = pinned(&real.push("free/moved", &old), &old);
    real.push("free/moved", &both("new"));
    let base = both("base");
    let base_old = pinned(&real.push("free/base", &base), &base);
    real.push("free/base", &both("newer"));
    let bare = both("bare");
    let bare = pinned(&real.push("keyed/base", &bare), &bare);
    let gone = format!("{}/free/gone:v1", real.address);
    let lost = pinned(&format!("{}/free/moved", real.address), &Repository::new("lost"));

    let mut pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: api\n  namespace: shop\n\
                   spec:\n  containers:\n"
        .to_owned();
    for (name, image) in [
        ("signed", &signed),
        ("unsigned", &unsigned),
        ("narrow", &narrow),
        ("moved", &moved),
        ("gone", &gone),
        ("lost", &lost),
    ] {
        pod.push_str(&format!("  - name: {name}\n    image: {image}\n"));
    }
    write(folder, "pod.yaml", &pod);
    write(folder, "Dockerfile", &format!("FROM {base_old} AS build\nFROM {bare}\nUSER 10001\n"));
    [
        "Dockerfile:1:6 base-outdated",
        "Dockerfile:2:6 base-unsigned",
        "pod.yaml:11:12 signature-missing",
        "pod.yaml:13:12 ref-platform-missing",
        "pod.yaml:15:12 ref-tag-digest-mismatch",
        "pod.yaml:17:12 ref-not-found",
        "pod.yaml:19:12 ref-not-found",
    ]
    .map(str::to_owned)
    .to_vec()
}

#[test]
fn references_in_files_are_looked_up_and_remembered() {
    let Some(real) = Real::start() else { return };
    let world = World::new();
    let folder = world.folder(&real.address);
    let expected = fill(&real, &world, folder.path());
    let path = folder.path().join("careen.yaml");
    let config = fs::read_to_string(&path).unwrap();
    let more = "rules:\n  ref-platform-missing: {platforms: [linux/amd64, linux/arm64]}\n";
    fs::write(path, config + more).unwrap();

    let run = look(folder.path(), &["--online"]);
    assert_eq!(run.findings(), expected, "{}{}", run.stdout, run.stderr);
    assert_eq!((run.code, run.notes()), (1, vec![]));

    let cache = TempDir::new().unwrap();
    let cached = cache.path().to_str().unwrap();
    let with_cache = look(folder.path(), &["--online", "--image-cache", cached]);
    assert_eq!(with_cache.findings(), expected);

    let address = real.address.clone();
    drop(real);
    let offline = look(folder.path(), &["--offline", "--image-cache", cached]);
    assert_eq!(offline.findings(), expected, "{}{}", offline.stdout, offline.stderr);
    assert_eq!((offline.code, offline.notes()), (1, vec![]));

    // Nothing is remembered in another folder; nobody answers at the address.
    let empty = TempDir::new().unwrap();
    let empty = empty.path().to_str().unwrap();
    for (more, why) in [
        (&["--offline", "--image-cache", empty][..], "is not in the cache"),
        (&["--online"][..], "cannot be reached"),
    ] {
        let run = look(folder.path(), more);
        assert_eq!(run.code, 2, "{}", run.stdout);
        assert_eq!(run.findings(), Vec::<String>::new());
        let notes = run.notes();
        // Each image that is named, once.
        assert_eq!(notes.len(), 8, "{notes:#?}");
        assert!(
            notes.iter().all(|note| note.contains(&address) && note.contains(why)),
            "{notes:#?}"
        );
    }
    let text = ask(folder.path(), &["check", ".", "--online", "--select", ABOUT]);
    assert_eq!(text.code, 2);
    let said = format!("{}{}", text.stdout, text.stderr);
    assert!(said.contains(&format!("image `{address}/free/narrow:v1` could not be")), "{said}");

    // Without `--online` nothing is asked, and nothing is missed.
    let run = look(folder.path(), &[]);
    assert_eq!((run.code, run.findings(), run.notes()), (0, vec![], vec![]), "{}", run.stderr);
}

#[test]
fn images_from_the_cache_are_looked_at_as_a_whole() {
    let Some(real) = Real::start() else { return };
    let world = World::new();
    let folder = world.folder(&real.address);
    let cache = TempDir::new().unwrap();
    let cached = cache.path().to_str().unwrap();
    let signed = real.push("attested/app", &world.attested("app"));
    let unsigned = real.push("keyed/unsigned", &Repository::new("unsigned"));
    let images = [signed.as_str(), unsigned.as_str()];
    let check = |how: &[&str]| {
        let common = ["check", "--format", "json", "--image-cache", cached];
        ask(folder.path(), &[&common[..], how, &images].concat())
    };
    let online = check(&["--online"]);
    assert_eq!(online.code, 1, "{}", online.stderr);
    assert_eq!(online.findings().len(), 2, "{}", online.stdout);
    drop(real);
    let offline = check(&["--offline"]);
    assert_eq!(offline.findings(), online.findings(), "{}{}", offline.stdout, offline.stderr);
    assert_eq!(offline.code, 1);
}

#[test]
fn credentials_open_the_registry_and_are_shown_nowhere() {
    let Some(real) = Real::guarded("me", PASSWORD, HTPASSWD) else { return };
    let world = World::new();
    let folder = world.folder(&real.address);
    let reference = real.push("keyed/unsigned", &Repository::new("unsigned"));
    write(
        folder.path(),
        "pod.yaml",
        &format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: api}}\nspec:\n  containers:\n  \
             - name: web\n    image: {reference}\n"
        ),
    );
    let docker = |pair: &str| {
        let folder = TempDir::new().unwrap();
        let auth = base64(pair);
        let address = &real.address;
        write(
            folder.path(),
            "config.json",
            &format!(r#"{{"auths":{{"{address}":{{"auth":"{auth}"}}}}}}"#),
        );
        folder
    };
    let (good, bad) = (docker(&format!("me:{PASSWORD}")), docker("me:wrong-word-9f3a"));
    let nobody = TempDir::new().unwrap();
    for format in ["text", "json", "sarif"] {
        let look = |docker: &TempDir, what: &str| {
            let arguments = ["check", "--online", "--format", format, "--select", ABOUT, what];
            ask_as(folder.path(), docker.path(), &arguments)
        };
        for (login, code, says) in [
            (&good, 1, "has no signature"),
            (&bad, 2, "docker login"),
            (&nobody, 2, "docker login"),
        ] {
            for what in [".", reference.as_str()] {
                let run = look(login, what);
                assert_eq!(run.code, code, "{}{}", run.stdout, run.stderr);
                let said = format!("{}{}", run.stdout, run.stderr);
                assert!(said.contains(says), "{said}");
                let encoded = reference.replace(':', "%3A");
                assert!(said.contains(&reference) || said.contains(&encoded), "{said}");
                for secret in [PASSWORD, "wrong-word-9f3a"] {
                    let encoded = base64(&format!("me:{secret}"));
                    for text in [secret, encoded.as_str()] {
                        assert!(!said.contains(text), "`{text}` is shown: {said}");
                    }
                }
            }
        }
    }
    let is_secret = |path: &Path| fs::read_to_string(path).is_ok_and(|it| it.contains(PASSWORD));
    assert!(!is_secret(&folder.path().join("pod.yaml")));
}

fn base64(text: &str) -> String {
    careen_testkit::base64(text.as_bytes())
}
