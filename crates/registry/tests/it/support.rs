use std::io::Read;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use careen_image_model::oci::{Descriptor, Digest};
use careen_image_model::reference::{ImageRef, parse};
use careen_image_source::{ImageSource, SourceError};
use careen_registry::{Clock, Options, Registry, RegistrySource};
use careen_testkit::registry::{Contents, FakeRegistry, Faults};

pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A clock that stands, and passes over pauses.
#[derive(Debug, Default)]
pub(crate) struct Still {
    pub(crate) pauses: Mutex<Vec<Duration>>,
}

impl Clock for Still {
    fn now(&self) -> i64 {
        careen_testkit::NOW
    }

    fn pause(&self, wait: Duration) -> Duration {
        self.pauses.lock().unwrap().push(wait);
        Duration::ZERO
    }
}

pub(crate) fn options() -> Options {
    Options { clock: Arc::new(Still::default()), ..Options::default() }
}

pub(crate) fn reference(registry: &FakeRegistry, rest: &str) -> ImageRef {
    parse(&format!("{}/{rest}", registry.address())).unwrap()
}

/// The repository of `team/app:v1` in the registry.
pub(crate) fn source(registry: &FakeRegistry, options: Options) -> RegistrySource {
    Registry::new(options).unwrap().repository(&reference(registry, "team/app:v1"))
}

/// A manifest with a blob, under the tag `v1`.
pub(crate) struct Sample {
    pub(crate) contents: Contents,
    pub(crate) manifest: Vec<u8>,
    pub(crate) digest: Digest,
    pub(crate) blob: Vec<u8>,
    pub(crate) layer: Descriptor,
}

pub(crate) fn sample() -> Sample {
    let mut contents = Contents::new();
    // More than one piece.
    let blob: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    let layer = descriptor(&contents.blob(&blob), blob.len());
    let config = contents.blob(b"{}");
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{{"mediaType":"c","digest":"{config}","size":2}},"layers":[{{"mediaType":"l","digest":"{}","size":{}}}]}}"#,
        layer.digest, layer.size
    )
    .into_bytes();
    let digest = contents.document(MANIFEST, &manifest);
    contents.tag("v1", &digest);
    Sample { contents, manifest, digest: Digest::parse(&digest).unwrap(), blob, layer }
}

pub(crate) fn descriptor(digest: &str, size: usize) -> Descriptor {
    serde_json::from_value(serde_json::json!({ "digest": digest, "size": size })).unwrap()
}

/// A registry that serves the sample.
pub(crate) fn start(faults: Faults) -> (FakeRegistry, Sample) {
    let sample = sample();
    (FakeRegistry::start(sample.contents.clone(), faults), sample)
}

/// All of a blob, as a careful caller reads it.
pub(crate) fn read(
    source: &dyn ImageSource,
    descriptor: &Descriptor,
) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::new();
    let mut blob = source.verified(descriptor)?;
    blob.read_to_end(&mut bytes).map_err(|error| SourceError::of(&error, descriptor))?;
    Ok(bytes)
}
