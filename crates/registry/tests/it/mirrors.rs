use careen_image_model::reference::parse;
use careen_image_source::{ImageSource, SourceError};
use careen_registry::{Options, Registry, RegistrySource};
use careen_testkit::registry::{FakeRegistry, Faults};

use crate::support::{options, read, start};

fn mirrored(name: &str, mirror: &str) -> RegistrySource {
    let registry = name.split('/').next().unwrap().to_owned();
    let mirrors = vec![(registry, mirror.to_owned())];
    let all = Registry::new(Options { mirrors, ..options() }).unwrap();
    all.repository(&parse(name).unwrap())
}

#[test]
fn a_mirror_is_asked_first_under_its_own_names() {
    let (mirror, sample) = start(Faults::none());
    let source = mirrored("docker.io/library/nginx:v1", &format!("{}/hub", mirror.address()));
    let root = source.root().unwrap();
    assert_eq!(root.bytes, sample.manifest);
    assert_eq!(root.reference.unwrap(), "docker.io/library/nginx:v1");
    assert_eq!(read(&source, &sample.layer).unwrap(), sample.blob);
    assert_eq!(mirror.asked("GET /v2/hub/library/nginx/"), 2);
}

#[test]
fn what_a_mirror_lacks_the_registry_has() {
    let mirror = FakeRegistry::start(careen_testkit::registry::Contents::new(), Faults::none());
    let (registry, sample) = start(Faults::none());
    let name = format!("{}/a/b:v1", registry.address());
    let source = mirrored(&name, &mirror.address());
    assert_eq!(source.root().unwrap().bytes, sample.manifest);
    assert_eq!(source.tag("v1").unwrap().as_ref(), Some(&sample.digest));
    assert_eq!(source.referrers(&sample.digest), Ok(vec![]));
    assert_eq!(registry.asked("/referrers/"), 1, "no evidence at a mirror proves nothing");

    // That nobody else could be asked is not that there is nothing.
    drop(registry);
    let error = source.tag("v1").unwrap_err();
    assert!(matches!(error, SourceError::Unreachable(_)), "{error}");
    assert!(source.referrers(&sample.digest).is_err());
}
