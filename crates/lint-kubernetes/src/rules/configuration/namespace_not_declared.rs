use std::collections::{BTreeMap, HashSet};

use careen_kube_model::{is_namespaced, strings};
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{SnapshotSink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::place::cut;
use crate::placeholder::is_placeholder;

rule! {
    /// A namespace that somebody made by hand has no labels of Pod Security Admission, no quota and
    /// no policies that the repository knows of, and a new cluster does not have it at all. The rule
    /// tells each namespace once, at the first object that names it.
    ///
    /// What counts as declared: a Namespace, a Project of OpenShift, and what Argo CD or Flux make for
    /// an application (`CreateNamespace=true`, `createNamespace: true`). The namespaces of every
    /// cluster, such as `kube-system`, are left out. Must be asked for: a platform may make the
    /// namespaces of its teams.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: limits
    ///   namespace: shop
    /// #            ^^^^ nothing declares namespace `shop`, which ConfigMap `shop/limits` is in
    /// data: {rate: "10"}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Namespace
    /// metadata: {name: shop}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: limits, namespace: shop}
    /// data: {rate: "10"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "namespace-not-declared",
        summary: "namespace is used and nothing declares it",
        remedy: "Add a Namespace with its labels of Pod Security Admission.",
        severity: Low,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::NAMESPACE_DECLARED],
        references: &["https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/"],
    }
}

/// Namespaces that every cluster has.
const OWN: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let declared = declared(snapshot);
    let mut told: BTreeMap<&str, (ObjectRef<'_>, Span)> = BTreeMap::new();
    for object in snapshot.objects() {
        let view = object.view;
        let node = if view.object.is_kustomize() {
            view.at(&["namespace"])
        } else if is_namespaced(view.group(), view.kind()) != Some(false) {
            view.at(&["metadata", "namespace"])
        } else {
            None
        };
        let Some((name, node)) = node.and_then(|node| Some((node.text()?, node))) else { continue };
        if name.is_empty() || is_placeholder(name) || OWN.contains(&name) || declared.contains(name)
        {
            continue;
        }
        told.entry(name).or_insert((object, node.span()));
    }
    for (name, (object, span)) in told {
        let message = format!(
            "nothing declares namespace `{}`, which {} is in",
            cut(name),
            object.view.display()
        );
        out.report(object.source(), span, message).object(object.path()).evidence(cut(name));
    }
}

fn declared(snapshot: &Snapshot) -> HashSet<&str> {
    let kinds = ["Namespace", "Project", "ProjectRequest", "SubnamespaceAnchor"];
    let objects = kinds.iter().flat_map(|kind| snapshot.of_kind(kind));
    // Argo CD has projects of its own kind, `AppProject`.
    let mut declared: HashSet<&str> = objects.map(|object| object.view.name()).collect();
    for object in snapshot.of_kind("Application") {
        let options = object.view.at(&["spec", "syncPolicy", "syncOptions"]);
        let mut options = options.into_iter().flat_map(strings);
        if options.any(|(option, _)| option == "CreateNamespace=true") {
            let target = object.view.at(&["spec", "destination", "namespace"]);
            declared.extend(target.and_then(|node| node.text()));
        }
    }
    for object in snapshot.of_kind("HelmRelease") {
        let makes = object.view.at(&["spec", "install", "createNamespace"]);
        if makes.and_then(|node| node.as_bool()) == Some(true) {
            let target = object.view.at(&["spec", "targetNamespace"]);
            declared.extend(target.and_then(|node| node.text()));
        }
    }
    declared
}
