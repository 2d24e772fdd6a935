use careen_kube_model::ObjectView;
use careen_model::{Context, Snapshot, StoreKind, stores};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::keepers::Keepers;
use crate::relations::Workloads;
use crate::served;
use crate::usage::stays;
use crate::variables::Variables;

rule! {
    /// Each request computes and asks the database anew where nothing keeps what it got. The rule
    /// looks for a cache in the whole repository: Redis, Valkey, Memcached or Varnish as a workload,
    /// an operator's object or a variable that leads to one; headers for caches, a cache of the
    /// controller or a content delivery network at an Ingress, a route or a backend. Where there is
    /// none it tells so once, at the first workload that a Service leads to.
    ///
    /// Must be asked for: many services need none.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// #                ^^^ nothing caches what Deployment `shop/web` and the other workloads answer: there is no cache and no header for one
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{port: 80}]
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         env:
    ///         - name: CACHE_URL
    ///           value: redis://cache.shop.svc:6379
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{port: 80}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "cache-missing",
        summary: "nothing caches answers",
        remedy: "Add a cache, or send `Cache-Control` headers where answers may be kept.",
        severity: Info,
        check: Check::Snapshot(check),
        confidence: Confidence::Low,
        default: false,
        controls: &[control::CACHING_CONFIGURED],
        references: &["https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/Caching"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let workloads = Workloads::of(snapshot);
    let stores = stores(snapshot);
    let keepers = Keepers::of(snapshot);
    let Some(served) = served::services(snapshot, &workloads) else { return };
    let first = workloads.iter().zip(served).find(|(workload, service)| {
        service.is_some() && workload.pod.is_long_running() && !keepers.has(workload.object.view)
    });
    let Some((first, _)) = first else { return };
    if stores.iter().any(|store| store.kind == StoreKind::Cache)
        || uses_cache(snapshot, &workloads)
        || has_headers(snapshot)
    {
        return;
    }
    let view = first.object.view;
    let message = format!(
        "nothing caches what {} and the other workloads answer: there is no cache and no header \
         for one",
        view.display()
    );
    out.report(first.object.source(), view.name_span(), message).object(first.object.path());
}

/// Whether a variable of some container leads to a cache.
fn uses_cache(snapshot: &Snapshot, workloads: &Workloads<'_>) -> bool {
    const NAMES: [&str; 6] = ["CACHE", "DRAGONFLY", "ELASTICACHE", "MEMCACHED", "REDIS", "VALKEY"];
    const SCHEMES: [&str; 5] =
        ["redis://", "rediss://", "valkey://", "memcached://", "redis-sentinel://"];
    let variables = Variables::of(snapshot);
    let containers = workloads.iter().flat_map(|workload| workload.pod.containers());
    containers.filter(|container| stays(*container)).any(|container| {
        variables.of_container(container).iter().any(|variable| {
            let mut words = variable.name.split('_');
            let names = words.any(|word| NAMES.iter().any(|name| name.eq_ignore_ascii_case(word)));
            let is_off = variable
                .text()
                .is_some_and(|text| matches!(text, "" | "false" | "off" | "none" | "0"));
            let leads = variable
                .text()
                .is_some_and(|text| SCHEMES.iter().any(|scheme| text.starts_with(scheme)));
            leads || (names && !is_off)
        })
    })
}

/// Whether something in front of the workloads caches, or tells browsers to.
fn has_headers(snapshot: &Snapshot) -> bool {
    let says = |text: &str| {
        let text = text.to_ascii_lowercase();
        ["cache-control", "proxy-cache", "proxy_cache", "expires ", "enable-cdn"]
            .iter()
            .any(|word| text.contains(word))
    };
    let annotated = snapshot.of_kind("Ingress").any(|ingress| {
        let mut annotations = ingress.view.annotations().iter();
        annotations.any(|annotation| says(annotation.key) || says(annotation.value))
    });
    let written = ["HTTPRoute", "Middleware", "VirtualService", "HTTPProxy", "EnvoyFilter"];
    let mut written = written.iter().flat_map(|kind| snapshot.of_kind(kind));
    let on = |view: ObjectView<'_>, keys: &[&str]| {
        view.at(keys).and_then(|node| node.as_bool()) == Some(true)
    };
    annotated
        || snapshot
            .of_kind("BackendConfig")
            .any(|config| on(config.view, &["spec", "cdn", "enabled"]))
        || snapshot
            .of_kind("Distribution")
            .any(|order| order.view.group().starts_with("cloudfront."))
        || written.any(|object| words(object.view).any(says))
}

/// The keys and values in the `spec` of an object: Traefik's headers are keys.
fn words(view: ObjectView<'_>) -> impl Iterator<Item = &str> {
    const NODES: usize = 10_000;
    let nodes = view.spec().into_iter().flat_map(|spec| spec.walk().take(NODES));
    nodes.flat_map(|visit| [visit.node.text(), visit.key.and_then(|key| key.text())]).flatten()
}
