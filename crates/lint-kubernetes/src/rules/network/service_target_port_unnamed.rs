use careen_kube_model::{IntOrString, ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, rule};
use careen_yaml::Node;

use crate::Check;

rule! {
    /// A `targetPort` by number has to be changed in every Service when the container moves to
    /// another port; by name it follows. Off by default: numbers work, and many prefer them.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web}
    /// spec:
    ///   selector: {app: web}
    ///   ports:
    ///   - {port: 80, targetPort: 8080}
    /// #                          ^^^^ Service `web` sends traffic to port `8080` by its number
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web}
    /// spec:
    ///   selector: {app: web}
    ///   ports:
    ///   - {port: 80, targetPort: http}
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-target-port-unnamed",
        summary: "service names a target port by its number",
        remedy: "Name the container's port and use the name.",
        severity: Info,
        check: Check::Kind(&["Service"], check),
        default: false,
        fragments: true,
        peers: &["popeye:1102"],
        references: &["https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !object.group().is_empty() {
        return;
    }
    let ports = object.at(&["spec", "ports"]);
    for (index, port) in ports.iter().flat_map(Node::items).enumerate() {
        let Some(target) = field(port, "targetPort") else { continue };
        if let Some(IntOrString::Int(number)) = IntOrString::of(target) {
            let message =
                format!("{} sends traffic to port `{number}` by its number", object.display());
            out.report(target.span(), message).field(format!("spec.ports[{index}].targetPort"));
        }
    }
}
