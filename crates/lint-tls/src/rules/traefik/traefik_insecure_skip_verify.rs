use careen_model::{Context, File};
use careen_rule::{Sink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::setting::{is_configuration, is_on, object_at, sections, settings};
use crate::traefik::is_traefik;

const NAME: &str = "insecureSkipVerify";
/// The same in the static configuration, by an argument or a variable of the environment.
const FLAGS: &[&str] = &[
    "serversTransport.insecureSkipVerify",
    "serverstransport.insecureskipverify",
    "SERVERSTRANSPORT_INSECURESKIPVERIFY",
];

rule! {
    /// Traefik speaks TLS with its backends and takes any certificate from them. Who can answer in
    /// place of a backend reads and changes everything; for a `forwardAuth` middleware, who is let
    /// in can be decided by whoever answers. In the static configuration it holds for all
    /// backends.
    ///
    /// It is fine where the network between Traefik and the pods is trusted and TLS is only there
    /// because the program insists on it.
    ///
    /// ```yaml bad
    /// apiVersion: traefik.io/v1alpha1
    /// kind: ServersTransport
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   insecureSkipVerify: true
    /// #                     ^^^^ ServersTransport `shop/web` has Traefik accept any certificate of its backends
    /// ```
    /// ```yaml bad file=traefik.yml
    /// serversTransport:
    ///   insecureSkipVerify: true
    /// #                     ^^^^ `serversTransport` has Traefik accept any certificate of its backends
    /// ```
    /// ```toml bad file=dynamic.toml
    /// [http.serversTransports.web]
    ///   serverName = "web"
    ///   insecureSkipVerify = true
    /// #                      ^^^^ `serversTransports` has Traefik accept any certificate of its backends
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: traefik, namespace: edge}
    /// spec:
    ///   containers:
    ///   - name: traefik
    ///     image: docker.io/traefik:v3.5
    ///     args:
    ///     - --serverstransport.insecureskipverify=true
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Pod `edge/traefik` has Traefik accept any certificate of its backends
    /// ```
    /// ```yaml good
    /// apiVersion: traefik.io/v1alpha1
    /// kind: ServersTransport
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   serverName: web.shop.svc
    ///   rootCAsSecrets: [backend-ca]
    ///   insecureSkipVerify: false
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: traefik, namespace: edge}
    /// spec:
    ///   containers:
    ///   - name: traefik
    ///     image: docker.io/traefik:v3.5
    ///     args: ["--serversTransport.insecureSkipVerify=false"]
    /// ```
    /// ```yaml good file=prometheus.yaml
    /// tlsConfig:
    ///   insecureSkipVerify: true
    /// ```
    pub(crate) static RULE: Check = {
        id: "traefik-insecure-skip-verify",
        summary: "Traefik does not verify its backends",
        remedy: "Name the CA of the backends' certificates (`rootCAs`) and their name (`serverName`), and take the setting away.",
        severity: Medium,
        check: Check::Text(&["insecureSkipVerify"], check),
        security: true,
        cwe: &[295],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://doc.traefik.io/traefik/routing/services/#insecureskipverify",
            "https://doc.traefik.io/traefik/routing/overview/#insecureskipverify",
        ],
    }
}

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    for setting in settings(file, NAME).filter(|setting| is_on(setting.value)) {
        let ours = object_at(file, setting.span).is_some_and(|object| is_traefik(object.view));
        let above = sections(file, setting.span);
        let section =
            above.iter().find(|name| matches!(**name, "serversTransport" | "serversTransports"));
        if ours || section.is_some() {
            tell(file, setting.span, section.copied().unwrap_or(NAME), out);
        }
    }
    if !is_configuration(file) {
        return;
    }
    let text = file.source.text();
    for flag in FLAGS {
        for (at, _) in text.match_indices(flag).take(MOST).filter(|(at, _)| is_set(text, *at, flag))
        {
            tell(file, Span::of(at..at + flag.len()), "serversTransport", out);
        }
    }
}

/// Most arguments of a file that are looked at: a limit on hostile input.
const MOST: usize = 256;

/// Whether a flag at an offset is an argument or a variable of Traefik that is true.
fn is_set(text: &str, at: usize, flag: &str) -> bool {
    let before = text.get(..at).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
    let after = text.get(at + flag.len()..).unwrap_or_default();
    let after = after.split('\n').next().unwrap_or_default();
    let ours = before.ends_with("--") || before.ends_with("TRAEFIK_");
    let holds = match after.strip_prefix('=') {
        Some(value) => {
            let value = value.trim_start_matches(['"', '\'']);
            value.get(..4).is_some_and(|value| value.eq_ignore_ascii_case("true"))
        }
        // An argument alone is true; a variable of the environment needs a value.
        None => flag.contains('.') && !after.trim_start().starts_with(':'),
    };
    ours && holds && !before.trim_start().starts_with('#')
}

fn tell(file: &File, span: Span, name: &str, out: &mut Sink<'_>) {
    let object = object_at(file, span);
    let who =
        object.map_or_else(|| format!("`{name}`"), |object| object.view.display().to_string());
    let message = format!("{who} has Traefik accept any certificate of its backends");
    let finding = out.report(span, message).evidence(name);
    if let Some(object) = object {
        finding.object(object.path());
    }
}
