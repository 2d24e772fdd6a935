use careen_model::{Context, ObjectRef};
use careen_rule::{Confidence, Severity, Sink, control, rule};

use crate::Check;
use crate::cert_manager::{
    Length, MOST_WINDOWS, Request, Window, is_certificate, longest_gap, seconds,
};
use crate::endpoints::{items, named};

rule! {
    /// A certificate that is not renewed expires, and then everything that verifies it stops at
    /// once. cert-manager 1.21 and later can be told not to renew (`policy: Disabled`), or to renew
    /// within windows only. If no window opens between the time for renewal and the end,
    /// cert-manager renews outside of all windows, and the Certificate stays `Ready: False` with
    /// the reason `WindowError`, which hides a real failure.
    ///
    /// `Disabled` is fine for the certificate of a CA that is exchanged by hand (`isCA: true`).
    /// Windows are fine if they open more often than the time between renewal and end is long,
    /// which is a third of the life, or `renewBefore`.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    ///   renewal:
    ///     policy: Disabled
    /// #           ^^^^^^^^ Certificate `shop/web` is never renewed: its renewal is disabled
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   renewBefore: 240h
    ///   dnsNames: [api.example.com]
    ///   issuerRef: {name: internal}
    ///   renewal:
    ///     policy: RenewBefore
    ///     windows:
    ///     - cron: "0 1 1 * *"
    /// #           ^^^^^^^^^^^ renewal windows of Certificate `shop/api` are up to 30 days apart, but there are only 10 days from the time for renewal to the end
    ///       windowDuration: 4h
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: job, namespace: shop}
    /// spec:
    ///   secretName: job-tls
    ///   dnsNames: [job.example.com]
    ///   issuerRef: {name: internal}
    ///   renewal:
    ///     policy: RenewBefore
    ///     windows:
    ///     - cron: 0 0 31 2 *
    /// #           ^^^^^^^^^^ no renewal window of Certificate `shop/job` ever opens
    ///       windowDuration: 4h
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: root, namespace: cert-manager}
    /// spec:
    ///   secretName: root-ca
    ///   isCA: true
    ///   commonName: Shop Root
    ///   duration: 87600h
    ///   issuerRef: {kind: ClusterIssuer, name: selfsigned}
    ///   renewal: {policy: Disabled}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    ///   renewal:
    ///     policy: RenewBefore
    ///     windows:
    ///     - {cron: 0 4 * * 2, windowDuration: 3h}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-renewal-disabled",
        summary: "certificate is not renewed in time",
        remedy: "Take `spec.renewal` out, or let windows open at least once between the time for renewal and the end.",
        severity: High,
        check: Check::Kind(&["Certificate"], check),
        confidence: Confidence::High,
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/usage/certificate/#renewal"],
    }
}

fn check(object: ObjectRef<'_>, context: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    if !is_certificate(view) || view.at(&["spec", "renewal"]).is_none() {
        return;
    }
    let Some(request) = Request::of_certificate(object) else { return };
    match named(view.root(), &["spec", "renewal", "policy"]) {
        Some(("Disabled", node)) if !request.is_ca => {
            let message = format!("{} is never renewed: its renewal is disabled", view.display());
            out.report(node.span(), message).field("spec.renewal.policy");
        }
        Some(("Disabled", _)) => {}
        _ => windows(&request, context.now, out),
    }
}

fn windows(request: &Request<'_>, now: i64, out: &mut Sink<'_>) {
    let view = request.object.view;
    let mut windows = Vec::new();
    let mut first = None;
    for window in items(view, &["spec", "renewal", "windows"]) {
        let cron = named(window, &["cron"]);
        let duration = named(window, &["windowDuration"]);
        // What is written in another way may be anything.
        let (Some((cron, node)), Some((duration, _))) = (cron, duration) else { return };
        let Some(window) = seconds(duration).and_then(|seconds| Window::new(cron, seconds)) else {
            return;
        };
        windows.push(window);
        if windows.len() > MOST_WINDOWS {
            return;
        }
        first.get_or_insert(node);
    }
    let (Some(node), Some(lifetime)) = (first, request.lifetime()) else { return };
    let left = request.renewed_before(lifetime);
    let by = view.display();
    let (message, severity) = match longest_gap(&windows, now) {
        None => (format!("no renewal window of {by} ever opens"), Severity::High),
        Some(gap) if gap > left => {
            let (apart, days) = (Length(gap), Length(left));
            let message = format!(
                "renewal windows of {by} are up to {apart} apart, but there are only {days} from the time for renewal to the end"
            );
            let sometimes = gap < left.saturating_mul(2);
            (message, if sometimes { Severity::Medium } else { Severity::High })
        }
        Some(_) => return,
    };
    out.report(node.span(), message).field("spec.renewal.windows").severity(severity);
}
