use std::sync::Arc;
use std::time::Duration;

use careen_image_source::{ImageSource, SourceError};
use careen_registry::{Options, RegistrySource};
use careen_testkit::registry::{FakeRegistry, Fault, Faults};

use crate::support::{Still, options, source, start};

fn with_clock(registry: &FakeRegistry) -> (RegistrySource, Arc<Still>) {
    let clock = Arc::new(Still::default());
    let options = Options { clock: Arc::clone(&clock) as _, ..options() };
    (source(registry, options), clock)
}

fn pauses(clock: &Still) -> Vec<Duration> {
    std::mem::take(&mut *clock.pauses.lock().unwrap())
}

#[test]
fn a_busy_registry_is_asked_again_when_it_wants() {
    let faults = Faults::none().status("v1", 429, ("Retry-After", "7"), 1).status(
        "v1",
        503,
        ("Retry-After", "Tue, 01 Dec 2026 00:00:30 GMT"),
        1,
    );
    let (registry, sample) = start(faults);
    let (source, clock) = with_clock(&registry);
    assert_eq!(source.root().unwrap().bytes, sample.manifest);
    assert_eq!(pauses(&clock), [7, 30].map(Duration::from_secs));
}

#[test]
fn pauses_grow_and_attempts_end() {
    let faults = Faults::none()
        .on("v1", Fault::Status(502, vec![]), 1)
        .on("v1", Fault::Close, 1)
        .on("v1", Fault::Truncate(3), 1);
    let (registry, _) = start(faults);
    let (source, clock) = with_clock(&registry);
    let error = source.root().unwrap_err();
    let start = format!("`{}` broke the connection: ", registry.address());
    assert!(matches!(&error, SourceError::Unreachable(why) if why.starts_with(&start)), "{error}");
    assert_eq!(pauses(&clock), [500, 1000].map(Duration::from_millis));
    assert!(source.root().is_ok());
    assert_eq!(registry.requests().len(), 4);
}

#[test]
fn nobody_waits_for_an_hour() {
    let faults = Faults::none().status("v1", 429, ("Retry-After", "3600"), 1);
    let (registry, _) = start(faults);
    let (source, clock) = with_clock(&registry);
    let message = format!("`{}` wants no more requests for 3600 seconds", registry.address());
    assert_eq!(source.root().unwrap_err(), SourceError::Unreachable(message));
    assert!(pauses(&clock).is_empty());
}

#[test]
fn what_another_attempt_cannot_help_is_not_asked_again() {
    for status in [400, 403, 404, 500, 501] {
        let faults = Faults::none().on("v1", Fault::Status(status, vec![]), 1);
        let (registry, _) = start(faults);
        let (source, clock) = with_clock(&registry);
        assert!(source.root().is_err(), "{status}");
        assert_eq!((registry.requests().len(), pauses(&clock).len()), (1, 0), "{status}");
    }
}
