use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::pss::allowed::has_apparmor_annotation;
use crate::usage::is_whole;

rule! {
    /// Seccomp, AppArmor, SELinux and dropped capabilities each stand between a flaw in a program
    /// and the node. A container that uses none of them relies on the runtime's defaults alone.
    ///
    /// Each of them has a rule of its own, so this summary of them is off by default.
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
    /// #         ^^^ container `web` in Pod `shop/api` uses none of seccomp, AppArmor, SELinux and dropped capabilities
    ///     image: registry.example.com/web:1.4.0
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
    ///       capabilities: {drop: [ALL]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "linux-hardening-absent",
        summary: "container uses no hardening of Linux",
        remedy: "Drop all capabilities and set `seccompProfile: {type: RuntimeDefault}`.",
        severity: Medium,
        check: Check::Container(check),
        peers: &["polaris:linuxHardening", "kubescape:C-0055"],
        security: true,
        default: false,
        cwe: &[693],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/security/linux-kernel-security-constraints/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let fields = ["seccompProfile", "appArmorProfile", "seLinuxOptions"];
    if fields.iter().any(|field| container.effective_security(field).is_some())
        || container.capabilities("drop").next().is_some()
        || container.privileged().is_some()
        || container.pod.is_windows()
        || !is_whole(container)
        || has_apparmor_annotation(container)
    {
        return;
    }
    let message = format!(
        "{} uses none of seccomp, AppArmor, SELinux and dropped capabilities",
        container.display()
    );
    out.report(container.name_span, message).field("securityContext");
}
