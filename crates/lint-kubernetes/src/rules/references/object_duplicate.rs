use std::collections::HashMap;

use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};

use crate::Check;

rule! {
    /// Of two manifests of one object, the one that is applied last wins, and which one that is
    /// depends on the order of files. Objects of the same kind, namespace and name in one file or
    /// one folder are reported; copies in other folders may be overlays. It is fine where the
    /// files of one folder are for different clusters.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// data: {LOG_LEVEL: info}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    /// #       ^^^^^^^^ ConfigMap `settings` is declared a second time
    /// data: {LOG_LEVEL: debug}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   namespace: shop
    /// data: {LOG_LEVEL: info}
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   namespace: billing
    /// data: {LOG_LEVEL: debug}
    /// ```
    pub(crate) static RULE: Check = {
        id: "object-duplicate",
        summary: "one object is declared twice",
        remedy: "Delete one of the two, or give it another name.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        aliases: &["duplicate-object"],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"],
    }
}

/// Folder, extension, group, kind, namespace, name.
type Key<'a> = (&'a str, &'a str, &'a str, &'a str, Option<&'a str>, &'a str);

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut known: HashMap<Key<'_>, Vec<ObjectRef<'_>>> = HashMap::new();
    let keyed = || snapshot.objects().filter_map(|object| Some((key(object)?, object)));
    for (key, object) in keyed() {
        known.entry(key).or_default().push(object);
    }
    for (key, object) in keyed() {
        let Some(copies) = known.get(&key) else { continue };
        let Some(first) = copies.first() else { continue };
        let path = object.source().path();
        let same_file = path == first.source().path();
        if same_file && first.index == object.index {
            continue;
        }
        // Many files with one object are alternatives of which one is applied.
        if !same_file && copies.len() > 2 {
            continue;
        }
        let message = format!("{} is declared a second time", object.view.display());
        let finding = out.report(object.source(), object.view.name_span(), message);
        finding.object(object.path()).related(
            first.source(),
            first.view.name_span(),
            "it is declared here too",
        );
        if !same_file {
            finding.severity(Severity::Low).confidence(Confidence::Medium);
        }
    }
}

/// What tells objects of one folder apart; none for what may stand there twice.
fn key(object: ObjectRef<'_>) -> Option<Key<'_>> {
    let view = object.view;
    let path = object.source().path();
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
    // What has no name is no object of a cluster, a patch is a part of one, and a Namespace is
    // often declared by every file that needs it.
    let may_repeat = view.name().is_empty()
        || view.object.is_kustomize()
        || view.kind() == "Namespace"
        || file.contains("patch")
        || view.is_fragment();
    let key = (folder, extension, view.group(), view.kind(), view.namespace(), view.name());
    (!may_repeat).then_some(key)
}
