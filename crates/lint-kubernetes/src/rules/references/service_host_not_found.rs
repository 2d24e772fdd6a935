use std::collections::HashMap;

use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::hosts::Form;
use crate::relations::{Answer, Mention, Mentions, Names, ServiceNames};

rule! {
    /// A variable, an argument or a setting names a host of the cluster, such as
    /// `orders.shop.svc`, that no Service answers to. The program starts and fails at its first
    /// call, often long after the Service was renamed or moved to another namespace.
    ///
    /// Only namespaces of which the repository declares other Services are judged, and none into
    /// which charts are installed. Hosts of URLs without `.svc` are judged with less confidence.
    /// It is fine where the Service is declared elsewhere.
    ///
    /// ```yaml bad file=deploy/web.yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   selector:
    ///     matchLabels: {app: web}
    ///   template:
    ///     metadata:
    ///       labels: {app: web}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         env:
    ///         - name: ORDERS_URL
    ///           value: http://order.shop.svc:8080/v1
    /// #                       ^^^^^^^^^^^^^^ variable `ORDERS_URL` of container `web` in Deployment `shop/web` names host `order.shop.svc`, but namespace `shop` has no Service `order`: did you mean `orders`?
    /// ```
    /// ```yaml bad file=deploy/services.yaml
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: orders
    ///   namespace: shop
    /// spec:
    ///   selector: {app: orders}
    ///   ports:
    ///   - port: 8080
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// data:
    ///   orders: http://orders.shop.svc:8080/v1
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: orders
    ///   namespace: shop
    /// spec:
    ///   selector: {app: orders}
    ///   ports:
    ///   - port: 8080
    /// ```
    pub(crate) static RULE: Check = {
        id: "service-host-not-found",
        summary: "configuration names a host of the cluster that no Service answers to",
        remedy: "Correct the name or the namespace of the host, or add the Service.",
        severity: Medium,
        check: Check::Snapshot(check),
        fragments: true,
        confidence: Confidence::Medium,
        controls: &[control::SERVICE_URLS, control::ENV_CONFIGURED],
        references: &["https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let services = Names::of(snapshot, &[("", "Service"), ("serving.knative.dev", "Service")]);
    let mentions = Mentions::of(snapshot);
    if services.is_empty() || mentions.iter().next().is_none() {
        return;
    }
    let known = ServiceNames::of(snapshot);
    let mut hints = Hints { snapshot, known: &known, left: COMPARED, found: HashMap::new() };
    for mention in mentions.iter() {
        let (service, Some(namespace)) = (&*mention.service, mention.namespace.as_deref()) else {
            continue;
        };
        // `name.example` may be a domain as well as a namespace, and a host of one label may be
        // another name of the machine.
        if is_domain(mention) {
            continue;
        }
        if let Answer::Nothing = known.answer(&services, Some(namespace), service) {
            let hint = hints.of(namespace, service);
            report(snapshot, mention, namespace, hint, known.partial, out);
        }
    }
}

/// Names that are compared to find what was meant.
const COMPARED: usize = 100_000;

/// What was probably meant by a host.
#[derive(Clone, Copy)]
struct Hint<'a> {
    /// A Service of the namespace with nearly that name.
    near: Option<&'a str>,
    /// It, or one of that name in another namespace.
    other: Option<ObjectRef<'a>>,
}

/// Hints by namespace and Service: a host is often named many times.
struct Hints<'a> {
    snapshot: &'a Snapshot,
    known: &'a ServiceNames,
    left: usize,
    found: HashMap<(&'a str, &'a str), Hint<'a>>,
}

impl<'a> Hints<'a> {
    fn of(&mut self, namespace: &'a str, service: &'a str) -> Hint<'a> {
        let Self { snapshot, known, left, found } = self;
        *found.entry((namespace, service)).or_insert_with(|| {
            let near = known.meant(namespace, service, left);
            let there = near.map(|_| namespace);
            let other = snapshot.named("Service", there, near.unwrap_or(service)).next();
            Hint { near, other }
        })
    }
}

fn report(
    snapshot: &Snapshot,
    mention: &Mention,
    namespace: &str,
    Hint { near, other }: Hint<'_>,
    partial: bool,
    out: &mut SnapshotSink<'_>,
) {
    let Some(site) = mention.site(snapshot) else { return };
    let (service, who, host) = (&*mention.service, &site.who, site.host);
    let mut message = format!(
        "{who} names host `{host}`, but namespace `{namespace}` has no Service `{service}`"
    );
    if let Some(near) = near {
        message = format!("{message}: did you mean `{near}`?");
    }
    let finding = out.report(site.object.source(), site.span, message);
    finding.object(site.path).evidence(format!("{namespace}/{service}"));
    let doubts = usize::from(mention.form != Form::Svc)
        + usize::from(other.is_none())
        + usize::from(partial);
    finding.confidence(match doubts {
        0 => Confidence::High,
        1 => Confidence::Medium,
        _ => Confidence::Low,
    });
    if let Some(other) = other {
        let name = other.view.display().to_string();
        finding.related(other.source(), other.view.name_span(), format!("{name} is declared here"));
    }
}

/// Whether the host, which is no `.svc` one, is rather that of a machine or a domain.
fn is_domain(mention: &Mention) -> bool {
    const DOMAINS: [&str; 20] = [
        "ai", "app", "cloud", "co", "com", "corp", "de", "dev", "edu", "eu", "example", "gov",
        "in", "internal", "invalid", "io", "local", "net", "org", "test",
    ];
    match mention.form {
        Form::Svc => false,
        Form::Dotted => mention.namespace.as_deref().is_none_or(|name| DOMAINS.contains(&name)),
        Form::Bare => matches!(&*mention.service, "localhost" | "host" | "hostname" | "example"),
    }
}
