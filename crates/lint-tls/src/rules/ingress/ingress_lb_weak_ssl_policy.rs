use careen_kube_model::ObjectView;
use careen_model::{Context, ObjectRef};
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::ingress::is_ingress;
use crate::names::Shown;
use crate::protocol::Protocol;
use crate::setting::is_variable;

/// Annotations that name the TLS policy of a cloud load balancer.
const POLICIES: &[&str] = &[
    "alb.ingress.kubernetes.io/ssl-policy",
    "service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy",
    "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-tls-cipher-policy",
];

rule! {
    /// The load balancer's TLS policy is one of the early ones, which speak TLS 1.0 or 1.1 with
    /// whoever asks. Without any, AWS takes `ELBSecurityPolicy-2016-08` and Google its
    /// `COMPATIBLE` profile, which both do.
    ///
    /// It is fine for devices that cannot be updated. That no policy is named is only mentioned,
    /// since the load balancer's class may name it.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:eu-west-1:1:certificate/a
    ///     alb.ingress.kubernetes.io/ssl-policy: ELBSecurityPolicy-2016-08
    /// #                                         ^^^^^^^^^^^^^^^^^^^^^^^^^ TLS policy `ELBSecurityPolicy-2016-08` of Ingress `shop/web` allows TLS 1.0
    /// spec:
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: edge
    ///   namespace: shop
    ///   annotations:
    ///     service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy: ELBSecurityPolicy-TLS13-1-1-2021-06
    /// #                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TLS policy `ELBSecurityPolicy-TLS13-1-1-2021-06` of Service `shop/edge` allows TLS 1.1
    /// spec: {type: LoadBalancer, ports: [{port: 443}]}
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:eu-west-1:1:certificate/a
    /// #                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Ingress `shop/api` names no TLS policy, so the load balancer allows TLS 1.0
    /// spec:
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: networking.gke.io/v1beta1
    /// kind: FrontendConfig
    /// metadata: {name: edge, namespace: shop}
    /// #                ^^^^ FrontendConfig `shop/edge` names no TLS policy, so the load balancer allows TLS 1.0
    /// spec:
    ///   redirectToHttps: {enabled: true}
    /// ---
    /// apiVersion: elbv2.k8s.aws/v1beta1
    /// kind: IngressClassParams
    /// metadata: {name: public}
    /// spec:
    ///   sslPolicy: ELBSecurityPolicy-FS-2018-06
    /// #            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ TLS policy `ELBSecurityPolicy-FS-2018-06` of IngressClassParams `public` allows TLS 1.0
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:eu-west-1:1:certificate/a
    ///     alb.ingress.kubernetes.io/ssl-policy: ELBSecurityPolicy-TLS13-1-2-2021-06
    /// spec:
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:eu-west-1:1:certificate/a
    ///     alb.ingress.kubernetes.io/ssl-policy: ELBSecurityPolicy-FS-1-2-Res-2020-10
    /// spec:
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: networking.gke.io/v1beta1
    /// kind: FrontendConfig
    /// metadata: {name: edge, namespace: shop}
    /// spec:
    ///   sslPolicy: modern
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-lb-weak-ssl-policy",
        summary: "cloud load balancer has an outdated TLS policy",
        remedy: "Name a policy with TLS 1.2 and 1.3 only: `ELBSecurityPolicy-TLS13-1-2-2021-06` on AWS, one of profile `MODERN` or `RESTRICTED` on Google Cloud.",
        severity: Medium,
        check: Check::Kind(&["Ingress", "Service", "FrontendConfig", "IngressClassParams"], check),
        security: true,
        cwe: &[327],
        controls: &[control::TLS_VALID],
        references: &[
            "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
            "https://cloud.google.com/load-balancing/docs/ssl-policies-concepts",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    let named = match view.kind() {
        "Ingress" | "Service" => {
            let annotations = view.annotations();
            POLICIES.iter().find_map(|name| annotations.get_node(name))
        }
        _ => view.at(&["spec", "sslPolicy"]),
    };
    if let Some(node) = named {
        let policy = node.text().unwrap_or_default().trim();
        if let Some(oldest) = oldest(policy).filter(|oldest| oldest.is_weak()) {
            let (policy, who) = (Shown(policy), view.display());
            let message = format!("TLS policy `{policy}` of {who} allows {oldest}");
            out.report(node.span(), message).evidence(policy.0);
        }
    } else if let Some(span) = lacks(view) {
        let message = format!(
            "{} names no TLS policy, so the load balancer allows {}",
            view.display(),
            Protocol::Tls10
        );
        out.report(span, message).severity(Severity::Low);
    }
}

/// Where to say that no policy is named: at what has TLS on.
fn lacks(view: ObjectView<'_>) -> Option<careen_text::Span> {
    if view.is("networking.gke.io", "FrontendConfig") {
        return Some(view.name_span());
    }
    let certificate = view.annotations().get_node("alb.ingress.kubernetes.io/certificate-arn")?;
    is_ingress(view).then(|| certificate.span())
}

/// The oldest version that a policy of AWS or Alibaba Cloud allows, by its name.
fn oldest(policy: &str) -> Option<Protocol> {
    if is_variable(policy) {
        return None;
    }
    let policy = policy.to_ascii_lowercase();
    if let Some(version) = policy.strip_prefix("tls_cipher_policy_") {
        return match version.get(..3)? {
            "1_0" => Some(Protocol::Tls10),
            "1_1" => Some(Protocol::Tls11),
            _ => Some(Protocol::Tls12),
        };
    }
    let name = policy.strip_prefix("elbsecuritypolicy-")?;
    // `TLS13-1-2-2021-06` has the oldest version behind the newest one, `TLS-1-2-2017-01` and
    // `FS-1-2-2019-08` have it alone. Those with nothing but a date are the oldest.
    let family =
        name.split_once('-').filter(|(family, _)| matches!(*family, "tls13" | "tls" | "fs"));
    match family.and_then(|(_, rest)| rest.get(..3)) {
        Some("1-1") => Some(Protocol::Tls11),
        Some("1-2") => Some(Protocol::Tls12),
        Some("1-3") => Some(Protocol::Tls13),
        Some(_) => Some(Protocol::Tls10),
        None => name.starts_with("20").then_some(Protocol::Tls10),
    }
}

#[cfg(test)]
mod tests {
    use super::oldest;
    use crate::protocol::Protocol;

    #[test]
    fn names_of_policies_tell_versions() {
        for (policy, version) in [
            ("ELBSecurityPolicy-2016-08", Some(Protocol::Tls10)),
            ("ELBSecurityPolicy-2015-05", Some(Protocol::Tls10)),
            ("ELBSecurityPolicy-TLS-1-0-2015-04", Some(Protocol::Tls10)),
            ("ELBSecurityPolicy-TLS-1-1-2017-01", Some(Protocol::Tls11)),
            ("ELBSecurityPolicy-TLS-1-2-2017-01", Some(Protocol::Tls12)),
            ("ELBSecurityPolicy-TLS-1-2-Ext-2018-06", Some(Protocol::Tls12)),
            ("ELBSecurityPolicy-FS-2018-06", Some(Protocol::Tls10)),
            ("ELBSecurityPolicy-FS-1-1-2019-08", Some(Protocol::Tls11)),
            ("ELBSecurityPolicy-FS-1-2-Res-2020-10", Some(Protocol::Tls12)),
            ("ELBSecurityPolicy-TLS13-1-0-2021-06", Some(Protocol::Tls10)),
            ("ELBSecurityPolicy-TLS13-1-2-Res-2021-06", Some(Protocol::Tls12)),
            ("ELBSecurityPolicy-TLS13-1-3-2021-06", Some(Protocol::Tls13)),
            ("tls_cipher_policy_1_0", Some(Protocol::Tls10)),
            ("tls_cipher_policy_1_2_strict", Some(Protocol::Tls12)),
            ("my-policy", None),
            ("${POLICY}", None),
            ("", None),
        ] {
            assert_eq!(oldest(policy), version, "{policy}");
        }
    }
}
