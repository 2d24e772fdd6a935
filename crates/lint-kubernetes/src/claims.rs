//! Volume claims: objects, and the templates that StatefulSets make them from.

use std::collections::HashSet;
use std::fmt;

use careen_kube_model::{ObjectView, field, path, strings};
use careen_model::{ObjectRef, Snapshot};
use careen_text::Span;
use careen_yaml::{Kind, Node};

/// Templates of one StatefulSet that are looked at; there are a handful.
const TEMPLATES: usize = 100;

/// One claim.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim<'a> {
    /// The object it is or stands in.
    pub(crate) object: ObjectView<'a>,
    /// Its mapping, with `metadata` and `spec`.
    pub(crate) node: Node<'a>,
    /// Its index among the templates of a StatefulSet.
    pub(crate) template: Option<usize>,
}

/// The kinds that have claims.
pub(crate) const KINDS: &[&str] = &["PersistentVolumeClaim", "StatefulSet"];

/// The claims of an object of these kinds.
pub(crate) fn of<'a>(object: ObjectView<'a>) -> impl Iterator<Item = Claim<'a>> + use<'a> {
    let own = object.is("", "PersistentVolumeClaim").then_some(Claim {
        object,
        node: object.root(),
        template: None,
    });
    let list = if object.is("apps", "StatefulSet") {
        object.at(&["spec", "volumeClaimTemplates"])
    } else {
        None
    };
    let templates = list.into_iter().flat_map(|list| list.items().enumerate().take(TEMPLATES));
    let templates = templates.filter(|(_, node)| node.kind() == Kind::Mapping);
    own.into_iter().chain(templates.map(move |(index, node)| Claim {
        object,
        node,
        template: Some(index),
    }))
}

impl<'a> Claim<'a> {
    /// A field of its `spec`.
    pub(crate) fn spec(self, key: &str) -> Option<Node<'a>> {
        path(self.node, &["spec", key])
    }

    /// Its name; empty where it has none.
    pub(crate) fn name(self) -> &'a str {
        path(self.node, &["metadata", "name"]).and_then(|node| node.text()).unwrap_or_default()
    }

    /// Where its name stands, else where the object's does.
    pub(crate) fn name_span(self) -> Span {
        path(self.node, &["metadata", "name"])
            .map_or_else(|| self.object.name_span(), |node| node.span())
    }

    /// The storage it asks for.
    pub(crate) fn request(self) -> Option<Node<'a>> {
        path(self.spec("resources")?, &["requests", "storage"])
    }

    /// Its access modes.
    pub(crate) fn modes(self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.spec("accessModes").into_iter().flat_map(strings).map(|(mode, _)| mode)
    }

    /// The path of a field of its `spec` in the object.
    pub(crate) fn path(self, key: &str) -> String {
        match self.template {
            Some(index) => format!("spec.volumeClaimTemplates[{index}].spec.{key}"),
            None => format!("spec.{key}"),
        }
    }

    /// Whether the manifest says all there is, rather than being a patch of it.
    pub(crate) fn is_whole(self) -> bool {
        match self.template {
            Some(_) => self.object.pod_template().is_some_and(crate::relations::is_complete),
            None => field(self.object.root(), "spec").is_some() && !self.name().is_empty(),
        }
    }
}

/// The claims of a repository that lack something. The patch of an object lacks most things: what
/// another object of its kind and name has is not missing.
pub(crate) fn lacking<'a>(
    snapshot: &'a Snapshot,
    has: fn(Claim<'_>) -> bool,
) -> Vec<(ObjectRef<'a>, Claim<'a>)> {
    let mut lacking = Vec::new();
    let mut said = HashSet::new();
    for object in KINDS.iter().flat_map(|kind| snapshot.of_kind(kind)) {
        for claim in of(object.view) {
            if has(claim) {
                said.insert((object.view.kind(), object.view.name(), claim.name()));
            } else if claim.is_whole() {
                lacking.push((object, claim));
            }
        }
    }
    lacking.retain(|(object, claim)| {
        !said.contains(&(object.view.kind(), object.view.name(), claim.name()))
    });
    lacking
}

impl fmt::Display for Claim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.template {
            Some(_) => write!(
                f,
                "claim template `{}` in {}",
                crate::place::cut(self.name()),
                self.object.display()
            ),
            None => self.object.display().fmt(f),
        }
    }
}
