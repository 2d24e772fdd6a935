use careen_kube_model::{field, strings};
use careen_model::{Context, ObjectRef};
use careen_rule::{Confidence, Severity, Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::cipher::{Grade, Weak};
use crate::endpoints::named;
use crate::gateway::{ENVOY, LISTENING, is_listening, listeners};
use crate::names::Shown;
use crate::protocol::{Listed, Protocol, Protocols};

rule! {
    /// TLS 1.0 and 1.1 are forbidden by RFC 8996: they rely on MD5 and SHA-1, and an audit by PCI
    /// DSS fails with them. Suites without forward secrecy let whoever gets the key later read what
    /// was recorded before. Gateways speak TLS 1.2 and newer with good suites by default, so this
    /// was written to loosen that. It is fine where an old device can do no better and has a
    /// listener of its own.
    ///
    /// Read are policies of Envoy Gateway, and options of listeners whose names speak of versions,
    /// protocols or ciphers, as NGINX Gateway Fabric and others have.
    ///
    /// ```yaml bad
    /// apiVersion: gateway.envoyproxy.io/v1alpha1
    /// kind: ClientTrafficPolicy
    /// metadata: {name: tls, namespace: infra}
    /// spec:
    ///   targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}]
    ///   tls:
    ///     minVersion: "1.0"
    /// #               ^^^^^ ClientTrafficPolicy `infra/tls` allows TLS 1.0
    ///     ciphers:
    ///     - ECDHE-RSA-AES128-GCM-SHA256
    ///     - AES128-SHA
    /// #     ^^^^^^^^^^ ClientTrafficPolicy `infra/tls` allows cipher suite `AES128-SHA`, which is without forward secrecy
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: nginx
    ///   listeners:
    ///   - name: https
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls:
    ///       certificateRefs: [{name: web-tls}]
    ///       options:
    ///         nginx.org/ssl-protocols: TLSv1.1 TLSv1.2
    /// #                                ^^^^^^^^^^^^^^^ listener `https` of Gateway `infra/edge` allows TLS 1.1
    /// ```
    /// ```yaml good
    /// apiVersion: gateway.envoyproxy.io/v1alpha1
    /// kind: ClientTrafficPolicy
    /// metadata: {name: tls, namespace: infra}
    /// spec:
    ///   targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}]
    ///   tls: {minVersion: "1.2", ciphers: [ECDHE-RSA-AES128-GCM-SHA256]}
    /// ---
    /// apiVersion: gateway.networking.k8s.io/v1
    /// kind: Gateway
    /// metadata: {name: edge, namespace: infra}
    /// spec:
    ///   gatewayClassName: nginx
    ///   listeners:
    ///   - name: https
    ///     protocol: HTTPS
    ///     port: 443
    ///     tls:
    ///       certificateRefs: [{name: web-tls}]
    ///       options:
    ///         nginx.org/ssl-protocols: TLSv1.2 TLSv1.3
    ///         example.com/min-tls-version: "{{ .Values.tls }}"
    ///         example.com/max-tls-version: TLSv1.1
    /// ```
    pub(crate) static RULE: Check = {
        id: "gateway-weak-min-version",
        summary: "gateway allows TLS before 1.2 or weak ciphers",
        remedy: "Take the setting out, or allow TLS 1.2 and newer with ECDHE and AEAD suites only.",
        severity: High,
        check: Check::Kind(
            &["Gateway", "ListenerSet", "XListenerSet", "ClientTrafficPolicy", "Backend", "EnvoyProxy"],
            check,
        ),
        confidence: Confidence::High,
        security: true,
        cwe: &[326, 327],
        controls: &[control::TLS_VALID],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc8996",
            "https://gateway.envoyproxy.io/docs/api/extension_types/#tlssettings",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    if LISTENING.contains(&view.kind()) {
        if is_listening(view) {
            of_listeners(object, out);
        }
        return;
    }
    if view.group() != ENVOY {
        return;
    }
    let settings = match view.kind() {
        "EnvoyProxy" => view.at(&["spec", "backendTLS"]),
        _ => view.at(&["spec", "tls"]),
    };
    let Some(settings) = settings else { return };
    let who = view.display().to_string();
    if let Some((version, node)) = named(settings, &["minVersion"])
        && let Some(version) = Protocol::parse(version).filter(|version| version.is_weak())
    {
        allows(out, &who, node, &[version]);
    }
    for (name, node) in field(settings, "ciphers").into_iter().flat_map(strings) {
        cipher(out, &who, name, node);
    }
}

fn of_listeners(object: ObjectRef<'_>, out: &mut Sink<'_>) {
    for listener in listeners(object) {
        let options = careen_kube_model::path(listener.node, &["tls", "options"]);
        for option in options.into_iter().flat_map(|options| options.entries()) {
            let (Some(key), Some(value)) = (option.name(), option.value.text()) else { continue };
            let key = key.rsplit('/').next().unwrap_or(key).to_ascii_lowercase();
            let has = |word: &str| key.contains(word);
            let who = || listener.display().to_string();
            if has("cipher") {
                let between = |found: char| found.is_whitespace() || matches!(found, ',' | ':');
                let names = value.split(between).filter(|name| !name.is_empty());
                if let Some(name) = names.into_iter().find(|name| is_weak(name).is_some()) {
                    cipher(out, &who(), name, option.value);
                }
            } else if has_version(&key) {
                let weak: Vec<Protocol> =
                    Protocols::of_list(value).into_iter().flat_map(Protocols::weak).collect();
                if !weak.is_empty() {
                    allows(out, &who(), option.value, &weak);
                }
            }
        }
    }
}

/// Whether a name is of versions of TLS that are allowed, or of the least of them.
fn has_version(key: &str) -> bool {
    let has = |word: &str| key.contains(word);
    (has("version") || has("protocol")) && (has("tls") || has("ssl")) && !has("max")
}

fn allows(out: &mut Sink<'_>, who: &str, node: Node<'_>, versions: &[Protocol]) {
    let versions = Listed(versions).to_string();
    out.report(node.span(), format!("{who} allows {versions}")).evidence(versions);
}

/// A suite that is worse than old.
fn is_weak(name: &str) -> Option<Weak<'_>> {
    Weak::of(name).filter(|weak| weak.judgement.grade > Grade::Old)
}

fn cipher(out: &mut Sink<'_>, who: &str, name: &str, node: Node<'_>) {
    let Some(weak) = is_weak(name) else { return };
    let message =
        format!("{who} allows cipher suite `{}`, which {}", Shown(name), weak.judgement.why);
    let finding = out.report(node.span(), message).evidence(name);
    if weak.judgement.grade < Grade::Broken {
        finding.severity(Severity::Medium);
    }
}
