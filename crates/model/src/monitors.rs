//! Monitors of the Prometheus operator: which objects they look for, and where.

use std::collections::HashSet;

use careen_kube_model::{Labels, ObjectView, Selector, field, path, strings};
use careen_yaml::Node;

use crate::{ObjectRef, Snapshot, namespaces_agree};

/// The API group.
pub const GROUP: &str = "monitoring.coreos.com";

/// Comparisons of a selector with labels that one check makes; what is beyond is taken to match.
const COMPARISONS: usize = 2_000_000;
/// Namespaces of one monitor that are looked at.
const NAMESPACES: usize = 50;

/// Where a monitor looks.
#[derive(Clone, Debug)]
enum Places<'a> {
    Own(Option<&'a str>),
    Named(Vec<&'a str>),
    All,
}

/// What a monitor looks for.
#[derive(Clone, Debug)]
pub struct Monitor<'a> {
    /// The labels.
    pub selector: Selector<'a>,
    places: Places<'a>,
}

impl<'a> Monitor<'a> {
    /// Reads a ServiceMonitor or PodMonitor; none where it selects everything, or whatever has
    /// some label: such a monitor waits for what is to come.
    #[must_use]
    pub fn of(view: ObjectView<'a>) -> Option<Self> {
        Self::read(view).filter(|monitor| monitor.selector.equalities().next().is_some())
    }

    /// As [`Monitor::of`], also where it selects everything; none where it has no selector.
    #[must_use]
    pub fn read(view: ObjectView<'a>) -> Option<Self> {
        let selector = Selector::label_selector(view.at(&["spec", "selector"])?);
        let namespaces = view.at(&["spec", "namespaceSelector"]);
        let is_any = namespaces
            .and_then(|node| field(node, "any"))
            .is_some_and(|node| node.as_bool() == Some(true));
        let names = namespaces.and_then(|node| field(node, "matchNames"));
        let names: Vec<&str> =
            names.into_iter().flat_map(strings).map(|(name, _)| name).take(NAMESPACES).collect();
        let places = match (is_any, names.is_empty()) {
            (true, _) => Places::All,
            (false, true) => Places::Own(view.namespace()),
            (false, false) => Places::Named(names),
        };
        Some(Self { selector, places })
    }

    /// Whether it looks in a namespace.
    #[must_use]
    pub fn looks_in(&self, namespace: Option<&str>) -> bool {
        match &self.places {
            Places::All => true,
            Places::Own(own) => namespaces_agree(*own, namespace),
            Places::Named(names) => namespace.is_none_or(|namespace| names.contains(&namespace)),
        }
    }

    /// For a message: "namespace `shop`", or "any namespace".
    #[must_use]
    pub fn places(&self) -> String {
        match &self.places {
            Places::Own(Some(own)) => format!("namespace `{own}`"),
            Places::Own(None) => "its namespace".to_owned(),
            Places::Named(names) => {
                let shown: Vec<String> =
                    names.iter().take(5).map(|name| format!("`{name}`")).collect();
                format!("namespace {}", shown.join(", "))
            }
            Places::All => "any namespace".to_owned(),
        }
    }
}

/// Objects that monitors look for, with the labels that count.
#[derive(Debug)]
pub struct Labelled<'a> {
    list: Vec<(ObjectRef<'a>, Labels<'a>)>,
    /// Labels that Kustomizations add to whatever they list.
    added: HashSet<(&'a str, &'a str)>,
    left: usize,
}

/// What a monitor finds.
#[derive(Debug)]
pub enum Found<'a> {
    /// These.
    Objects(Vec<ObjectRef<'a>>),
    /// There is nothing to look at in its namespaces, or too much.
    Unknown,
}

impl<'a> Labelled<'a> {
    /// Keeps objects with their labels.
    pub fn of(
        snapshot: &'a Snapshot,
        list: impl Iterator<Item = (ObjectRef<'a>, Labels<'a>)>,
    ) -> Self {
        let mut added = HashSet::new();
        for object in snapshot.of_kind("Kustomization").chain(snapshot.of_kind("Component")) {
            let root = object.view.root();
            let common = field(root, "commonLabels");
            let labels = field(root, "labels");
            let labels =
                labels.iter().flat_map(Node::items).filter_map(|item| path(item, &["pairs"]));
            for map in common.into_iter().chain(labels) {
                added.extend(Labels::new(Some(map)).iter().map(|label| (label.key, label.value)));
            }
        }
        Self { list: list.collect(), added, left: COMPARISONS }
    }

    /// What a monitor finds among them.
    pub fn found(&mut self, monitor: &Monitor<'_>) -> Found<'a> {
        let Some(left) = self.left.checked_sub(self.list.len()) else { return Found::Unknown };
        self.left = left;
        let mut any = false;
        let mut found = Vec::new();
        for (object, labels) in &self.list {
            if monitor.looks_in(object.view.namespace()) {
                any = true;
                if monitor.selector.matches(*labels) {
                    found.push(*object);
                }
            }
        }
        let is_added = monitor.selector.equalities().any(|pair| self.added.contains(&pair));
        if !any || (found.is_empty() && is_added) {
            return Found::Unknown;
        }
        Found::Objects(found)
    }
}
