use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::pss::allowed;
use crate::usage::origin;

rule! {
    /// `Unconfined` takes away the AppArmor profile that the runtime applies by itself, which
    /// keeps a container from the node's files under `/proc` and `/sys` and from mounting. The
    /// baseline Pod Security Standard forbids it.
    ///
    /// Both the field `appArmorProfile`, which Kubernetes 1.30 brought, and the older annotation
    /// are read, and any other value than a profile that confines is reported.
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
    ///       appArmorProfile:
    ///         type: Unconfined
    /// #             ^^^^^^^^^^ container `web` in Pod `shop/api` runs without AppArmor
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
    ///       appArmorProfile:
    ///         type: RuntimeDefault
    /// ```
    pub(crate) static RULE: Check = {
        id: "apparmor-profile-disallowed",
        summary: "AppArmor is switched off",
        remedy: "Use the profile `RuntimeDefault`, or a `Localhost` profile that is loaded on the nodes.",
        severity: High,
        check: Check::Pod(check),
        peers: &[
            "kubesec:ApparmorUnconfined",
            "trivy:KSV-0002",
            "kubeaudit:AppArmorDisabled",
            "kubeaudit:AppArmorBadValue",
            "pss:appArmorProfile",
        ],
        security: true,
        fragments: true,
        cwe: &[693],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
            "https://kubernetes.io/docs/tutorials/security/apparmor/",
        ],
    }
}

fn check(pod: PodTemplate<'_>, context: &Context, out: &mut Sink<'_>) {
    for annotation in pod.annotations().iter() {
        let Some(name) = annotation.key.strip_prefix(allowed::APPARMOR_ANNOTATION) else {
            continue;
        };
        if !allowed::is_apparmor_annotation(annotation.value) {
            let (name, object) = (cut(name), pod.object.display());
            let message =
                format!("container `{name}` in {object} runs without AppArmor, by an annotation");
            out.report(annotation.value_node.span(), message)
                .field("securityContext.appArmorProfile.type");
        }
    }
    if !context.kubernetes.is_at_least(allowed::APPARMOR_FIELD) {
        return;
    }
    for container in pod.containers() {
        let Some(profile) = container.effective_security("appArmorProfile") else { continue };
        let Some(kind) = field(profile.value, "type") else { continue };
        if !kind.text().is_none_or(allowed::is_profile) {
            let from = origin(&profile);
            let message = format!("{} runs without AppArmor{from}", container.display());
            out.report(kind.span(), message).field("securityContext.appArmorProfile.type");
        }
    }
}
