//! Label selectors.

use careen_yaml::Node;

use crate::labels::Labels;
use crate::node::{field, items, strings, text};

/// Requirements of one selector that are read; a longer selector matches nothing.
const REQUIREMENTS: usize = 256;
/// Values of one requirement that are looked at.
const VALUES: usize = 10_000;

/// What a selector asks of one label.
#[derive(Clone, Copy, Debug)]
enum Test<'a> {
    Equals(&'a str),
    In(Node<'a>),
    NotIn(Node<'a>),
    Exists,
    DoesNotExist,
    /// An unknown operator or a value that is no scalar: the API server refuses the object, so
    /// nothing is selected.
    Invalid,
}

/// A selector over labels: all its requirements must hold. One without requirements selects
/// everything. Whether an *absent* selector selects everything or nothing depends on the field, so
/// that is the caller's to say.
#[derive(Clone, Debug)]
pub struct Selector<'a> {
    node: Node<'a>,
    requirements: Vec<(&'a str, Test<'a>)>,
    oversized: bool,
}

impl<'a> Selector<'a> {
    /// Reads a `LabelSelector` (`matchLabels`, `matchExpressions`), as in workloads, network
    /// policies and disruption budgets.
    #[must_use]
    pub fn label_selector(node: Node<'a>) -> Self {
        let mut selector = Self { node, requirements: Vec::new(), oversized: false };
        if let Some(labels) = field(node, "matchLabels") {
            selector.add_map(labels);
        }
        for expression in items(node, "matchExpressions") {
            let key = text(expression, "key");
            let values = field(expression, "values");
            let has_values = values.is_some_and(|values| values.items().next().is_some());
            let test = match (text(expression, "operator"), values) {
                (Some("In"), Some(values)) if has_values => Test::In(values),
                (Some("NotIn"), Some(values)) if has_values => Test::NotIn(values),
                (Some("Exists"), _) if !has_values => Test::Exists,
                (Some("DoesNotExist"), _) if !has_values => Test::DoesNotExist,
                _ => Test::Invalid,
            };
            selector.add(key, test);
        }
        selector
    }

    /// Reads the plain map form, as in Services and ReplicationControllers.
    #[must_use]
    pub fn map(node: Node<'a>) -> Self {
        let mut selector = Self { node, requirements: Vec::new(), oversized: false };
        selector.add_map(node);
        selector
    }

    fn add_map(&mut self, labels: Node<'a>) {
        for entry in labels.entries() {
            let value = if entry.value.is_null() { Some("") } else { entry.value.text() };
            self.add(entry.name(), value.map_or(Test::Invalid, Test::Equals));
            if self.oversized {
                return;
            }
        }
    }

    fn add(&mut self, key: Option<&'a str>, test: Test<'a>) {
        if self.requirements.len() >= REQUIREMENTS {
            self.oversized = true;
            return;
        }
        self.requirements.push(key.map_or(("", Test::Invalid), |key| (key, test)));
    }

    /// Where it is written.
    #[must_use]
    pub const fn node(&self) -> Node<'a> {
        self.node
    }

    /// Whether it has no requirement and so selects everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Whether objects with these labels are selected.
    #[must_use]
    pub fn matches(&self, labels: Labels<'_>) -> bool {
        if self.oversized {
            return false;
        }
        self.requirements.iter().all(|(key, test)| {
            let value = labels.get(key);
            match test {
                Test::Equals(wanted) => value == Some(wanted),
                Test::In(values) => value.is_some_and(|value| has(*values, value)),
                Test::NotIn(values) => value.is_none_or(|value| !has(*values, value)),
                Test::Exists => value.is_some(),
                Test::DoesNotExist => value.is_none(),
                Test::Invalid => false,
            }
        })
    }

    /// The keys and values that must be equal, which are what a person compares.
    pub fn equalities(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.requirements.iter().filter_map(|(key, test)| match test {
            Test::Equals(value) => Some((*key, *value)),
            _ => None,
        })
    }
}

fn has(values: Node<'_>, value: &str) -> bool {
    strings(values).take(VALUES).any(|(item, _)| item == value)
}

#[cfg(test)]
mod tests {
    use super::Selector;
    use crate::labels::Labels;
    use crate::testing::{root, tree};

    #[test]
    fn label_selectors() {
        let labels = tree("{app: shop, tier: web, port: 80}");
        let labels = Labels::new(Some(root(&labels)));
        for (selector, selects) in [
            ("{}", true),
            ("{matchLabels: ~, matchExpressions: []}", true),
            ("{matchLabels: {app: shop}}", true),
            ("{matchLabels: {app: shop, tier: db}}", false),
            ("{matchLabels: {port: '80'}}", true),
            ("{matchLabels: {app: [shop]}}", false),
            ("{matchExpressions: [{key: tier, operator: In, values: [db, web]}]}", true),
            ("{matchExpressions: [{key: tier, operator: In, values: [db]}]}", false),
            ("{matchExpressions: [{key: gone, operator: In, values: [db]}]}", false),
            ("{matchExpressions: [{key: tier, operator: NotIn, values: [db]}]}", true),
            ("{matchExpressions: [{key: tier, operator: NotIn, values: [web]}]}", false),
            ("{matchExpressions: [{key: gone, operator: NotIn, values: [web]}]}", true),
            ("{matchExpressions: [{key: tier, operator: Exists}]}", true),
            ("{matchExpressions: [{key: gone, operator: Exists}]}", false),
            ("{matchExpressions: [{key: tier, operator: DoesNotExist}]}", false),
            ("{matchExpressions: [{key: gone, operator: DoesNotExist}]}", true),
            ("{matchExpressions: [{key: tier, operator: In}]}", false),
            ("{matchExpressions: [{key: tier, operator: Gt, values: ['1']}]}", false),
            ("{matchExpressions: [{operator: Exists}]}", false),
            (
                "{matchLabels: {app: shop}, \
                 matchExpressions: [{key: tier, operator: NotIn, values: [web]}]}",
                false,
            ),
        ] {
            let tree = tree(selector);
            let read = Selector::label_selector(root(&tree));
            assert_eq!(read.matches(labels), selects, "{selector}");
        }
    }

    #[test]
    fn maps() {
        let labels = tree("{app: shop}");
        let labels = Labels::new(Some(root(&labels)));
        let selector = tree("{app: shop}");
        let selector = Selector::map(root(&selector));
        assert!(selector.matches(labels) && !selector.matches(Labels::new(None)));
        assert_eq!(selector.equalities().collect::<Vec<_>>(), [("app", "shop")]);
        let empty = tree("{}");
        assert!(Selector::map(root(&empty)).is_empty());
    }

    #[test]
    fn an_absurd_selector_selects_nothing() {
        let text: String = (0..1000).map(|n| format!("k{n}: v\n")).collect();
        let selector = tree(&text);
        let selector = Selector::map(root(&selector));
        assert!(!selector.matches(Labels::new(Some(selector.node()))));
    }
}
