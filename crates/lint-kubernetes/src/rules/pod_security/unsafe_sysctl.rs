use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::pss::allowed;

rule! {
    /// Only a few kernel parameters are separate for each pod and harmless to the others. A node
    /// refuses to run a pod that sets any other unless its kubelet was told to allow it, and
    /// where it was, the pod can starve or crash its neighbours.
    ///
    /// Safe are those that the Pod Security Standards list for the version of Kubernetes: some
    /// ports and keep-alive settings of IPv4, buffers of TCP, and `kernel.shm_rmid_forced`. The
    /// list grew in 1.27, 1.29, 1.32 and 1.37.
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
            "kubescape:C-0211",
            "kics:cluster_allows_unsafe_sysctls",
            "pss:sysctls",
        ],
        security: true,
        fragments: true,
        cwe: &[668],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
            "https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/",
        ],
    }
}

fn check(pod: PodTemplate<'_>, context: &Context, out: &mut Sink<'_>) {
    let Some(sysctls) = pod.security("sysctls") else { return };
    for node in sysctls.items().filter_map(|item| field(item, "name")) {
        let Some(name) = node.text() else { continue };
        if allowed::is_safe_sysctl(name, context.kubernetes) {
            continue;
        }
        let (object, shown) = (pod.object.display(), cut(name));
        // The kubelet takes slashes for dots, admission does not.
        let dotted = name.contains('/').then(|| name.replace('/', "."));
        let since = allowed::sysctl_since(dotted.as_deref().unwrap_or(name));
        let (severity, message) = match since {
            Some(since) if !context.kubernetes.is_at_least(since) => (
                Severity::High,
                format!("{object} sets the kernel parameter `{shown}`, unsafe before 1.{since}"),
            ),
            Some(_) => (
                Severity::Low,
                format!("{object} writes the kernel parameter `{shown}` with slashes"),
            ),
            None => {
                (Severity::High, format!("{object} sets the unsafe kernel parameter `{shown}`"))
            }
        };
        out.report(node.span(), message)
            .severity(severity)
            .field("spec.securityContext.sysctls")
            .evidence(name);
    }
}
