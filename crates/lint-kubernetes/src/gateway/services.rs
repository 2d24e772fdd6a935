//! The Services of a repository, and for which namespaces it has any.

use std::collections::HashSet;

use careen_model::{ObjectRef, Snapshot};

use crate::relations::Names;

/// Services of one name that are looked at; overlays make a handful.
const NAMESAKES: usize = 100;

/// Services by name. A repository that has no Service of a namespace does not hold the
/// applications of that namespace, so that nothing can be said of them.
#[derive(Debug)]
pub(crate) struct Services<'a> {
    names: Names<'a>,
    namespaces: HashSet<Option<&'a str>>,
}

impl<'a> Services<'a> {
    /// Indexes the Services of a snapshot.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let services = snapshot.of_kind("Service").filter(|object| object.view.group().is_empty());
        Self {
            names: Names::of(snapshot, &[("", "Service")]),
            namespaces: services.map(|object| object.view.namespace()).collect(),
        }
    }

    /// Whether there is any Service in an agreeing namespace.
    pub(crate) fn knows(&self, namespace: Option<&str>) -> bool {
        match namespace {
            None => !self.namespaces.is_empty(),
            Some(_) => self.namespaces.contains(&namespace) || self.namespaces.contains(&None),
        }
    }

    /// The Services of that name in agreeing namespaces.
    pub(crate) fn named(&self, namespace: Option<&str>, name: &str) -> Vec<ObjectRef<'a>> {
        self.names.all("Service", namespace, name).take(NAMESAKES).collect()
    }
}
