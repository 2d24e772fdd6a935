//! Roles, what they grant, and whom bindings give it to.
//!
//! Meaning is that of the RBAC authorizer: `*` stands for every group, resource or verb, a resource
//! `*/exec` for that subresource of everything (`pods/*` for nothing), and `resourceNames` narrow a
//! rule to some objects. Roles and bindings of the cluster itself are not the user's and are left
//! out. Rules decide what is too much.

mod binding;
mod capability;
mod given;
mod graph;
mod power;
mod role;
mod tokens;
mod wildcard;

use std::fmt;

use careen_kube_model::ObjectView;

pub(crate) use binding::{Binding, Who};
pub(crate) use capability::Capability;
pub(crate) use given::{Given, Verdict, given, report_workloads};
pub(crate) use graph::{Accounts, Place, Roles, bindings};
pub(crate) use power::{escalates, everything, health_only, takes_over};
pub(crate) use role::{PolicyRule, Role};
pub(crate) use tokens::{Tokens, account_of};
pub(crate) use wildcard::{SENSITIVE, Wildcard};

use crate::place::cut;

/// The API group of roles and bindings.
pub(crate) const GROUP: &str = "rbac.authorization.k8s.io";

/// Kinds that hold rules.
pub(crate) const ROLES: &[&str] = &["ClusterRole", "Role"];
/// Kinds that give roles to somebody.
pub(crate) const BINDINGS: &[&str] = &["ClusterRoleBinding", "RoleBinding"];

/// Whether an object of a kind such as `Role` is one of the authorizer. OpenShift has the same
/// kinds in a group of its own.
fn is_rbac(view: ObjectView<'_>) -> bool {
    matches!(view.group(), GROUP | "authorization.openshift.io")
}

/// Whether the API server or a distribution makes the object and keeps it as it is.
fn is_built_in(view: ObjectView<'_>) -> bool {
    view.name().starts_with("system:")
        || view.labels().get("kubernetes.io/bootstrapping") == Some("rbac-defaults")
        || view.annotations().has("rbac.authorization.kubernetes.io/autoupdate")
}

/// Words for a message: "`a`", "`a` and `b`", "`a`, `b` and `c`"; long lists are cut.
pub(crate) fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 5;
    let mut words: Vec<&str> = words.take(SHOWN + 1).collect();
    words.dedup();
    let is_cut = words.len() > SHOWN;
    words.truncate(SHOWN);
    let last = words.len().saturating_sub(1);
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        text.push_str(match index {
            0 => "",
            _ if index == last && !is_cut => " and ",
            _ => ", ",
        });
        text.push_str(&format!("`{}`", cut(word)));
    }
    if is_cut {
        text.push_str(", …");
    }
    text
}

/// A name in a namespace: `shop/web`, or `web` where the namespace is not known.
pub(crate) struct Qualified<'a>(pub(crate) Option<&'a str>, pub(crate) &'a str);

impl fmt::Display for Qualified<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = self.0 {
            write!(formatter, "{}/", cut(namespace))?;
        }
        formatter.write_str(cut(self.1))
    }
}

#[cfg(test)]
mod tests;
