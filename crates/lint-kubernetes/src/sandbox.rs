//! Sandboxes in which agents run what they wrote: `Sandbox` and `SandboxTemplate` of the Agent
//! Sandbox project. They are no workloads, for their pods are made on request.

use careen_kube_model::{ObjectView, field, present};
use careen_yaml::{Kind, Node};

/// Containers of one list that are looked at.
const CONTAINERS: usize = 1_000;

/// The pod's `spec` of a sandbox, if the object is one.
pub(crate) fn pod_spec(object: ObjectView<'_>) -> Option<Node<'_>> {
    let is_sandbox = matches!(object.group(), "agents.x-k8s.io" | "extensions.agents.x-k8s.io");
    let spec = object.at(&["spec", "podTemplate", "spec"]).filter(|_| is_sandbox);
    spec.filter(|spec| spec.kind() == Kind::Mapping)
}

/// The containers of a sandbox with their names, init containers first.
pub(crate) fn containers<'a>(
    spec: Node<'a>,
) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
    ["initContainers", "containers"].into_iter().filter_map(move |list| field(spec, list)).flat_map(
        |list| {
            let containers = list.items().filter_map(present).take(CONTAINERS);
            containers.map(|container| {
                let name = field(container, "name").and_then(|name| name.text());
                (name.unwrap_or_default(), container)
            })
        },
    )
}
