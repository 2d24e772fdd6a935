//! Who is bound to what, across the repository.

use std::collections::{BTreeMap, HashMap};

use careen_model::{ObjectRef, Snapshot, namespaces_agree};
use careen_yaml::Node;

use super::{BINDINGS, Binding, ROLES, Role, Who};

/// Roles of one kind and name that are looked at; overlays make a handful.
const NAMESAKES: usize = 100;

/// All bindings that are the user's: those for the whole cluster first.
pub(crate) fn bindings<'a>(
    snapshot: &'a Snapshot,
) -> impl Iterator<Item = (ObjectRef<'a>, Binding<'a>)> {
    let objects = BINDINGS.iter().flat_map(|kind| snapshot.of_kind(kind));
    objects.filter_map(|object| Some((object, Binding::of(object.view)?)))
}

/// A place in a role.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The role.
    pub(crate) object: ObjectRef<'a>,
    /// The place.
    pub(crate) node: Node<'a>,
}

/// The roles of a repository that pass a test, by kind and name.
#[derive(Debug)]
pub(crate) struct Roles<'a>(HashMap<(&'a str, &'a str), Vec<Place<'a>>>);

impl<'a> Roles<'a> {
    /// Tests every role once. The test gives the place that a finding names.
    pub(crate) fn of(
        snapshot: &'a Snapshot,
        test: for<'r> fn(Role<'r>) -> Option<Node<'r>>,
    ) -> Self {
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        for object in ROLES.iter().flat_map(|kind| snapshot.of_kind(kind)) {
            if let Some(node) = Role::of(object.view).and_then(test) {
                let name = (object.view.kind(), object.view.name());
                by_name.entry(name).or_default().push(Place { object, node });
            }
        }
        Self(by_name)
    }

    /// Whether none passed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first that a binding may mean.
    pub(crate) fn bound_by(&self, binding: Binding<'_>) -> Option<Place<'a>> {
        let found = self.0.get(&(binding.role_kind, binding.role))?;
        let namespace = binding.view.namespace().filter(|_| binding.role_kind == "Role");
        let mut found = found.iter().take(NAMESAKES);
        found.find(|place| namespaces_agree(place.object.view.namespace(), namespace)).copied()
    }
}

/// Something about service accounts, by name and namespace: of several bindings the first.
#[derive(Debug)]
pub(crate) struct Accounts<'a, T>(BTreeMap<(&'a str, Option<&'a str>), T>);

/// Stands for all accounts of a namespace; no account has this name.
const ALL: &str = "*";

impl<'a, T: Copy> Accounts<'a, T> {
    /// Nothing about anybody.
    pub(crate) const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Says something about the accounts that a subject stands for.
    pub(crate) fn add(&mut self, who: Who<'a>, value: T) {
        let key = match (who, who.accounts()) {
            (Who::Account { namespace, name }, _) => (name, namespace),
            (_, Some(namespace)) => (ALL, namespace),
            (Who::Group("system:authenticated"), _) => (ALL, None),
            _ => return,
        };
        self.0.entry(key).or_insert(value);
    }

    /// Whether nothing was said about anybody.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was said about an account whose namespace agrees.
    pub(crate) fn get<'s>(&'s self, namespace: Option<&'s str>, name: &'s str) -> Option<T> {
        [name, ALL].into_iter().find_map(|name| {
            if namespace.is_some() {
                let exact = self.0.get(&(name, namespace)).or_else(|| self.0.get(&(name, None)));
                return exact.copied();
            }
            // `None` sorts before every namespace, so the entries of a name stand together.
            let mut of_name = self.0.range((name, None)..);
            of_name.next().filter(|(key, _)| key.0 == name).map(|(_, value)| *value)
        })
    }
}
