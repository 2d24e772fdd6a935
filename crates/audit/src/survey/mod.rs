//! What there is in a repository: the subjects of controls, with their places.

mod images;
mod kubernetes;
mod monitoring;
mod stores;

use std::collections::BTreeMap;

use careen_audit_model::Place;
use careen_model::{Document, File, Snapshot};
use careen_text::Span;

use crate::Subject;

/// Places that are kept of one subject.
const MOST_PLACES: usize = 10;

/// One thing that was seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sight {
    /// Where.
    pub place: Place,
    /// What it is.
    pub what: String,
}

/// An image that runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImageUse {
    /// The reference as written.
    pub reference: String,
    /// `sha256:…`, if the reference has one.
    pub digest: Option<String>,
    /// Where it is named first.
    pub place: Place,
}

/// What there is.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    sights: BTreeMap<Subject, (usize, Vec<Sight>)>,
    /// The images that workloads run, each once, in order.
    pub images: Vec<ImageUse>,
}

impl Survey {
    /// Looks at everything that is not a test, an example or code of others.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut survey = Self::default();
        for file in snapshot.files().iter().filter(|file| counts(file)) {
            survey.see_file(file);
        }
        kubernetes::see(snapshot, &mut survey);
        images::see(snapshot, &mut survey);
        monitoring::see(snapshot, &mut survey);
        stores::see(snapshot, &mut survey);
        survey
    }

    /// Counts the files that were read.
    pub fn see_files(&mut self, count: usize) {
        if count > 0 {
            self.sights.entry(Subject::Repository).or_default().0 += count;
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self, subject: Subject) -> usize {
        self.sights.get(&subject).map_or(0, |(count, _)| *count)
    }

    /// The first ones, in order.
    #[must_use]
    pub fn sights(&self, subject: Subject) -> &[Sight] {
        self.sights.get(&subject).map(|(_, sights)| sights.as_slice()).unwrap_or_default()
    }

    pub(crate) fn see(&mut self, subject: Subject, place: Place, what: impl Into<String>) {
        let (count, sights) = self.sights.entry(subject).or_default();
        *count += 1;
        if sights.len() < MOST_PLACES {
            sights.push(Sight { place, what: what.into() });
        }
    }

    fn see_file(&mut self, file: &File) {
        let place = place(file, Span::default());
        let path = file.source.path();
        if file.dockerfile.is_some() {
            self.see(Subject::Dockerfiles, place.clone(), format!("`{path}`"));
        }
        for bundle in &file.bundles {
            for _ in bundle.certificates() {
                let at = self::place(file, bundle.span);
                self.see(Subject::CertificatesOrHosts, at, format!("certificate in `{path}`"));
            }
        }
        let subjects: &[Subject] = match file.document {
            Some(Document::Readme) => &[Subject::Readmes, Subject::Documents],
            Some(Document::Changelog) => &[Subject::Changelogs],
            Some(Document::Prose) => &[Subject::Documents],
            Some(Document::Contacts) => &[Subject::Contacts],
            Some(Document::ApiDescription) => &[Subject::ApiDescriptions],
            Some(Document::Dashboard) => &[Subject::Dashboards],
            Some(Document::Migration) => &[Subject::Migrations, Subject::DatabasesOrMigrations],
            Some(Document::Owners | Document::PrometheusRules | Document::EnvironmentExample)
            | None => &[],
        };
        for subject in subjects {
            self.see(*subject, place.clone(), format!("`{path}`"));
        }
    }
}

/// Whether a file is part of what is released. Documentation is: runbooks stand there.
pub(crate) fn counts(file: &File) -> bool {
    use careen_model::PathClass;
    matches!(file.class, PathClass::Production | PathClass::Documentation | PathClass::Generated)
}

/// A place of a file as an audit shows it.
pub(crate) fn place(file: &File, span: Span) -> Place {
    let position = file.source.position(span.start);
    Place { path: file.source.path().to_owned(), line: position.line, column: position.column }
}
