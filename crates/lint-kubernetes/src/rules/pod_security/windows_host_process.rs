use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A HostProcess container is a process of the node with the node's network, disks and,
    /// usually, `NT AUTHORITY\SYSTEM`: it is to Windows what a privileged container is to Linux.
    ///
    /// Node agents and drivers on Windows need it; suppress the finding there with a reason.
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
    ///       windowsOptions: {hostProcess: true}
    /// #                                   ^^^^ container `web` in Pod `shop/api` is a process of the Windows node
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
    ///       windowsOptions: {runAsUserName: ContainerUser}
    /// ```
    pub(crate) static RULE: Check = {
        id: "windows-host-process",
        summary: "container runs as a process of the Windows node",
        remedy: "Remove `hostProcess`.",
        severity: Critical,
        check: Check::Container(check),
        peers: &[
            "polaris:hostProcess",
            "trivy:KSV-0103",
            "kubescape:C-0211",
            "pss:windowsHostProcess",
        ],
        security: true,
        fragments: true,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
            "https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let option = |options| field(options, "hostProcess");
    let own = container.security("windowsOptions").and_then(option);
    let node = own.or_else(|| container.pod.security("windowsOptions").and_then(option));
    if let Some(node) = node.filter(|node| node.as_bool() == Some(true)) {
        let message = format!("{} is a process of the Windows node", container.display());
        out.report(node.span(), message).field("securityContext.windowsOptions.hostProcess");
    }
}
