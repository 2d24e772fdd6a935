//! Groups of alerting and recording rules.

use careen_kube_model::field;
use careen_rule::ObjectPath;
use careen_text::Span;
use careen_yaml::{Kind, Node};

use crate::body::{Body, Role, Text};
use crate::promql::{self, Dialect, Problem, Query};

/// Rules of one file that are read.
const RULES_MAX: usize = 20_000;

/// The groups of one file or object.
#[derive(Debug)]
pub(crate) struct RuleSet {
    /// The object that holds them.
    pub(crate) object: Option<ObjectPath>,
    pub(crate) groups: Vec<Group>,
}

/// A group, whose rules are evaluated in turn.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) name: Option<Text>,
    /// Where it begins.
    pub(crate) at: Span,
    /// The fields that hold durations, as they are written.
    pub(crate) durations: Vec<(&'static str, Text)>,
    /// Labels that all its rules get.
    pub(crate) labels: Vec<(String, Text)>,
    pub(crate) rules: Vec<Rule>,
}

/// An alerting or recording rule.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) alert: Option<Text>,
    pub(crate) record: Option<Text>,
    /// Its first key.
    pub(crate) at: Span,
    pub(crate) expression: Option<Expression>,
    pub(crate) durations: Vec<(&'static str, Text)>,
    pub(crate) labels: Vec<(String, Text)>,
    pub(crate) annotations: Vec<(String, Text)>,
}

/// An expression with what is known of it.
#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) text: Text,
    pub(crate) query: Query,
}

impl Expression {
    /// Reads the scalar.
    pub(crate) fn new(text: Text, dialect: Dialect) -> Self {
        let query = promql::parse(&text.text, dialect);
        Self { text, query }
    }

    /// What is wrong, with its place in the file.
    pub(crate) fn problem(&self) -> Option<(Span, &Problem)> {
        let problem = self.query.problem.as_ref()?;
        Some((self.text.at(problem.at.clone()), problem))
    }
}

impl Rule {
    /// "alert `Down`" or "recording rule `a:b:c`".
    pub(crate) fn display(&self) -> String {
        match (&self.alert, &self.record) {
            (Some(name), _) => format!("alert `{}`", crate::place::cut(&name.text)),
            (None, Some(name)) => format!("recording rule `{}`", crate::place::cut(&name.text)),
            (None, None) => "a rule".to_owned(),
        }
    }

    /// What tells it apart in its file.
    pub(crate) fn name(&self) -> &str {
        self.alert.as_ref().or(self.record.as_ref()).map_or("", |name| &name.text)
    }
}

impl RuleSet {
    /// All its rules.
    pub(crate) fn rules(&self) -> impl Iterator<Item = (&Group, &Rule)> {
        self.groups.iter().flat_map(|group| group.rules.iter().map(move |rule| (group, rule)))
    }

    /// Its alerting rules.
    pub(crate) fn alerts(&self) -> impl Iterator<Item = (&Group, &Rule)> {
        self.rules().filter(|(_, rule)| rule.alert.is_some())
    }
}

/// The rules of a body.
pub(crate) fn rule_set(body: &Body<'_>) -> Option<RuleSet> {
    if !matches!(body.role, Role::Rules | Role::OtherRules) {
        return None;
    }
    let mut left = RULES_MAX;
    let groups = field(body.root()?, "groups")?;
    let groups = groups.items().filter(|group| group.kind() == Kind::Mapping);
    let groups: Vec<Group> = groups.map(|group| read_group(body, group, &mut left)).collect();
    let set = RuleSet { object: body.path(), groups };
    // Other tools have files with groups of rules, too.
    let is_sure = body.object.is_some_and(|view| view.kind() != "ConfigMap");
    let is_rule =
        |rule: &Rule| rule.expression.is_some() && (rule.alert.is_some() || rule.record.is_some());
    let any = || set.rules().any(|(_, rule)| is_rule(rule));
    (is_sure || any()).then_some(set)
}

fn read_group(body: &Body<'_>, node: Node<'_>, left: &mut usize) -> Group {
    let rules = field(node, "rules");
    let mappings = rules.iter().flat_map(Node::items).filter(|rule| rule.kind() == Kind::Mapping);
    let rules: Vec<Rule> = mappings.take(*left).map(|rule| read_rule(body, rule)).collect();
    *left = left.saturating_sub(rules.len());
    Group {
        name: body.field(node, "name"),
        at: start(body, node),
        durations: durations(body, node, &["interval", "query_offset"]),
        labels: map(body, node, "labels"),
        rules,
    }
}

fn read_rule(body: &Body<'_>, node: Node<'_>) -> Rule {
    let expression = body.field(node, "expr").map(|text| match body.role {
        Role::OtherRules => {
            let mut known = Expression::new(text, Dialect::Rule);
            known.query.problem = None;
            known
        }
        _ => Expression::new(text, Dialect::Rule),
    });
    Rule {
        alert: body.field(node, "alert"),
        record: body.field(node, "record"),
        at: start(body, node),
        expression,
        durations: durations(body, node, &["for", "keep_firing_for"]),
        labels: map(body, node, "labels"),
        annotations: map(body, node, "annotations"),
    }
}

/// The first key of a mapping.
fn start(body: &Body<'_>, node: Node<'_>) -> Span {
    node.entries().next().map_or_else(|| body.span(node), |entry| body.span(entry.key))
}

fn durations(
    body: &Body<'_>,
    node: Node<'_>,
    fields: &[&'static str],
) -> Vec<(&'static str, Text)> {
    fields.iter().filter_map(|name| Some((*name, body.field(node, name)?))).collect()
}

fn map(body: &Body<'_>, node: Node<'_>, key: &str) -> Vec<(String, Text)> {
    const MOST: usize = 200;
    let entries = field(node, key).into_iter().flat_map(|map| map.entries());
    let texts =
        entries.filter_map(|entry| Some((entry.name()?.to_owned(), body.text(entry.value)?)));
    texts.take(MOST).collect()
}
