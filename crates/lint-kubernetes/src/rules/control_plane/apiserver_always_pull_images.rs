use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// A private image that is on a node already runs there in any pod that names it, without the
    /// pull secret. `AlwaysPullImages` makes every start ask the registry whether the pod may have
    /// the image.
    ///
    /// The price is that no pod starts while the registry is away, and newer kubelets verify pull
    /// secrets themselves. Off unless it is asked for.
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
    /// #                                ^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` lets pods use images that others pulled
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
    ///     - --enable-admission-plugins=NodeRestriction,AlwaysPullImages
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-always-pull-images",
        summary: "API server lets pods use images that others pulled",
        remedy: "Add `AlwaysPullImages` to `--enable-admission-plugins`.",
        severity: Info,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_80",
            "trivy:KCV-0012",
            "kubescape:C-0123",
            "kics:always_pull_images_admission_control_plugin_not_set",
        ],
        security: true,
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",
        ],
        default: false,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if let Some(span) = component.lacks_plugin("AlwaysPullImages") {
        component.report(
            out,
            span,
            "enable-admission-plugins",
            "lets pods use images that others pulled",
        );
    }
}
