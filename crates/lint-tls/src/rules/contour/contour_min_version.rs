use careen_model::{Context, File};
use careen_rule::{Finding, Severity, Sink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::cipher::{Grade, weakest};
use crate::cipher_list;
use crate::protocol::Protocol;
use crate::setting::{lists, object_at, settings};

/// Fields, keys of the configuration file, and the annotation of Ingresses.
const VERSIONS: &[&str] =
    &["minimumProtocolVersion", "minimum-protocol-version", "tls-minimum-protocol-version"];
const CIPHERS: &[&str] = &["cipherSuites", "cipher-suites"];

rule! {
    /// Contour is told to let Envoy speak TLS 1.0 or 1.1, or to allow cipher suites that are broken
    /// or without forward secrecy. The old versions are formally retired (RFC 8996) and fail every
    /// audit; the default is 1.2. Newer releases of Contour refuse what is below and use 1.2.
    ///
    /// It is fine for devices that cannot be updated, on a host of their own.
    ///
    /// ```yaml bad
    /// apiVersion: projectcontour.io/v1
    /// kind: HTTPProxy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   virtualhost:
    ///     fqdn: shop.example.com
    ///     tls:
    ///       secretName: web-tls
    ///       minimumProtocolVersion: "1.1"
    /// #                             ^^^^^ `minimumProtocolVersion` of HTTPProxy `shop/web` allows TLS 1.1
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: contour, namespace: projectcontour}
    /// data:
    ///   contour.yaml: |
    ///     tls:
    ///       minimum-protocol-version: "1.0"
    /// #                               ^^^^^ `minimum-protocol-version` of ConfigMap `projectcontour/contour` allows TLS 1.0
    ///       cipher-suites:
    ///       - '[ECDHE-ECDSA-AES128-GCM-SHA256|ECDHE-ECDSA-CHACHA20-POLY1305]'
    ///       - AES128-SHA
    /// #       ^^^^^^^^^^ `cipher-suites` of ConfigMap `projectcontour/contour` allows `AES128-SHA`, which is without forward secrecy
    /// ```
    /// ```yaml good
    /// apiVersion: projectcontour.io/v1
    /// kind: HTTPProxy
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   virtualhost:
    ///     fqdn: shop.example.com
    ///     tls: {secretName: web-tls, minimumProtocolVersion: "1.3"}
    /// ---
    /// apiVersion: projectcontour.io/v1alpha1
    /// kind: ContourConfiguration
    /// metadata: {name: contour, namespace: projectcontour}
    /// spec:
    ///   envoy:
    ///     listener:
    ///       tls:
    ///         minimumProtocolVersion: "1.2"
    ///         cipherSuites: [ECDHE-ECDSA-AES256-GCM-SHA384, ECDHE-RSA-AES256-GCM-SHA384]
    /// ```
    pub(crate) static RULE: Check = {
        id: "contour-min-version",
        summary: "Contour allows TLS before 1.2 or weak cipher suites",
        remedy: "Set the minimum version to `1.2` or `1.3`, or leave it and the suites to the defaults.",
        severity: High,
        check: Check::Text(
            &["minimumProtocolVersion", "minimum-protocol-version", "cipherSuites", "cipher-suites"],
            check,
        ),
        security: true,
        cwe: &[327],
        controls: &[control::TLS_VALID],
        references: &[
            "https://projectcontour.io/docs/main/config/tls-termination/",
            "https://projectcontour.io/docs/main/configuration/#tls-configuration",
        ],
    }
}

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    for name in VERSIONS {
        for setting in settings(file, name) {
            // Other programs write their versions in other ways.
            let is_ours = matches!(setting.value, "1.0" | "1.1");
            if let Some(version) = Protocol::parse(setting.value).filter(|_| is_ours) {
                tell(file, setting.span, name, &version.to_string(), out);
            }
        }
    }
    let text = file.source.text();
    if !text.contains("contour") && !text.contains("Contour") {
        return;
    }
    for name in CIPHERS {
        for item in lists(file, name).into_iter().flatten() {
            // Envoy takes OpenSSL's names only.
            if item.value.starts_with("TLS_") {
                continue;
            }
            let Some(worst) = weakest(cipher_list::weak(item.value)) else { continue };
            if worst.judgement.grade >= Grade::NotForwardSecret {
                let finding = tell(file, item.span, name, &worst.to_string(), out);
                if worst.judgement.grade < Grade::Broken {
                    finding.severity(Severity::Medium);
                }
            }
        }
    }
}

fn tell<'s>(
    file: &File,
    span: Span,
    name: &str,
    allowed: &str,
    out: &'s mut Sink<'_>,
) -> &'s mut Finding {
    let object = object_at(file, span);
    let whose = object.map(|object| format!(" of {}", object.view.display()));
    let message = format!("`{name}`{} allows {allowed}", whose.unwrap_or_default());
    let finding = out.report(span, message).evidence(allowed);
    if let Some(object) = object {
        finding.object(object.path());
    }
    finding
}
