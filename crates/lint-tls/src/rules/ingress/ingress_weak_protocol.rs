use careen_model::{Context, File};
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::protocol::{Listed, Protocols};
use crate::setting::{object_at, settings};

rule! {
    /// The controller speaks SSL 3.0, TLS 1.0 or TLS 1.1 with whoever asks for it. They are
    /// formally retired (RFC 7568, RFC 8996), fall to known attacks, and fail every audit; browsers
    /// have not spoken them since 2020. Mozilla's guidelines do not have a profile with them any
    /// more.
    ///
    /// It is fine for devices that cannot be updated, behind a controller of their own.
    /// `proxy-ssl-protocols`, which is for connections to pods, weighs less.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: ingress-nginx-controller, namespace: edge}
    /// data:
    ///   ssl-protocols: "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"
    /// #                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `ssl-protocols` of ConfigMap `edge/ingress-nginx-controller` allows TLS 1.0 and TLS 1.1
    /// ```
    /// ```yaml bad file=values.yaml
    /// controller:
    ///   config:
    ///     ssl-protocols: TLSv1.1 TLSv1.2
    /// #                  ^^^^^^^^^^^^^^^ `ssl-protocols` allows TLS 1.1
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/proxy-ssl-protocols: TLSv1
    /// #                                                    ^^^^^ `proxy-ssl-protocols` of Ingress `shop/web` allows TLS 1.0
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: ingress-nginx-controller, namespace: edge}
    /// data:
    ///   # ssl-protocols: "TLSv1"
    ///   ssl-protocols: "TLSv1.2 TLSv1.3"
    /// ```
    /// ```yaml good file=values.yaml
    /// controller:
    ///   config:
    ///     ssl-protocols: "{{ .Values.protocols }}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-weak-protocol",
        summary: "ingress controller speaks TLS before 1.2",
        remedy: "Allow TLS 1.2 and TLS 1.3 only, which is the default.",
        severity: High,
        check: Check::Text(&["ssl-protocols"], check),
        peers: &["testssl:protocols"],
        security: true,
        cwe: &[327],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc8996",
            "https://wiki.mozilla.org/Security/Server_Side_TLS",
            "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#ssl-protocols",
        ],
    }
}

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    for name in ["ssl-protocols", "proxy-ssl-protocols"] {
        for setting in settings(file, name) {
            let Some(allowed) = Protocols::of_list(setting.value) else { continue };
            let weak: Vec<_> = allowed.weak().collect();
            if weak.is_empty() {
                continue;
            }
            let object = object_at(file, setting.span);
            let whose = object.map(|object| format!(" of {}", object.view.display()));
            let whose = whose.unwrap_or_default();
            let message = format!("`{name}`{whose} allows {}", Listed(&weak));
            let finding = out.report(setting.span, message).evidence(setting.value);
            if let Some(object) = object {
                finding.object(object.path());
            }
            if name.starts_with("proxy") {
                finding.severity(Severity::Medium);
            }
        }
    }
}
