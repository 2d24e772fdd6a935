use careen_model::{Context, File};
use careen_rule::{Severity, Sink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::cipher::{Grade, Weak};
use crate::protocol::Protocol;
use crate::setting::{lists, object_at, settings};
use crate::traefik::is_traefik;

rule! {
    /// The TLS options let Traefik speak TLS 1.0 or 1.1, or choose cipher suites that are broken or
    /// without forward secrecy. The old versions are formally retired (RFC 8996) and fail every
    /// audit. Traefik's own default is TLS 1.2 and the good suites, so such options are always
    /// somebody's decision. With `maxVersion` below 1.2 nobody can use a newer version.
    ///
    /// It is fine for devices that cannot be updated, with options of their own on one router.
    ///
    /// ```yaml bad
    /// apiVersion: traefik.io/v1alpha1
    /// kind: TLSOption
    /// metadata: {name: default, namespace: edge}
    /// spec:
    ///   minVersion: VersionTLS10
    /// #             ^^^^^^^^^^^^ `minVersion` of TLSOption `edge/default` allows TLS 1.0
    ///   cipherSuites:
    ///   - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
    ///   - TLS_RSA_WITH_AES_128_CBC_SHA
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `cipherSuites` of TLSOption `edge/default` allows `TLS_RSA_WITH_AES_128_CBC_SHA`, which is without forward secrecy
    /// ```
    /// ```toml bad file=dynamic.toml
    /// [tls.options]
    ///   [tls.options.old]
    ///     minVersion = "VersionTLS11"
    /// #                ^^^^^^^^^^^^^^ `minVersion` allows TLS 1.1
    ///     cipherSuites = ["TLS_AES_128_GCM_SHA256", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"]
    /// #                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `cipherSuites` allows `TLS_RSA_WITH_3DES_EDE_CBC_SHA`, which uses 3DES
    /// ```
    /// ```yaml good
    /// apiVersion: traefik.io/v1alpha1
    /// kind: TLSOption
    /// metadata: {name: default, namespace: edge}
    /// spec:
    ///   minVersion: VersionTLS12
    ///   cipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256]
    /// ```
    /// ```yaml good file=dynamic.yaml
    /// tls:
    ///   options:
    ///     default:
    ///       # minVersion: VersionTLS10
    ///       minVersion: VersionTLS13
    /// ```
    pub(crate) static RULE: Check = {
        id: "traefik-min-version",
        summary: "Traefik allows TLS before 1.2 or weak cipher suites",
        remedy: "Set `minVersion` to `VersionTLS12` or `VersionTLS13`, and leave `cipherSuites` to the default.",
        severity: High,
        check: Check::Text(&["minVersion", "maxVersion", "cipherSuites"], check),
        peers: &["kyverno:traefik/disallow-default-tlsoptions"],
        security: true,
        cwe: &[327],
        controls: &[control::TLS_VALID],
        references: &[
            "https://doc.traefik.io/traefik/https/tls/#minimum-tls-version",
            "https://wiki.mozilla.org/Security/Server_Side_TLS",
        ],
    }
}

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    for name in ["minVersion", "maxVersion"] {
        // Go's names for versions tell Traefik's setting from those of other programs.
        let versions = settings(file, name).filter(|setting| setting.value.starts_with("Version"));
        for setting in versions {
            let version = Protocol::parse(setting.value).filter(|version| version.is_weak());
            if let Some(version) = version {
                let what = if name == "minVersion" { "allows" } else { "allows no newer than" };
                tell(file, setting.span, &format!("{what} {version}"), name, None, out);
            }
        }
    }
    for item in lists(file, "cipherSuites").into_iter().flatten() {
        // Istio's lists have OpenSSL's names.
        let suite = item.value.starts_with("TLS_").then(|| Weak::of(item.value)).flatten();
        let Some(weak) = suite else { continue };
        let severity = match weak.judgement.grade {
            Grade::Broken => None,
            Grade::NotForwardSecret => Some(Severity::Medium),
            Grade::Good | Grade::Old => continue,
        };
        tell(file, item.span, &format!("allows {weak}"), "cipherSuites", severity, out);
    }
}

fn tell(
    file: &File,
    span: Span,
    what: &str,
    name: &str,
    severity: Option<Severity>,
    out: &mut Sink<'_>,
) {
    let object = object_at(file, span);
    // Values of a chart stand in objects of other kinds too.
    let elsewhere = object.is_some_and(|object| {
        !is_traefik(object.view)
            && !matches!(
                object.view.kind(),
                "ConfigMap" | "HelmRelease" | "HelmChartConfig" | "HelmChart" | "Application"
            )
    });
    if elsewhere {
        return;
    }
    let whose = object.map(|object| format!(" of {}", object.view.display()));
    let message = format!("`{name}`{} {what}", whose.unwrap_or_default());
    let finding = out.report(span, message).evidence(what);
    if let Some(object) = object {
        finding.object(object.path());
    }
    if let Some(severity) = severity {
        finding.severity(severity);
    }
}
