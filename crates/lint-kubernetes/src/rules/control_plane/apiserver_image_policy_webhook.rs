use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The admission plugin `ImagePolicyWebhook` asks a service whether the images of a pod may
    /// run, for example because they are signed and scanned. It does nothing without a
    /// configuration that names the service.
    ///
    /// Most clusters ask a policy engine through an ordinary admission webhook instead, which is as
    /// good. Off unless it is asked for.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-apiserver
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command:
    ///     - kube-apiserver
    ///     - --enable-admission-plugins=NodeRestriction
    /// #                                ^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` asks nobody which images may run
    /// ```
    /// ```yaml bad
    /// apiVersion: apiserver.config.k8s.io/v1
    /// kind: AdmissionConfiguration
    /// plugins:
    /// - name: ImagePolicyWebhook
    /// #       ^^^^^^^^^^^^^^^^^^ AdmissionConfiguration names `ImagePolicyWebhook` without a configuration
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-apiserver
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command:
    ///     - kube-apiserver
    ///     - --enable-admission-plugins=NodeRestriction,ImagePolicyWebhook
    ///     - --admission-control-config-file=/etc/kubernetes/admission.yaml
    /// ```
    /// ```yaml good
    /// apiVersion: apiserver.config.k8s.io/v1
    /// kind: AdmissionConfiguration
    /// plugins:
    /// - name: ImagePolicyWebhook
    ///   path: imagepolicywebhook.yaml
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-image-policy-webhook",
        summary: "API server asks nobody which images may run",
        remedy: "Enable `ImagePolicyWebhook` with a configuration, or verify images with a policy engine and leave the rule off.",
        severity: Info,
        check: Check::Component(check),
        peers: &["kubescape:C-0289", "kics:image_policy_webhook_admission_control_plugin_not_set"],
        security: true,
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",
        ],
        default: false,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) && !component.is(Program::Admission) {
        return;
    }
    let plugin = "ImagePolicyWebhook";
    let flag = "enable-admission-plugins";
    if component.is(Program::Admission) {
        let own = component.flag(plugin).filter(|flag| flag.text() == Some(""));
        if let Some(own) = own {
            component.report(
                out,
                own.span,
                flag,
                "names `ImagePolicyWebhook` without a configuration",
            );
        }
    } else if let Some(span) = component.lacks_plugin(plugin) {
        component.report(out, span, flag, "asks nobody which images may run");
    }
}
