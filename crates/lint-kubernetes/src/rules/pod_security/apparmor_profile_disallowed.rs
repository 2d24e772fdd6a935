use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::origin;

rule! {
    /// `Unconfined` takes away the AppArmor profile that the runtime applies by itself, which
    /// keeps a container from the node's files under `/proc` and `/sys` and from mounting. The
    /// baseline Pod Security Standard forbids it.
    ///
    /// Both the field `appArmorProfile` and the older annotation are read; the field goes before.
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
        check: Check::Container(check),
        peers: &[
            "kubesec:ApparmorUnconfined",
            "trivy:KSV-0002",
            "kubeaudit:AppArmorDisabled",
            "kubeaudit:AppArmorBadValue",
            "pss:appArmorProfile",
        ],
        security: true,
        cwe: &[693],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
            "https://kubernetes.io/docs/tutorials/security/apparmor/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let profile = container.effective_security("appArmorProfile");
    if let Some(profile) = profile {
        let kind = field(profile.value, "type");
        if let Some(kind) = kind.filter(|kind| kind.text() == Some("Unconfined")) {
            let from = origin(&profile);
            let message = format!("{} runs without AppArmor{from}", container.display());
            out.report(kind.span(), message).field("securityContext.appArmorProfile.type");
        }
        return;
    }
    let annotation = container.pod.annotations().iter().find(|annotation| {
        annotation.value == "unconfined"
            && annotation.key.strip_prefix(ANNOTATION) == Some(container.name)
    });
    if let Some(annotation) = annotation {
        let message = format!("{} runs without AppArmor, by an annotation", container.display());
        out.report(annotation.value_node.span(), message)
            .field("securityContext.appArmorProfile.type");
    }
}

const ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";
