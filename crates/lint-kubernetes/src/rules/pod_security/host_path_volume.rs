use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::host_path::{Exposure, exposure};

rule! {
    /// A `hostPath` ties a pod to one node: on another it finds other files or none. Whoever can
    /// write to it leaves things behind on the node, and links in it lead out of it.
    ///
    /// Node agents read logs and state this way; mount the narrowest path, read-only. System
    /// paths and the sockets of container runtimes are reported by `host-path-sensitive` and
    /// `container-runtime-socket-mount` instead.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   volumes:
    ///   - name: data
    ///     hostPath: {path: /srv/data}
    /// #                    ^^^^^^^^^ Pod `ops/agent` mounts the path `/srv/data` of the node
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   volumes:
    ///   - name: data
    ///     persistentVolumeClaim: {claimName: data}
    /// ```
    pub(crate) static RULE: Check = {
        id: "host-path-volume",
        summary: "pod mounts a path of the node",
        remedy: "Use a PersistentVolumeClaim, or an `emptyDir` for scratch space.",
        severity: Medium,
        check: Check::Pod(check),
        peers: &[
            "polaris:hostPathSet",
            "trivy:KSV-0023",
            "kubescape:C-0048",
            "kics:non_kube_system_pod_with_host_mount",
            "pss:hostPathVolumes",
        ],
        security: true,
        fragments: true,
        cwe: &[668],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
        ],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    for volume in pod.volumes() {
        let path = volume.source_of("hostPath").and_then(|source| field(source, "path"));
        let Some((node, text)) = path.and_then(|node| Some((node, node.text()?))) else { continue };
        if exposure(text) == Exposure::Other {
            let shown = text.get(..LONGEST).unwrap_or(text);
            let message = format!("{} mounts the path `{shown}` of the node", pod.object.display());
            out.report(node.span(), message).field("spec.volumes.hostPath.path").evidence(text);
        }
    }
}

/// Longer paths are cut in messages.
const LONGEST: usize = 200;
