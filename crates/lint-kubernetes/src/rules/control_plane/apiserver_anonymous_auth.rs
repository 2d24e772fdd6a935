use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// A request without credentials is served as `system:anonymous` unless anonymous
    /// authentication is off, and it is on by default. RBAC gives that user little, but one
    /// careless binding to `system:anonymous` or `system:unauthenticated` opens the cluster to
    /// everybody who reaches the port.
    ///
    /// Probes of the API server itself are anonymous in manifests of kubeadm; give them
    /// credentials, or allow only the health endpoints with an `AuthenticationConfiguration`. Where
    /// such a file is named, it is judged instead of the flag.
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
    ///     - --anonymous-auth=true
    /// #     ^^^^^^^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` serves anonymous requests
    /// ```
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
    /// #     ^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` serves anonymous requests
    /// ```
    /// ```yaml bad
    /// apiVersion: apiserver.config.k8s.io/v1
    /// kind: AuthenticationConfiguration
    /// anonymous:
    ///   enabled: true
    /// #          ^^^^ kube-apiserver of AuthenticationConfiguration serves anonymous requests
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
    ///     - --anonymous-auth=false
    /// ```
    /// ```yaml good
    /// apiVersion: apiserver.config.k8s.io/v1
    /// kind: AuthenticationConfiguration
    /// anonymous:
    ///   enabled: true
    ///   conditions:
    ///   - path: /livez
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-anonymous-auth",
        summary: "API server serves anonymous requests",
        remedy: "Set `--anonymous-auth=false`, or limit anonymous requests to health endpoints with `--authentication-config`.",
        severity: Medium,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_68",
            "trivy:KCV-0001",
            "kubescape:C-0113",
            "kics:anonymous_auth_is_not_set_to_false",
        ],
        security: true,
        cwe: &[306],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/reference/access-authn-authz/authentication/"],
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) {
        return;
    }
    if component.flag("authentication-config").is_some()
        && component.flag("anonymous-auth").is_none()
    {
        return;
    }
    // Some paths only, such as that of health.
    let conditions = component.object.at(&["anonymous", "conditions"]);
    if conditions.is_some_and(|conditions| conditions.items().next().is_some()) {
        return;
    }
    if let Some(span) = component.is_on("anonymous-auth", true) {
        component.report(out, span, "anonymous-auth", "serves anonymous requests");
    }
}
