use careen_model::{Context, ObjectRef};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::cert_manager::{KINDS, Length, Request, Text, of_object, seconds};
use crate::ingress::is_plain;
use crate::names::Shown;

/// What cert-manager takes at least, in seconds.
const SHORTEST_DURATION: i64 = 3_600;
const SHORTEST_RENEWAL: i64 = 300;

rule! {
    /// cert-manager's webhook refuses a Certificate that lives for less than an hour, that is to be
    /// renewed less than five minutes before its end or before it begins, or that says so in two
    /// ways. So the manifest cannot be applied; where annotations say it, no Certificate is made,
    /// and only an event tells. Durations are those of Go: hours, minutes and seconds, no days.
    ///
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   duration: 720h
    ///   renewBefore: 720h
    /// #              ^^^^ `renewBefore` of Certificate `shop/web` is 30 days, no less than its duration of 30 days
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   duration: 90d
    /// #           ^^^ `duration` of Certificate `shop/api` is `90d`, which is no duration in Go's units `h`, `m` and `s`
    ///   dnsNames: [api.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: job, namespace: shop}
    /// spec:
    ///   secretName: job-tls
    ///   duration: 30m
    /// #           ^^^ `duration` of Certificate `shop/job` is 30 minutes, and cert-manager takes at least 60 minutes
    ///   renewBefore: 2m
    /// #              ^^ `renewBefore` of Certificate `shop/job` is 2 minutes, and cert-manager takes at least 5 minutes
    ///   dnsNames: [job.example.com]
    ///   issuerRef: {name: internal}
    /// ```
    /// ```yaml bad
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   renewBefore: 360h
    ///   renewBeforePercentage: 20
    /// #                        ^^ Certificate `shop/web` sets both `renewBefore` and `renewBeforePercentage`
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     cert-manager.io/cluster-issuer: internal
    ///     cert-manager.io/renew-before: 2400h
    /// #                                 ^^^^^ `renewBefore` of Ingress `shop/api` is 100 days, no less than its duration of 90 days
    /// spec:
    ///   tls: [{hosts: [api.example.com], secretName: api-tls}]
    ///   rules: [{host: api.example.com}]
    /// ```
    /// ```yaml good
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   secretName: web-tls
    ///   duration: 2160h
    ///   renewBefore: 360h0m0s
    ///   dnsNames: [shop.example.com]
    ///   issuerRef: {name: internal}
    /// ---
    /// apiVersion: cert-manager.io/v1
    /// kind: Certificate
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   secretName: api-tls
    ///   duration: ${DURATION}
    ///   renewBefore: 2400h
    ///   dnsNames: [api.example.com]
    ///   issuerRef: {name: internal}
    /// ```
    pub(crate) static RULE: Check = {
        id: "certmanager-renew-before-invalid",
        summary: "duration or time of renewal that cert-manager refuses",
        remedy: "Set `duration` to an hour or more, and one of `renewBefore` and `renewBeforePercentage` to a part of it, at least five minutes.",
        severity: High,
        check: Check::Kind(KINDS, check),
        controls: &[control::TLS_VALID],
        references: &["https://cert-manager.io/docs/usage/certificate/#renewal"],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    for request in of_object(object) {
        let by = object.view.display();
        at_least("duration", request.duration, SHORTEST_DURATION, object, out);
        if at_least("renewBefore", request.renew_before, SHORTEST_RENEWAL, object, out) {
            against_duration(&request, out);
        }
        let Some((percentage, node)) = request.renew_before_percentage else { continue };
        if request.renew_before.is_some() {
            let message = format!("{by} sets both `renewBefore` and `renewBeforePercentage`");
            out.report(node.span(), message).field("spec.renewBeforePercentage");
            continue;
        }
        let (Some(lifetime), Ok(percent)) = (request.lifetime(), percentage.parse::<i64>()) else {
            continue;
        };
        let why = if !(1..100).contains(&percent) {
            "not between 1 and 99"
        } else if lifetime.saturating_mul(percent) / 100 < SHORTEST_RENEWAL {
            "less than 5 minutes"
        } else {
            continue;
        };
        let message = format!("`renewBeforePercentage` of {by} is {percent}, {why}");
        out.report(node.span(), message).field("spec.renewBeforePercentage");
    }
}

/// Whether a duration is long enough; tells if not, also if it is none.
fn at_least(
    what: &str,
    given: Option<Text<'_>>,
    least: i64,
    object: ObjectRef<'_>,
    out: &mut Sink<'_>,
) -> bool {
    let Some((text, node)) = given else { return false };
    let by = object.view.display();
    let message = match seconds(text) {
        Some(length) if length >= least => return true,
        Some(length) => {
            let (length, least) = (Length(length), Length(least));
            format!("`{what}` of {by} is {length}, and cert-manager takes at least {least}")
        }
        None if is_plain(text) => {
            let text = Shown(text);
            format!(
                "`{what}` of {by} is `{text}`, which is no duration in Go's units `h`, `m` and `s`"
            )
        }
        None => return false,
    };
    out.report(node.span(), message).field(format!("spec.{what}"));
    false
}

fn against_duration(request: &Request<'_>, out: &mut Sink<'_>) {
    let Some((text, node)) = request.renew_before else { return };
    let (Some(before), Some(lifetime)) = (seconds(text), request.lifetime()) else { return };
    if before >= lifetime {
        let message = format!(
            "`renewBefore` of {} is {}, no less than its duration of {}",
            request.object.view.display(),
            Length(before),
            Length(lifetime)
        );
        out.report(node.span(), message).field("spec.renewBefore");
    }
}
