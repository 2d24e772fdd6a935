use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// The plugin `ServiceAccount` gives every pod a service account and its token, and refuses
    /// pods that name one that does not exist. Without it, workloads that talk to the API fail, and
    /// a pod can name what it likes.
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
    ///     - --disable-admission-plugins=DefaultStorageClass,ServiceAccount
    /// #                                                     ^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` gives pods no service account
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
    ///     - --disable-admission-plugins=DefaultStorageClass
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-service-account-plugin",
        summary: "API server disables the plugin `ServiceAccount`",
        remedy: "Remove `ServiceAccount` from `--disable-admission-plugins`.",
        severity: High,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_82",
            "trivy:KCV-0014",
            "kubescape:C-0125",
            "kics:service_account_admission_control_plugin_disabled",
        ],
        security: true,
        controls: &[control::SERVICE_ACCOUNT],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",
        ],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(span) = component.disables("ServiceAccount") {
        component.report(out, span, "disable-admission-plugins", "gives pods no service account");
    }
}
