use std::collections::BTreeMap;

use careen_kube_model::ObjectView;
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::date::Date;
use crate::dates::dates;
use crate::ingress::{class, is_ingress};
use crate::names::Shown;

const CONTROLLER: &str = "k8s.io/ingress-nginx";
const PREFIX: &str = "nginx.ingress.kubernetes.io/";

rule! {
    /// The Kubernetes project stopped all work on ingress-nginx in March 2026: there are no
    /// releases and no fixes, not for vulnerabilities either. The controller ends TLS for these
    /// hosts and can read the Secrets of the cluster. Its successor is the Gateway API; its
    /// annotations mean nothing to other controllers, so each Ingress has to be moved by hand.
    ///
    /// It is fine while the move is planned. There is one finding for each class of Ingresses. F5's
    /// controller, whose class is called `nginx` too, is another program; annotations tell the
    /// two apart. A container with the controller itself is told by `ingress-nginx-end-of-life`.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     nginx.ingress.kubernetes.io/proxy-body-size: 8m
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Ingress `shop/api` and 1 more need ingress-nginx, which is not maintained since 2026-03-31
    /// spec:
    ///   ingressClassName: public
    ///   tls: [{hosts: [api.example.com], secretName: api-tls}]
    ///   rules: [{host: api.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations: {nginx.ingress.kubernetes.io/proxy-body-size: 8m}
    /// spec:
    ///   ingressClassName: public
    ///   tls: [{hosts: [shop.example.com], secretName: web-tls}]
    ///   rules: [{host: shop.example.com}]
    /// ```
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1
    /// kind: IngressClass
    /// metadata: {name: public}
    /// spec:
    ///   controller: k8s.io/ingress-nginx
    /// #             ^^^^^^^^^^^^^^^^^^^^ IngressClass `public` needs ingress-nginx, which is not maintained since 2026-03-31
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations: {nginx.org/client-max-body-size: 8m}
    /// spec:
    ///   ingressClassName: nginx
    ///   tls: [{hosts: [shop.example.com], secretName: web-tls}]
    ///   rules: [{host: shop.example.com}]
    /// ---
    /// apiVersion: networking.k8s.io/v1
    /// kind: IngressClass
    /// metadata: {name: nginx}
    /// spec:
    ///   controller: nginx.org/ingress-controller
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-controller-retired",
        summary: "Ingress needs the retired ingress-nginx",
        remedy: "Move to an implementation of the Gateway API, or to an ingress controller that is maintained.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        peers: &["kubescape:detect-nginx-ingress-controller-eol"],
        security: true,
        cwe: &[1104],
        controls: &[control::DEPENDENCIES_SCANNED],
        references: &["https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/"],
    }
}

struct Use<'a> {
    object: ObjectRef<'a>,
    span: Span,
    more: usize,
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let Some(day) = dates().retired("ingress-nginx").filter(|day| context.now >= *day) else {
        return;
    };
    let mut classes: BTreeMap<&str, Use<'_>> = BTreeMap::new();
    for object in snapshot.of_kind("IngressClass") {
        let controller = object.view.at(&["spec", "controller"]);
        if let Some(node) = controller.filter(|node| node.text() == Some(CONTROLLER)) {
            let found = Use { object, span: node.span(), more: 0 };
            classes.entry(object.view.name()).or_insert(found);
        }
    }
    for object in snapshot.of_kind("Ingress").filter(|ingress| is_ingress(ingress.view)) {
        let class = class(object.view).unwrap_or_default();
        if let Some(known) = classes.get_mut(class) {
            known.more +=
                usize::from(known.object.view.kind() == "Ingress" && needs(object.view).is_some());
        } else if let Some(span) = needs(object.view) {
            classes.insert(class, Use { object, span, more: 0 });
        }
    }
    for (class, Use { object, span, more }) in classes {
        let who = object.view.display();
        let need = match more {
            0 => "needs".to_owned(),
            more => format!("and {more} more need"),
        };
        let day = Date(day);
        let message = format!("{who} {need} ingress-nginx, which is not maintained since {day}");
        out.report(object.source(), span, message)
            .object(object.path())
            .evidence(Shown(class).to_string());
    }
}

/// Where the Ingress shows that it is made for ingress-nginx: its first annotation for it.
fn needs(view: ObjectView<'_>) -> Option<Span> {
    let own = view.annotations().iter().find(|label| label.key.starts_with(PREFIX))?;
    Some(own.key_node.span())
}
