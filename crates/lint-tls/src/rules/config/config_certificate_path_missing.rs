use careen_kube_model::{Container, PodTemplate, Secret, field};
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::names::Shown;

rule! {
    /// The program is told to read its certificate from a file that the volume mounted there does
    /// not hold: the Secret or ConfigMap in the repository has other keys. It stops at start with
    /// `no such file or directory`, and the pod restarts for ever.
    ///
    /// Only volumes of Secrets and ConfigMaps that stand in the repository are judged: what is in
    /// the image, and what controllers write, is not known.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: shop/web
    ///     args:
    ///     - --tls-cert-file=/etc/tls/server.crt
    /// #     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ container `web` in Pod `shop/web` reads `/etc/tls/server.crt`, but Secret `shop/web-tls` mounted there holds `tls.crt`, `tls.key`
    ///     volumeMounts: [{name: tls, mountPath: /etc/tls}]
    ///   volumes: [{name: tls, secret: {secretName: web-tls}}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// stringData: {tls.crt: "", tls.key: ""}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: shop/web
    ///     args: ["--tls-cert-file=/etc/tls/tls.crt", "--tls-private-key-file=/etc/other/x"]
    ///     volumeMounts: [{name: tls, mountPath: /etc/tls}]
    ///   volumes: [{name: tls, secret: {secretName: web-tls}}]
    /// ---
    /// apiVersion: v1
    /// kind: Secret
    /// metadata: {name: web-tls, namespace: shop}
    /// stringData: {tls.crt: "", tls.key: ""}
    /// ```
    pub(crate) static RULE: Check = {
        id: "config-certificate-path-missing",
        summary: "certificate is read from a file that the mounted Secret does not hold",
        remedy: "Name a key that the Secret has, or map its keys to file names with `items`.",
        severity: Medium,
        check: Check::Snapshot(check),
        controls: &[control::TLS_ENABLED],
        references: &[
            "https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod",
        ],
    }
}

/// Words that a flag for a certificate, key or CA has.
const FLAGS: [&str; 6] = ["cert", "tls", "ssl", "ca-file", "cafile", "key-file"];
/// Endings of files with certificates and keys.
const ENDINGS: [&str; 6] = [".crt", ".key", ".pem", ".cert", ".cer", ".ca"];
/// Keys that a message lists.
const LISTED: usize = 5;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for workload in snapshot.workloads() {
        for pod in workload.view.pod_templates() {
            for container in pod.containers() {
                check_container(snapshot, workload, pod, container, out);
            }
        }
    }
}

fn check_container(
    snapshot: &Snapshot,
    workload: ObjectRef<'_>,
    pod: PodTemplate<'_>,
    container: Container<'_>,
    out: &mut SnapshotSink<'_>,
) {
    for (word, node) in container.words() {
        let Some((flag, path)) = word.split_once('=') else { continue };
        let speaks = |list: &[&str], text: &str| {
            let text = text.to_ascii_lowercase();
            list.iter().any(|word| text.contains(word))
        };
        let is_file = path.starts_with('/')
            && !path.contains(['$', '{', ',', ':'])
            && ENDINGS.iter().any(|ending| path.ends_with(ending));
        if !flag.starts_with('-') || !is_file || !speaks(&FLAGS, flag) {
            continue;
        }
        let Some((holder, keys)) = mounted(snapshot, workload, pod, container, path) else {
            continue;
        };
        let listed: Vec<String> =
            keys.iter().take(LISTED).map(|key| format!("`{}`", Shown(key))).collect();
        let message = format!(
            "{} reads `{}`, but {} mounted there holds {}",
            container.display(),
            Shown(path),
            holder.view.display(),
            if listed.is_empty() { "nothing".to_owned() } else { listed.join(", ") }
        );
        let finding = out.report(workload.source(), node.span(), message);
        finding.object(workload.path()).evidence(path).related(
            holder.source(),
            holder.view.name_span(),
            "what is mounted there",
        );
    }
}

/// The one object that is mounted where a path lies, with its keys, if it lacks the file.
fn mounted<'a>(
    snapshot: &'a Snapshot,
    workload: ObjectRef<'_>,
    pod: PodTemplate<'_>,
    container: Container<'_>,
    path: &str,
) -> Option<(ObjectRef<'a>, Vec<&'a str>)> {
    let text = |node, key| field(node, key).and_then(|value| value.text());
    // The longest mount path is the nearest.
    let mount = container
        .volume_mounts()
        .filter_map(|mount| Some((text(mount, "mountPath")?.trim_end_matches('/'), mount)))
        .filter(|(at, _)| path.strip_prefix(at).is_some_and(|rest| rest.starts_with('/')))
        .max_by_key(|(at, _)| at.len());
    let (at, mount) = mount?;
    let name = text(mount, "name")?;
    if field(mount, "subPath").is_some() || field(mount, "subPathExpr").is_some() {
        return None;
    }
    let file = path.strip_prefix(at)?.trim_start_matches('/');
    let volume = pod.volumes().find(|volume| volume.name == name)?;
    let (kind, source, key) =
        [("Secret", "secret", "secretName"), ("ConfigMap", "configMap", "name")]
            .into_iter()
            .find_map(|(kind, source, key)| Some((kind, volume.source_of(source)?, key)))?;
    if field(source, "items").is_some() || file.contains('/') {
        return None;
    }
    let namespace = workload.view.namespace();
    let mut holders = snapshot.named(kind, namespace, text(source, key)?);
    let holder = holders.next()?;
    // Of several, as in overlays, any may be meant.
    if holders.next().is_some() || holder.view.is_fragment() {
        return None;
    }
    let keys = keys(holder);
    (!keys.contains(&file)).then_some((holder, keys))
}

fn keys(holder: ObjectRef<'_>) -> Vec<&str> {
    match Secret::of(holder.view) {
        Some(secret) => secret.entries().map(|entry| entry.key).collect(),
        None => ["data", "binaryData"]
            .into_iter()
            .filter_map(|list| holder.view.at(&[list]))
            .flat_map(|list| list.entries())
            .filter_map(|entry| entry.name())
            .collect(),
    }
}
