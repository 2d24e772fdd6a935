use std::collections::BTreeMap;

use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::host_path::{Exposure, exposure};
use crate::place::cut;

rule! {
    /// A container that writes to the node's disk outlives itself there: it can fill the disk, and
    /// where programs of the node read what it writes, it runs code on the node. Most agents only
    /// read. System folders make it severe.
    ///
    /// A driver or a cache that must write is fine; suppress the finding with a reason. Sockets of
    /// the container runtime are reported by `container-runtime-socket-mount`, for which read-only
    /// changes nothing.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   volumes:
    ///   - name: logs
    ///     hostPath: {path: /var/log}
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     volumeMounts:
    ///     - name: logs
    /// #           ^^^^ container `web` in Pod `shop/api` may write to `/var/log` of the node
    ///       mountPath: /var/log
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   volumes:
    ///   - name: logs
    ///     hostPath: {path: /var/log}
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     volumeMounts:
    ///     - name: logs
    ///       mountPath: /var/log
    ///       readOnly: true
    /// ```
    pub(crate) static RULE: Check = {
        id: "host-path-writable",
        summary: "container may write to a path of the node",
        remedy: "Set `readOnly: true` on the mount.",
        severity: Medium,
        check: Check::Pod(check),
        peers: &[
            "kube-linter:writable-host-mount",
            "kubescape:C-0045",
            "kics:volume_mount_with_os_directory_write_permissions",
        ],
        security: true,
        cwe: &[732],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/storage/volumes/#hostpath"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let mut paths = pod.volumes().filter_map(|volume| {
        let path = field(volume.source_of("hostPath")?, "path")?.text()?;
        (exposure(path) != Exposure::RuntimeSocket).then_some((volume.name, path))
    });
    let Some(first) = paths.next() else { return };
    let paths: BTreeMap<_, _> = std::iter::once(first).chain(paths).collect();
    for container in pod.containers() {
        for mount in container.volume_mounts() {
            let Some(name) = field(mount, "name") else { continue };
            let Some(path) = name.text().and_then(|name| paths.get(name)) else { continue };
            let is_read_only = field(mount, "readOnly").map(|node| node.as_bool());
            if !matches!(is_read_only, None | Some(Some(false))) {
                continue;
            }
            let severity = match exposure(path) {
                Exposure::Sensitive => Severity::High,
                _ => Severity::Medium,
            };
            let path = cut(path);
            let message = format!("{} may write to `{path}` of the node", container.display());
            out.report(name.span(), message)
                .severity(severity)
                .field("volumeMounts.readOnly")
                .evidence(path);
        }
    }
}
