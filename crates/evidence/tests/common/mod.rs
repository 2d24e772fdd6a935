//! What the tests of this folder share.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use careen_evidence::Kind;

/// Formats of tests, coverage, load and complexity.
pub(crate) const OURS: [Kind; 10] = [
    Kind::Junit,
    Kind::Lcov,
    Kind::Cobertura,
    Kind::Jacoco,
    Kind::LlvmCov,
    Kind::K6,
    Kind::Jmeter,
    Kind::Gatling,
    Kind::Prometheus,
    Kind::Complexity,
];

/// Where the samples are.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples")
}

/// All samples, with their kinds: the names of their folders.
pub(crate) fn samples() -> BTreeMap<String, (Kind, Vec<u8>)> {
    let mut samples = BTreeMap::new();
    for kind in Kind::ALL {
        let Ok(entries) = fs::read_dir(folder().join(kind.as_str())) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder()).unwrap().display().to_string();
            samples.insert(name, (kind, fs::read(path).unwrap()));
        }
    }
    samples
}
