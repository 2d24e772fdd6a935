use careen_image_model::oci::Digest;
use careen_image_source::{ImageSource, SourceError};
use careen_testkit::registry::{FakeRegistry, Fault, Faults};

use crate::support::{INDEX, MANIFEST, Sample, options, sample, source, start};

/// The sample with that many referrers, which the API gives or a tag leads to.
fn referred(count: usize, page: Option<usize>) -> (Sample, Vec<Digest>) {
    let mut sample = sample();
    let subject = sample.digest.as_str().to_owned();
    let mut listed = Vec::new();
    for n in 0..count {
        let bytes = format!(r#"{{"schemaVersion":2,"n":{n}}}"#);
        let digest = sample.contents.document(MANIFEST, bytes.as_bytes());
        sample.contents.referrer(&subject, MANIFEST, &digest, bytes.len());
        listed.push(Digest::parse(&digest).unwrap());
    }
    sample.contents.referrers_page = page;
    if page.is_none() && count > 0 {
        let manifests = sample.contents.referrers[&subject].join(",");
        let index =
            format!(r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{manifests}]}}"#);
        let digest = sample.contents.document(INDEX, index.as_bytes());
        sample.contents.tag(&subject.replace(':', "-"), &digest);
    }
    (sample, listed)
}

fn found(registry: &FakeRegistry, digest: &Digest) -> Result<Vec<Digest>, SourceError> {
    let found = source(registry, options()).referrers(digest)?;
    Ok(found.into_iter().map(|descriptor| descriptor.digest).collect())
}

#[test]
fn all_pages_are_read() {
    let (sample, listed) = referred(7, Some(3));
    let registry = FakeRegistry::start(sample.contents, Faults::none());
    assert_eq!(found(&registry, &sample.digest).unwrap(), listed);
    assert_eq!(registry.asked("/referrers/"), 3);
    assert_eq!(registry.requests().len(), 3);
}

#[test]
fn the_tag_stands_for_the_api() {
    let (sample, listed) = referred(2, None);
    for fault in [
        None,
        Some(Fault::Status(400, vec![])),
        Some(Fault::Status(405, vec![])),
        Some(Fault::Error(200, "<html>".to_owned())),
    ] {
        let faults = fault.map(|fault| Faults::none().on("/referrers/", fault, 1));
        let registry = FakeRegistry::start(sample.contents.clone(), faults.unwrap_or_default());
        assert_eq!(found(&registry, &sample.digest).unwrap(), listed);
    }
}

#[test]
fn none_is_not_unknown() {
    for page in [Some(5), None] {
        let (sample, _) = referred(0, page);
        let registry = FakeRegistry::start(sample.contents, Faults::none());
        assert_eq!(found(&registry, &sample.digest), Ok(vec![]));
    }
    let faults = [
        Faults::none().on("/referrers/", Fault::Status(500, vec![]), 1),
        Faults::none().on("/referrers/", Fault::Status(403, vec![]), 1),
        Faults::none().on("/referrers/", Fault::Replace(b"{".to_vec()), 1),
        Faults::none().on("/referrers/", Fault::Endless, 1),
        // A page in the middle.
        Faults::none().on("?from=3", Fault::Status(404, vec![]), 1),
        Faults::none().on("?from=3", Fault::Replace(b"{}".to_vec()), 1),
        // The tag.
        Faults::none().on("/referrers/", Fault::Status(404, vec![]), 1).on(
            "/manifests/",
            Fault::Status(500, vec![]),
            1,
        ),
    ];
    for faults in faults {
        let (sample, _) = referred(7, Some(3));
        let registry = FakeRegistry::start(sample.contents, faults.clone());
        let result = found(&registry, &sample.digest);
        assert!(result.is_err(), "{faults:?}: {result:?}");
    }
}

#[test]
fn pages_stay_with_the_registry_and_end() {
    for (link, reason) in [
        ("<https://evil.test/>; rel=next", "another registry"),
        ("<http://[>; rel=next", "no address"),
        ("<?again>; rel=next", "more than 100 pages"),
    ] {
        let fault = Fault::Header("Link".to_owned(), link.to_owned());
        let (registry, sample) = start(Faults::none().on("/referrers/", fault, 999));
        let error = found(&registry, &sample.digest).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}
