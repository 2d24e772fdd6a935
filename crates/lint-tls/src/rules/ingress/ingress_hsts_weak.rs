use careen_model::{Context, File};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::names::Shown;
use crate::setting::{Setting, is_off, is_on, object_at, sections, settings};

/// A year, in seconds: the least that browsers' preload lists take.
const YEAR: u64 = 31_536_000;

rule! {
    /// Strict-Transport-Security (RFC 6797) has browsers refuse plain HTTP for the host from the
    /// first visit on. Turned off, or with a short life, everybody's first request of the day can
    /// go over plain HTTP again, where it can be kept by an attacker. Mozilla asks for two years,
    /// the preload lists of browsers for one at least; less than one is reported.
    ///
    /// It is fine where the application sends the header itself, where a load balancer in front
    /// does, and for a few days while HTTPS is introduced.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: ingress-nginx-controller, namespace: edge}
    /// data:
    ///   hsts: "false"
    /// #       ^^^^^^^ `hsts` of ConfigMap `edge/ingress-nginx-controller` is off
    /// ```
    /// ```yaml bad file=values.yaml
    /// controller:
    ///   config:
    ///     hsts: "true"
    ///     hsts-max-age: "3600"
    /// #                 ^^^^^^ `hsts-max-age` is 3600 seconds, less than a year
    /// ```
    /// ```yaml bad
    /// apiVersion: traefik.io/v1alpha1
    /// kind: Middleware
    /// metadata: {name: headers, namespace: edge}
    /// spec:
    ///   headers:
    ///     stsSeconds: 86400
    /// #               ^^^^^ `stsSeconds` of Middleware `edge/headers` is 86400 seconds, less than a year
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: ingress-nginx-controller, namespace: edge}
    /// data:
    ///   hsts: "true"
    ///   hsts-max-age: "63072000"
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: app, namespace: shop}
    /// data:
    ///   app.yaml: |
    ///     hsts: off
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-hsts-weak",
        summary: "ingress controller sends no lasting Strict-Transport-Security",
        remedy: "Turn HSTS on with a life of one year at least, better two: `max-age=63072000`.",
        severity: Low,
        check: Check::Text(&["hsts", "stsSeconds"], check),
        peers: &["testssl:HSTS"],
        security: true,
        cwe: &[319],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://www.rfc-editor.org/rfc/rfc6797",
            "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#hsts",
            "https://doc.traefik.io/traefik/middlewares/http/headers/#stsseconds",
        ],
    }
}

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    for setting in settings(file, "hsts").filter(|setting| is_off(setting.value)) {
        // The word alone is too common to be judged anywhere else.
        if is_annotation(file, &setting) || is_in_config(file, &setting) {
            tell(file, &setting, "hsts", "is off", out);
        }
    }
    for name in ["hsts-max-age", "stsSeconds"] {
        for setting in settings(file, name) {
            let Ok(seconds) = setting.value.parse::<u64>() else { continue };
            // Without a life there is no header for Traefik, which is its default.
            if seconds < YEAR && !(name == "stsSeconds" && seconds == 0) && !off(file) {
                let seconds = format!("is {seconds} seconds, less than a year");
                tell(file, &setting, name, &seconds, out);
            }
        }
    }
}

/// Whether HSTS is off altogether, so that its life does not matter.
fn off(file: &File) -> bool {
    let mut switches = settings(file, "hsts").peekable();
    switches.peek().is_some() && !switches.any(|setting| is_on(setting.value))
}

/// Whether the setting is the annotation of a controller.
fn is_annotation(file: &File, setting: &Setting<'_>) -> bool {
    let before = file.source.text().get(..setting.span.start as usize).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.contains("nginx.org/hsts")
        || line.contains("kubernetes.io/hsts")
        || line.contains("haproxy")
}

/// Whether the setting stands in a ConfigMap as a key of its own, or under `config` or `entries`
/// in the values of a chart.
fn is_in_config(file: &File, setting: &Setting<'_>) -> bool {
    if let Some(object) = object_at(file, setting.span) {
        let data = object.view.at(&["data"]).and_then(|data| data.get("hsts"));
        return object.view.is("", "ConfigMap")
            && data.is_some_and(|node| node.span().overlaps(setting.span));
    }
    sections(file, setting.span)
        .first()
        .is_some_and(|section| matches!(*section, "config" | "entries" | "data"))
}

fn tell(file: &File, setting: &Setting<'_>, name: &str, what: &str, out: &mut Sink<'_>) {
    let object = object_at(file, setting.span);
    let whose = object.map(|object| format!(" of {}", object.view.display()));
    let message = format!("`{}`{} {what}", Shown(name), whose.unwrap_or_default());
    let finding = out.report(setting.span, message);
    if let Some(object) = object {
        finding.object(object.path());
    }
}
