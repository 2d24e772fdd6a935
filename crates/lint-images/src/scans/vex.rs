use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use careen_image_model::oci::{ScanFinding, ScanReport, Statement};
use careen_image_model::reference;

use super::index::{Reports, STATEMENTS_MAX, key_of_name};
use super::{Bound, about, digests, file_at};
use crate::subject::Examined;

/// Products of one statement that are looked at.
const PRODUCTS_MAX: usize = 100;

/// Who may say that a vulnerability does not matter for an image: files of the repository, the
/// report itself, and attestations that hold.
pub(crate) struct Vex<'e, 'a> {
    examined: &'e Examined<'a>,
    reports: Arc<Reports>,
    /// Files that are about the image.
    about: BTreeSet<usize>,
    /// Statements in what is about the image, by the name of the vulnerability.
    own: HashMap<String, Vec<Statement>>,
}

impl<'e, 'a> Vex<'e, 'a> {
    /// What is known about an image with that report.
    pub(crate) fn of(examined: &'e Examined<'a>, bound: &Bound<'_>) -> Self {
        let mut own: HashMap<String, Vec<Statement>> = HashMap::new();
        let mut add = |statement: &Statement| {
            for name in statement.vulnerabilities.iter().filter(|_| statement.harmless) {
                let known = own.entry(name.clone()).or_default();
                if known.len() < STATEMENTS_MAX {
                    known.push(statement.clone());
                }
            }
        };
        bound.report.statements.iter().for_each(&mut add);
        let all = examined.evidence().into_iter().flat_map(|evidence| &evidence.attestations);
        let holding = all.filter(|one| one.verdict.holds()).filter_map(ScanReport::of);
        holding.for_each(|report| report.statements.iter().for_each(&mut add));
        let reports = examined.snapshot.index(Reports::of);
        Self { examined, reports, about: about(examined), own }
    }

    /// Whether a vulnerability does not matter.
    pub(crate) fn is_harmless(&self, finding: &ScanFinding) -> bool {
        let mut names = [&finding.id].into_iter().chain(&finding.aliases);
        names.any(|name| {
            let own = self.own.get(name).map(Vec::as_slice).unwrap_or_default();
            own.iter().any(|one| self.silences(one, finding, true)) || self.in_files(name, finding)
        })
    }

    fn in_files(&self, name: &str, finding: &ScanFinding) -> bool {
        self.reports.statements(name).iter().any(|&(file, index)| {
            let report = file_at(self.examined, file).map(|(_, report)| report);
            let statement = report.and_then(|report| report.statements.get(index));
            statement.is_some_and(|one| self.silences(one, finding, self.about.contains(&file)))
        })
    }

    /// `bound` says that the document is about the image, so that a statement need not be.
    fn silences(&self, statement: &Statement, finding: &ScanFinding, bound: bool) -> bool {
        (bound && statement.products.is_empty())
            || statement
                .products
                .iter()
                .take(PRODUCTS_MAX)
                .any(|product| self.is_meant(product, finding))
    }

    /// Whether a product of a statement is the image, or the package.
    fn is_meant(&self, product: &str, finding: &ScanFinding) -> bool {
        let product = decoded(product);
        let own = self.examined.reference();
        let is_digest = |text: &str| digests(self.examined).any(|digest| digest == text);
        let Some(url) = product.strip_prefix("pkg:") else {
            let key = reference::parse(&product).ok().and_then(|it| key_of_name(&it));
            return (key.is_some() && key == own.and_then(key_of_name))
                || is_digest(product.rsplit('@').next().unwrap_or(&product));
        };
        let (path, version) = parts(url);
        let (kind, name) = path.split_once('/').unwrap_or(("", path));
        let last = name.rsplit('/').next().unwrap_or(name);
        if matches!(kind, "oci" | "docker") {
            if let Some(version) = version.filter(|version| version.contains(':')) {
                return is_digest(version);
            }
            return own.is_some_and(|own| {
                let repository = own.repository();
                let own_last = repository.rsplit('/').next().unwrap_or(&repository);
                own_last.eq_ignore_ascii_case(last)
                    && version.is_none_or(|version| own.tag() == Some(version))
            });
        }
        if let Some(url) = finding.purl.as_deref().map(decoded)
            && let Some(url) = url.strip_prefix("pkg:")
        {
            let (own_path, own_version) = parts(url);
            return own_path == path && version.is_none_or(|it| own_version == Some(it));
        }
        finding.package == last && version.is_none_or(|version| version == finding.version)
    }
}

/// The path and the version of the URL of a package, without qualifiers.
fn parts(url: &str) -> (&str, Option<&str>) {
    let url = url.split(['?', '#']).next().unwrap_or(url);
    match url.rsplit_once('@') {
        Some((path, version)) => (path, Some(version)),
        None => (url, None),
    }
}

/// The characters that matter, out of their percent-encoding.
fn decoded(url: &str) -> String {
    url.replace("%3A", ":").replace("%3a", ":").replace("%2F", "/").replace("%2f", "/")
}
