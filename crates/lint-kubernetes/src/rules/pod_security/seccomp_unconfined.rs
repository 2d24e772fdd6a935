use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::pss::allowed;
use crate::usage::origin;

rule! {
    /// `Unconfined` switches off the filter of system calls, also on nodes that would apply one
    /// by themselves. The corners of the kernel that break-outs come from are then open.
    ///
    /// Debuggers and profilers sometimes need it for a while; a `Localhost` profile that allows
    /// one call more is the lasting answer.
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
    ///       seccompProfile:
    ///         type: Unconfined
    /// #             ^^^^^^^^^^ container `web` in Pod `shop/api` runs without seccomp
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
    ///       seccompProfile:
    ///         type: RuntimeDefault
    /// ```
    pub(crate) static RULE: Check = {
        id: "seccomp-unconfined",
        summary: "seccomp is switched off",
        remedy: "Use the profile `RuntimeDefault`, or a `Localhost` profile of your own.",
        severity: High,
        check: Check::Container(check),
        peers: &[
            "kubesec:SeccompUnconfined",
            "trivy:KSV-0104",
            "kubeaudit:SeccompDisabledPod",
            "kubeaudit:SeccompDisabledContainer",
            "pss:seccompProfile_baseline",
        ],
        security: true,
        fragments: true,
        cwe: &[693],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
            "https://kubernetes.io/docs/tutorials/security/seccomp/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let profile = container.effective_seccomp_type();
    if let Some(profile) = profile.filter(|profile| !allowed::is_profile(profile.value)) {
        let message = format!("{} runs without seccomp{}", container.display(), origin(&profile));
        out.report(profile.node.span(), message).field("securityContext.seccompProfile.type");
    }
}
