use careen_kube_model::field;
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;
use crate::relations::{Names, RELATED};

rule! {
    /// The pods of a StatefulSet get their DNS names from the headless Service it names. Without
    /// that Service, peers cannot find one another (`db-0.db`), and databases and queues do not
    /// form a cluster. It is fine where the Service comes from another repository.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata:
    ///   name: db
    /// spec:
    ///   serviceName: db-headless
    /// #              ^^^^^^^^^^^ StatefulSet `db` is governed by Service `db-headless`, which is not in the repository
    ///   selector:
    ///     matchLabels: {app: db}
    ///   template:
    ///     metadata:
    ///       labels: {app: db}
    ///     spec:
    ///       containers:
    ///       - name: db
    ///         image: registry.example.com/db:16.4
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: StatefulSet
    /// metadata:
    ///   name: db
    /// spec:
    ///   serviceName: db
    ///   selector:
    ///     matchLabels: {app: db}
    ///   template:
    ///     metadata:
    ///       labels: {app: db}
    ///     spec:
    ///       containers:
    ///       - name: db
    ///         image: registry.example.com/db:16.4
    /// ---
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: db
    /// spec:
    ///   clusterIP: None
    ///   selector: {app: db}
    ///   ports:
    ///   - port: 5432
    /// ```
    pub(crate) static RULE: Check = {
        id: "statefulset-headless-service-missing",
        summary: "stateful set's headless service does not exist",
        remedy: "Add a Service of that name with `clusterIP: None` that selects the pods.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        aliases: &["statefulset-service-missing"],
        peers: &[
            "kube-score:statefulset-has-servicename",
            "kics:statefulset_without_service_name",
        ],
        controls: &[control::SERVICE_URLS, control::AVAILABILITY],
        references: &["https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let services = Names::of(snapshot, &[("", "Service")]);
    for set in snapshot.of_kind("StatefulSet").filter(|object| object.view.group() == "apps") {
        let view = set.view;
        let Some(node) = view.at(&["spec", "serviceName"]) else { continue };
        let Some(name) = node.text().filter(|name| !name.is_empty()) else { continue };
        let mut found = services.all("Service", view.namespace(), name).peekable();
        if found.peek().is_none() {
            let message = format!(
                "{} is governed by Service `{name}`, which is not in the repository",
                view.display()
            );
            let finding = out.report(set.source(), node.span(), message);
            finding.object(set.path()).field("spec.serviceName").evidence(name);
            // Where no Service is declared at all, they come from elsewhere.
            if services.is_empty() {
                finding.severity(Severity::Low).confidence(Confidence::Low);
            }
            continue;
        }
        let found: Vec<_> = found.take(RELATED).collect();
        let is_headless = found.iter().any(|service| {
            let ip = service.view.spec().and_then(|spec| field(spec, "clusterIP"));
            ip.and_then(|ip| ip.text()) == Some("None")
        });
        if is_headless {
            continue;
        }
        let message =
            format!("{} is governed by Service `{name}`, which is not headless", view.display());
        let finding = out.report(set.source(), node.span(), message);
        finding.object(set.path()).field("spec.serviceName").evidence(name).severity(Severity::Low);
        for service in found {
            let place = service.view.name_span();
            finding.related(service.source(), place, "it has no `clusterIP: None`");
        }
    }
}
