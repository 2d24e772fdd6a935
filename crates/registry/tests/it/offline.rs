use std::path::Path;

use careen_image_source::{ImageSource, SourceError};
use careen_registry::{Options, Registry};
use careen_testkit::registry::Faults;

use crate::support::{options, read, reference, source, start};

fn cached(folder: &Path, offline: bool) -> Options {
    Options { offline, cache: Some(folder.to_owned()), ..options() }
}

#[test]
fn what_was_seen_is_there_offline_and_nothing_is_asked() {
    let (registry, sample) = start(Faults::none());
    let folder = tempfile::tempdir().unwrap();
    let online = source(&registry, cached(folder.path(), false));
    assert_eq!(online.tag_seen(), None);
    online.root().unwrap();
    read(&online, &sample.layer).unwrap();
    assert_eq!(online.referrers(&sample.digest), Ok(vec![]));
    assert_eq!(online.tag("absent"), Ok(None));
    let asked = registry.requests().len();

    let offline = source(&registry, cached(folder.path(), true));
    assert_eq!(offline.root().unwrap().bytes, sample.manifest);
    assert_eq!(offline.raw_document(&sample.digest).unwrap(), sample.manifest);
    assert_eq!(read(&offline, &sample.layer).unwrap(), sample.blob);
    assert_eq!(offline.referrers(&sample.digest), Ok(vec![]));
    assert_eq!(offline.tag("v1").unwrap().as_ref(), Some(&sample.digest));
    assert_eq!(offline.tag("absent"), Ok(None));
    assert_eq!(offline.tag_seen(), Some(careen_testkit::NOW));
    assert_eq!(registry.requests().len(), asked);
}

#[test]
fn what_was_not_seen_is_unknown_offline_rather_than_absent() {
    let (registry, sample) = start(Faults::none());
    let folder = tempfile::tempdir().unwrap();
    for options in [cached(folder.path(), true), Options { offline: true, ..options() }] {
        let source = source(&registry, options);
        let errors = [
            source.root().unwrap_err(),
            source.raw_document(&sample.digest).unwrap_err(),
            read(&source, &sample.layer).unwrap_err(),
            source.referrers(&sample.digest).unwrap_err(),
            source.tag("v1").unwrap_err(),
        ];
        for error in errors {
            let SourceError::Unreachable(reason) = error else { panic!("{error}") };
            assert!(reason.contains("is not in the cache, and no registry is asked offline"));
        }
    }
    assert_eq!(registry.requests().len(), 0);
}

#[test]
fn what_was_not_there_is_not_there_offline() {
    let (registry, sample) = start(Faults::none());
    let folder = tempfile::tempdir().unwrap();
    let absent = careen_image_source::digest_of("sha256", b"absent").unwrap();
    registry.change(|contents| contents.tags.clear());
    let look = |offline| {
        let source = source(&registry, cached(folder.path(), offline));
        [source.root().map(drop), source.raw_document(&absent).map(drop)]
    };
    assert!(look(true).into_iter().all(|it| matches!(it, Err(SourceError::Unreachable(_)))));
    assert!(look(false).into_iter().all(|it| it.unwrap_err().is_absent()));
    assert!(look(true).into_iter().all(|it| it.unwrap_err().is_absent()));

    // It came later.
    registry.change(|contents| contents.tag("v1", sample.digest.as_str()));
    assert!(look(false)[0].is_ok() && look(true)[0].is_ok());
}

#[test]
fn a_tag_that_did_not_move_costs_no_pull() {
    let (registry, sample) = start(Faults::none());
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..3 {
        let source = source(&registry, cached(folder.path(), false));
        assert_eq!(source.root().unwrap().bytes, sample.manifest);
    }
    assert_eq!((registry.asked("GET "), registry.asked("HEAD ")), (1, 2));

    let moved = br#"{"schemaVersion":2,"manifests":[]}"#;
    registry.change(|contents| {
        let digest = contents.document(crate::support::INDEX, moved);
        contents.tag("v1", &digest);
    });
    let source = source(&registry, cached(folder.path(), false));
    assert_eq!(source.root().unwrap().bytes, moved);
    registry.change(|contents| contents.tags.clear());
    assert!(source.root().unwrap_err().is_absent());
}

#[test]
fn repositories_share_blobs_and_not_tags() {
    let (registry, sample) = start(Faults::none());
    let folder = tempfile::tempdir().unwrap();
    source(&registry, cached(folder.path(), false)).root().unwrap();
    let offline = Registry::new(cached(folder.path(), true)).unwrap();
    let other = offline.repository(&reference(&registry, "other/app:v1"));
    assert!(other.root().is_err());
    assert_eq!(other.raw_document(&sample.digest).unwrap(), sample.manifest);
}
