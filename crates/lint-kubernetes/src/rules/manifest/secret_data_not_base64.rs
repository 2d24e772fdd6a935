use careen_kube_model::{ObjectView, Secret, SecretEntry, secret::Encoding};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_text::{Base64Problem, Span};

use crate::Check;
use crate::place::cut;
use crate::placeholder::is_placeholder;
use crate::strings::is_encrypted;

rule! {
    /// The values under `data` of a Secret are base64; the API server refuses a Secret in which
    /// one is not. What is not base64 there is usually the secret itself, which belongs under
    /// `stringData`, and rather not into the repository at all.
    ///
    /// Kubernetes reads base64 strictly: line breaks are passed over, blanks are not, and padding
    /// must be complete. Secrets that are encrypted by SOPS and places for other tools to fill in
    /// are left alone. The value is never shown.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: db
    ///   namespace: shop
    /// data:
    ///   username: YXBp
    ///   password: not*base64
    /// #              ^ key `password` of Secret `shop/db` is not base64: this character is none of its alphabet
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Secret
    /// metadata:
    ///   name: db
    ///   namespace: shop
    /// data:
    ///   username: YXBp
    /// ```
    pub(crate) static RULE: Check = {
        id: "secret-data-not-base64",
        summary: "value of a Secret is not base64",
        remedy: "Encode the value, or move it to `stringData`.",
        severity: High,
        check: Check::Object(check),
        fragments: true,
        controls: &[control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data",
        ],
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(secret) = Secret::of(view) else { return };
    for entry in secret.distinct_entries().filter(|entry| entry.encoding == Encoding::Base64) {
        let Some((span, problem)) = flaw(&entry) else { continue };
        if is_encrypted(view) || entry.value.text().is_some_and(is_placeholder) {
            continue;
        }
        let message =
            format!("key `{}` of {} is not base64: {problem}", cut(entry.key), view.display());
        let finding = out.report(span, message);
        finding.field(format!("data.{}", cut(entry.key)));
    }
}

/// What Go's decoder finds wrong with a value, and where.
fn flaw(entry: &SecretEntry<'_>) -> Option<(Span, &'static str)> {
    match entry.decoded() {
        Err(problem @ Base64Problem::Alphabet { .. }) => {
            let what = "this character is none of its alphabet";
            return Some((entry.problem_span(problem), what));
        }
        Err(Base64Problem::Length) => return Some((entry.value.span(), LENGTH)),
        Ok(_) => {}
    }
    // What is decoded here is more than Go takes: blanks, and padding that is cut off.
    let text = entry.value.text().unwrap_or_default();
    let blank = text.bytes().position(|byte| byte.is_ascii_whitespace() && !is_break(byte));
    if let Some(at) = blank {
        let span = entry.written().resolve(Span::of(at..at + 1));
        return Some((span, "it has a blank in it"));
    }
    let length = text.bytes().filter(|&byte| !is_break(byte)).count();
    (length % 4 != 0).then_some((entry.value.span(), LENGTH))
}

const LENGTH: &str = "its length or padding is wrong";

const fn is_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}
