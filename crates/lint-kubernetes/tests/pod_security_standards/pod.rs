//! Pods in parts.

/// The parts of a pod that keeps the restricted standard, but for the part in question.
#[derive(Clone, Copy)]
pub(crate) struct Pod {
    pub(crate) annotations: &'static str,
    pub(crate) spec: &'static str,
    pub(crate) pod_security: &'static str,
    pub(crate) container: &'static str,
    pub(crate) security: &'static str,
}

pub(crate) const HARD: Pod = Pod {
    annotations: "",
    spec: "",
    pod_security: "runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}",
    container: "",
    security: "allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}",
};

pub(crate) const fn annotated(annotations: &'static str) -> Pod {
    Pod { annotations, ..HARD }
}
pub(crate) const fn spec(spec: &'static str) -> Pod {
    Pod { spec, ..HARD }
}
/// Replaces what the pod says for its containers.
pub(crate) const fn pod_security(pod_security: &'static str) -> Pod {
    Pod { pod_security, ..HARD }
}
pub(crate) const fn container(container: &'static str) -> Pod {
    Pod { container, ..HARD }
}
/// Replaces what the container says.
pub(crate) const fn security(security: &'static str) -> Pod {
    Pod { security, ..HARD }
}

impl Pod {
    /// The manifest, with the container in one of the lists and a hardened one beside it.
    pub(crate) fn manifest(self, name: &str, namespace: &str, list: &str) -> String {
        let join = |parts: &[&str]| {
            let parts: Vec<_> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
            parts.join(", ")
        };
        let own = format!("securityContext: {{{}}}", self.security);
        let own = join(&["name: web", "image: 'shop/web:1'", self.container, &own]);
        let main = format!(
            "{{name: main, image: 'shop/web:1', securityContext: {{{}}}}}",
            if self.security.is_empty() { "" } else { HARD.security }
        );
        let containers = match list {
            "containers" => format!("containers: [{{{own}}}]"),
            _ => format!("{list}: [{{{own}}}], containers: [{main}]"),
        };
        let context = format!("securityContext: {{{}}}", self.pod_security);
        let spec = join(&[self.spec, &context, &containers]);
        format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: {namespace}, \
             annotations: {{{}}}}}, spec: {{{spec}}}}}",
            self.annotations
        )
    }
}
