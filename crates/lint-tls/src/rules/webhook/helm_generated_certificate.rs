use careen_model::{Context, File, FileKind};
use careen_rule::{Sink, control, rule};
use careen_text::Span;
use memchr::memmem;

use crate::Check;

rule! {
    /// A template function that makes a certificate makes another one at every `helm upgrade`,
    /// with a new CA: pods that mounted the old one go on presenting it until they restart, while
    /// clients and webhook configurations have the new CA already. Between upgrades nothing renews
    /// it, so it expires on the day the arguments said. `helm diff` and Argo CD see a change at
    /// every look.
    ///
    /// It is fine together with `lookup`, which takes the certificate that is there.
    ///
    /// ```yaml bad file=chart/templates/webhook.yaml
    /// {{- $ca := genCA "orders" 365 }}
    /// #          ^^^^^ `genCA` makes a new certificate at every upgrade: nothing here looks up the old one
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: orders-tls}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: {{ $ca.Cert | b64enc }}
    ///   tls.key: {{ $ca.Key | b64enc }}
    /// ```
    /// ```yaml good file=chart/templates/webhook.yaml
    /// {{- $old := lookup "v1" "Secret" .Release.Namespace "orders-tls" }}
    /// {{- $ca := genCA "orders" 365 }}
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: orders-tls}
    /// type: kubernetes.io/tls
    /// data:
    ///   tls.crt: {{ $old | ternary $old.data (b64enc $ca.Cert) }}
    /// ```
    pub(crate) static RULE: Check = {
        id: "helm-generated-certificate",
        summary: "Helm template makes a new certificate at every upgrade",
        remedy: "Let cert-manager issue the certificate, or keep the one that is there with `lookup`.",
        severity: Medium,
        check: Check::Text(&CALLS, check),
        controls: &[control::TLS_VALID],
        references: &[
            "https://helm.sh/docs/chart_template_guide/function_list/#cryptographic-and-security-functions",
        ],
    }
}

const CALLS: [&str; 5] =
    ["genCAWithKey", "genCA", "genSelfSignedCertWithKey", "genSelfSignedCert", "genSignedCert"];

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    let text = file.source.text();
    let is_template = file.template.is_some() || file.kind == FileKind::Template;
    if !is_template || memmem::find(text.as_bytes(), b"lookup ").is_some() {
        return;
    }
    let mut end = 0;
    for at in memmem::find_iter(text.as_bytes(), "gen") {
        let rest = text.get(at..).unwrap_or_default();
        let Some(call) = CALLS.iter().find(|call| rest.starts_with(*call)) else { continue };
        let before = text.as_bytes().get(at.wrapping_sub(1)).copied().unwrap_or(b' ');
        if at < end || before.is_ascii_alphanumeric() || !is_in_action(text, at) {
            continue;
        }
        end = at + call.len();
        let message = format!(
            "`{call}` makes a new certificate at every upgrade: nothing here looks up the old one"
        );
        out.report(Span::of(at..end), message).evidence(*call);
        // One certificate takes a CA and what it signs: the first call tells the story.
        break;
    }
}

/// Whether a place stands between `{{` and `}}`.
fn is_in_action(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    match (before.rfind("{{"), before.rfind("}}")) {
        (Some(open), Some(close)) => open > close,
        (open, _) => open.is_some(),
    }
}
