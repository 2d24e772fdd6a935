use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// Only a few kernel parameters are separate for each pod and harmless to the others. A node
    /// refuses to run a pod that sets any other unless its kubelet was told to allow it, and
    /// where it was, the pod can starve or crash its neighbours.
    ///
    /// Safe are those that the Pod Security Standards list, up to Kubernetes 1.32: some ports and
    /// keep-alive settings of IPv4, buffers of TCP, and `kernel.shm_rmid_forced`.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   securityContext:
    ///     sysctls:
    ///     - {name: net.ipv4.tcp_syncookies, value: "1"}
    ///     - {name: kernel.msgmax, value: "65536"}
    /// #            ^^^^^^^^^^^^^ Pod `ops/agent` sets the unsafe kernel parameter `kernel.msgmax`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   securityContext:
    ///     sysctls:
    ///     - {name: net.ipv4.tcp_syncookies, value: "1"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "unsafe-sysctl",
        summary: "pod sets an unsafe kernel parameter",
        remedy: "Remove the parameter, or set it on the node.",
        severity: High,
        check: Check::Pod(check),
        peers: &[
            "kube-linter:unsafe-sysctls",
            "trivy:KSV-0026",
            "kics:cluster_allows_unsafe_sysctls",
            "pss:sysctls",
        ],
        security: true,
        cwe: &[668],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
            "https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/",
        ],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(sysctls) = pod.security("sysctls") else { return };
    for node in sysctls.items().filter_map(|item| field(item, "name")) {
        let Some(name) = node.text() else { continue };
        if SAFE.iter().any(|safe| is_same(safe, name)) {
            continue;
        }
        let message = format!(
            "{} sets the unsafe kernel parameter `{}`",
            pod.object.display(),
            name.get(..LONGEST).unwrap_or(name)
        );
        out.report(node.span(), message).field("spec.securityContext.sysctls").evidence(name);
    }
}

/// Slashes may stand for dots.
fn is_same(safe: &str, name: &str) -> bool {
    let dots = name.bytes().map(|byte| if byte == b'/' { b'.' } else { byte });
    safe.len() == name.len() && safe.bytes().eq(dots)
}

/// Longer names are cut in messages.
const LONGEST: usize = 120;

const SAFE: &[&str] = &[
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];
