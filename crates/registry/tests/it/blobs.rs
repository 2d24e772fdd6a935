use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use careen_image_source::{ImageSource, SourceError};
use careen_registry::Options;
use careen_testkit::registry::{Fault, Faults};

use crate::support::{Still, options, read, source, start};

#[test]
fn a_blob_comes_in_pieces() {
    let (registry, sample) = start(Faults::none());
    let source = source(&registry, options());
    assert_eq!(read(&source, &sample.layer).unwrap(), sample.blob);
    let mut first = [0; 10];
    source.raw_blob(&sample.layer).unwrap().read_exact(&mut first).unwrap();
    assert_eq!(first, sample.blob[..10]);
    // Size unknown.
    let unknown = careen_image_model::oci::Descriptor { size: 0, ..sample.layer.clone() };
    assert_eq!(read(&source, &unknown).unwrap(), sample.blob);
}

#[test]
fn a_broken_blob_is_taken_up_where_it_broke() {
    let faults = Faults::none().on("/blobs/", Fault::Truncate(500_000), 2);
    let (registry, sample) = start(faults);
    let clock = Arc::new(Still::default());
    let source = source(&registry, Options { clock: Arc::clone(&clock) as _, ..options() });
    assert_eq!(read(&source, &sample.layer).unwrap(), sample.blob);
    let ranges: Vec<_> = registry
        .requests()
        .iter()
        .map(|request| request.header("range").map(str::to_owned))
        .collect();
    let range = |at: u32| Some(format!("bytes={at}-"));
    assert_eq!(ranges, [None, range(500_000), range(1_000_000)]);
    assert_eq!(*clock.pauses.lock().unwrap(), [500, 1000].map(Duration::from_millis));
}

#[test]
fn a_registry_without_ranges_sends_all_again() {
    let (registry, sample) = start(Faults::none().on("/blobs/", Fault::Truncate(500_000), 1));
    registry.change(|contents| contents.ranges = false);
    let source = source(&registry, options());
    assert_eq!(read(&source, &sample.layer).unwrap(), sample.blob);
    assert_eq!(registry.requests().len(), 2);
}

#[test]
fn a_blob_that_stays_broken_is_given_up() {
    let faults = Faults::none().on("/blobs/", Fault::Truncate(100), usize::MAX);
    let (registry, sample) = start(faults);
    let error = read(&source(&registry, options()), &sample.layer).unwrap_err();
    assert!(matches!(error, SourceError::Unreachable(_)), "{error}");
    assert_eq!(registry.requests().len(), 3);
}

#[test]
fn wrong_blobs_are_refused() {
    let mut wrong = start(Faults::none()).1.blob;
    wrong[1_000_000] ^= 1;
    let faults = Faults::none()
        .on("/blobs/", Fault::Replace(wrong), 1)
        .on("/blobs/", Fault::Header("Content-Length".into(), "1199999".into()), 1)
        .on("/blobs/", Fault::Header("Content-Length".into(), "9999999999".into()), 1)
        .on("/blobs/", Fault::Endless, 1)
        .on("/blobs/", Fault::Status(404, vec![]), 1);
    let (registry, sample) = start(faults);
    let folder = tempfile::tempdir().unwrap();
    let options = Options { cache: Some(folder.path().to_owned()), ..options() };
    let source = source(&registry, options);
    for _ in 0..4 {
        let error = read(&source, &sample.layer).unwrap_err();
        let is_refused =
            matches!(error, SourceError::WrongDigest { .. } | SourceError::TooLarge { .. });
        assert!(is_refused, "{error}");
    }
    assert!(read(&source, &sample.layer).unwrap_err().is_absent());
    // None of that was kept.
    assert_eq!(read(&source, &sample.layer).unwrap(), sample.blob);
    assert_eq!(registry.requests().len(), 6);
}

#[test]
fn a_blob_that_stops_coming_is_given_up() {
    let (registry, sample) = start(Faults::none().on("/blobs/", Fault::Stall, 1));
    let options = Options { timeout: Duration::from_millis(300), ..options() };
    let error = read(&source(&registry, options), &sample.layer).unwrap_err();
    assert!(error.to_string().ends_with("does not answer in time"), "{error}");
}

#[test]
fn the_cache_saves_the_second_download_and_does_not_trust_itself() {
    let (registry, sample) = start(Faults::none());
    let folder = tempfile::tempdir().unwrap();
    let options = Options { cache: Some(folder.path().to_owned()), ..options() };
    let source = source(&registry, options);
    for _ in 0..2 {
        assert_eq!(read(&source, &sample.layer).unwrap(), sample.blob);
        assert_eq!(registry.asked("/blobs/"), 1);
    }
    let digest = &sample.layer.digest;
    let path = folder.path().join("blobs").join(digest.algorithm()).join(digest.hex());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[77] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(read(&source, &sample.layer).unwrap(), sample.blob);
    assert_eq!(registry.asked("/blobs/"), 2);
    assert_eq!(std::fs::read(&path).unwrap(), sample.blob);
    // What is not read to its end is not kept.
    std::fs::remove_file(&path).unwrap();
    source.raw_blob(&sample.layer).unwrap().read_exact(&mut [0; 10]).unwrap();
    assert!(!path.exists());
    assert_eq!(std::fs::read_dir(folder.path().join("drafts")).unwrap().count(), 0);
}

#[test]
fn several_threads_read_at_once() {
    let (registry, sample) = start(Faults::none());
    let source = source(&registry, options());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(read(&source, &sample.layer).unwrap(), sample.blob));
        }
    });
}
