//! What stands where, for the question whether a finding's thing was moved or renamed.

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;

use careen_kube_model::PodTemplate;
use careen_ledger::Scene;
use careen_model::{File, Snapshot};
use careen_repo::Listing;
use careen_rule::Meta;

/// Objects of one file, each with its containers.
type Things = BTreeMap<String, HashSet<String>>;

/// What one run has seen.
pub(crate) struct Seen<'s> {
    snapshot: &'s Snapshot,
    /// Without one, nothing is there but what is in the snapshot.
    listing: Option<&'s Listing>,
    enabled: &'s [&'static Meta],
    rules: &'s [&'static Meta],
    /// Made when a file is first asked about.
    things: Mutex<BTreeMap<String, Things>>,
}

impl<'s> Seen<'s> {
    pub(crate) fn new(
        snapshot: &'s Snapshot,
        listing: Option<&'s Listing>,
        rules: &'s [&'static Meta],
        enabled: &'s [&'static Meta],
    ) -> Self {
        Self { snapshot, listing, enabled, rules, things: Mutex::default() }
    }

    fn ask(&self, path: &str, question: impl FnOnce(&Things) -> bool) -> bool {
        let Ok(mut all) = self.things.lock() else { return true };
        if !all.contains_key(path) {
            let things = self.snapshot.file(path).map(things).unwrap_or_default();
            all.insert(path.to_owned(), things);
        }
        all.get(path).is_none_or(question)
    }
}

impl Scene for Seen<'_> {
    fn has_file(&self, path: &str) -> bool {
        self.snapshot.file(path).is_some() || self.listing.is_some_and(|it| it.holds(path))
    }

    fn was_read(&self, path: &str) -> bool {
        self.snapshot.file(path).is_some() || self.listing.is_some_and(|it| it.lists(path))
    }

    fn has_object(&self, path: &str, object: &str) -> bool {
        if !self.was_read(path) {
            return self.has_file(path);
        }
        let kind = object.split('/').next().unwrap_or(object);
        // What files have that hold no Kubernetes objects is not taken apart here: it counts as there
        // as long as the file is.
        if kind.contains(' ') || matches!(kind, "Kustomization" | "Image") {
            return true;
        }
        self.ask(path, |things| match object {
            "Dockerfile" => things.keys().any(|name| name.starts_with("Dockerfile")),
            _ => things.contains_key(object),
        })
    }

    fn has_container(&self, path: &str, object: &str, container: &str) -> bool {
        if !self.was_read(path) {
            return self.has_file(path);
        }
        self.ask(path, |things| things.get(object).is_none_or(|all| all.contains(container)))
    }

    fn ran(&self, rule: &str) -> bool {
        let known = self.rules.iter().any(|it| it.is_called(rule));
        !known || self.enabled.iter().any(|it| it.is_called(rule))
    }
}

fn things(file: &File) -> Things {
    let mut things = Things::new();
    for view in file.views() {
        let name = match view.namespace() {
            Some(namespace) => format!("{}/{namespace}/{}", view.kind(), view.name()),
            None => format!("{}/{}", view.kind(), view.name()),
        };
        let containers = view.pod_templates().flat_map(PodTemplate::containers);
        let containers = containers.map(|container| container.name.to_owned());
        things.entry(name).or_default().extend(containers);
    }
    for stage in file.dockerfile.iter().flat_map(|dockerfile| &dockerfile.stages) {
        let name = stage.name.as_ref().map(|name| format!("Dockerfile/{}", name.text));
        things.entry(name.unwrap_or_else(|| "Dockerfile".to_owned())).or_default();
    }
    things
}
