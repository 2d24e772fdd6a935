use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::nginx::{directives, is_ingress, is_lua, snippets};

rule! {
    /// A snippet with Lua runs a program inside the controller, which can read the controller's
    /// service account token and, with it, the Secrets of all namespaces (CVE-2021-25742). There is
    /// hardly a reason for it in an Ingress; plugins of the controller are the place for Lua.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/server-snippet: |
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Ingress `shop` runs Lua in the controller
    ///       content_by_lua_block { ngx.say("hello") }
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
        id: "ingress-nginx-snippet-lua",
        summary: "ingress runs Lua in ingress-nginx",
        remedy: "Remove the Lua, or install it as a plugin of the controller.",
        severity: High,
        check: Check::Kind(&["Ingress"], check),
        fragments: true,
        security: true,
        cwe: &[94, 552],
        peers: &["checkov:CKV_K8S_152"],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &["https://nvd.nist.gov/vuln/detail/CVE-2021-25742"],
    }
}

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !is_ingress(object) {
        return;
    }
    for snippet in snippets(object) {
        let Some(word) = directives(snippet.text).find(|word| is_lua(word)) else { continue };
        let shown = crate::place::cut(word);
        let message = format!("{} runs Lua in the controller by `{shown}`", object.display());
        out.report(snippet.key_node.span(), message).evidence(snippet.key);
    }
}
