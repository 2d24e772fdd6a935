use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::nginx::is_ingress;
use crate::placeholder::is_placeholder;

rule! {
    /// Older versions of ingress-nginx copied the values of some annotations into their
    /// configuration unchecked, so that a value with `;`, braces or a line break runs code in the
    /// controller and reads the Secrets of all namespaces (CVE-2025-1097, CVE-2025-1098,
    /// CVE-2025-24514). No honest value of these annotations holds such characters.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/auth-url: "http://example.com/#;}\nload_module x;\n#"
    /// #                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ annotation `auth-url` of Ingress `shop` holds characters that end a directive of nginx
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
    ///     nginx.ingress.kubernetes.io/auth-url: https://auth.example.com/check?to=$escaped_request_uri
    /// spec:
    ///   ingressClassName: nginx
    ///   defaultBackend: {service: {name: web, port: {number: 80}}}
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-nginx-annotation-injection",
        summary: "annotation of an ingress breaks out of the nginx configuration",
        remedy: "Remove the annotation, find out who wrote it, and bring ingress-nginx up to date.",
        severity: Critical,
        check: Check::Kind(&["Ingress"], check),
        confidence: Confidence::High,
        fragments: true,
        security: true,
        cwe: &[94, 20],
        peers: &["trivy:KCV-0093"],
        controls: &[control::RBAC_LEAST_PRIVILEGE, control::SECURITY_TRIGGER],
        references: &[
            "https://nvd.nist.gov/vuln/detail/CVE-2025-1974",
            "https://nvd.nist.gov/vuln/detail/CVE-2025-24514",
        ],
    }
}

/// Annotations whose values are copied, by the part of the key behind the prefix.
const COPIED: &[&str] =
    &["auth-url", "auth-signin", "auth-tls-match-cn", "mirror-target", "mirror-host"];

fn check(object: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if !is_ingress(object) {
        return;
    }
    for annotation in object.annotations().iter() {
        let Some((prefix, name)) = annotation.key.split_once('/') else { continue };
        let value = annotation.value.trim();
        if prefix.ends_with("ingress.kubernetes.io") && COPIED.contains(&name) && breaks_out(value)
        {
            let message = format!(
                "annotation `{name}` of {} holds characters that end a directive of nginx",
                object.display()
            );
            out.report(annotation.value_node.span(), message).evidence(name);
        }
    }
}

/// Whether a value ends the directive it is copied into. Braces may be those of a place for a value.
fn breaks_out(value: &str) -> bool {
    value.contains([';', '\n', '\r']) || (value.contains(['{', '}']) && !is_placeholder(value))
}
