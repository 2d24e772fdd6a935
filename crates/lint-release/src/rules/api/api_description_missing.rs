use careen_model::{Context, Document, ObjectRef, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;

rule! {
    /// Something answers over HTTP, and no file says what: who calls it has to read its code. A workload
    /// counts that has a port called `http` or `api`, and so does an Ingress or a route of the Gateway API.
    /// OpenAPI and Swagger in YAML and JSON count as descriptions, and so do `.proto` and `.graphql` files.
    /// A site that only serves pages needs none.
    ///
    /// ```yaml bad file=deploy/api.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: api, namespace: shop}
    /// #                ^^^ Pod `shop/api` answers over HTTP, and no OpenAPI description says what
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/api:1.4.0
    ///     ports:
    ///     - {name: http, containerPort: 8080}
    /// ```
    /// ```yaml good file=deploy/api.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/api:1.4.0
    ///     ports:
    ///     - {name: http, containerPort: 8080}
    /// ```
    /// ```yaml good file=openapi.yaml
    /// openapi: 3.1.0
    /// info: {title: Shop, version: 1.4.0}
    /// paths: {}
    /// ```
    pub(crate) static RULE: Check = {
        id: "api-description-missing",
        summary: "an HTTP API is not described",
        remedy: "Describe the API with OpenAPI, and keep the file beside its code.",
        severity: Low,
        check: Check::Snapshot(check),
        confidence: careen_rule::Confidence::Medium,
        default: false,
        controls: &[control::DOCS_OPENAPI_CURRENT],
        references: &["https://spec.openapis.org/oas/latest.html"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(paths) = snapshot.paths() else { return };
    let mut files = snapshot.files().iter();
    let is_described = files.any(|file| file.document == Some(Document::ApiDescription));
    let ends = [".proto", ".graphql", ".graphqls"];
    if is_described || paths.iter().any(|path| ends.iter().any(|end| path.ends_with(end))) {
        return;
    }
    let serving =
        snapshot.objects().find(serves_by_port).or_else(|| snapshot.objects().find(is_door));
    if let Some(object) = serving {
        let message = format!(
            "{} answers over HTTP, and no OpenAPI description says what",
            object.view.display()
        );
        out.report(object.source(), object.view.name_span(), message).object(object.path());
    }
}

/// Whether a container has a port that is called like HTTP.
fn serves_by_port(object: &ObjectRef<'_>) -> bool {
    let is_http = |name: &str| {
        matches!(name, "http" | "https" | "api" | "rest" | "web")
            || name.starts_with("http-") && name != "http-metrics"
    };
    object.view.pod_templates().any(|pod| {
        pod.containers().any(|container| {
            let mut ports = container.ports();
            ports.any(|port| port.get("name").and_then(|name| name.text()).is_some_and(is_http))
        })
    })
}

/// Whether an object leads requests over HTTP to a Service.
fn is_door(object: &ObjectRef<'_>) -> bool {
    matches!(object.view.kind(), "Ingress" | "HTTPRoute") && object.view.spec().is_some()
}
