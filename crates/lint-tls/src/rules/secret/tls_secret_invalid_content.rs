use careen_kube_model::{Secret, SecretEntry};
use careen_model::{Context, ObjectRef};
use careen_rule::{Severity, Sink, control, rule};
use careen_x509_model::has_pem;

use crate::Check;
use crate::site::TLS_SECRET;

rule! {
    /// `tls.crt` and `tls.key` hold PEM, encoded once. The API server does not look, so a value
    /// that was encoded twice, is DER, or is empty is applied without a word; the controller finds
    /// no certificate (`unexpected error parsing certificate`) and serves its fake one.
    ///
    /// An empty value is fine where an operator fills it in, as OpenShift's and cert-manager's do;
    /// encrypted values (SOPS) and variables of tools are let be. A placeholder that a person is to
    /// fill in is told more mildly. Opaque Secrets are judged where they have both keys.
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
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// stringData:
    ///   tls.crt: REPLACE_ME
    /// # ^^^^^^^ `tls.crt` of Secret `shop/web-tls` is not PEM: it is a placeholder
    ///   tls.key: the key of the shop
    /// # ^^^^^^^ `tls.key` of Secret `shop/web-tls` is not PEM: it has no BEGIN line
    ///   ca.crt: ""
    /// # ^^^^^^ `ca.crt` of Secret `shop/web-tls` is not PEM: it is empty
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
    let Some(secret) = Secret::of(view) else { return };
    let is_pair = || secret.entry("tls.crt").is_some() && secret.entry("tls.key").is_some();
    if secret.secret_type() != TLS_SECRET && !(secret.secret_type() == "Opaque" && is_pair()) {
        return;
    }
    for key in ["tls.crt", "tls.key", "ca.crt"] {
        let Some(entry) = secret.entry(key) else { continue };
        if let Some(reason) = defect(&entry) {
            let message = format!("`{key}` of {} is not PEM: {reason}", view.display());
            let finding = out.report(entry.key_span, message);
            finding.field(key).evidence(reason).secret(entry.value.span());
            // Many charts leave the CA empty where there is none.
            if reason == PLACEHOLDER || (key == "ca.crt" && reason == EMPTY) {
                finding.severity(Severity::Low);
            }
        }
    }
}

const EMPTY: &str = "it is empty";
const PLACEHOLDER: &str = "it is a placeholder";

/// Whether a short value is one that a person is to replace.
fn is_placeholder(bytes: &[u8]) -> bool {
    const WORDS: [&str; 8] =
        ["change", "replace", "todo", "your", "placeholder", "xxx", "dummy", "insert"];
    const LONGEST: usize = 128;
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LONGEST);
    text.is_some_and(|text| {
        let text = text.to_ascii_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    })
}

/// Why a value is no PEM; none where it is, or where a tool will replace it.
fn defect(entry: &SecretEntry<'_>) -> Option<&'static str> {
    let Ok(decoded) = entry.decoded() else {
        let written = entry.written();
        let replaced = written.bytes.iter().any(|byte| b"[]{}<>$".contains(byte));
        let is_blank = is_placeholder(&written.bytes);
        let reason = if is_blank { PLACEHOLDER } else { "it is not base64" };
        return (!replaced).then_some(reason);
    };
    let bytes = decoded.bytes.trim_ascii();
    if has_pem(bytes) {
        return None;
    }
    match bytes {
        [] => Some(EMPTY),
        [0xfe, 0xed, 0xfe, 0xed, ..] => Some("it is a JKS keystore"),
        // A SEQUENCE of version 3 and another one.
        [0x30, 0x82, _, _, 2, 1, 3, 0x30, ..] => Some("it is a PKCS#12 keystore"),
        // A SEQUENCE of 128 bytes or more.
        [0x30, 0x81..=0x84, ..] => Some("it is DER"),
        // `-----` and the letter B in base64, or a SEQUENCE in base64.
        _ if bytes.starts_with(b"LS0tLS1C") => Some("it is base64 once more"),
        _ if bytes.starts_with(b"MII") => Some("it is DER in base64, without BEGIN and END lines"),
        _ if bytes.iter().any(|byte| b"[]{}<>$".contains(byte)) => None,
        _ if is_placeholder(bytes) => Some(PLACEHOLDER),
        _ => Some("it has no BEGIN line"),
    }
}
