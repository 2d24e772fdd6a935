use careen_kube_model::field;
use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// The API server passes requests for this API on, with the user's name and groups in headers,
    /// to whoever answers: without verification anybody in the cluster's network who can take the
    /// Service's address reads them and answers in its place.
    ///
    /// Metrics servers are often installed like this; a certificate of the cluster's own CA and
    /// `caBundle` take no more than a Certificate of cert-manager.
    ///
    /// ```yaml bad
    /// apiVersion: apiregistration.k8s.io/v1
    /// kind: APIService
    /// metadata: {name: v1beta1.metrics.k8s.io}
    /// spec:
    ///   group: metrics.k8s.io
    ///   version: v1beta1
    ///   service: {name: metrics-server, namespace: kube-system}
    ///   insecureSkipTLSVerify: true
    /// #                        ^^^^ APIService `v1beta1.metrics.k8s.io` is called without verifying its certificate
    ///   groupPriorityMinimum: 100
    ///   versionPriority: 100
    /// ```
    /// ```yaml good
    /// apiVersion: apiregistration.k8s.io/v1
    /// kind: APIService
    /// metadata:
    ///   name: v1beta1.metrics.k8s.io
    ///   annotations: {cert-manager.io/inject-ca-from: kube-system/metrics-server}
    /// spec:
    ///   group: metrics.k8s.io
    ///   version: v1beta1
    ///   service: {name: metrics-server, namespace: kube-system}
    ///   groupPriorityMinimum: 100
    ///   versionPriority: 100
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiservice-insecure-skip-verify",
        summary: "aggregated API is called without verifying its certificate",
        remedy: "Give the API a certificate for its Service's name and its CA in `caBundle`, and remove `insecureSkipTLSVerify`.",
        severity: Medium,
        check: Check::Kind(&["APIService"], check),
        security: true,
        cwe: &[295],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/api-service-v1/",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(spec) = object.view.spec() else { return };
    let Some(node) = field(spec, "insecureSkipTLSVerify") else { return };
    if node.as_bool() == Some(true) {
        let view = object.view.display();
        let message = format!("{view} is called without verifying its certificate");
        out.report(node.span(), message).field("spec.insecureSkipTLSVerify");
    }
}
