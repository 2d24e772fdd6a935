use careen_kube_model::{Secret, SecretEntry};
use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};
use careen_x509_model::has_pem;

use crate::Check;
use crate::site::TLS_SECRET;

rule! {
    /// `tls.crt` and `tls.key` hold PEM, encoded once. The API server does not look, so a value
    /// that was encoded twice, is DER, or is empty is applied without a word; the controller finds
    /// no certificate (`unexpected error parsing certificate`) and serves its fake one.
    ///
    /// An empty value is fine where an operator fills it in, as OpenShift's and cert-manager's do;
    /// encrypted values (SOPS) and placeholders of tools are let be.
    ///
    /// ```recipe
    /// ca: {ca: true, common_name: Shop CA, not_after: 5y}
    /// leaf: {names: [shop.example.com], issuer: ca}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// stringData:
    ///   tls.crt: ${leaf.crt|base64}
    /// # ^^^^^^^ `tls.crt` of Secret `shop/web-tls` is not PEM: it is base64 once more
    /// data:
    ///   tls.key: MIIBCg==
    /// # ^^^^^^^ `tls.key` of Secret `shop/web-tls` is not PEM: it is DER
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: ${leaf.crt|base64}
    ///   tls.key: ENC[AES256_GCM,data:aaaa,type:str]
    /// ```
    pub(crate) static RULE: Check = {
        id: "tls-secret-invalid-content",
        summary: "certificate or key of a TLS Secret is not PEM",
        remedy: "Put PEM text under `stringData`, or its base64, encoded once, under `data`; `kubectl create secret tls --dry-run=client -o yaml` writes both.",
        severity: High,
        check: Check::Kind(&["Secret"], check),
        peers: &["istioctl:IST0161"],
        controls: &[control::TLS_VALID, control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets"],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    let Some(secret) = Secret::of(view).filter(|secret| secret.secret_type() == TLS_SECRET) else {
        return;
    };
    for key in ["tls.crt", "tls.key"] {
        let Some(entry) = secret.entry(key) else { continue };
        if let Some(reason) = defect(&entry) {
            let message = format!("`{key}` of {} is not PEM: {reason}", view.display());
            out.report(entry.key_span, message)
                .field(key)
                .evidence(reason)
                .secret(entry.value.span());
        }
    }
}

/// Why a value is no PEM; none where it is, or where a tool will replace it.
fn defect(entry: &SecretEntry<'_>) -> Option<&'static str> {
    let Ok(decoded) = entry.decoded() else {
        let written = entry.written();
        let replaced = written.bytes.iter().any(|byte| b"[]{}<>$".contains(byte));
        return (!replaced).then_some("it is not base64");
    };
    let bytes = decoded.bytes.trim_ascii();
    if has_pem(bytes) {
        return None;
    }
    match bytes {
        [] => Some("it is empty"),
        // A SEQUENCE of 128 bytes or more.
        [0x30, 0x81..=0x84, ..] => Some("it is DER"),
        // `-----` and the letter B in base64, or a SEQUENCE in base64.
        _ if bytes.starts_with(b"LS0tLS1C") => Some("it is base64 once more"),
        _ if bytes.starts_with(b"MII") => Some("it is DER in base64, without BEGIN and END lines"),
        _ if bytes.iter().any(|byte| b"[]{}<>$".contains(byte)) => None,
        _ => Some("it has no BEGIN line"),
    }
}
