use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::pss::allowed;
use crate::pss::allowed::has_apparmor_annotation;
use crate::usage::is_whole;

rule! {
    /// Where a manifest names no AppArmor profile, the runtime applies its own on nodes that have
    /// AppArmor, and nothing on nodes that have not. With `type: RuntimeDefault` the kubelet
    /// refuses to start the container where it cannot be confined.
    ///
    /// Nodes with SELinux have no AppArmor, so this rule is off by default.
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
    /// #         ^^^ container `web` in Pod `shop/api` has no AppArmor profile
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
    ///     appArmorProfile: {type: RuntimeDefault}
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "apparmor-profile-missing",
        summary: "container has no AppArmor profile",
        remedy: "Set `appArmorProfile: {type: RuntimeDefault}` in the securityContext of the pod.",
        severity: Info,
        check: Check::Container(check),
        peers: &[
            "kubesec:ApparmorAny",
            "kics:missing_app_armor_config",
            "kubeaudit:AppArmorAnnotationMissing",
        ],
        security: true,
        default: false,
        cwe: &[693],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/tutorials/security/apparmor/"],
    }
}

fn check(container: Container<'_>, context: &Context, out: &mut Sink<'_>) {
    let by_field = context.kubernetes.is_at_least(allowed::APPARMOR_FIELD)
        && container.effective_security("appArmorProfile").is_some();
    if by_field
        || !is_whole(container)
        || container.privileged().is_some()
        || container.pod.is_windows()
        || has_apparmor_annotation(container)
    {
        return;
    }
    let message = format!("{} has no AppArmor profile", container.display());
    out.report(container.name_span, message).field("securityContext.appArmorProfile");
}
