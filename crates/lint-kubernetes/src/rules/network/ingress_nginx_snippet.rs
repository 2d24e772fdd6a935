use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::nginx::{is_ingress, snippets};

rule! {
    /// A snippet is put into the configuration of ingress-nginx as it is, so that whoever may
    /// create an Ingress can make the controller read its own files, with a token that opens the
    /// Secrets of all namespaces (CVE-2021-25742). The controller refuses snippets by default; a
    /// ConfigMap that allows them opens this for the whole cluster. It is fine where only the
    /// people who run the cluster may write Ingresses.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/configuration-snippet: |
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Ingress `shop` puts nginx configuration into the controller
    ///       more_set_headers "X-Frame-Options: DENY";
    /// spec:
    ///   ingressClassName: nginx
    ///   defaultBackend: {service: {name: web, port: {number: 80}}}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: ingress-nginx-controller}
    /// data:
    ///   allow-snippet-annotations: "true"
    /// #                            ^^^^^^ ConfigMap `ingress-nginx-controller` lets every Ingress put nginx configuration into the controller
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/custom-headers: infra/headers
    /// spec:
    ///   ingressClassName: nginx
    ///   defaultBackend: {service: {name: web, port: {number: 80}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-nginx-snippet",
        summary: "ingress puts configuration into ingress-nginx",
        remedy: "Use the annotation made for the purpose, and set `allow-snippet-annotations: \"false\"`.",
        severity: Medium,
        check: Check::Kind(&["Ingress", "ConfigMap"], check),
        fragments: true,
        security: true,
        cwe: &[94],
        peers: &["checkov:CKV_K8S_153", "kubescape:C-0059"],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &["https://nvd.nist.gov/vuln/detail/CVE-2021-25742"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if object.is("", "ConfigMap") {
        let Some(node) = object.at(&["data", "allow-snippet-annotations"]) else { return };
        if node.text() == Some("true") {
            let message = format!(
                "{} lets every Ingress put nginx configuration into the controller",
                object.display()
            );
            out.report(node.span(), message).severity(Severity::High);
        }
        return;
    }
    if !is_ingress(object) {
        return;
    }
    for snippet in snippets(object) {
        let message = format!(
            "{} puts nginx configuration into the controller by `{}`",
            object.display(),
            snippet.key
        );
        out.report(snippet.key_node.span(), message).evidence(snippet.key);
    }
}
