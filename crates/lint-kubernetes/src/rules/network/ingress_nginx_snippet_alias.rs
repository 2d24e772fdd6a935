use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::nginx::{directives, is_ingress, snippets};

rule! {
    /// `alias` and `root` in a snippet make the controller serve its own files, its service account
    /// token among them, which opens the Secrets of all namespaces (CVE-2021-25742). Static files
    /// belong into a backend of their own.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/server-snippet: |
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Ingress `shop` serves files of the controller
    ///       location /files/ { alias /etc/nginx/; }
    /// spec:
    ///   ingressClassName: nginx
    ///   defaultBackend: {service: {name: web, port: {number: 80}}}
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/server-snippet: |
    ///       # no alias, no content_by_lua_block
    ///       add_header X-Words "alias; lua_x";
    /// spec:
    ///   ingressClassName: nginx
    ///   defaultBackend: {service: {name: web, port: {number: 80}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-nginx-snippet-alias",
        summary: "ingress serves files of ingress-nginx",
        remedy: "Remove the directive, and serve the files from a backend.",
        severity: High,
        check: Check::Kind(&["Ingress"], check),
        fragments: true,
        security: true,
        cwe: &[94, 552],
        peers: &["checkov:CKV_K8S_154"],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &["https://nvd.nist.gov/vuln/detail/CVE-2021-25742"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !is_ingress(object) {
        return;
    }
    for snippet in snippets(object) {
        let Some(word) = directives(snippet.text).find(|word| *word == "alias" || *word == "root")
        else {
            continue;
        };
        let shown = crate::place::cut(word);
        let message = format!("{} serves files of the controller by `{shown}`", object.display());
        out.report(snippet.key_node.span(), message).evidence(snippet.key);
    }
}
