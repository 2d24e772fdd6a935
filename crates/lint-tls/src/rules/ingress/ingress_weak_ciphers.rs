use careen_model::{Context, File};
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::cipher::{Grade, weakest};
use crate::cipher_list;
use crate::setting::{object_at, settings};

rule! {
    /// The list lets clients choose suites that encrypt nothing, that can be broken (RC4, DES,
    /// 3DES, export keys), that authenticate nobody, or whose recorded traffic can be read by who
    /// gets the server's key later (RSA key exchange). The list is read as OpenSSL reads it, so
    /// that `HIGH` and other groups count for what they hold. Suites of TLS 1.3 are always fine.
    ///
    /// CBC suites and finite-field Diffie-Hellman, which Mozilla's guidelines dropped lately, are
    /// not reported. It is fine for devices that cannot be updated, behind a controller of their
    /// own.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: ingress-nginx-controller, namespace: edge}
    /// data:
    ///   ssl-ciphers: "ECDHE-RSA-AES128-GCM-SHA256:DES-CBC3-SHA"
    /// #              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `ssl-ciphers` of ConfigMap `edge/ingress-nginx-controller` allows `DES-CBC3-SHA`, which uses 3DES
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/ssl-ciphers: HIGH:!aNULL:!MD5
    /// #                                            ^^^^^^^^^^^^^^^^ `ssl-ciphers` of Ingress `shop/web` allows `AES256-GCM-SHA384`, which is without forward secrecy
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: ingress-nginx-controller, namespace: edge}
    /// data:
    ///   ssl-ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:!RC4"
    /// ```
    /// ```yaml good file=values.yaml
    /// controller:
    ///   config:
    ///     ssl-ciphers: "ECDHE+AESGCM:DHE+AESGCM:!aNULL"
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-weak-ciphers",
        summary: "ingress controller allows weak cipher suites",
        remedy: "Allow suites of ECDHE with AES-GCM or ChaCha20-Poly1305 only, or leave the list to the controller's default.",
        severity: High,
        check: Check::Text(&["ssl-ciphers"], check),
        peers: &["testssl:cipherlists"],
        security: true,
        cwe: &[327],
        controls: &[control::TLS_VALID],
        references: &[
            "https://wiki.mozilla.org/Security/Server_Side_TLS",
            "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#ssl-ciphers",
        ],
    }
}

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    for name in ["ssl-ciphers", "proxy-ssl-ciphers"] {
        for setting in settings(file, name) {
            let Some(worst) = weakest(cipher_list::weak(setting.value)) else { continue };
            if worst.judgement.grade < Grade::NotForwardSecret {
                continue;
            }
            let object = object_at(file, setting.span);
            let whose = object.map(|object| format!(" of {}", object.view.display()));
            let message = format!("`{name}`{} allows {worst}", whose.unwrap_or_default());
            let finding = out.report(setting.span, message).evidence(worst.name);
            if let Some(object) = object {
                finding.object(object.path());
            }
            if worst.judgement.grade < Grade::Broken || name.starts_with("proxy") {
                finding.severity(Severity::Medium);
            }
        }
    }
}
