use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::placeholder::is_placeholder;
use crate::sandbox::pod_spec;

rule! {
    /// A sandbox runs what an agent wrote a moment ago. An ordinary container shares the node's
    /// kernel, and one flaw of it is enough to leave; gVisor and Kata Containers put another kernel
    /// between. Which runtime classes count is told by the option `allowed`; without it `gvisor`,
    /// `runsc` and all whose name begins with `kata` do.
    ///
    /// ```yaml bad
    /// apiVersion: extensions.agents.x-k8s.io/v1beta1
    /// kind: SandboxTemplate
    /// metadata:
    ///   name: coder
    ///   namespace: agents
    /// spec:
    ///   podTemplate:
    ///     spec:
    /// #   ^^^^ SandboxTemplate `agents/coder` runs agents without a hardened runtime
    ///       containers:
    ///       - name: agent
    ///         image: registry.example.com/agent:1.4.0
    /// ```
    /// ```yaml bad
    /// apiVersion: extensions.agents.x-k8s.io/v1beta1
    /// kind: SandboxTemplate
    /// metadata:
    ///   name: coder
    ///   namespace: agents
    /// spec:
    ///   podTemplate:
    ///     spec:
    ///       runtimeClassName: runc
    /// #                       ^^^^ SandboxTemplate `agents/coder` runs agents by the runtime class `runc`
    ///       containers:
    ///       - name: agent
    ///         image: registry.example.com/agent:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: extensions.agents.x-k8s.io/v1beta1
    /// kind: SandboxTemplate
    /// metadata:
    ///   name: coder
    ///   namespace: agents
    /// spec:
    ///   podTemplate:
    ///     spec:
    ///       runtimeClassName: gvisor
    ///       containers:
    ///       - name: agent
    ///         image: registry.example.com/agent:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "agent-sandbox-runtime-class",
        summary: "agent sandbox has no hardened runtime",
        remedy: "Set `runtimeClassName` to a class of gVisor or Kata Containers.",
        severity: Medium,
        check: Check::Kind(&["Sandbox", "SandboxTemplate"], check),
        peers: &["kubescape:C-0297"],
        security: true,
        cwe: &[693],
        options: &[
            RuleOption {
                name: "allowed",
                kind: OptionKind::Words,
                summary: "Runtime classes that count as hardened; `gvisor`, `runsc` and those that begin with `kata` without it.",
            },
        ],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://agent-sandbox.sigs.k8s.io/",
            "https://kubernetes.io/docs/concepts/containers/runtime-class/",
        ],
    }
}

fn check(object: ObjectView<'_>, context: &Context, out: &mut Sink<'_>) {
    let Some(spec) = pod_spec(object) else { return };
    let written = field(spec, "runtimeClassName").filter(|node| node.text() != Some(""));
    let Some(class) = written.and_then(|node| node.text()) else {
        let holder = object.at(&["spec", "podTemplate"]).and_then(|holder| holder.entry("spec"));
        let span = holder.map_or_else(|| object.name_span(), |entry| entry.key.span());
        let message = format!("{} runs agents without a hardened runtime", object.display());
        out.report(span, message).field("spec.podTemplate.spec.runtimeClassName");
        return;
    };
    let allowed = context.options.words(RULE.meta.id, "allowed");
    let is_allowed = if allowed.is_empty() {
        matches!(class, "gvisor" | "runsc") || class.starts_with("kata")
    } else {
        allowed.iter().any(|name| name == class)
    };
    if let Some(node) = written.filter(|_| !is_allowed && !is_placeholder(class)) {
        let (object, class) = (object.display(), cut(class));
        let message = format!("{object} runs agents by the runtime class `{class}`");
        out.report(node.span(), message).field("spec.podTemplate.spec.runtimeClassName");
    }
}
