//! Bindings and their subjects.

use std::fmt;

use careen_kube_model::{ObjectView, field, present, strings};
use careen_rule::Severity;
use careen_yaml::Node;

use super::{Qualified, is_built_in, is_rbac};
use crate::place::cut;
use crate::relations::text;

/// A RoleBinding or ClusterRoleBinding that is the user's and names a role.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Binding<'a> {
    /// The object.
    pub(crate) view: ObjectView<'a>,
    /// Whether it grants for the whole cluster.
    pub(crate) is_cluster: bool,
    /// `Role` or `ClusterRole`.
    pub(crate) role_kind: &'a str,
    /// The name of the role.
    pub(crate) role: &'a str,
    /// Where that name stands.
    pub(crate) role_node: Node<'a>,
}

impl<'a> Binding<'a> {
    /// Reads a binding; none for other objects, and for bindings that the cluster makes itself.
    pub(crate) fn of(view: ObjectView<'a>) -> Option<Self> {
        let is_cluster = match view.kind() {
            "ClusterRoleBinding" => true,
            "RoleBinding" => false,
            _ => return None,
        };
        if !is_rbac(view) {
            return None;
        }
        let target = view.at(&["roleRef"])?;
        let role_node = field(target, "name")?;
        let role = role_node.text().filter(|name| !name.is_empty())?;
        // OpenShift's own kind leaves it to the namespace.
        let is_namespaced = text(target, "namespace").is_some();
        let default = if is_namespaced { "Role" } else { "ClusterRole" };
        let role_kind = text(target, "kind").unwrap_or(default);
        let own = Self { view, is_cluster, role_kind, role, role_node };
        (!is_built_in(view)).then_some(own)
    }

    /// Whom it gives the role.
    pub(crate) fn subjects(self) -> impl Iterator<Item = Subject<'a>> + use<'a> {
        let root = self.view.root();
        let list = |key| field(root, key).into_iter();
        let subjects = list("subjects").flat_map(|list| list.items()).filter_map(present);
        let subjects = subjects.filter_map(move |subject| self.subject(subject));
        let users = list("userNames").flat_map(strings);
        let users = users.map(|(name, node)| Subject { who: Who::user(name), node });
        let groups = list("groupNames").flat_map(strings);
        let groups = groups.map(|(name, node)| Subject { who: Who::Group(name), node });
        subjects.chain(users).chain(groups)
    }

    fn subject(self, subject: Node<'a>) -> Option<Subject<'a>> {
        let node = field(subject, "name")?;
        let name = node.text().filter(|name| !name.is_empty())?;
        let who = match text(subject, "kind")? {
            "User" | "SystemUser" => Who::user(name),
            "Group" | "SystemGroup" => Who::Group(name),
            "ServiceAccount" => {
                let namespace = text(subject, "namespace").filter(|name| !name.is_empty());
                Who::Account { namespace: namespace.or(self.view.namespace()), name }
            }
            _ => return None,
        };
        Some(Subject { who, node })
    }

    /// Whether a pod, or everybody, gets the role: somebody who cannot be asked.
    pub(crate) fn is_for_machines(self) -> bool {
        self.subjects().any(|subject| subject.who.is_machine())
    }

    /// How bad it is if the role is that of an administrator: people are given it with care.
    pub(crate) fn severity_of_all(self) -> Severity {
        match (self.is_cluster, self.is_for_machines()) {
            (true, true) => Severity::Critical,
            (false, true) => Severity::High,
            (_, false) => Severity::Medium,
        }
    }

    /// For a message: "ClusterRoleBinding `ops` grants ClusterRole `edit`".
    pub(crate) fn grants(self) -> impl fmt::Display + use<'a> {
        Grants(self)
    }

    /// For a message: " to group `ops`", with how many more; empty where nobody is named.
    pub(crate) fn whom(self) -> impl fmt::Display + use<'a> {
        Whom(self)
    }
}

struct Grants<'a>(Binding<'a>);

impl fmt::Display for Grants<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Binding { view, role_kind, role, .. } = self.0;
        write!(formatter, "{} grants {} `{}`", view.display(), cut(role_kind), cut(role))
    }
}

struct Whom<'a>(Binding<'a>);

impl fmt::Display for Whom<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut subjects = self.0.subjects();
        let Some(first) = subjects.next() else { return Ok(()) };
        write!(formatter, " to {}", first.who)?;
        match subjects.count() {
            0 => Ok(()),
            more => write!(formatter, " and {more} more"),
        }
    }
}

/// One subject of a binding.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    /// Who.
    pub(crate) who: Who<'a>,
    /// Where the name stands.
    pub(crate) node: Node<'a>,
}

/// Who a subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who<'a> {
    /// A user of that name.
    User(&'a str),
    /// All members of a group.
    Group(&'a str),
    /// A service account.
    Account {
        /// Its namespace, or that of the binding; none where neither says one.
        namespace: Option<&'a str>,
        /// Its name.
        name: &'a str,
    },
}

impl<'a> Who<'a> {
    /// A user. Service accounts have names as users too.
    fn user(name: &'a str) -> Self {
        let account = name.strip_prefix("system:serviceaccount:");
        match account.and_then(|account| account.split_once(':')) {
            Some((namespace, name)) => Self::Account { namespace: Some(namespace), name },
            None => Self::User(name),
        }
    }

    /// The namespace whose accounts a group consists of; none inside for those of all.
    pub(crate) fn accounts(self) -> Option<Option<&'a str>> {
        let Self::Group(group) = self else { return None };
        match group.strip_prefix("system:serviceaccounts")? {
            "" => Some(None),
            rest => rest.strip_prefix(':').map(Some),
        }
    }

    fn is_machine(self) -> bool {
        match self {
            Self::User(name) => name.starts_with("system:"),
            Self::Group(name) => name.starts_with("system:") && name != "system:masters",
            Self::Account { .. } => true,
        }
    }
}

impl fmt::Display for Who<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::User(name) => write!(formatter, "user `{}`", cut(name)),
            Self::Group(name) => write!(formatter, "group `{}`", cut(name)),
            Self::Account { namespace, name } => {
                write!(formatter, "ServiceAccount `{}`", Qualified(namespace, name))
            }
        }
    }
}
