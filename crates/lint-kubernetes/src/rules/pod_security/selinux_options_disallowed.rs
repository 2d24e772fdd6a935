use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::pss::allowed;
use crate::usage::origin;

rule! {
    /// On nodes with SELinux a container runs as type `container_t`, which keeps it away from
    /// everything else. Another type, user or role lifts that; `spc_t` is no confinement at all.
    /// The baseline Pod Security Standard allows `container_t`, `container_init_t`,
    /// `container_kvm_t` and, from Kubernetes 1.31, `container_engine_t`, and levels.
    ///
    /// Storage drivers may need `spc_t`; suppress the finding there with a reason.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     securityContext:
    ///       seLinuxOptions: {type: spc_t}
    /// #                            ^^^^^ container `web` in Pod `shop/api` has the SELinux type `spc_t`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     securityContext:
    ///       seLinuxOptions: {level: "s0:c123,c456"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "selinux-options-disallowed",
        summary: "SELinux options loosen the confinement",
        remedy: "Remove `seLinuxOptions`, or use one of the container types.",
        severity: Medium,
        check: Check::Container(check),
        peers: &["trivy:KSV-0025", "pss:seLinuxOptions"],
        security: true,
        fragments: true,
        cwe: &[693],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
    }
}

fn check(container: Container<'_>, context: &Context, out: &mut Sink<'_>) {
    let Some(options) = container.effective_security("seLinuxOptions") else { return };
    for key in ["type", "user", "role"] {
        let Some(node) = field(options.value, key) else { continue };
        let Some(value) = node.text().filter(|value| !value.is_empty()) else { continue };
        if key == "type" && allowed::is_selinux_type(value, context.kubernetes) {
            continue;
        }
        let message = format!(
            "{} has the SELinux {key} `{}`{}",
            container.display(),
            cut(value),
            origin(&options)
        );
        let severity = if value == "spc_t" { Severity::High } else { Severity::Medium };
        out.report(node.span(), message)
            .severity(severity)
            .field(format!("securityContext.seLinuxOptions.{key}"));
    }
}
