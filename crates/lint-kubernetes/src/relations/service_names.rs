//! Which Services a namespace has, and what else may answer to a name there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use careen_kube_model::{ObjectView, field, strings};
use careen_model::{ObjectRef, Snapshot};
use careen_yaml::Node;

use super::{Names, text};

/// Services of one namespace or name that are compared.
const LOOKED_AT: usize = 1_000;
/// Namespaces that the distribution of Kubernetes fills.
const OF_THE_SYSTEM: [&str; 3] = ["kube-system", "kube-public", "kube-node-lease"];

/// What answers to a name in a namespace.
#[derive(Debug)]
pub(crate) enum Answer<'a> {
    /// These Services, of one cluster or of several overlays.
    Services(Vec<ObjectRef<'a>>),
    /// Something may: not all that is in the namespace stands in the repository.
    Unknown,
    /// Nothing.
    Nothing,
}

/// The names of Services, and what the repository says about others that it does not hold.
#[derive(Debug, Default)]
pub(crate) struct ServiceNames {
    /// Names of Services by their namespace, as both are written.
    by_namespace: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
    /// Namespaces into which charts are installed.
    charts: BTreeSet<Box<str>>,
    /// Whether a chart is installed somewhere.
    charts_anywhere: bool,
    /// Whether manifests come from elsewhere.
    pub(crate) partial: bool,
    /// Namespaces that Kustomizations give.
    given: BTreeSet<Box<str>>,
    /// What Kustomizations put before and after names.
    prefixes: BTreeSet<Box<str>>,
    suffixes: BTreeSet<Box<str>>,
    /// Custom resources of operators, which make Services: their names by namespace, empty for
    /// none.
    custom: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
    /// `service.namespace` of hosts that a mesh answers to.
    of_mesh: BTreeSet<Box<str>>,
}

impl ServiceNames {
    /// The names of a snapshot, which are read once for all checks.
    pub(crate) fn of(snapshot: &Snapshot) -> Arc<Self> {
        snapshot.index(|snapshot| {
            let mut names = Self::default();
            for object in snapshot.objects() {
                names.read(object.view);
            }
            names
        })
    }

    fn read(&mut self, view: ObjectView<'_>) {
        let namespace = view.namespace();
        match (view.group(), view.kind()) {
            ("", "Service") if !view.is_fragment() => {
                if let Some(namespace) = namespace {
                    let names = self.by_namespace.entry(namespace.into()).or_default();
                    names.insert(view.name().into());
                }
            }
            (_, "Kustomization" | "Component") if view.object.is_kustomize() => {
                self.read_kustomization(view.root());
            }
            ("helm.toolkit.fluxcd.io", "HelmRelease") | ("helm.cattle.io", "HelmChart") => {
                let target = view.at(&["spec", "targetNamespace"]).and_then(|node| node.text());
                self.chart(target.or(namespace));
            }
            ("argoproj.io", "Application") => {
                let target = view.at(&["spec", "destination", "namespace"]);
                let one = view.at(&["spec", "source"]);
                let many = view.at(&["spec", "sources"]);
                let mut sources = one.into_iter().chain(many.iter().flat_map(Node::items));
                if sources.any(|source| field(source, "chart").is_some()) {
                    self.chart(target.and_then(|node| node.text()));
                } else {
                    self.partial = true;
                }
            }
            ("argoproj.io", "ApplicationSet") | ("source.toolkit.fluxcd.io", _) => {
                self.partial = true;
            }
            ("networking.istio.io", "ServiceEntry") => {
                for (host, _) in view.at(&["spec", "hosts"]).into_iter().flat_map(strings) {
                    let mut labels = host.split('.');
                    if let (Some(service), Some(namespace)) = (labels.next(), labels.next()) {
                        self.of_mesh.insert(format!("{service}.{namespace}").into());
                    }
                }
            }
            (group, _) if group.contains('.') && !group.ends_with(".k8s.io") => {
                let namespace = namespace.unwrap_or_default();
                self.custom.entry(namespace.into()).or_default().insert(view.name().into());
            }
            _ => {}
        }
    }

    fn read_kustomization(&mut self, root: Node<'_>) {
        let note = |key, into: &mut BTreeSet<Box<str>>| {
            if let Some(value) = text(root, key).filter(|value| !value.is_empty()) {
                into.insert(value.into());
            }
        };
        note("namespace", &mut self.given);
        note("namePrefix", &mut self.prefixes);
        note("nameSuffix", &mut self.suffixes);
        let charts =
            field(root, "helmCharts").or_else(|| field(root, "helmChartInflationGenerator"));
        for chart in charts.iter().flat_map(Node::items) {
            self.chart(text(chart, "namespace").or_else(|| text(root, "namespace")));
        }
        self.partial |= ["resources", "bases", "components"]
            .iter()
            .filter_map(|key| field(root, key))
            .flat_map(strings)
            .any(|(path, _)| path.contains("://") || path.contains("?ref=") || path.contains('@'));
    }

    fn chart(&mut self, namespace: Option<&str>) {
        match namespace {
            Some(namespace) => {
                self.charts.insert(namespace.into());
            }
            None => self.charts_anywhere = true,
        }
    }

    /// What answers to a name. `names` are those of the Services.
    pub(crate) fn answer<'a>(
        &self,
        names: &Names<'a>,
        namespace: Option<&str>,
        service: &str,
    ) -> Answer<'a> {
        let services: Vec<_> = names.all("Service", namespace, service).collect();
        if !services.is_empty() {
            return Answer::Services(services);
        }
        match namespace {
            Some(namespace) if !self.may_be_answered(names, namespace, service) => Answer::Nothing,
            _ => Answer::Unknown,
        }
    }

    /// Whether something that is not in the repository may answer to the name.
    fn may_be_answered(&self, names: &Names<'_>, namespace: &str, service: &str) -> bool {
        let renamed = |inner: Option<&str>| {
            inner.is_some_and(|inner| names.has("Service", Some(namespace), inner))
        };
        let of_the_system = OF_THE_SYSTEM.contains(&namespace)
            || (namespace == "default" && service == "kubernetes");
        of_the_system
            || !self.by_namespace.contains_key(namespace)
            || self.charts_anywhere
            || self.charts.contains(namespace)
            || (self.given.contains(namespace) && names.has("Service", None, service))
            || self.prefixes.iter().any(|prefix| renamed(service.strip_prefix(&**prefix)))
            || self.suffixes.iter().any(|suffix| renamed(service.strip_suffix(&**suffix)))
            || self.of_mesh.contains(&*format!("{service}.{namespace}"))
            || self.is_made(namespace, service)
    }

    /// Whether an operator may make the Service: it would bear the name of a custom resource, with
    /// more before or after it.
    fn is_made(&self, namespace: &str, service: &str) -> bool {
        let by = |name: &str| {
            [namespace, ""]
                .iter()
                .any(|own| self.custom.get(*own).is_some_and(|names| names.contains(name)))
        };
        // The Services that the Prometheus operator makes have names of their own.
        let is_fixed = service.ends_with("-operated");
        let mut dashes = service.match_indices('-').map(|(at, _)| at);
        is_fixed
            || by(service)
            || dashes.any(|at| {
                service.get(..at).is_some_and(by) || service.get(at + 1..).is_some_and(by)
            })
    }

    /// The Service of the namespace that is called nearly so; `left` is how many names may still
    /// be compared.
    pub(crate) fn meant(&self, namespace: &str, service: &str, left: &mut usize) -> Option<&str> {
        let names = self.by_namespace.get(namespace)?;
        let most = LOOKED_AT.min(*left);
        *left -= most.min(names.len());
        careen_text::closest(service, names.iter().take(most).map(|name| &**name))
    }
}
