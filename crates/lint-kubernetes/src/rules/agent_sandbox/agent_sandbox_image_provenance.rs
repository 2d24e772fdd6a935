use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Severity, Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::placeholder::is_placeholder;
use crate::sandbox::{containers, pod_spec};

rule! {
    /// The image of a sandbox is the floor that untrusted code stands on, and it is pulled anew for
    /// every one of them. A tag can be moved to another image; a digest cannot. Registries that are
    /// trusted are told by the option `registries`; images from elsewhere are reported then.
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
    ///         image: registry.example.com/agent:1.4.0
    /// #              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ container `agent` of SandboxTemplate `agents/coder` has an image without a digest
    /// ```
    /// ```config
    /// rules: {agent-sandbox-image-provenance: {registries: [registry.example.com]}}
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
    ///         image: docker.io/agent@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// #              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ container `agent` of SandboxTemplate `agents/coder` has an image from a registry that is not trusted
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
    ///         image: registry.example.com/agent@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    /// ```
    pub(crate) static RULE: Check = {
        id: "agent-sandbox-image-provenance",
        summary: "image of an agent sandbox may change or come from anywhere",
        remedy: "Name the image by its digest, from a registry that you trust.",
        severity: Low,
        check: Check::Kind(&["Sandbox", "SandboxTemplate"], check),
        peers: &["kubescape:C-0304"],
        security: true,
        cwe: &[829],
        options: &[
            RuleOption {
                name: "registries",
                kind: OptionKind::Words,
                summary: "Registries or paths that images may come from; any without it.",
            },
        ],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://agent-sandbox.sigs.k8s.io/",
            "https://kubernetes.io/docs/concepts/containers/images/",
        ],
    }
}

fn check(object: ObjectView<'_>, context: &Context, out: &mut Sink<'_>) {
    let Some(spec) = pod_spec(object) else { return };
    let registries = context.options.words(RULE.meta.id, "registries");
    for (name, container) in containers(spec) {
        let Some(image) = field(container, "image") else { continue };
        let Some(text) = image.text().filter(|text| !is_placeholder(text)) else { continue };
        let is_trusted = registries.is_empty()
            || registries.iter().any(|registry| {
                let rest = text.strip_prefix(registry.as_str());
                rest.is_some_and(|rest| registry.ends_with('/') || rest.starts_with('/'))
            });
        let (severity, what) = if !is_trusted {
            (Severity::Medium, "from a registry that is not trusted")
        } else if !text.contains("@sha256:") {
            (Severity::Low, "without a digest")
        } else {
            continue;
        };
        let (name, object) = (cut(name), object.display());
        let message = format!("container `{name}` of {object} has an image {what}");
        out.report(image.span(), message)
            .severity(severity)
            .field("spec.podTemplate.spec.containers.image")
            .evidence(name);
    }
}
