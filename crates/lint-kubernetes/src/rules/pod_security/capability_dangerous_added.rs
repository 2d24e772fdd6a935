use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::capabilities::{Reach, added, name, reach};

rule! {
    /// Some capabilities are ways out of the container: `SYS_ADMIN` is most of root, `SYS_MODULE`
    /// loads code into the kernel, `SYS_PTRACE` reads other processes, `DAC_READ_SEARCH` opens
    /// any file, `NET_ADMIN` rewires the network. Those that are the whole node by themselves are
    /// critical.
    ///
    /// Network and storage drivers and profilers need one or the other; suppress the finding
    /// there with a reason. A privileged container is reported as such and not here.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     securityContext:
    ///       capabilities:
    ///         drop: [ALL]
    ///         add: [CHOWN, SYS_ADMIN, NET_ADMIN]
    /// #                    ^^^^^^^^^ container `web` in Pod `shop/api` adds the capability `SYS_ADMIN`, which is as good as root on the node
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     securityContext:
    ///       capabilities:
    ///         drop: [ALL]
    ///         add: [NET_BIND_SERVICE]
    /// ```
    pub(crate) static RULE: Check = {
        id: "capability-dangerous-added",
        summary: "container adds a capability that reaches beyond it",
        remedy: "Remove the capability; use a device, a volume or a narrower one instead.",
        severity: High,
        check: Check::Container(check),
        aliases: &["capability-sys-admin-added", "capability-sys-module-added"],
        peers: &[
            "kube-linter:privilege-escalation-container",
            "polaris:dangerousCapabilities",
            "kubesec:CapSysAdmin",
            "checkov:CKV_K8S_39",
            "trivy:KSV-0005",
            "trivy:KSV-0120",
            "kubescape:C-0046",
            "kics:containers_with_sys_admin_capabilities",
        ],
        security: true,
        fragments: true,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
            "https://man7.org/linux/man-pages/man7/capabilities.7.html",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for (written, node) in added(container) {
        let (severity, what) = match reach(written) {
            Reach::Node => (Severity::Critical, "is as good as root on the node"),
            Reach::Dangerous => (Severity::High, "reaches beyond the container"),
            Reach::Beyond | Reach::Misspelt | Reach::Container => continue,
        };
        let message =
            format!("{} adds the capability `{written}`, which {what}", container.display());
        out.report(node.span(), message)
            .severity(severity)
            .field("securityContext.capabilities.add")
            .evidence(name(written));
    }
}
