//! A registry that has the referrers API, wants tokens, and misbehaves.

use std::path::Path;

use careen_testkit::registry::{FakeRegistry, Faults, Gate, Login};
use tempfile::TempDir;

use super::repository::Repository;
use super::world::{World, write};
use super::{ask, ask_as, rules};
use crate::harness::Run;

/// A registry with one image, and the folder of a policy that covers it.
struct Place {
    registry: FakeRegistry,
    folder: TempDir,
    reference: String,
}

impl Place {
    fn new(world: &World, repository: &Repository) -> Self {
        let registry = FakeRegistry::start(repository.contents(), Faults::none());
        let folder = world.folder(&registry.address());
        let reference = format!("{}/keyless/app:v1", registry.address());
        write(
            folder.path(),
            "pod.yaml",
            &format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: api}}\nspec:\n  containers:\n  \
                 - name: web\n    image: {reference}\n"
            ),
        );
        Self { registry, folder, reference }
    }

    /// Over the image itself, and over the file that names it.
    fn runs(&self) -> [Run; 2] {
        [self.reference.as_str(), "pod.yaml"].map(|what| self.run(what, "json"))
    }

    fn run(&self, what: &str, format: &str) -> Run {
        let select = "signature-missing,signature-unchecked,signature-invalid,ref-not-found,\
                      signature-wrong-key,signature-wrong-identity";
        let arguments = ["check", "--online", what, "--format", format, "--select", select];
        ask(self.folder.path(), &arguments)
    }
}

#[test]
fn signatures_are_found_by_the_referrers_api() {
    let world = World::new();
    let place = Place::new(&world, &world.keyless("signed"));
    for run in place.runs() {
        assert_eq!((run.code, rules(&run)), (0, vec![]), "{}{}", run.stdout, run.stderr);
    }
    assert!(place.registry.asked("/referrers/sha256:") > 0);
    place.registry.change(|contents| contents.referrers.clear());
    for run in place.runs() {
        assert_eq!((run.code, rules(&run)), (1, vec!["signature-missing".to_owned()]));
    }
}

#[test]
fn what_could_not_be_asked_is_no_pass() {
    let world = World::new();
    for (part, status) in
        [("/manifests/", 429), ("/manifests/v1", 500), ("/manifests/v1", 403), ("/blobs/", 503)]
    {
        let place = Place::new(&world, &world.keyless("signed"));
        let later = ("Retry-After", "3600");
        place.registry.plan(|faults| faults.status(part, status, later, usize::MAX));
        for run in place.runs() {
            assert_eq!(run.code, 2, "{part} {status}: {}{}", run.stdout, run.stderr);
            let notes = run.notes().join("\n");
            assert!(notes.contains(&place.reference), "{part} {status}: {notes}");
        }
    }
}

#[test]
fn signatures_that_could_not_be_looked_for_are_told() {
    let world = World::new();
    // What is listed is signed well, but it may not be all; what is not signed may be.
    for (repository, part) in [
        (Repository::new("unsigned"), "/referrers/"),
        (Repository::new("unsigned"), ".sig"),
        (Repository::new("unsigned"), ".att"),
    ] {
        let place = Place::new(&world, &repository);
        let later = ("Retry-After", "3600");
        place.registry.plan(|faults| faults.status(part, 429, later, usize::MAX));
        for run in place.runs() {
            assert_eq!(run.code, 2, "{part}: {}{}", run.stdout, run.stderr);
            assert_eq!(rules(&run), ["signature-unchecked"], "{part}: {}", run.stdout);
            assert!(run.notes().join("\n").contains("no more requests"), "{:?}", run.notes());
        }
    }
    let place = Place::new(&world, &world.keyless("signed"));
    place.registry.plan(|faults| faults.status(".att", 429, ("Retry-After", "3600"), usize::MAX));
    for run in place.runs() {
        assert_eq!((run.code, rules(&run)), (0, vec![]), "{}{}", run.stdout, run.stderr);
    }
}

#[test]
fn an_image_that_is_not_there_is_told_where_it_is_named() {
    let world = World::new();
    let place = Place::new(&world, &Repository::new("none"));
    place.registry.change(|contents| contents.tags.clear());
    let [named, file] = place.runs();
    assert_eq!((file.code, rules(&file)), (1, vec!["ref-not-found".to_owned()]));
    assert_eq!(named.code, 2, "{}{}", named.stdout, named.stderr);
    assert!(named.notes()[0].contains("is not there"), "{:?}", named.notes());
}

#[test]
fn tokens_open_the_registry_and_are_shown_nowhere() {
    const PASSWORD: &str = "horse-9f3a71";
    const TOKEN: &str = "token-of-the-fake-registry";
    let world = World::new();
    let place = Place::new(&world, &world.keyless("signed"));
    let login = Login { name: "robot".to_owned(), password: PASSWORD.to_owned() };
    let gate = Gate::Bearer { realm: None, login: Some(login), identity: None };
    place.registry.change(|contents| contents.gate = gate);
    let docker = TempDir::new().unwrap();
    let auth = careen_testkit::base64(format!("robot:{PASSWORD}").as_bytes());
    let address = place.registry.address();
    let config = format!(r#"{{"auths":{{"{address}":{{"auth":"{auth}"}}}}}}"#);
    write(docker.path(), "config.json", &config);
    let look = |docker: &Path, format: &str| {
        let arguments = ["check", "--online", &place.reference, "--format", format];
        ask_as(place.folder.path(), docker, &arguments)
    };
    for format in ["text", "json", "sarif"] {
        let hidden = |run: &Run| {
            for text in [PASSWORD, TOKEN, auth.as_str()] {
                assert!(!run.stdout.contains(text) && !run.stderr.contains(text), "{text}");
            }
        };
        let run = look(docker.path(), format);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        hidden(&run);
        let run = look(place.folder.path(), format);
        assert_eq!(run.code, 2);
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(said.contains(&format!("docker login {address}")), "{said}");
        hidden(&run);
    }
    assert!(place.registry.asked("/token") > 0);
}
