use careen_model::{Context, Snapshot};
use careen_rule::{OptionKind, RuleOption, SnapshotSink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::duration::{seconds, shown};
use crate::progressive::{Guide, Stage, guides};

rule! {
    /// How many users a bad release meets, and for how long, is set by the steps of its canary. The
    /// house decides on them; this rule compares. A step such as `5% 10m` asks that at most 5 % of
    /// the requests reach the new version for at least ten minutes; `100% 30m` that the old pods
    /// stay for half an hour after all requests have moved: a pause at weight 100, or
    /// `scaleDownDelaySeconds` where traffic is routed.
    ///
    /// A pause without end counts as long enough, since somebody has to go on by hand. The weights
    /// count as written: without traffic routing, Argo comes as near to them as the number of pods
    /// allows. What an analysis step takes is not counted. Must be asked for.
    ///
    /// ```yaml bad
    /// apiVersion: argoproj.io/v1alpha1
    /// kind: Rollout
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   strategy:
    ///     canary:
    ///       steps:
    ///       - setWeight: 5
    ///       - pause: {duration: 5m}
    /// #                         ^^ Rollout `shop/web` stays at up to 5 % for 5m, where step `5% 10m` asks for 10m
    ///       - setWeight: 50
    ///       - pause: {duration: 15m}
    ///       - setWeight: 100
    ///       - pause: {duration: 30m}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    /// ```config
    /// rules: {canary-steps-differ: {steps: ["10% 5m"]}}
    /// ```
    /// ```yaml bad
    /// apiVersion: flagger.app/v1beta1
    /// kind: Canary
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
    ///   service: {port: 80}
    ///   analysis:
    ///     interval: 5m
    ///     threshold: 2
    ///     maxWeight: 60
    ///     stepWeight: 20
    /// #               ^^ Canary `shop/web` sends 20 % of the requests without the step `10% 5m` before
    ///     metrics: [{name: request-success-rate, interval: 1m, thresholdRange: {min: 99.9}}]
    /// ```
    /// ```yaml good
    /// apiVersion: argoproj.io/v1alpha1
    /// kind: Rollout
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   strategy:
    ///     canary:
    ///       steps:
    ///       - setWeight: 5
    ///       - pause: {duration: 600}
    ///       - setWeight: 25
    ///       - pause: {duration: 10m}
    ///       - setWeight: 50
    ///       - pause: {duration: 10m}
    ///       - setWeight: 100
    ///       - pause: {}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "canary-steps-differ",
        summary: "canary reaches more users sooner than the house allows",
        remedy: "Set the weights and pauses to what is asked for, or slower.",
        severity: Low,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::CANARY_STRATEGY],
        references: &["https://argo-rollouts.readthedocs.io/en/stable/features/canary/"],
        options: &[RuleOption {
            name: "steps",
            kind: OptionKind::Words,
            summary: "The steps asked for in order, each a share of the requests and how long it stays; without it, `5% 10m`, `50% 15m`, `100% 30m`.",
        }],
    }
}

const STEPS: [&str; 3] = ["5% 10m", "50% 15m", "100% 30m"];

/// One step that is asked for.
struct Asked<'a> {
    text: &'a str,
    weight: i64,
    seconds: f64,
}

impl<'a> Asked<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (weight, time) = text.split_once('%')?;
        let weight = weight.trim().parse().ok()?;
        Some(Self { text, weight, seconds: seconds(time.trim())? })
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let own = context.options.words(RULE.meta.id, "steps");
    let asked: Vec<Asked<'_>> = match own {
        [] => STEPS.iter().filter_map(|text| Asked::of(text)).collect(),
        own => own.iter().filter_map(|text| Asked::of(text)).collect(),
    };
    for guide in guides(snapshot) {
        let name = guide.object.view.display();
        let stages = guide.stages();
        if stages.is_empty() {
            let steps: Vec<String> = asked.iter().map(|step| format!("`{}`", step.text)).collect();
            let message = format!(
                "{name} moves all requests at once, where {} are asked for",
                steps.join(", ")
            );
            out.report(guide.object.source(), guide.place(), message).object(guide.object.path());
            continue;
        }
        let (mut below, mut last) = (0, None);
        for step in &asked {
            // One place is told once, by the first step that it breaks.
            let differs = differs(&guide, &stages, below, step);
            if let Some((span, what)) = differs.filter(|(span, _)| last != Some(*span)) {
                out.report(guide.object.source(), span, format!("{name} {what}"))
                    .object(guide.object.path())
                    .evidence(step.text);
                last = Some(span);
            }
            below = step.weight;
        }
    }
}

/// Where and how the stages fall short of a step; `below` is the share of the step before.
fn differs(
    guide: &Guide<'_>,
    stages: &[Stage<'_>],
    below: i64,
    step: &Asked<'_>,
) -> Option<(Span, String)> {
    let Asked { text, weight, seconds } = step;
    // The last step is about the time after all requests have moved.
    let least = if *weight >= 100 { 100 } else { below.saturating_add(1) };
    let on_it = || stages.iter().filter(|stage| stage.weight >= least && stage.weight <= *weight);
    let waited: f64 = on_it().map(|stage| stage.seconds).sum();
    if waited >= *seconds {
        return None;
    }
    if let Some(last) = on_it().next_back() {
        let what = format!(
            "stays at up to {weight} % for {}, where step `{text}` asks for {}",
            shown(waited),
            shown(*seconds)
        );
        return Some((last.wait.unwrap_or(last.node).span(), what));
    }
    Some(match stages.iter().find(|stage| stage.weight > *weight) {
        Some(next) => {
            let what =
                format!("sends {} % of the requests without the step `{text}` before", next.weight);
            (next.node.span(), what)
        }
        None if *weight >= 100 => {
            let what = format!("ends without the step `{text}`: the old pods go at once");
            (guide.place(), what)
        }
        None => {
            let what = format!("goes on to all requests without the step `{text}` before");
            (guide.place(), what)
        }
    })
}
