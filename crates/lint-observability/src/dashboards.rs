//! Dashboards of Grafana.

use careen_kube_model::field;
use careen_rule::ObjectPath;
use careen_text::Span;
use careen_yaml::{Kind, Node};

use crate::alerts::Expression;
use crate::body::{Body, Role, Text};
use crate::promql::Dialect;

/// Panels of one dashboard that are read.
const PANELS_MAX: usize = 5_000;
/// Rows within rows that are read.
const DEPTH_MAX: usize = 8;
/// Queries of one panel that are read.
const TARGETS_MAX: usize = 200;

/// A dashboard.
#[derive(Debug)]
pub(crate) struct Dashboard {
    /// The object that holds it.
    pub(crate) object: Option<ObjectPath>,
    pub(crate) title: Option<Text>,
    pub(crate) uid: Option<Text>,
    /// Where it begins.
    pub(crate) at: Span,
    /// What keeps it from being JSON, with the place.
    pub(crate) broken: Option<(Span, String)>,
    pub(crate) panels: Vec<Panel>,
}

/// A panel.
#[derive(Debug)]
pub(crate) struct Panel {
    pub(crate) id: Option<Text>,
    pub(crate) title: Option<String>,
    /// Its queries of Prometheus.
    pub(crate) queries: Vec<Expression>,
}

impl Dashboard {
    /// "dashboard `Shop`".
    pub(crate) fn display(&self) -> String {
        match &self.title {
            Some(title) => format!("dashboard `{}`", crate::place::cut(&title.text)),
            None => "the dashboard".to_owned(),
        }
    }

    /// All its queries.
    pub(crate) fn queries(&self) -> impl Iterator<Item = (&Panel, &Expression)> {
        self.panels.iter().flat_map(|panel| panel.queries.iter().map(move |query| (panel, query)))
    }
}

/// The dashboard of a body.
pub(crate) fn dashboard(body: &Body<'_>) -> Option<Dashboard> {
    if body.role != Role::Dashboard {
        return None;
    }
    let root = body.root()?;
    // What the API of Grafana gives and takes has the dashboard in a field.
    let root = field(root, "dashboard").filter(|_| field(root, "panels").is_none()).unwrap_or(root);
    let has_panels = ["panels", "rows"].iter().any(|key| field(root, key).is_some());
    let broken = broken(body).filter(|_| has_panels);
    let mut reader = Reader { body, sources: sources(root), panels: Vec::new() };
    reader.read(root, DEPTH_MAX);
    Some(Dashboard {
        object: body.path(),
        title: body.field(root, "title").filter(|title| !title.text.trim().is_empty()),
        uid: body.field(root, "uid").filter(|uid| !uid.text.is_empty()),
        at: first_brace(body, root),
        broken,
        panels: reader.panels,
    })
}

/// The first byte: a whole dashboard is too long to be pointed at.
fn first_brace(body: &Body<'_>, root: Node<'_>) -> Span {
    let span = root.span();
    body.resolve(Span::new(span.start, span.end.min(span.start + 1)))
}

/// Whether the text is JSON: Grafana reads nothing else.
fn broken(body: &Body<'_>) -> Option<(Span, String)> {
    let text = body.written()?;
    let error = serde_json::from_str::<serde::de::IgnoredAny>(text).err()?;
    let line = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len);
    let start: usize = line.sum::<usize>() + error.column().saturating_sub(1);
    let start = text.floor_char_boundary(start.min(text.len().saturating_sub(1)));
    let len = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default().to_owned();
    Some((body.resolve(Span::of(start..start + len)), words))
}

fn text<'a>(node: Node<'a>, key: &str) -> Option<&'a str> {
    field(node, key)?.text()
}

/// Data sources by the names that panels use for them: inputs and variables.
fn sources(root: Node<'_>) -> Vec<(&str, &str)> {
    const MOST: usize = 100;
    let inputs = field(root, "__inputs");
    let inputs = inputs.into_iter().flat_map(|list| list.items());
    let inputs = inputs.filter_map(|item| Some((text(item, "name")?, text(item, "pluginId")?)));
    let list = field(root, "templating").and_then(|templating| field(templating, "list"));
    let list = list.into_iter().flat_map(|list| list.items());
    let variables = list.filter(|item| text(*item, "type") == Some("datasource"));
    let variables = variables.filter_map(|item| Some((text(item, "name")?, text(item, "query")?)));
    inputs.chain(variables).take(MOST).collect()
}

struct Reader<'b> {
    body: &'b Body<'b>,
    sources: Vec<(&'b str, &'b str)>,
    panels: Vec<Panel>,
}

impl<'b> Reader<'b> {
    /// Panels of a dashboard or a row: `panels`, and `rows` of old ones.
    fn read(&mut self, node: Node<'b>, depth: usize) {
        for key in ["panels", "rows"] {
            let list = field(node, key);
            for item in list.iter().flat_map(Node::items) {
                if self.panels.len() >= PANELS_MAX || item.kind() != Kind::Mapping {
                    return;
                }
                if key == "panels" {
                    let panel = self.panel(item);
                    self.panels.push(panel);
                }
                if depth > 0 {
                    self.read(item, depth - 1);
                }
            }
        }
    }

    fn panel(&self, node: Node<'b>) -> Panel {
        let own = field(node, "datasource");
        let targets = field(node, "targets");
        let targets = targets.iter().flat_map(Node::items).take(TARGETS_MAX);
        let queries = targets.filter_map(|target| {
            let source = field(target, "datasource").or(own);
            let text = self.body.field(target, "expr")?;
            let is_asked = !text.text.trim().is_empty() && self.is_prometheus(source);
            is_asked.then(|| Expression::new(text, Dialect::Dashboard))
        });
        let title = field(node, "title").and_then(|title| title.text());
        Panel {
            id: self.body.field(node, "id"),
            title: title.map(str::to_owned),
            queries: queries.collect(),
        }
    }

    /// Whether a data source is Prometheus, or nothing tells that it is another one.
    fn is_prometheus(&self, source: Option<Node<'_>>) -> bool {
        let Some(source) = source else { return true };
        let said = match source.kind() {
            Kind::Mapping => field(source, "type").or_else(|| field(source, "uid")),
            _ => Some(source),
        };
        let Some(said) = said.and_then(|node| node.text()) else { return true };
        let name = said.trim_start_matches("${").trim_start_matches('$').trim_end_matches('}');
        let known = self.sources.iter().find(|(variable, _)| *variable == name);
        let kind = known.map_or(said, |(_, kind)| kind).to_ascii_lowercase();
        !OTHERS.iter().any(|other| kind.contains(other))
    }
}

/// Parts of the names of data sources that do not speak PromQL.
const OTHERS: [&str; 16] = [
    "loki",
    "tempo",
    "elastic",
    "opensearch",
    "influx",
    "graphite",
    "cloudwatch",
    "mysql",
    "postgres",
    "stackdriver",
    "azure",
    "testdata",
    "victoria",
    "jaeger",
    "pyroscope",
    "clickhouse",
];

#[cfg(test)]
mod tests {
    use careen_model::parse;
    use careen_text::Source;

    use super::{Dashboard, dashboard};
    use crate::body::bodies;

    fn read(path: &str, text: &str) -> Vec<Dashboard> {
        let file = parse(Source::new(path, text), path);
        bodies(&file).iter().filter_map(dashboard).collect()
    }

    fn queries(text: &str) -> Vec<String> {
        let found = read("dashboards/a.json", text);
        let queries = found.iter().flat_map(Dashboard::queries);
        queries.map(|(_, query)| query.text.text.clone()).collect()
    }

    #[test]
    fn queries_of_rows_and_of_prometheus_alone() {
        let text = r#"{"title": "A",
            "__inputs": [{"name": "DS_A", "pluginId": "prometheus"}, {"name": "DS_B", "pluginId": "loki"}],
            "templating": {"list": [{"type": "datasource", "name": "logs", "query": "loki"}]},
            "rows": [{"panels": [{"targets": [{"expr": "old"}]}]}],
            "panels": [
              {"targets": [{"expr": "none"}, {"expr": " "}, {"rawSql": "select"}]},
              {"datasource": "${DS_A}", "targets": [{"expr": "input"}]},
              {"datasource": "$DS_B", "targets": [{"expr": "x"}]},
              {"datasource": {"uid": "$logs"}, "targets": [{"expr": "x"}]},
              {"datasource": {"uid": "${ds}"}, "targets": [{"expr": "unknown"}]},
              {"datasource": "-- Mixed --", "targets": [
                {"datasource": {"type": "loki"}, "expr": "x"},
                {"datasource": {"type": "prometheus"}, "expr": "mixed"}]},
              {"type": "row", "panels": [{"targets": [{"expr": "nested"}]}]}
            ]}"#;
        assert_eq!(queries(text), ["none", "input", "unknown", "mixed", "nested", "old"]);
    }

    #[test]
    fn dashboards_of_objects_and_of_the_api() {
        let text = "\
apiVersion: grafana.integreatly.org/v1beta1
kind: GrafanaDashboard
metadata: {name: a}
spec:
  json: >
    {\"title\": \"A\", \"panels\": [{\"targets\": [{\"expr\": \"up\"}]}]}
";
        let found = read("a.yaml", text);
        assert_eq!((found.len(), found[0].queries().count()), (1, 1));
        assert!(found[0].broken.is_none(), "{:?}", found[0].broken);
        let text = r#"{"dashboard": {"title": "B", "panels": [{"targets": []}]}, "meta": {}}"#;
        let found = read("b.json", text);
        assert_eq!(found[0].title.as_ref().unwrap().text, "B");
    }

    #[test]
    fn rows_within_rows_have_an_end() {
        let depth = 100;
        let text = format!(
            "{{\"targets\": [], \"panels\": [{}{}]}}",
            "{\"panels\": [".repeat(depth),
            "]}".repeat(depth)
        );
        assert!(read("a.json", &text)[0].panels.len() < 12);
    }
}
