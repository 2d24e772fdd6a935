use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::host_path::{Exposure, exposure, holds_no_secret};

rule! {
    /// System folders of the node hold its credentials, its programs, its devices and the data of
    /// all other pods: `/`, `/etc`, `/proc`, `/sys`, `/dev`, `/root`, `/var/lib/kubelet` and the
    /// like. A pod that mounts one has the node in its hands, or can read how to get it.
    ///
    /// Storage and network drivers need some of them; suppress the finding there with a reason. A
    /// few harmless places such as `/etc/localtime`, `/etc/ssl/certs` and `/lib/modules` count as
    /// plain `hostPath` volumes.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   volumes:
    ///   - name: root
    ///     hostPath: {path: /etc/kubernetes}
    /// #                    ^^^^^^^^^^^^^^^ Pod `ops/agent` mounts the system path `/etc/kubernetes` of the node
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   volumes:
    ///   - name: clock
    ///     hostPath: {path: /etc/localtime, type: File}
    /// ```
    pub(crate) static RULE: Check = {
        id: "host-path-sensitive",
        summary: "pod mounts a system path of the node",
        remedy: "Mount the one file that is needed, read-only, or do without.",
        severity: High,
        check: Check::Pod(check),
        peers: &[
            "kube-linter:sensitive-host-mounts",
            "kubesec:ProcMount",
            "trivy:KSV-0121",
            "kics:workload_mounting_with_sensitive_os_directory",
            "kubeaudit:SensitivePathsMounted",
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
        if exposure(text) == Exposure::Sensitive {
            let shown = text.get(..LONGEST).unwrap_or(text);
            let message =
                format!("{} mounts the system path `{shown}` of the node", pod.object.display());
            let finding = out.report(node.span(), message);
            finding.field("spec.volumes.hostPath.path").evidence(text);
            if holds_no_secret(text) && is_only_read(pod, volume.name) {
                finding.severity(Severity::Medium);
            }
        }
    }
}

/// Longer paths are cut in messages.
const LONGEST: usize = 200;

/// Whether containers mount the volume, all of them to read it.
fn is_only_read(pod: PodTemplate<'_>, volume: &str) -> bool {
    let mut is_mounted = false;
    for container in pod.containers() {
        for mount in container.volume_mounts() {
            if field(mount, "name").and_then(|node| node.text()) != Some(volume) {
                continue;
            }
            if field(mount, "readOnly").and_then(|node| node.as_bool()) != Some(true) {
                return false;
            }
            is_mounted = true;
        }
    }
    is_mounted
}
