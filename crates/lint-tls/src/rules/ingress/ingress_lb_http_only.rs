use careen_kube_model::{ObjectView, field};
use careen_model::{Context, ObjectRef};
use careen_rule::{Confidence, Sink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::endpoints::items;
use crate::ingress::{is_ingress, tls};
use crate::setting::is_variable;

const LISTEN: &str = "alb.ingress.kubernetes.io/listen-ports";
const ARN: &str = "alb.ingress.kubernetes.io/certificate-arn";

rule! {
    /// The load balancer faces the network and listens on plain HTTP only: what is sent can be
    /// read and changed by everybody on the way. For an Ingress this is about an AWS load
    /// balancer that has a certificate and yet no HTTPS port; without a certificate,
    /// `ingress-tls-missing` tells it. For a Service it is about one of type LoadBalancer whose
    /// ports are all HTTP.
    ///
    /// It is fine where something in front ends TLS, such as a CDN, and for load balancers that
    /// are internal by their annotations, which are not reported.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:eu-west-1:1:certificate/a
    ///     alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}]'
    /// #                                           ^^^^^^^^^^^^^^^^ Ingress `shop/web` has its load balancer listen on plain HTTP only
    ///     alb.ingress.kubernetes.io/ssl-policy: ELBSecurityPolicy-TLS13-1-2-2021-06
    /// spec:
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   type: LoadBalancer
    ///   ports:
    ///   - name: http
    ///     port: 80
    /// #         ^^ Service `shop/web` has its load balancer listen on plain HTTP only
    ///     targetPort: 8080
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
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: controller, namespace: edge}
    /// spec:
    ///   type: LoadBalancer
    ///   ports: [{name: http, port: 80}, {name: https, port: 443}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations:
    ///     service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    /// spec:
    ///   type: LoadBalancer
    ///   ports: [{port: 80}]
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: db, namespace: shop}
    /// spec:
    ///   type: LoadBalancer
    ///   ports: [{port: 5432}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-lb-http-only",
        summary: "load balancer listens on plain HTTP only",
        remedy: "Have the load balancer listen on HTTPS with a certificate, or put the Service behind an Ingress or Gateway with TLS.",
        severity: Medium,
        check: Check::Kind(&["Ingress", "Service"], check),
        confidence: Confidence::Medium,
        peers: &["kubescape:ensure-https-loadbalancers-encrypted-with-tls-aws"],
        security: true,
        cwe: &[319],
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer",
            "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#listen-ports",
        ],
    }
}

fn check(object: ObjectRef<'_>, _: &Context, out: &mut Sink<'_>) {
    let view = object.view;
    let place = if is_ingress(view) {
        of_ingress(view)
    } else if view.is("", "Service") {
        of_service(view)
    } else {
        return;
    };
    if let Some(span) = place {
        let message = format!("{} has its load balancer listen on plain HTTP only", view.display());
        out.report(span, message);
    }
}

fn of_ingress(view: ObjectView<'_>) -> Option<Span> {
    let annotations = view.annotations();
    let (ports, node) = (annotations.get(LISTEN)?, annotations.get_node(LISTEN)?);
    let meant = annotations.has(ARN) || tls(view).next().is_some();
    let only = ports.contains("\"HTTP\"") && !ports.contains("HTTPS") && !is_variable(ports);
    (meant && only).then(|| node.span())
}

fn of_service(view: ObjectView<'_>) -> Option<Span> {
    if view.at(&["spec", "type"]).and_then(|kind| kind.text()) != Some("LoadBalancer") {
        return None;
    }
    // Certificates, TLS ports and internal load balancers are said by annotations, which every
    // cloud names in its own way.
    let elsewhere = view.annotations().iter().any(|label| {
        let name = label.key.to_ascii_lowercase();
        let internal = name.contains("internal") && label.value != "false";
        let private = ["internal", "intranet", "private", "tailscale"]
            .iter()
            .any(|word| label.value.eq_ignore_ascii_case(word));
        internal
            || private
            || ["ssl", "tls", "cert", "tailscale"].iter().any(|word| name.contains(word))
    });
    let class = view.at(&["spec", "loadBalancerClass"]).and_then(|class| class.text());
    if elsewhere || class.is_some_and(|class| class.contains("tailscale")) {
        return None;
    }
    let mut ports = items(view, &["spec", "ports"]);
    let first = ports.next()?;
    let is_http = |port: careen_yaml::Node<'_>| {
        let text = |name: &str| field(port, name).and_then(|node| node.text());
        let named = |name: &str| name == "http" || name.starts_with("http-") || name == "web";
        text("port") == Some("80")
            || text("appProtocol") == Some("http")
            || text("name").is_some_and(named)
    };
    let all = is_http(first) && ports.all(is_http);
    field(first, "port").filter(|_| all).map(|port| port.span())
}
