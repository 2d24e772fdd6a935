//! Reports of vulnerability scanners, bound to the image they are about.
//!
//! A report counts for an image only if it names its digest: of the manifest, of the index, of
//! the configuration, or of all its layers. Where nothing is known of an image but the reference
//! in a manifest, a tag that both name is enough. The best evidence is judged: an attestation
//! that holds before one that nobody signed before a file, and of these the newest.

mod index;
mod vex;

use std::collections::BTreeSet;
use std::sync::Arc;

use careen_image_model::ImageRef;
use careen_image_model::oci::{Digest, Remote, ScanReport, Verdict};

use crate::subject::{Examined, cut};
use index::{Reports, key_of_image_id, key_of_layers, key_of_name};

pub(crate) use vex::Vex;

/// A report about an image.
pub(crate) struct Bound<'a> {
    /// The report.
    pub(crate) report: Arc<ScanReport>,
    /// When the image was scanned, in Unix seconds, where that is known.
    pub(crate) scanned: Option<i64>,
    /// The file it lies in; none for an attestation.
    pub(crate) path: Option<&'a str>,
    rank: Rank,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    File,
    Unsigned,
    Verified,
}

impl Bound<'_> {
    /// Who says it, for a message: "trivy (`scan.json`)", "trivy (attestation)".
    pub(crate) fn source(&self) -> String {
        let scanner = cut(&self.report.scanner);
        match self.path {
            Some(path) => format!("{scanner} (`{path}`)"),
            None => format!("{scanner} (attestation)"),
        }
    }
}

/// The report that is judged for an image.
pub(crate) fn best<'a>(examined: &Examined<'a>) -> Option<Bound<'a>> {
    let attested = attested(examined).map(|(report, rank, time)| Bound {
        scanned: report.scanned.or(time),
        report: Arc::new(report),
        path: None,
        rank,
    });
    let files = about(examined).into_iter().filter_map(|file| {
        let (path, report) = file_at(examined, file)?;
        let report = Arc::clone(report);
        Some(Bound { scanned: report.scanned, report, path: Some(path), rank: Rank::File })
    });
    let scans = attested.chain(files).filter(|bound| bound.report.is_scan());
    scans.max_by_key(|bound| (bound.rank, bound.scanned))
}

/// The file with a report about another image of the same name: of an earlier build, most likely.
pub(crate) fn earlier<'a>(examined: &Examined<'a>) -> Option<&'a str> {
    let own = about(examined);
    let named = named(examined);
    let mut others = named.into_iter().filter(|file| !own.contains(file));
    others.find_map(|file| {
        let (path, report) = file_at(examined, file)?;
        let says_which = !report.digests.is_empty() || !report.image_ids.is_empty();
        (report.is_scan() && says_which).then_some(path)
    })
}

/// The files whose reports are about an image.
fn about(examined: &Examined<'_>) -> BTreeSet<usize> {
    let reports = examined.snapshot.index(Reports::of);
    let mut files = BTreeSet::new();
    for digest in digests(examined) {
        files.extend(reports.at(digest));
    }
    if let Some(image) = examined.image {
        files.extend(reports.at(&key_of_image_id(&image.manifest.config.digest)));
        // A layer that is not known makes the whole unknown.
        let layers: Option<Vec<Digest>> = image.config.diff_ids().into_iter().collect();
        if let Some(layers) = layers.filter(|layers| !layers.is_empty()) {
            files.extend(reports.at(&key_of_layers(&layers)));
        }
    } else if examined.reference().is_some_and(|reference| reference.digest().is_none()) {
        files.extend(named(examined));
    }
    files
}

/// The files whose reports call their image what the reference does.
fn named(examined: &Examined<'_>) -> Vec<usize> {
    let key = examined.reference().and_then(key_of_name);
    key.map(|key| examined.snapshot.index(Reports::of).at(&key).collect()).unwrap_or_default()
}

fn file_at<'a>(examined: &Examined<'a>, file: usize) -> Option<(&'a str, &'a Arc<ScanReport>)> {
    let file = examined.snapshot.files().get(file)?;
    Some((file.source.path(), file.scan.as_ref()?))
}

fn attested<'a>(
    examined: &Examined<'a>,
) -> impl Iterator<Item = (ScanReport, Rank, Option<i64>)> + use<'a> {
    let all = examined.evidence().into_iter().flat_map(|evidence| &evidence.attestations);
    all.filter_map(|one| {
        let rank = match &one.verdict {
            verdict if verdict.holds() => Rank::Verified,
            Verdict::Unsigned => Rank::Unsigned,
            _ => return None,
        };
        Some((ScanReport::of(one)?, rank, one.time))
    })
}

/// Digests of the manifest and the index of an image.
fn digests<'a>(examined: &Examined<'a>) -> impl Iterator<Item = &'a str> {
    let image = examined.image;
    let remote = match examined.remote {
        Some(Remote::Image { digest, .. }) => Some(digest),
        _ => None,
    };
    let index = image.and_then(|image| image.index.as_ref()?.digest.as_ref());
    let known = [image.and_then(|image| image.digest.as_ref()), index, remote];
    let pinned = examined.reference().and_then(ImageRef::digest);
    known.into_iter().flatten().map(Digest::as_str).chain(pinned)
}
