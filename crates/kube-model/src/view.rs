//! One object, read.

use std::fmt;

use careen_text::Span;
use careen_yaml::{Node, Tree};
use kube::core::GroupVersionKind;

use crate::labels::Labels;
use crate::node::{field, path};
use crate::object::Object;
use crate::pod::PodTemplate;
use crate::template;
use crate::workload::Workload;

/// Names longer than a DNS subdomain (RFC 1123) are cut in messages.
const LONGEST_NAME: usize = 253;

/// An object with the tree it stands in.
#[derive(Clone, Copy, Debug)]
pub struct ObjectView<'a> {
    /// The object's names and place.
    pub object: &'a Object,
    /// The tree of its file.
    pub tree: &'a Tree,
}

/// What identifies an object in a cluster, for a finding's logical location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ObjectName<'a> {
    /// `apiVersion`.
    pub api_version: &'a str,
    /// `kind`.
    pub kind: &'a str,
    /// `metadata.namespace` as written.
    pub namespace: Option<&'a str>,
    /// `metadata.name`; empty where there is none.
    pub name: &'a str,
}

impl<'a> ObjectView<'a> {
    /// A view of `object`, which was found in `tree`.
    #[must_use]
    pub const fn new(object: &'a Object, tree: &'a Tree) -> Self {
        Self { object, tree }
    }

    /// The mapping that is the object.
    #[must_use]
    pub fn root(self) -> Node<'a> {
        self.tree.node(self.object.root)
    }

    /// `kind`.
    #[must_use]
    pub fn kind(self) -> &'a str {
        &self.object.kind
    }

    /// `apiVersion`.
    #[must_use]
    pub fn api_version(self) -> &'a str {
        &self.object.api_version
    }

    /// `metadata.name`; empty where there is none.
    #[must_use]
    pub fn name(self) -> &'a str {
        &self.object.name
    }

    /// `metadata.namespace` as written.
    #[must_use]
    pub fn namespace(self) -> Option<&'a str> {
        self.object.namespace.as_deref()
    }

    /// The API group; empty for the core group.
    #[must_use]
    pub fn group(self) -> &'a str {
        self.object.group()
    }

    /// The version within the group.
    #[must_use]
    pub fn version(self) -> &'a str {
        self.object.version()
    }

    /// Group, version and kind as the `kube` crate has them.
    #[must_use]
    pub fn gvk(self) -> GroupVersionKind {
        GroupVersionKind::gvk(self.group(), self.version(), self.kind())
    }

    /// Whether the object is of this kind and group (empty for the core group), in any version.
    #[must_use]
    pub fn is(self, group: &str, kind: &str) -> bool {
        self.kind() == kind && self.group() == group
    }

    /// `metadata`, where it is there.
    #[must_use]
    pub fn metadata(self) -> Option<Node<'a>> {
        field(self.root(), "metadata")
    }

    /// `spec`, where it is there.
    #[must_use]
    pub fn spec(self) -> Option<Node<'a>> {
        field(self.root(), "spec")
    }

    /// The value at the end of a path of fields, all there and not `null`.
    #[must_use]
    pub fn at(self, keys: &[&str]) -> Option<Node<'a>> {
        path(self.root(), keys)
    }

    /// `metadata.labels`.
    #[must_use]
    pub fn labels(self) -> Labels<'a> {
        Labels::of(self.metadata(), "labels")
    }

    /// `metadata.annotations`.
    #[must_use]
    pub fn annotations(self) -> Labels<'a> {
        Labels::of(self.metadata(), "annotations")
    }

    /// Where the name stands: the value of `metadata.name`, else of `metadata.generateName`, else
    /// of `kind`.
    #[must_use]
    pub fn name_span(self) -> Span {
        self.at(&["metadata", "name"])
            .or_else(|| self.at(&["metadata", "generateName"]))
            .map_or_else(|| self.kind_span(), |node| node.span())
    }

    /// Where the value of `kind` stands.
    #[must_use]
    pub fn kind_span(self) -> Span {
        field(self.root(), "kind").map_or_else(|| self.root().span(), |node| node.span())
    }

    /// Where the value of `apiVersion` stands.
    #[must_use]
    pub fn api_version_span(self) -> Span {
        field(self.root(), "apiVersion").map_or_else(|| self.root().span(), |node| node.span())
    }

    /// The object for a message: "Deployment `shop/api`", "Deployment `api`", or "Deployment"
    /// where it has no name.
    #[must_use]
    pub fn display(self) -> impl fmt::Display + use<'a> {
        Display(self)
    }

    /// What identifies the object in a cluster.
    #[must_use]
    pub fn object_path(self) -> ObjectName<'a> {
        ObjectName {
            api_version: self.api_version(),
            kind: self.kind(),
            namespace: self.namespace(),
            name: self.name(),
        }
    }

    /// The workload the object is.
    #[must_use]
    pub fn workload(self) -> Option<Workload> {
        let found = template::of(self.object).or_else(|| template::of_unknown(self));
        found.map(|(workload, _)| workload)
    }

    /// The first pod the object is or makes; none for other kinds, and where the template's `spec`
    /// is missing (an Argo Rollout may refer to a Deployment instead).
    #[must_use]
    pub fn pod_template(self) -> Option<PodTemplate<'a>> {
        PodTemplate::first(self)
    }

    /// The pods the object is or makes, in the order its kind has them: one for most kinds, several
    /// for those with roles, such as a head and workers.
    pub fn pod_templates(self) -> std::vec::IntoIter<PodTemplate<'a>> {
        PodTemplate::all(self).into_iter()
    }

    /// Whether this is a part of an object only, such as a Kustomize patch: what it lacks is said
    /// elsewhere, and what stands here holds for the whole. Read from its shape; a snapshot also
    /// knows what Kustomizations name as patches.
    #[must_use]
    pub const fn is_fragment(self) -> bool {
        self.object.fragment
    }
}

struct Display<'a>(ObjectView<'a>);

impl fmt::Display for Display<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let view = self.0;
        let generated = || view.at(&["metadata", "generateName"]).and_then(|node| node.text());
        formatter.write_str(cut(view.kind()))?;
        let name = if view.name().is_empty() { generated().unwrap_or("") } else { view.name() };
        match (view.namespace(), name) {
            (_, "") => Ok(()),
            (Some(namespace), name) => write!(formatter, " `{}/{}`", cut(namespace), cut(name)),
            (None, name) => write!(formatter, " `{}`", cut(name)),
        }
    }
}

pub(crate) fn cut(name: &str) -> &str {
    let mut end = name.len().min(LONGEST_NAME);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::testing::{File, SHOP};

    #[test]
    fn names_and_spans() {
        let file = File::new(SHOP);
        let view = file.first();
        assert_eq!(view.display().to_string(), "Deployment `shop/api`");
        assert_eq!(file.slice(view.name_span()), "api");
        assert_eq!(file.slice(view.kind_span()), "Deployment");
        assert_eq!(file.slice(view.api_version_span()), "apps/v1");
        assert_eq!(view.labels().get("tier"), Some("web"));
        assert!(view.annotations().is_empty());
        let gvk = view.gvk();
        assert_eq!((&*gvk.group, &*gvk.version, &*gvk.kind), ("apps", "v1", "Deployment"));
        assert!(view.is("apps", "Deployment") && !view.is("", "Deployment"));
    }

    #[test]
    fn objects_without_a_name() {
        let file = File::new("apiVersion: v1\nkind: Pod\n");
        assert_eq!(file.first().display().to_string(), "Pod");
        assert_eq!(file.slice(file.first().name_span()), "Pod");
        let file = File::new("apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n");
        assert_eq!(file.first().display().to_string(), "Pod `a-`");
        assert_eq!(file.slice(file.first().name_span()), "a-");
    }

    #[test]
    fn long_names_are_cut_at_a_character() {
        let name = "ü".repeat(300);
        let file = File::new(&format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\n"));
        assert_eq!(file.first().display().to_string().len(), "Pod ``".len() + 252);
    }
}
