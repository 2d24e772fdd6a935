//! ReferenceGrants: who may refer to objects of another namespace.

use std::collections::HashSet;

use careen_kube_model::{ObjectView, field};
use careen_model::Snapshot;
use careen_yaml::Node;

use super::{GROUP, Target};
use crate::relations::text;

/// Entries of `from` and of `to` of one grant that are looked at; the API allows 16 of each.
const ENTRIES: usize = 32;

/// A reference from one namespace into another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Ask<'a> {
    /// Group, kind and namespace of what refers.
    pub(crate) from: (&'a str, &'a str, &'a str),
    /// Group, kind and name of what is meant; the name is empty where all are.
    pub(crate) to: (&'a str, &'a str, &'a str),
}

impl<'a> Ask<'a> {
    /// What `holder` asks for by a reference into another namespace, which comes along.
    pub(crate) fn of(holder: ObjectView<'a>, target: &Target<'a>) -> Option<(Self, &'a str)> {
        let namespace = target.foreign_namespace(holder)?;
        let from = (holder.group(), holder.kind(), holder.namespace()?);
        Some((Self { from, to: (target.group, target.kind, target.name) }, namespace))
    }
}

/// What is granted, by the namespace of the grant.
#[derive(Debug)]
pub(crate) struct Grants<'a> {
    granted: HashSet<(Option<&'a str>, Ask<'a>)>,
}

impl<'a> Grants<'a> {
    /// Reads the grants of a snapshot.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let mut granted = HashSet::new();
        let grants = snapshot.of_kind("ReferenceGrant").chain(snapshot.of_kind("ReferencePolicy"));
        for object in grants.filter(|object| object.view.group() == GROUP) {
            let namespace = object.view.namespace();
            for from in entries(object.view, "from") {
                let Some(own) = text(from, "namespace") else { continue };
                let from = (word(from, "group"), word(from, "kind"), own);
                for to in entries(object.view, "to") {
                    let to = (word(to, "group"), word(to, "kind"), word(to, "name"));
                    granted.insert((namespace, Ask { from, to }));
                }
            }
        }
        Self { granted }
    }

    /// Whether a grant of that namespace, or of none, allows it.
    pub(crate) fn allow(&self, ask: Ask<'a>, namespace: &'a str) -> bool {
        let all = Ask { to: (ask.to.0, ask.to.1, ""), ..ask };
        [Some(namespace), None].into_iter().any(|namespace| {
            self.granted.contains(&(namespace, ask)) || self.granted.contains(&(namespace, all))
        })
    }
}

fn entries<'a>(grant: ObjectView<'a>, key: &str) -> impl Iterator<Item = Node<'a>> + use<'a> {
    let list = grant.spec().and_then(|spec| field(spec, key));
    list.into_iter().flat_map(|list| list.items()).take(ENTRIES)
}

fn word<'a>(node: Node<'a>, key: &str) -> &'a str {
    text(node, key).unwrap_or_default()
}
