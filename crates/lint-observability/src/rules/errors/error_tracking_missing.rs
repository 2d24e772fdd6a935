use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::place::{first_workload, pods};
use crate::trackers::is_told;

rule! {
    /// An error tracker groups exceptions, counts them and shows when one is new; in a log they are lines
    /// among millions. No container of the repository gets the address of one: Sentry, Bugsnag, Rollbar,
    /// Honeybadger and their like, known by their variables, be it by value, from a Secret, or with all
    /// keys of a Secret that the repository shows. Other variables that count, such as those of an
    /// OpenTelemetry collector that does the same, can be named by the option `variables`.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// #                ^^^ nothing tracks errors: no container of the repository has the address of an error tracker, Deployment `shop/web` neither
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers: [{name: web, image: "registry.example.com/web:1"}]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1
    ///     env:
    ///     - name: SENTRY_DSN
    ///       valueFrom: {secretKeyRef: {name: web, key: sentry-dsn}}
    /// ```
    /// ```config
    /// rules:
    ///   error-tracking-missing: {variables: [OTEL_EXPORTER_OTLP_ENDPOINT]}
    /// ```
    /// ```yaml good file=web.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1
    ///     env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel:4317"}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "error-tracking-missing",
        summary: "no container has the address of an error tracker",
        remedy: "Give the programs the address of an error tracker from a Secret.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        controls: &[control::ERROR_TRACKING],
        references: &["https://docs.sentry.io/concepts/key-terms/dsn-explainer/"],
        options: &[RuleOption {
            name: "variables",
            kind: OptionKind::Words,
            summary: "Names of variables that count besides those of the known trackers.",
        }],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let others = context.options.words(RULE.meta.id, "variables");
    let Some(workload) = first_workload(snapshot) else { return };
    let mut containers = pods(snapshot).flat_map(|(_, pod)| pod.containers());
    if containers.any(|container| is_told(container, snapshot, others)) {
        return;
    }
    let view = workload.view;
    let message = format!(
        "nothing tracks errors: no container of the repository has the address of an error tracker, {} neither",
        view.display()
    );
    out.report(workload.source(), view.name_span(), message).object(workload.path());
}
