use std::collections::HashMap;

use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;

rule! {
    /// A ConfigMap or Secret that no manifest names is either left over, and then somebody keeps
    /// a credential in date that nobody uses, or something was meant to use it and does not.
    /// Controllers find some by their labels (dashboards of Grafana, for example), so objects that
    /// carry labels of such a kind are left alone; so is everything in a repository without
    /// workloads.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: old-limits
    /// #       ^^^^^^^^^^ nothing in the repository names ConfigMap `shop/old-limits`
    ///   namespace: shop
    /// data: {rate: "10"}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     envFrom:
    ///     - configMapRef: {name: limits, optional: true}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: limits
    ///   namespace: shop
    /// data: {rate: "10"}
    /// ---
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: web
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     envFrom:
    ///     - configMapRef: {name: limits}
    /// ```
    pub(crate) static RULE: Check = {
        id: "configmap-or-secret-unused",
        summary: "ConfigMap or Secret is named by nothing",
        remedy: "Remove the object, or name it where it is meant to be used.",
        severity: Info,
        check: Check::Snapshot(check),
        confidence: Confidence::Low,
        peers: &["popeye:400", "popeye:401"],
        controls: &[control::ENV_CONFIGURED],
        references: &["https://kubernetes.io/docs/concepts/configuration/configmap/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    if snapshot.workloads().next().is_none() {
        return;
    }
    let mut objects: HashMap<&str, Vec<ObjectRef<'_>>> = HashMap::new();
    for kind in ["ConfigMap", "Secret"] {
        for object in snapshot.of_kind(kind).filter(|object| object.view.group().is_empty()) {
            if !is_found_otherwise(object) {
                objects.entry(object.view.name()).or_default().push(object);
            }
        }
    }
    objects.remove("");
    // A name that stands anywhere as a value of its own, or in a word with others, is a use.
    for file in snapshot.files() {
        let Some(tree) = file.tree.as_ref().filter(|_| !objects.is_empty()) else { continue };
        for node in tree.scalars() {
            let Some(text) = node.text().filter(|text| text.len() <= LONGEST) else { continue };
            let mut seen = |name: &str| {
                let Some(found) = objects.get(name) else { return };
                let own = found.iter().any(|object| {
                    let place = object.view.name_span();
                    object.file.source.path() == file.source.path() && place == node.span()
                });
                if !own {
                    objects.remove(name);
                }
            };
            seen(text);
            text.split([',', ' ', '/', ':', '='])
                .filter(|word| word.len() < text.len())
                .for_each(seen);
        }
    }
    let mut unused: Vec<_> = objects.into_values().flatten().collect();
    unused.sort_by_key(|object| (object.file.source.path(), object.index));
    for object in unused {
        let message = format!("nothing in the repository names {}", object.view.display());
        out.report(object.source(), object.view.name_span(), message).object(object.path());
    }
}

/// Scalars longer than this are texts, not names.
const LONGEST: usize = 1000;

/// Whether a controller finds the object by something else than its name.
fn is_found_otherwise(object: ObjectRef<'_>) -> bool {
    let view = object.view;
    let kind = view.at(&["type"]).and_then(|node| node.text()).unwrap_or_default();
    let known = [
        "kubernetes.io/service-account-token",
        "bootstrap.kubernetes.io/token",
        "helm.sh/release.v1",
    ];
    let by_label = |key: &str| {
        // A label of its own that is not one of those every object has.
        !key.starts_with("app.kubernetes.io/") && key.contains('/')
            || key.starts_with("grafana_")
            || key == "argocd.argoproj.io/secret-type"
    };
    known.contains(&kind)
        || view.labels().iter().any(|label| by_label(label.key))
        || view.name() == "kube-root-ca.crt"
        || view.namespace().is_some_and(|namespace| namespace.starts_with("kube-"))
}
