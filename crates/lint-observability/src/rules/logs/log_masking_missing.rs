use std::collections::BTreeSet;

use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::agents::{agents, configuration};
use crate::place::cut;

rule! {
    /// Programs log what they are given: tokens in addresses, mail addresses, card numbers. A log agent
    /// passes by all of it and can take it out before it is stored for months. In what configures the agent
    /// of this repository, its own object and the ConfigMaps and Secrets that it mounts, nothing removes,
    /// replaces or hashes a field. It is fine where the programs do so, or where the store does; words
    /// that show it can be named by the option `words`.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: DaemonSet
    /// metadata: {name: fluent-bit, namespace: logging}
    /// spec:
    ///   selector: {matchLabels: {app: fluent-bit}}
    ///   template:
    ///     metadata: {labels: {app: fluent-bit}}
    ///     spec:
    ///       containers:
    ///       - name: fluent-bit
    ///         image: cr.fluentbit.io/fluent/fluent-bit:4.0.1
    /// #              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ nothing in the configuration of `fluent-bit` (DaemonSet `logging/fluent-bit`) masks or removes fields of logs
    ///       volumes: [{name: config, configMap: {name: fluent-bit}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: fluent-bit, namespace: logging}
    /// data:
    ///   fluent-bit.conf: |
    ///     [INPUT]
    ///         Name tail
    ///         Path /var/log/containers/*.log
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: DaemonSet
    /// metadata: {name: fluent-bit, namespace: logging}
    /// spec:
    ///   selector: {matchLabels: {app: fluent-bit}}
    ///   template:
    ///     metadata: {labels: {app: fluent-bit}}
    ///     spec:
    ///       containers: [{name: fluent-bit, image: "cr.fluentbit.io/fluent/fluent-bit:4.0.1"}]
    ///       volumes: [{name: config, configMap: {name: fluent-bit}}]
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: fluent-bit, namespace: logging}
    /// data:
    ///   fluent-bit.conf: |
    ///     [FILTER]
    ///         Name modify
    ///         Match *
    ///         Remove password
    /// ```
    pub(crate) static RULE: Check = {
        id: "log-masking-missing",
        summary: "log agent takes nothing out of logs",
        remedy: "Let the agent remove or replace fields that hold personal data and secrets.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        default: false,
        controls: &[control::LOG_MASKING],
        references: &[
            "https://opentelemetry.io/docs/security/handling-sensitive-data/",
            "https://docs.fluentbit.io/manual/data-pipeline/filters/modify",
        ],
        options: &[RuleOption {
            name: "words",
            kind: OptionKind::Words,
            summary: "Words in a configuration that show that it masks, besides those of the known agents.",
        }],
    }
}

/// Words by which the configurations of agents take something out of logs, blanks as single ones.
const WORDS: [&str; 38] = [
    // Fluent Bit and Fluentd.
    "name modify",
    "name: modify",
    "name lua",
    "name: lua",
    "name nightfall",
    "name: nightfall",
    "name wasm",
    "name: wasm",
    "remove_key",
    "remove_wildcard",
    "removekeys",
    "removekey",
    "remove_keys",
    "content_modifier",
    "anonymize",
    "masking",
    "@type sanitizer",
    "replace:",
    "<replace>",
    // Vector.
    "redact(",
    "del(.",
    "del(\"",
    "encrypt(",
    "sha2(.",
    "sha3(.",
    // The OpenTelemetry Collector.
    "redaction",
    "replace_pattern",
    "delete_key",
    "action: delete",
    "action: hash",
    "replace_all_patterns",
    // Promtail and Alloy.
    "stage.replace",
    "- replace",
    // Beats and Datadog.
    "drop_fields",
    "mask_sequences",
    "replace_placeholder",
    "exclude_at_match",
    "piimask",
];

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let own = context.options.words(RULE.meta.id, "words");
    let found = agents(snapshot);
    // The objects of an operator make up one configuration.
    let shared: Vec<_> = found.iter().filter(|agent| agent.pod.is_none()).collect();
    let shared_masks =
        shared.iter().any(|agent| masks(&configuration(snapshot, agent.object, None), own));
    let mut told = BTreeSet::new();
    for agent in &found {
        let is_masked = match agent.pod {
            Some(pod) => masks(&configuration(snapshot, agent.object, Some(pod)), own),
            None => shared_masks,
        };
        // One finding stands for all objects of an operator.
        if is_masked || (agent.pod.is_none() && !told.insert(agent.object.view.group())) {
            continue;
        }
        let message = format!(
            "nothing in the configuration of `{}` ({}) masks or removes fields of logs",
            cut(agent.name),
            agent.object.view.display()
        );
        let finding = out.report(agent.object.source(), agent.at, message);
        finding.object(agent.object.path()).evidence(agent.name);
    }
}

fn masks(configuration: &str, own: &[String]) -> bool {
    let mut plain = String::with_capacity(configuration.len());
    for word in configuration.split_ascii_whitespace() {
        plain.push_str(word);
        plain.push(' ');
    }
    let plain = plain.to_ascii_lowercase();
    WORDS.iter().any(|word| plain.contains(word))
        || own.iter().any(|word| plain.contains(&word.to_ascii_lowercase()))
}
