use std::collections::HashMap;

use careen_image_model::ImageRef;
use careen_image_model::oci::{Digest, ScanReport};
use careen_image_model::reference;
use careen_model::Snapshot;

/// Statements about one vulnerability that are looked at.
pub(super) const STATEMENTS_MAX: usize = 32;

/// The reports that lie in a repository, by what they are about. Each file is an index into the
/// files of the snapshot.
#[derive(Debug, Default)]
pub(super) struct Reports {
    files: HashMap<String, Vec<usize>>,
    /// File and statement, by the name of a vulnerability.
    statements: HashMap<String, Vec<(usize, usize)>>,
}

impl Reports {
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let mut reports = Self::default();
        for (at, file) in snapshot.files().iter().enumerate() {
            if let Some(report) = &file.scan {
                reports.add(at, report);
            }
        }
        reports
    }

    fn add(&mut self, at: usize, report: &ScanReport) {
        let digests = report.digests.iter().map(|digest| digest.as_str().to_owned());
        let ids = report.image_ids.iter().map(key_of_image_id);
        let layers = (!report.diff_ids.is_empty()).then(|| key_of_layers(&report.diff_ids));
        let names = report.names.iter().filter_map(|name| {
            let name = reference::parse(name).ok()?;
            key_of_name(&name)
        });
        for key in digests.chain(ids).chain(layers).chain(names) {
            let files = self.files.entry(key).or_default();
            if files.last() != Some(&at) {
                files.push(at);
            }
        }
        for (index, statement) in report.statements.iter().enumerate() {
            for name in statement.vulnerabilities.iter().filter(|_| statement.harmless) {
                let known = self.statements.entry(name.clone()).or_default();
                if known.len() < STATEMENTS_MAX {
                    known.push((at, index));
                }
            }
        }
    }

    /// The files with that key.
    pub(super) fn at(&self, key: &str) -> impl Iterator<Item = usize> + use<> {
        self.files.get(key).cloned().unwrap_or_default().into_iter()
    }

    /// Statements that say of a vulnerability that it does not matter.
    pub(super) fn statements(&self, vulnerability: &str) -> &[(usize, usize)] {
        self.statements.get(vulnerability).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The key of the digest of a configuration. That of a manifest is its own.
pub(super) fn key_of_image_id(digest: &Digest) -> String {
    format!("configuration {digest}")
}

/// The key of all layers of an image.
pub(super) fn key_of_layers(layers: &[Digest]) -> String {
    let mut key = "layers".to_owned();
    for layer in layers {
        key.push(' ');
        key.push_str(layer.as_str());
    }
    key
}

/// The key of repository and tag; none for a digest alone.
pub(super) fn key_of_name(reference: &ImageRef) -> Option<String> {
    let tag = match (reference.tag(), reference.digest()) {
        (Some(tag), _) => tag,
        (None, None) => "latest",
        (None, Some(_)) => return None,
    };
    Some(format!("image {}:{tag}", reference.name()))
}
