//! Progressive delivery: Rollouts of Argo and Canaries of Flagger.

use careen_kube_model::{ObjectView, field, path};
use careen_model::{ObjectRef, Snapshot, namespaces_agree};
use careen_text::Span;
use careen_yaml::Node;

use crate::duration;
use crate::relations::text;

/// Steps of one release that are read; there are a handful.
const STEPS: usize = 1_000;
/// How long Flagger stays at a weight where nothing says so, in seconds.
const INTERVAL: f64 = 60.0;

/// An object that guides releases.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guide<'a> {
    /// The object.
    pub(crate) object: ObjectRef<'a>,
    tool: Tool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tool {
    Argo,
    Flagger,
}

/// A share of the requests, and how long it stays so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stage<'a> {
    /// The share in percent.
    pub(crate) weight: i64,
    /// How long, in seconds; without end where somebody has to go on by hand.
    pub(crate) seconds: f64,
    /// What sets the share.
    pub(crate) node: Node<'a>,
    /// What says how long.
    pub(crate) wait: Option<Node<'a>>,
}

/// All guides of a repository that are whole.
pub(crate) fn guides(snapshot: &Snapshot) -> impl Iterator<Item = Guide<'_>> {
    let of = |kind: &'static str, group: &'static str, tool: Tool| {
        snapshot
            .of_kind(kind)
            .filter(move |object| object.view.group() == group && !object.view.is_fragment())
            .map(move |object| Guide { object, tool })
    };
    of("Rollout", "argoproj.io", Tool::Argo).chain(of("Canary", "flagger.app", Tool::Flagger))
}

/// The first of the guides that takes care of a workload of its own manifest.
pub(crate) fn guide_of<'a>(guides: &[Guide<'a>], workload: ObjectView<'_>) -> Option<Guide<'a>> {
    guides.iter().copied().find(|guide| {
        guide.target() == Some((workload.kind(), workload.name()))
            && namespaces_agree(guide.object.view.namespace(), workload.namespace())
    })
}

impl<'a> Guide<'a> {
    /// The kind and name of the workload it takes care of, where that is an object of its own.
    fn target(&self) -> Option<(&'a str, &'a str)> {
        let key = match self.tool {
            Tool::Argo => "workloadRef",
            Tool::Flagger => "targetRef",
        };
        let target = self.object.view.at(&["spec", key])?;
        Some((text(target, "kind")?, text(target, "name")?))
    }

    /// The canary's part of the object: `spec.strategy.canary`, or `spec.analysis` of Flagger.
    pub(crate) fn plan(&self) -> Option<Node<'a>> {
        let view = self.object.view;
        match self.tool {
            Tool::Argo => view.at(&["spec", "strategy", "canary"]),
            Tool::Flagger => {
                view.at(&["spec", "analysis"]).or_else(|| view.at(&["spec", "canaryAnalysis"]))
            }
        }
    }

    /// Where to point when the plan lacks something: its key, else the object's name.
    pub(crate) fn place(&self) -> Span {
        let view = self.object.view;
        let spec = view.spec();
        let holder = match self.tool {
            Tool::Argo => spec.and_then(|spec| field(spec, "strategy")),
            Tool::Flagger => spec,
        };
        let entry = ["canary", "blueGreen", "analysis", "canaryAnalysis"]
            .iter()
            .find_map(|key| holder?.entry(key));
        entry.map_or_else(|| view.name_span(), |entry| entry.key.span())
    }

    /// The shares of requests on the way, in order.
    pub(crate) fn stages(&self) -> Vec<Stage<'a>> {
        match (self.tool, self.plan()) {
            (Tool::Argo, Some(plan)) => of_argo(plan),
            (Tool::Flagger, Some(plan)) => of_flagger(plan),
            (_, None) => Vec::new(),
        }
    }

    /// Whether measurements decide on the way whether it goes on.
    pub(crate) fn is_measured(&self) -> bool {
        let view = self.object.view;
        let has = |node: Option<Node<'_>>, key| node.is_some_and(|node| is_filled(node, key));
        match self.tool {
            Tool::Flagger => has(self.plan(), "metrics"),
            Tool::Argo => {
                let blue_green = view.at(&["spec", "strategy", "blueGreen"]);
                has(self.plan().and_then(|plan| field(plan, "analysis")), "templates")
                    || ["prePromotionAnalysis", "postPromotionAnalysis"]
                        .iter()
                        .any(|key| has(blue_green.and_then(|node| field(node, key)), "templates"))
                    || self.plan().is_some_and(|plan| {
                        steps(plan).any(|step| {
                            has(field(step, "analysis"), "templates")
                                || has(field(step, "experiment"), "analyses")
                        })
                    })
            }
        }
    }

    /// Whether a release that fails is undone without anybody's hand: by a measurement, by Flagger's
    /// own watch over the pods, or because the deadline aborts.
    pub(crate) fn undoes(&self) -> bool {
        let aborts = self.object.view.at(&["spec", "progressDeadlineAbort"]);
        self.tool == Tool::Flagger
            || self.is_measured()
            || aborts.and_then(|node| node.as_bool()) == Some(true)
    }
}

fn is_filled(node: Node<'_>, key: &str) -> bool {
    field(node, key).is_some_and(|list| list.items().next().is_some())
}

fn steps(plan: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let list = field(plan, "steps");
    list.into_iter().flat_map(|list| list.items()).take(STEPS)
}

fn of_argo(plan: Node<'_>) -> Vec<Stage<'_>> {
    let mut stages: Vec<Stage<'_>> = Vec::new();
    for step in steps(plan) {
        if let Some(node) = field(step, "setWeight") {
            let Some(weight) = node.as_i64() else { continue };
            stages.push(Stage { weight, seconds: 0.0, node, wait: None });
        } else if let (Some(pause), Some(stage)) = (step.get("pause"), stages.last_mut()) {
            let duration = field(pause, "duration");
            stage.seconds += duration.map_or(f64::INFINITY, |node| pause_of(node).unwrap_or(0.0));
            stage.wait =
                duration.or(Some(pause)).filter(|node| node.text().is_some()).or(stage.wait);
        }
    }
    // Where traffic is routed, the old pods stay for a while after the last step.
    let stay =
        field(plan, "scaleDownDelaySeconds").filter(|_| field(plan, "trafficRouting").is_some());
    if let Some((node, seconds)) = stay.and_then(|node| Some((node, node.as_f64()?))) {
        match stages.last_mut().filter(|stage| stage.weight >= 100) {
            Some(stage) => stage.seconds += seconds,
            None => stages.push(Stage { weight: 100, seconds, node, wait: Some(node) }),
        }
    }
    stages
}

/// The seconds of a pause: a number of them, or a duration.
fn pause_of(node: Node<'_>) -> Option<f64> {
    let text = node.text()?;
    text.parse().ok().or_else(|| duration::seconds(text))
}

fn of_flagger(plan: Node<'_>) -> Vec<Stage<'_>> {
    let wait = field(plan, "interval");
    let seconds = match wait.and_then(|node| node.text()) {
        Some(text) => duration::seconds(text).unwrap_or(0.0),
        None => INTERVAL,
    };
    let stage = |weight, node| Stage { weight, seconds, node, wait };
    if let Some(list) = field(plan, "stepWeights") {
        let weights = list.items().take(STEPS);
        return weights.filter_map(|node| Some(stage(node.as_i64()?, node))).collect();
    }
    let Some(node) = field(plan, "stepWeight") else { return Vec::new() };
    let step = node.as_i64().unwrap_or(0);
    if step < 1 {
        return Vec::new();
    }
    let most = path(plan, &["maxWeight"]).and_then(|node| node.as_i64()).unwrap_or(100).min(100);
    let mut stages = Vec::new();
    let mut weight = step;
    while weight <= most && stages.len() < STEPS {
        stages.push(stage(weight, node));
        weight += step;
    }
    stages
}
