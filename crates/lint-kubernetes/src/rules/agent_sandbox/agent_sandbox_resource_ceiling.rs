use careen_kube_model::{ObjectView, Quantity, field, path};
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::sandbox::{containers, pod_spec};

rule! {
    /// An agent that loops takes all the CPU and memory there is. Limits keep one sandbox from
    /// starving the others and the node. The options `cpu` and `memory` set a ceiling for the
    /// limits themselves.
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
    ///       containers:
    ///       - name: agent
    /// #             ^^^^^ container `agent` of SandboxTemplate `agents/coder` has no limit of `memory`
    ///         image: registry.example.com/agent:1.4.0
    ///         resources: {limits: {cpu: 1}}
    /// ```
    /// ```config
    /// rules: {agent-sandbox-resource-ceiling: {memory: 4Gi}}
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
    ///       containers:
    ///       - name: agent
    ///         image: registry.example.com/agent:1.4.0
    ///         resources: {limits: {cpu: 1, memory: 16Gi}}
    /// #                                            ^^^^ container `agent` of SandboxTemplate `agents/coder` may use 16Gi of `memory`, more than 4Gi
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
    ///       containers:
    ///       - name: agent
    ///         image: registry.example.com/agent:1.4.0
    ///         resources: {limits: {cpu: 1, memory: 2Gi}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "agent-sandbox-resource-ceiling",
        summary: "container of an agent sandbox has no limit or too high a one",
        remedy: "Set `resources.limits.cpu` and `resources.limits.memory`.",
        severity: Medium,
        check: Check::Kind(&["Sandbox", "SandboxTemplate"], check),
        peers: &["kubescape:C-0303"],
        security: true,
        cwe: &[770],
        options: &[
            RuleOption {
                name: "cpu",
                kind: OptionKind::Text,
                summary: "The highest limit of CPU that is accepted, such as `4`; any without it.",
            },
            RuleOption {
                name: "memory",
                kind: OptionKind::Text,
                summary: "The highest limit of memory that is accepted, such as `8Gi`; any without it.",
            },
        ],
        controls: &[control::RESOURCE_LIMITS],
        references: &["https://agent-sandbox.sigs.k8s.io/"],
    }
}

fn check(object: ObjectView<'_>, context: &Context, out: &mut Sink<'_>) {
    let Some(spec) = pod_spec(object) else { return };
    for (name, container) in containers(spec) {
        for resource in ["cpu", "memory"] {
            let of_pod = || path(spec, &["resources", "limits", resource]);
            let limit = path(container, &["resources", "limits", resource]).or_else(of_pod);
            let Some(limit) = limit else {
                let span = field(container, "name").map_or(container.span(), |name| name.span());
                let (name, object) = (cut(name), object.display());
                let message =
                    format!("container `{name}` of {object} has no limit of `{resource}`");
                out.report(span, message).field("spec.podTemplate.spec.containers.resources");
                continue;
            };
            let ceiling = context.options.text(RULE.meta.id, resource);
            let Some(ceiling) = ceiling else { continue };
            let (Ok(most), Ok(asked)) = (Quantity::parse(ceiling), Quantity::of(limit)) else {
                continue;
            };
            if asked > most {
                let (name, object) = (cut(name), object.display());
                let asked = cut(limit.text().unwrap_or_default());
                let message = format!(
                    "container `{name}` of {object} may use {asked} of `{resource}`, more than {ceiling}"
                );
                out.report(limit.span(), message)
                    .field("spec.podTemplate.spec.containers.resources");
            }
        }
    }
}
