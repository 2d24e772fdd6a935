//! Kubeconfig files: their users and clusters, with the certificates and keys they hold inline or
//! name in files beside them.

use careen_kube_model::{ObjectView, field};
use careen_model::{Bundle, File, Holder, ObjectRef, Snapshot};
use careen_yaml::Node;

use crate::endpoints::{items, named};

/// Whether an object is a kubeconfig.
pub(crate) fn is_kubeconfig(view: ObjectView<'_>) -> bool {
    view.is("", "Config") && view.version() == "v1"
}

/// All kubeconfigs, in order of path and place.
pub(crate) fn kubeconfigs(snapshot: &Snapshot) -> impl Iterator<Item = ObjectRef<'_>> {
    snapshot.of_kind("Config").filter(|object| is_kubeconfig(object.view))
}

/// A user or a cluster.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member<'a> {
    pub(crate) object: ObjectRef<'a>,
    list: &'static str,
    member: &'static str,
    index: usize,
    /// Its name; empty where it has none.
    pub(crate) name: &'a str,
    /// What stands under `user` or `cluster`.
    pub(crate) node: Node<'a>,
}

/// The users of a kubeconfig.
pub(crate) fn users(object: ObjectRef<'_>) -> impl Iterator<Item = Member<'_>> {
    members(object, "users", "user")
}

/// The clusters of a kubeconfig.
pub(crate) fn clusters(object: ObjectRef<'_>) -> impl Iterator<Item = Member<'_>> {
    members(object, "clusters", "cluster")
}

fn members<'a>(
    object: ObjectRef<'a>,
    list: &'static str,
    member: &'static str,
) -> impl Iterator<Item = Member<'a>> {
    let entries = items(object.view, &[list]).enumerate();
    entries.filter_map(move |(index, entry)| {
        let name = named(entry, &["name"]).map(|(name, _)| name).unwrap_or_default();
        let node = field(entry, member)?;
        Some(Member { object, list, member, index, name, node })
    })
}

/// What a user's field leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Credential<'a> {
    /// Where the bundle stands: the kubeconfig or another file.
    pub(crate) file: &'a File,
    pub(crate) bundle: &'a Bundle,
    /// The value in the kubeconfig.
    pub(crate) node: Node<'a>,
    /// The field: `client-certificate-data`, or `client-certificate`, which names a file.
    pub(crate) field: &'static str,
}

impl<'a> Member<'a> {
    /// What stands inline, which counts before a file, or else in a file of the repository.
    pub(crate) fn credential(
        self,
        snapshot: &'a Snapshot,
        inline: &'static str,
        file: &'static str,
    ) -> Option<Credential<'a>> {
        let home = self.object.file;
        if let Some((_, node)) = named(self.node, &[inline]) {
            let wanted = format!("{}[{}].{}.{inline}", self.list, self.index, self.member);
            let is_it = |bundle: &&Bundle| {
                matches!(&bundle.holder, Holder::Value { object: Some(object), path }
                    if *object == self.object.index && *path == wanted)
            };
            let bundle = home.bundles.iter().find(is_it)?;
            return Some(Credential { file: home, bundle, node, field: inline });
        }
        let (path, node) = named(self.node, &[file])?;
        let other = snapshot.file(&beside(home.source.path(), path)?)?;
        let bundle = other.bundles.iter().find(|bundle| bundle.holder == Holder::File)?;
        Some(Credential { file: other, bundle, node, field: file })
    }
}

/// The path of a file that another one names, relative to its folder; none for absolute paths and
/// those that lead out of the repository.
fn beside(from: &str, to: &str) -> Option<String> {
    if to.starts_with('/') || to.contains('\\') {
        return None;
    }
    let mut steps: Vec<&str> = from.split('/').collect();
    steps.pop();
    for step in to.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn paths_are_relative_to_the_kubeconfig() {
        assert_eq!(beside("a/b/config", "../pki/x.crt").as_deref(), Some("a/pki/x.crt"));
        assert_eq!(beside("config", "./x.crt").as_deref(), Some("x.crt"));
        assert_eq!(beside("config", "../x.crt"), None);
        assert_eq!(beside("config", "/etc/x.crt"), None);
    }
}
