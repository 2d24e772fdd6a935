//! Finding the objects of a file.

use std::collections::HashSet;

use careen_yaml::{Kind, Node, NodeId, Tree};

use crate::fragment;
use crate::node::{field, path, text};

/// Lists may nest this deep; `kubectl` writes one level.
const LIST_DEPTH: u32 = 4;
/// Items of one file that are looked at; a hostile file may alias one list many times.
const ITEMS: usize = 50_000;

/// One Kubernetes object of a file, by its names and its place in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The mapping that is the object.
    pub root: NodeId,
    /// Index of its document in the file, from 0.
    pub document: u32,
    /// `apiVersion`, such as `apps/v1`.
    pub api_version: Box<str>,
    /// `kind`, such as `Deployment`.
    pub kind: Box<str>,
    /// `metadata.name`; empty where there is none or only a `generateName`.
    pub name: Box<str>,
    /// `metadata.namespace` as written; a base or a template often has none.
    pub namespace: Option<Box<str>>,
    /// Whether this is a part of an object only; see
    /// [`ObjectView::is_fragment`](crate::ObjectView::is_fragment).
    pub fragment: bool,
}

impl Object {
    /// The API group; empty for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version.rsplit_once('/').map_or("", |(group, _)| group)
    }

    /// The version within the group.
    #[must_use]
    pub fn version(&self) -> &str {
        self.api_version.rsplit_once('/').map_or(&self.api_version, |(_, version)| version)
    }

    /// Whether this is a Kustomization or Kustomize component, which is no object of a cluster.
    #[must_use]
    pub fn is_kustomize(&self) -> bool {
        self.group() == "kustomize.config.k8s.io"
    }
}

/// All objects of a tree, in the order of the file: every document that is a mapping with strings
/// `apiVersion` and `kind`. The items of a `List` stand for themselves and the list is none; so do
/// the `objects` of an OpenShift `Template`. An item that is an alias of one before it is the same
/// object, and no further one.
#[must_use]
pub fn objects(tree: &Tree) -> Vec<Object> {
    let mut search = Search::default();
    for document in tree.documents() {
        let index = u32::try_from(document.index()).unwrap_or(u32::MAX);
        if let Some(root) = document.root() {
            search.collect(root, index, LIST_DEPTH);
        }
    }
    fragment::mark(tree, &mut search.found);
    search.found
}

#[derive(Default)]
struct Search {
    found: Vec<Object>,
    /// Items of lists that were looked at; other objects stand there once.
    seen: HashSet<NodeId>,
    items: usize,
}

impl Search {
    fn collect(&mut self, node: Node<'_>, document: u32, depth: u32) {
        let string = |key| field(node, key).and_then(|node| node.as_str());
        let kind = string("kind");
        let list = match kind {
            // The items of a typed list may leave out their own type, but no tool writes such a file.
            Some(kind) if kind.ends_with("List") => field(node, "items"),
            Some("Template") if is_openshift(string("apiVersion")) => field(node, "objects"),
            _ => None,
        };
        if let Some(items) = list.filter(|items| items.kind() == Kind::Sequence && depth > 0) {
            for item in items.items() {
                self.items += 1;
                if self.items > ITEMS {
                    return;
                }
                if self.seen.insert(item.id()) {
                    self.collect(item, document, depth - 1);
                }
            }
            return;
        }
        if let (Some(api_version), Some(kind)) = (string("apiVersion"), kind)
            && !api_version.is_empty()
            && !kind.is_empty()
            && self.found.len() < ITEMS
        {
            let namespace = path(node, &["metadata", "namespace"]).and_then(|node| node.text());
            let name = field(node, "metadata").and_then(|metadata| text(metadata, "name"));
            self.found.push(Object {
                root: node.id(),
                document,
                api_version: api_version.into(),
                kind: kind.into(),
                name: name.unwrap_or_default().into(),
                namespace: namespace.filter(|name| !name.is_empty()).map(Into::into),
                fragment: false,
            });
        }
    }
}

/// The group of templates was empty before OpenShift 3.6.
fn is_openshift(api_version: Option<&str>) -> bool {
    api_version.is_some_and(|written| {
        written == "v1" || written.split('/').next() == Some("template.openshift.io")
    })
}

/// Whether a text is worth parsing as a manifest: it has `apiVersion` and `kind` as keys, at the
/// start of a line (after blanks, dashes or a quote) or as a JSON key, each with a scalar on the
/// same line, or an action of a template. So a schema that describes objects, in which both keys hold
/// mappings, is passed over: such files are large. Cheap.
#[must_use]
pub fn looks_like_manifest(text: &str) -> bool {
    has_key(text, "apiVersion") && has_key(text, "kind")
}

fn has_key(text: &str, key: &str) -> bool {
    text.match_indices(key).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + key.len()..).unwrap_or_default();
        let after = after.strip_prefix(['"', '\'']).unwrap_or(after);
        let after = after.trim_start_matches([' ', '\t', '\r', '\n']);
        let Some(value) = after.strip_prefix(':') else { return false };
        let value = value.trim_start_matches([' ', '\t']);
        // `{{ … }}` is no mapping but an action of a template, which must be told as one.
        let is_action = value.starts_with("{{");
        if value.is_empty() || (value.starts_with(['{', '[', '\r', '\n']) && !is_action) {
            return false;
        }
        let before = before.strip_suffix(['"', '\'']).unwrap_or(before);
        let before = before.trim_end_matches([' ', '\t', '-', '?', '\u{feff}']);
        before.is_empty() || before.ends_with(['\n', '\r', '{', ','])
    })
}

#[cfg(test)]
mod tests {
    use super::{looks_like_manifest, objects};
    use crate::testing::tree;

    fn names(text: &str) -> Vec<String> {
        objects(&tree(text))
            .iter()
            .map(|object| {
                let namespace = object.namespace.as_deref().unwrap_or("-");
                format!("{} {} {namespace}/{}", object.document, object.kind, object.name)
            })
            .collect()
    }

    #[test]
    fn finds_objects_of_all_documents() {
        let text = "\
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop}
---
just: a mapping
---
# nothing
---
apiVersion: v1
kind: Pod
metadata: {generateName: b-}
---
apiVersion: 1
kind: Pod
---
- apiVersion: v1
  kind: Pod
";
        let found = names(text);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].ends_with("Pod shop/a"), "{found:?}");
        assert!(found[1].ends_with("Pod -/"), "{found:?}");
    }

    #[test]
    fn expands_lists() {
        let text = "\
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMapList
    items:
      - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
  - null
  - {apiVersion: v1, kind: Secret, metadata: {name: b}}
";
        assert_eq!(names(text), ["0 ConfigMap -/a", "0 Secret -/b"]);
    }

    #[test]
    fn expands_templates_of_openshift() {
        let text = "\
apiVersion: template.openshift.io/v1
kind: Template
metadata: {name: shop}
objects:
- {apiVersion: v1, kind: Service, metadata: {name: '${NAME}'}}
parameters: [{name: NAME}]
---
{apiVersion: example.com/v1, kind: Template, objects: [{apiVersion: v1, kind: Pod}]}
";
        assert_eq!(names(text), ["0 Service -/${NAME}", "1 Template -/"]);
    }

    #[test]
    fn an_alias_is_the_same_object() {
        let text = "\
apiVersion: v1
kind: List
items:
  - &a {apiVersion: v1, kind: Pod, metadata: {name: a}}
  - *a
  - {apiVersion: v1, kind: Pod, metadata: {name: b}}
";
        assert_eq!(names(text), ["0 Pod -/a", "0 Pod -/b"]);
    }

    #[test]
    fn nesting_of_lists_is_bounded() {
        let mut text = "{apiVersion: v1, kind: Pod, metadata: {name: a}}".to_owned();
        for _ in 0..9 {
            text = format!("{{apiVersion: v1, kind: List, items: [{text}]}}");
        }
        assert_eq!(names(&text), ["0 List -/"]);
    }

    #[test]
    fn knows_kustomize() {
        let tree = tree("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n");
        let objects = objects(&tree);
        assert!(objects[0].is_kustomize());
        assert_eq!(objects[0].group(), "kustomize.config.k8s.io");
        assert_eq!(objects[0].version(), "v1beta1");
    }

    #[test]
    fn prefilter() {
        for (text, looks) in [
            ("apiVersion: v1\nkind: Pod\n", true),
            ("kind: Pod\r\napiVersion: v1\r\n", true),
            ("{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}", true),
            ("{\n  \"kind\" : \"Pod\", \"apiVersion\":\"v1\"}", true),
            ("items:\n- apiVersion: v1\n  kind: Pod\n", true),
            ("\u{feff}apiVersion: v1\nkind: Pod\n", true),
            ("apiVersion: v2\nname: chart\n", false),
            ("# the apiVersion: and kind: of it\n", false),
            ("my-apiVersion: v1\nkind: Pod\n", false),
            ("apiVersions: v1\nkind: Pod\n", false),
            ("", false),
            ("apiVersion: {{ include \"api\" . }}\nkind: Pod\n", true),
            ("{\"apiVersion\": {\"type\": \"string\"}, \"kind\": {\"type\": \"string\"}}", false),
            ("properties:\n  apiVersion:\n    type: string\n  kind:\n    type: string\n", false),
        ] {
            assert_eq!(looks_like_manifest(text), looks, "{text}");
        }
    }
}
