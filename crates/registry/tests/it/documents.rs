use std::time::Duration;

use careen_image_model::oci::Digest;
use careen_image_source::{ImageSource, SourceError, digest_of};
use careen_registry::{Options, Registry};
use careen_testkit::registry::{Contents, FakeRegistry, Fault, Faults};

use crate::support::{MANIFEST, options, reference, source, start};

#[test]
fn a_tag_and_a_digest_lead_to_the_same_bytes() {
    let (registry, sample) = start(Faults::none());
    let all = Registry::new(options()).unwrap();
    for rest in ["v1".to_owned(), format!("none@{}", sample.digest)] {
        let root =
            all.repository(&reference(&registry, &format!("team/app:{rest}"))).root().unwrap();
        assert_eq!(root.bytes, sample.manifest);
        assert_eq!(root.digest.as_ref(), Some(&sample.digest));
        assert_eq!(root.reference.unwrap(), format!("{}/team/app:{rest}", registry.address()));
    }
    let request = &registry.requests()[0];
    assert_eq!(request.line(), "GET /v2/team/app/manifests/v1");
    assert!(request.header("accept").unwrap().contains(MANIFEST));
    assert_eq!(request.header("authorization"), None);
}

#[test]
fn what_is_not_there() {
    let (registry, sample) = start(Faults::none());
    let all = Registry::new(options()).unwrap();
    let source = all.repository(&reference(&registry, "team/app:v2"));
    let error = source.root().unwrap_err();
    let message = format!("manifest `v2` of `{}/team/app` is not there", registry.address());
    assert_eq!(error.to_string(), message);
    assert_eq!(source.tag("v2"), Ok(None));
    assert_eq!(source.tag("v1"), Ok(Some(sample.digest)));
    assert_eq!(registry.asked("HEAD /v2/team/app/manifests/v1"), 1);
}

#[test]
fn a_tag_is_told_without_the_header_and_without_head() {
    let (registry, sample) = start(Faults::none().on("HEAD", Fault::Status(405, vec![]), 1));
    let source = source(&registry, options());
    assert_eq!(source.tag("v1").unwrap().as_ref(), Some(&sample.digest));
    registry.change(|contents| contents.names_digests = false);
    assert_eq!(source.tag("v1").unwrap().as_ref(), Some(&sample.digest));
    assert_eq!((registry.asked("HEAD "), registry.asked("GET ")), (2, 2));
}

#[test]
fn other_bytes_than_named_are_refused() {
    let other = br#"{"schemaVersion":2,"manifests":[]}"#.to_vec();
    let faults = Faults::none().on("/manifests/", Fault::Replace(other), usize::MAX);
    let (registry, sample) = start(faults);
    let source = source(&registry, options());
    let wrong = SourceError::WrongDigest { wanted: sample.digest.clone() };
    // By tag, the registry contradicts itself.
    assert_eq!(source.root().unwrap_err(), wrong);
    assert_eq!(source.raw_document(&sample.digest).unwrap_err(), wrong);
}

#[test]
fn documents_are_bounded_in_size_and_time() {
    let faults = Faults::none()
        .on("manifests/v1", Fault::Endless, 1)
        .on("manifests/v1", Fault::Replace(vec![b' '; (4 << 20) + 1]), 1)
        .on("manifests/v1", Fault::Silence, 1)
        .on("manifests/v1", Fault::Stall, 1);
    let (registry, _) = start(faults);
    let options = Options { timeout: Duration::from_millis(300), ..options() };
    let source = source(&registry, options);
    assert_eq!(source.root().unwrap_err(), SourceError::TooLarge { most: 4 << 20 });
    assert_eq!(source.root().unwrap_err(), SourceError::TooLarge { most: 4 << 20 });
    for _ in 0..2 {
        let message = format!("`{}` does not answer in time", registry.address());
        assert_eq!(source.root().unwrap_err(), SourceError::Unreachable(message));
    }
    assert_eq!(registry.requests().len(), 4, "what hangs is not asked again");
    assert!(source.root().is_ok());
}

#[test]
fn schema_1_is_not_read() {
    let mut contents = Contents::new();
    let signed = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    let digest = contents.document(signed, br#"{"schemaVersion":1,"name":"a","fsLayers":[]}"#);
    contents.tag("v1", &digest);
    let registry = FakeRegistry::start(contents, Faults::none());
    let source = source(&registry, options());
    let error = source.root().unwrap_err();
    assert!(matches!(error, SourceError::Unsupported(_)), "{error}");
    let error = source.raw_document(&Digest::parse(&digest).unwrap()).unwrap_err();
    assert!(error.to_string().contains("schema 1"), "{error}");
}

#[test]
fn answers_that_are_no_answers_leave_everything_unknown() {
    let faults = Faults::none()
        .on("v1", Fault::Status(500, vec![]), 1)
        .on(
            "v1",
            Fault::Error(
                400,
                r#"{"errors":[{"code":"NAME_INVALID","message":"\u001b[31m"}]}"#.into(),
            ),
            1,
        )
        .on("v1", Fault::Error(418, r#"{"errors":[{"code":"\u001b[31mTEAPOT"}]}"#.into()), 1)
        .on("v1", Fault::Status(302, vec![]), 1);
    let (registry, _) = start(faults);
    let source = source(&registry, options());
    let name = registry.address();
    for reason in [
        "answers 500",
        "answers 400 (NameInvalid)",
        "answers 418",
        "leads elsewhere without saying where",
    ] {
        let message = format!("`{name}` {reason}");
        assert_eq!(source.root().unwrap_err(), SourceError::Unreachable(message));
    }
    drop(registry);
    let error = source.root().unwrap_err().to_string();
    assert!(error.starts_with(&format!("`{name}` cannot be reached: ")), "{error}");
}

#[test]
fn many_are_looked_up_in_their_order() {
    let mut contents = Contents::new();
    let mut wanted = Vec::new();
    for n in 0..40 {
        let bytes = format!(r#"{{"schemaVersion":2,"manifests":[],"n":{n}}}"#).into_bytes();
        let digest = contents.document(MANIFEST, &bytes);
        contents.tag(&format!("v{n}"), &digest);
        wanted.push(bytes);
    }
    let registry = FakeRegistry::start(contents, Faults::none());
    let all = Registry::new(options()).unwrap();
    let references: Vec<_> = (0..41).map(|n| reference(&registry, &format!("a/b:v{n}"))).collect();
    let mut found = all.look_up(&references);
    assert!(found.pop().unwrap().unwrap_err().is_absent());
    let found: Vec<_> = found.into_iter().map(|root| root.unwrap().bytes).collect();
    assert_eq!(found, wanted);
    let digests = all.digests(&references);
    assert_eq!(digests[7].clone().unwrap(), digest_of("sha256", &wanted[7]));
    assert_eq!(digests[40], Ok(None));
}
