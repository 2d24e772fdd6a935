use careen_kube_model::{PodTemplate, ReferenceKind, references, refs::Via};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// Lists every ConfigMap that a workload mounts as a volume, for a person who reviews who can reach
    /// what. An inventory, so it must be asked for.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///   - {name: web, image: "registry.example.com/web:1.4.0"}
    ///   volumes:
    ///   - name: keys
    ///     configMap: {name: keys}
    /// #                     ^^^^ Pod `web` mounts ConfigMap `keys`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    /// spec:
    ///   containers:
    ///   - {name: web, image: "registry.example.com/web:1.4.0"}
    ///   volumes:
    ///   - name: keys
    ///     emptyDir: {}
    /// ```
    pub(crate) static RULE: Check = {
        id: "workload-mounts-configmap",
        summary: "workload mounts a ConfigMap",
        remedy: "Review whether the workload needs it.",
        severity: Info,
        check: Check::Pod(check),
        peers: &["kubescape:C-0258"],
        controls: &[control::ENV_CONFIGURED],
        references: &["https://kubernetes.io/docs/concepts/configuration/configmap/"],
        default: false,
        fragments: true,
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    for found in references(pod) {
        if found.kind == ReferenceKind::ConfigMap && found.via == Via::Volume {
            let name = found.name;
            let message = format!("{} mounts ConfigMap `{name}`", pod.object.display());
            out.report(found.span, message).evidence(name).field("volumes");
        }
    }
}
