use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::host_path::{Exposure, exposure};

rule! {
    /// Whoever can talk to the container runtime can start a privileged container with the node's
    /// disk in it: the socket of Docker, containerd or CRI-O is root on the node.
    ///
    /// Builders no longer need it. Node agents of a security product may; suppress the finding
    /// there with a reason.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   volumes:
    ///   - name: docker
    ///     hostPath: {path: /var/run/docker.sock}
    /// #                    ^^^^^^^^^^^^^^^^^^^^ Pod `ops/agent` mounts the socket of the container runtime, `/var/run/docker.sock`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   volumes:
    ///   - name: work
    ///     emptyDir: {sizeLimit: 1Gi}
    /// ```
    pub(crate) static RULE: Check = {
        id: "container-runtime-socket-mount",
        summary: "pod mounts the socket of the container runtime",
        remedy: "Remove the mount; build images with a rootless builder, and read metrics from the kubelet.",
        severity: Critical,
        check: Check::Pod(check),
        peers: &[
            "kube-linter:docker-sock",
            "kubesec:DockerSock",
            "checkov:CKV_K8S_27",
            "trivy:KSV-0006",
            "kubescape:C-0074",
            "kics:docker_daemon_socket_is_exposed_to_containers",
            "kubeaudit:SensitivePathsMounted",
        ],
        security: true,
        fragments: true,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/storage/volumes/#hostpath"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    for volume in pod.volumes() {
        let path = volume.source_of("hostPath").and_then(|source| field(source, "path"));
        let Some((node, text)) = path.and_then(|node| Some((node, node.text()?))) else { continue };
        if exposure(text) == Exposure::RuntimeSocket {
            let shown = text.get(..LONGEST).unwrap_or(text);
            let message = format!(
                "{} mounts the socket of the container runtime, `{shown}`",
                pod.object.display()
            );
            out.report(node.span(), message).field("spec.volumes.hostPath.path").evidence(text);
        }
    }
}

/// Longer paths are cut in messages.
const LONGEST: usize = 200;
