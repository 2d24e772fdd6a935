//! What saves the data of stores: schedules of backup tools, snapshots, the operators' own backups, and
//! jobs that dump.

mod dumps;
mod operators;
mod schedules;
mod tools;

use careen_kube_model::{Labels, ObjectView, Selector, field, path};
use careen_model::{ObjectRef, Snapshot, Store, StoreForm, namespaces_agree};
use careen_yaml::Node;

use crate::claims;
use crate::relations::{selector_of, text};
use crate::variables::Variables;

pub(crate) use dumps::{Dumper, dumpers};
pub(crate) use schedules::schedules;

/// Claims of one store that are looked at.
const CLAIMS: usize = 100;

/// A store with what backups find it by.
pub(crate) struct Subject<'a> {
    /// The object that declares it.
    pub(crate) object: ObjectRef<'a>,
    /// What is known of it.
    pub(crate) store: &'a Store,
    /// Labels of the object, of its pods and of its claims.
    labels: Vec<Labels<'a>>,
    claims: Vec<Claim<'a>>,
    /// Names by which clients reach it: Services, and what its operator derives from its name.
    hosts: Vec<&'a str>,
}

/// A claim of a store.
struct Claim<'a> {
    /// Its name; of a template the part before the name of the pod.
    name: &'a str,
    is_template: bool,
    labels: Labels<'a>,
    class: Option<&'a str>,
}

impl<'a> Subject<'a> {
    /// Reads what belongs to a store.
    pub(crate) fn of(snapshot: &'a Snapshot, store: &'a Store) -> Option<Self> {
        let object = snapshot.at(store.place)?;
        let view = object.view;
        let mut labels = vec![view.labels()];
        let mut claims = Vec::new();
        let mut hosts = vec![view.name()];
        hosts.extend(view.spec().and_then(|spec| text(spec, "serviceName")));
        for pod in view.pod_templates() {
            labels.push(pod.labels());
            for volume in pod.volumes().take(CLAIMS) {
                let Some(claim) = volume.source_of("persistentVolumeClaim") else { continue };
                let Some(name) = text(claim, "claimName") else { continue };
                let known = snapshot.named("PersistentVolumeClaim", view.namespace(), name).next();
                claims.push(Claim {
                    name,
                    is_template: false,
                    labels: known.map_or(Labels::new(None), |known| known.view.labels()),
                    class: known.and_then(|known| text(known.view.spec()?, "storageClassName")),
                });
            }
            let services = snapshot.of_kind("Service").filter(|service| {
                namespaces_agree(service.view.namespace(), view.namespace())
                    && selector_of(service.view)
                        .is_some_and(|selector| selector.matches(pod.labels()))
            });
            hosts.extend(services.map(|service| service.view.name()));
        }
        if view.kind() == "StatefulSet" {
            // The controller gives the claims the labels of the selector.
            labels.push(Labels::new(view.at(&["spec", "selector", "matchLabels"])));
            for claim in claims::of(view).take(CLAIMS) {
                let own = Labels::new(path(claim.node, &["metadata", "labels"]));
                labels.push(own);
                let class = claim.spec("storageClassName").and_then(|node| node.text());
                claims.push(Claim { name: claim.name(), is_template: true, labels: own, class });
            }
        }
        Some(Self { object, store, labels, claims, hosts })
    }

    /// The namespace it runs in.
    pub(crate) fn namespace(&self) -> Option<&'a str> {
        self.store.namespace.as_deref()
    }

    /// The names of the storage classes of its claims; none for a claim that leaves it open.
    pub(crate) fn classes(&self) -> impl Iterator<Item = Option<&'a str>> {
        self.claims.iter().map(|claim| claim.class)
    }

    fn view(&self) -> ObjectView<'a> {
        self.object.view
    }

    /// Whether a selector fits some of its labels; that of an operator's pods is not known.
    fn fits(&self, selector: &Selector<'_>) -> bool {
        selector.is_empty()
            || self.store.form != StoreForm::Workload
            || self.labels.iter().any(|labels| selector.matches(*labels))
    }

    /// Whether a claim of that name is one of its own.
    fn claims(&self, name: &str) -> bool {
        let own = self.claims.iter().any(|claim| {
            if claim.is_template {
                let pod = name.strip_prefix(claim.name).and_then(|rest| rest.strip_prefix('-'));
                pod.is_some_and(|pod| self.is_pod(pod))
            } else {
                claim.name == name
            }
        });
        // What an operator calls its claims has the name of the object in it.
        own || (self.store.form == StoreForm::Operator && name.contains(self.view().name()))
    }

    fn is_pod(&self, pod: &str) -> bool {
        let number = pod.strip_prefix(self.view().name()).and_then(|rest| rest.strip_prefix('-'));
        number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// Whether a text names it as a host: by a Service, or by the object's name and what operators
    /// add to it, such as `-rw`.
    fn is_named_in(&self, text: &str) -> bool {
        let part = |c: char| !c.is_ascii_alphanumeric() && c != '-';
        text.split(part).any(|word| {
            self.hosts.iter().any(|host| {
                !host.is_empty()
                    && word
                        .strip_prefix(host)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            })
        })
    }
}

/// What saves stores in a repository.
pub(crate) struct Backups<'a> {
    snapshot: &'a Snapshot,
    dumpers: Vec<Dumper<'a>>,
    variables: Variables<'a>,
}

impl<'a> Backups<'a> {
    /// Of a snapshot.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, dumpers: dumpers(snapshot), variables: Variables::of(snapshot) }
    }

    /// Whether something saves the data of a store.
    pub(crate) fn save(&self, subject: &Subject<'_>) -> bool {
        if subject.store.form == StoreForm::Managed {
            return !operators::refuses(subject.view());
        }
        operators::saves(self.snapshot, subject)
            || schedules::save(self.snapshot, subject)
            || dumps::save(&self.dumpers, &self.variables, subject)
    }
}

/// Whether a list in `spec` holds a namespace; one that is empty or absent holds all.
fn holds_namespace(list: Option<Node<'_>>, namespace: Option<&str>) -> bool {
    let mut patterns = list.into_iter().flat_map(|list| list.items()).peekable();
    let Some(namespace) = namespace else { return true };
    patterns.peek().is_none()
        || patterns
            .filter_map(|item| item.text())
            .any(|pattern| careen_rule::fits(pattern, namespace))
}

/// Whether a value is there and not empty.
fn is_filled(view: ObjectView<'_>, keys: &[&str]) -> bool {
    view.at(keys).is_some_and(|node| {
        node.entries().next().is_some()
            || node.items().next().is_some()
            || node.text().is_some_and(|text| !matches!(text, "" | "false" | "disabled"))
    })
}

/// Whether an object of another kind stands in the store's namespace and names it at `keys`.
fn names(view: ObjectView<'_>, keys: &[&str], subject: &Subject<'_>) -> bool {
    namespaces_agree(view.namespace(), subject.namespace())
        && view.at(keys).and_then(|node| node.text()) == Some(subject.view().name())
}

/// A field that is `true`.
fn is_true(node: Option<Node<'_>>, key: &str) -> bool {
    node.and_then(|node| field(node, key)).and_then(|node| node.as_bool()) == Some(true)
}
