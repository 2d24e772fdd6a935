//! Roles and their rules.

use careen_kube_model::{ObjectView, field, strings};
use careen_yaml::{Kind, Node};

use super::{is_built_in, is_rbac};

/// Rules of a role that are looked at, and words of one list of a rule. Aliases can make a small
/// file as large as they like; roles that people write are far below.
const RULES: usize = 5_000;
const WORDS: usize = 1_000;

/// A word of a rule, with its place.
pub(crate) type Word<'a> = (&'a str, Node<'a>);

/// A Role or ClusterRole that is the user's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Role<'a> {
    /// The object.
    pub(crate) view: ObjectView<'a>,
    /// Whether it is a ClusterRole: it may be given for the whole cluster.
    pub(crate) is_cluster: bool,
}

impl<'a> Role<'a> {
    /// Reads a role; none for other objects, and for roles that the cluster makes itself.
    pub(crate) fn of(view: ObjectView<'a>) -> Option<Self> {
        let is_cluster = match view.kind() {
            "ClusterRole" => true,
            "Role" => false,
            _ => return None,
        };
        let is_default =
            is_cluster && matches!(view.name(), "cluster-admin" | "admin" | "edit" | "view");
        let is_own = is_rbac(view) && !is_default && !is_built_in(view);
        is_own.then_some(Self { view, is_cluster })
    }

    /// Its rules. An aggregated ClusterRole has none of its own: a controller overwrites them.
    pub(crate) fn rules(self) -> impl Iterator<Item = PolicyRule<'a>> + use<'a> {
        let root = self.view.root();
        let rules = field(root, "rules").filter(|_| !self.is_aggregated());
        let rules = rules.into_iter().flat_map(|rules| rules.items()).take(RULES);
        rules.filter(|rule| rule.kind() == Kind::Mapping).map(PolicyRule::of)
    }

    /// Whether its rules are those of other roles.
    fn is_aggregated(self) -> bool {
        self.is_cluster && field(self.view.root(), "aggregationRule").is_some()
    }

    /// Whether its rules become part of another role, by a label.
    pub(crate) fn is_aggregated_to_another(self) -> bool {
        const LABEL: &str = "rbac.authorization.k8s.io/aggregate-to-";
        self.is_cluster && self.view.labels().iter().any(|label| label.key.starts_with(LABEL))
    }
}

/// One rule of a role.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PolicyRule<'a> {
    groups: Option<Node<'a>>,
    resources: Option<Node<'a>>,
    verbs: Option<Node<'a>>,
    names: Option<Node<'a>>,
    urls: Option<Node<'a>>,
}

impl<'a> PolicyRule<'a> {
    fn of(node: Node<'a>) -> Self {
        Self {
            groups: field(node, "apiGroups"),
            resources: field(node, "resources"),
            verbs: field(node, "verbs"),
            names: field(node, "resourceNames"),
            urls: field(node, "nonResourceURLs"),
        }
    }

    /// `apiGroups`; the core group is the empty word.
    pub(crate) fn groups(self) -> impl Iterator<Item = Word<'a>> + use<'a> {
        words(self.groups)
    }

    /// `resources`.
    pub(crate) fn resources(self) -> impl Iterator<Item = Word<'a>> + use<'a> {
        words(self.resources)
    }

    /// `verbs`.
    pub(crate) fn verbs(self) -> impl Iterator<Item = Word<'a>> + use<'a> {
        words(self.verbs)
    }

    /// `resourceNames`.
    pub(crate) fn names(self) -> impl Iterator<Item = Word<'a>> + use<'a> {
        words(self.names)
    }

    /// `nonResourceURLs`.
    pub(crate) fn urls(self) -> impl Iterator<Item = Word<'a>> + use<'a> {
        words(self.urls)
    }

    /// Whether the rule is about some objects only, by name.
    pub(crate) fn is_narrowed(self) -> bool {
        self.names().next().is_some()
    }

    /// The `*` among the groups.
    pub(crate) fn any_group(self) -> Option<Word<'a>> {
        self.groups().find(is_star)
    }

    /// The `*` among the resources.
    pub(crate) fn any_resource(self) -> Option<Word<'a>> {
        self.resources().find(is_star)
    }

    /// The `*` among the verbs.
    pub(crate) fn any_verb(self) -> Option<Word<'a>> {
        self.verbs().find(is_star)
    }

    /// Whether the rule is about resources of a group.
    pub(crate) fn has_group(self, group: &str) -> bool {
        self.groups().any(|(word, _)| word == group || word == "*")
    }

    /// The word that grants a verb on every object of a resource, as the authorizer sees it:
    /// wildcards count.
    pub(crate) fn grants(self, group: &str, resource: &str, verbs: &[&str]) -> Option<Word<'a>> {
        if self.is_narrowed()
            || !self.verbs().any(|(word, _)| word == "*" || verbs.contains(&word))
            || !self.has_group(group)
        {
            return None;
        }
        self.resources().find(|&(word, _)| word == "*" || is_resource(word, resource))
    }
}

fn is_star(word: &Word<'_>) -> bool {
    word.0 == "*"
}

fn words<'a>(list: Option<Node<'a>>) -> impl Iterator<Item = Word<'a>> + use<'a> {
    list.into_iter().flat_map(strings).take(WORDS)
}

/// Whether a word among the resources names a resource, or its subresource on everything.
pub(crate) fn is_resource(word: &str, resource: &str) -> bool {
    word == resource
        || word.strip_prefix("*/").is_some_and(|wanted| {
            resource.split_once('/').is_some_and(|(_, subresource)| wanted == subresource)
        })
}
