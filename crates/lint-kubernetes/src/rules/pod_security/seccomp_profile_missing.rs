use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::fix;
use crate::usage::is_whole;

rule! {
    /// Without a seccomp profile a container may call all of the kernel, including the corners
    /// that break-outs come from. The profile that the runtime brings blocks dozens of calls that
    /// programs do not use.
    ///
    /// It is fine without one where every kubelet runs with `seccompDefault`. A privileged
    /// container is never confined and is reported as such; Windows has no seccomp.
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
    /// #         ^^^ container `web` in Pod `shop/api` has no seccomp profile
    ///     image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   securityContext:
    ///     seccompProfile: {type: RuntimeDefault}
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "seccomp-profile-missing",
        summary: "container has no seccomp profile",
        remedy: "Set `seccompProfile: {type: RuntimeDefault}` in the securityContext of the pod.",
        severity: Medium,
        check: Check::Container(check),
        peers: &[
            "kube-score:container-seccomp-profile",
            "kubesec:SeccompAny",
            "checkov:CKV_K8S_31",
            "trivy:KSV-0030",
            "kubescape:C-0210",
            "kics:seccomp_profile_is_not_configured",
            "kubeaudit:SeccompProfileMissing",
            "pss:seccompProfile_restricted",
        ],
        security: true,
        cwe: &[693],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
            "https://kubernetes.io/docs/tutorials/security/seccomp/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    if container.effective_seccomp_type().is_none()
        && is_whole(container)
        && container.privileged().is_none()
        && !container.pod.is_windows()
    {
        let message = format!("{} has no seccomp profile", container.display());
        let finding = out.report(container.name_span, message);
        finding.field("securityContext.seccompProfile");
        fix::seccomp(finding, container);
    }
}
