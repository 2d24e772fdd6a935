//! Where rules, dashboards and scrape configurations stand: in files of their own, in objects, and as
//! text in the values of objects.

use std::ops::Range;
use std::sync::Arc;

use careen_kube_model::{ObjectView, field};
use careen_model::{Document, File};
use careen_rule::ObjectPath;
use careen_text::{Derived, Source, Span};
use careen_yaml::{Limits, Node, Tree};

/// Bytes of a value that is read as a text of its own.
const VALUE_MAX: usize = 4 * 1024 * 1024;
/// Texts in values of one file.
const TEXTS_MAX: usize = 500;
/// Nodes of such a text.
const NODES_MAX: usize = 500_000;

/// What a body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Groups of alerting and recording rules, in PromQL.
    Rules,
    /// The same in a language that is PromQL with more.
    OtherRules,
    /// A dashboard of Grafana.
    Dashboard,
    /// A configuration of Prometheus.
    Scrapes,
}

/// A tree with what it holds and the way back to the file.
#[derive(Debug)]
pub(crate) struct Body<'a> {
    pub(crate) role: Role,
    /// The object it stands in.
    pub(crate) object: Option<ObjectView<'a>>,
    tree: Held<'a>,
    outer: Option<Arc<Derived>>,
}

#[derive(Debug)]
enum Held<'a> {
    Own(Node<'a>),
    Parsed(Box<Tree>),
}

/// A scalar with the way back to the file.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) text: String,
    /// Where all of it stands.
    pub(crate) span: Span,
    inner: Option<Derived>,
    outer: Option<Arc<Derived>>,
}

impl Text {
    /// Where some bytes of the text stand.
    pub(crate) fn at(&self, range: Range<usize>) -> Span {
        let Some(inner) = &self.inner else { return self.span };
        let span = inner.resolve(Span::of(range));
        self.outer.as_ref().map_or(span, |outer| outer.resolve(span))
    }
}

impl<'a> Body<'a> {
    /// The mapping that holds it.
    pub(crate) fn root(&self) -> Option<Node<'_>> {
        match &self.tree {
            Held::Own(node) => Some(*node),
            Held::Parsed(tree) => tree.documents().find_map(|document| document.root()),
        }
    }

    /// The whole text and where a part of it stands, where the body is a text or file of its own.
    pub(crate) fn written(&self) -> Option<&str> {
        match &self.tree {
            Held::Own(node) if self.object.is_none() => Some(node.source().text()),
            Held::Own(_) => None,
            Held::Parsed(tree) => Some(tree.source().text()),
        }
    }

    /// Where bytes of the text that [`Body::written`] gives stand in the file.
    pub(crate) fn resolve(&self, span: Span) -> Span {
        self.outer.as_ref().map_or(span, |outer| outer.resolve(span))
    }

    /// Where a node stands in the file.
    pub(crate) fn span(&self, node: Node<'_>) -> Span {
        self.resolve(node.span())
    }

    /// A scalar.
    pub(crate) fn text(&self, node: Node<'_>) -> Option<Text> {
        let text = node.text()?.to_owned();
        let outer = self.outer.clone();
        Some(Text { text, span: self.span(node), inner: node.derived(), outer })
    }

    /// The scalar in a field.
    pub(crate) fn field(&self, node: Node<'_>, key: &str) -> Option<Text> {
        self.text(field(node, key)?)
    }

    /// The path of the object it stands in.
    pub(crate) fn path(&self) -> Option<ObjectPath> {
        self.object.map(|view| ObjectPath {
            api_version: view.api_version().to_owned(),
            kind: view.kind().to_owned(),
            namespace: view.namespace().map(str::to_owned),
            name: view.name().to_owned(),
            ..ObjectPath::default()
        })
    }

    fn own(role: Role, object: Option<ObjectView<'a>>, node: Node<'a>) -> Self {
        Self { role, object, tree: Held::Own(node), outer: None }
    }

    fn within(role: Role, object: ObjectView<'a>, node: Node<'_>) -> Option<Self> {
        let derived = node.derived()?;
        let source = Source::new(node.source().path(), derived.text()?);
        let limits = Limits { max_nodes: NODES_MAX, ..Limits::default() };
        let tree = careen_yaml::parse(&source, &limits);
        let tree = Held::Parsed(Box::new(tree));
        Some(Self { role, object: Some(object), tree, outer: Some(Arc::new(derived)) })
    }
}

/// Everything of the kind in a file.
pub(crate) fn bodies(file: &File) -> Vec<Body<'_>> {
    let mut bodies = Vec::new();
    if let Some(document) = file.document {
        let trees = file.tree.iter().flat_map(Tree::documents);
        for root in trees.filter_map(|document| document.root()) {
            let role = match document {
                Document::Dashboard => Role::Dashboard,
                Document::PrometheusRules if field(root, "groups").is_some() => Role::Rules,
                Document::PrometheusRules => Role::Scrapes,
                _ => continue,
            };
            bodies.push(Body::own(role, None, root));
        }
    }
    for view in file.views().filter(|view| !view.is_fragment()) {
        of_object(view, &mut bodies);
    }
    bodies
}

fn of_object<'a>(view: ObjectView<'a>, bodies: &mut Vec<Body<'a>>) {
    let rules = match (view.group(), view.kind()) {
        ("monitoring.coreos.com", "PrometheusRule")
        | ("monitoring.googleapis.com", "Rules" | "ClusterRules" | "GlobalRules") => Role::Rules,
        ("operator.victoriametrics.com", "VMRule") => Role::OtherRules,
        ("integreatly.org" | "grafana.integreatly.org", "GrafanaDashboard") => {
            let json = view.at(&["spec", "json"]);
            bodies.extend(json.and_then(|node| Body::within(Role::Dashboard, view, node)));
            return;
        }
        ("", "ConfigMap") => return of_config_map(view, bodies),
        _ => return,
    };
    bodies.extend(view.spec().map(|spec| Body::own(rules, Some(view), spec)));
}

fn of_config_map<'a>(view: ObjectView<'a>, bodies: &mut Vec<Body<'a>>) {
    let labelled = view.labels().has("grafana_dashboard");
    let entries = view.at(&["data"]).into_iter().flat_map(|data| data.entries());
    for entry in entries {
        let (Some(key), Some(text)) = (entry.name(), entry.value.text()) else { continue };
        if text.len() > VALUE_MAX || bodies.len() >= TEXTS_MAX {
            continue;
        }
        let is_json = std::path::Path::new(key)
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let role = if is_json && (labelled || text.contains("\"panels\"")) {
            Role::Dashboard
        } else if has_line(text, "groups:") && text.contains("rules:") {
            Role::Rules
        } else if has_line(text, "scrape_configs:") {
            Role::Scrapes
        } else {
            continue;
        };
        bodies.extend(Body::within(role, view, entry.value));
    }
}

fn has_line(text: &str, start: &str) -> bool {
    text.lines().any(|line| line.starts_with(start))
}
