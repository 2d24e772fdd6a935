use careen_kube_model::field;
use careen_model::{Context, File};
use careen_rule::{Sink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::setting::{object_at, settings};
use crate::traefik::is_traefik;

rule! {
    /// Traefik asks clients for a certificate and does not verify it (`RequestClientCert`,
    /// `RequireAnyClientCert`), so that one the client made itself will do; or it is to verify
    /// (`VerifyClientCertIfGiven`, `RequireAndVerifyClientCert`) and no CA is named, so that
    /// Traefik refuses the options and every router that uses them.
    ///
    /// It is fine where the application verifies the certificate it is passed by a
    /// `passTLSClientCert` middleware.
    ///
    /// ```yaml bad
    /// apiVersion: traefik.io/v1alpha1
    /// kind: TLSOption
    /// metadata: {name: clients, namespace: edge}
    /// spec:
    ///   clientAuth:
    ///     secretNames: [clients-ca]
    ///     clientAuthType: RequireAnyClientCert
    /// #                   ^^^^^^^^^^^^^^^^^^^^ TLSOption `edge/clients` does not verify client certificates: `clientAuthType` is `RequireAnyClientCert`
    /// ---
    /// apiVersion: traefik.io/v1alpha1
    /// kind: TLSOption
    /// metadata: {name: strict, namespace: edge}
    /// spec:
    ///   clientAuth:
    ///     clientAuthType: RequireAndVerifyClientCert
    /// #                   ^^^^^^^^^^^^^^^^^^^^^^^^^^ TLSOption `edge/strict` has no CA to verify client certificates with: `secretNames` is missing
    /// ```
    /// ```yaml bad file=dynamic.yaml
    /// tls:
    ///   options:
    ///     default:
    ///       clientAuth:
    ///         clientAuthType: RequestClientCert
    /// #                       ^^^^^^^^^^^^^^^^^ `clientAuth` does not verify client certificates: `clientAuthType` is `RequestClientCert`
    /// ```
    /// ```yaml good
    /// apiVersion: traefik.io/v1alpha1
    /// kind: TLSOption
    /// metadata: {name: clients, namespace: edge}
    /// spec:
    ///   clientAuth:
    ///     secretNames: [clients-ca]
    ///     clientAuthType: RequireAndVerifyClientCert
    /// ---
    /// apiVersion: traefik.io/v1alpha1
    /// kind: TLSOption
    /// metadata: {name: open, namespace: edge}
    /// spec:
    ///   clientAuth: {clientAuthType: NoClientCert}
    /// ```
    pub(crate) static RULE: Check = {
        id: "traefik-client-auth-unverified",
        summary: "Traefik does not verify client certificates",
        remedy: "Set `clientAuthType: RequireAndVerifyClientCert`, and name the Secret with the clients' CA under `secretNames`.",
        severity: Medium,
        check: Check::Text(&["clientAuthType"], check),
        security: true,
        cwe: &[287, 295],
        controls: &[control::TLS_ENABLED],
        references: &["https://doc.traefik.io/traefik/https/tls/#client-authentication-mtls"],
    }
}

const NAME: &str = "clientAuthType";

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    for setting in settings(file, NAME) {
        let object = object_at(file, setting.span);
        let what = match setting.value {
            kind @ ("RequestClientCert" | "RequireAnyClientCert") => {
                format!("does not verify client certificates: `{NAME}` is `{kind}`")
            }
            "VerifyClientCertIfGiven" | "RequireAndVerifyClientCert" => {
                // In a file the CA may stand above or below; only the object's field is looked at.
                let option = object.filter(|object| is_traefik(object.view));
                let clients = option.and_then(|option| option.view.at(&["spec", "clientAuth"]));
                let named = |node| {
                    field(node, "secretNames").is_some_and(|list| list.items().next().is_some())
                };
                if clients.is_none_or(named) {
                    continue;
                }
                "has no CA to verify client certificates with: `secretNames` is missing".to_owned()
            }
            _ => continue,
        };
        tell(file, setting.span, &what, out);
    }
}

fn tell(file: &File, span: Span, what: &str, out: &mut Sink<'_>) {
    let object = object_at(file, span);
    let who = object
        .map_or_else(|| "`clientAuth`".to_owned(), |object| object.view.display().to_string());
    let finding = out.report(span, format!("{who} {what}"));
    if let Some(object) = object {
        finding.object(object.path());
    }
}
