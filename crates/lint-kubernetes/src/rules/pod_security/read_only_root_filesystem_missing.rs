use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Safety, Sink, control, rule};

use crate::Check;
use crate::fix;
use crate::usage::is_whole;

rule! {
    /// A container that can write to its own image lets an attacker drop tools and change the
    /// program that runs, and lets the program fill the node's disk unnoticed.
    ///
    /// It is fine for software that must write all over its filesystem. Windows has no such
    /// switch; pods there are left out.
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
    /// #         ^^^ container `web` in Pod `shop/api` can write to its root filesystem
    ///     image: registry.example.com/web:1.4.0
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
    ///       readOnlyRootFilesystem: true
    /// ```
    pub(crate) static RULE: Check = {
        id: "read-only-root-filesystem-missing",
        summary: "container can write to its root filesystem",
        remedy: "Set `readOnlyRootFilesystem: true` and mount an `emptyDir` where the container writes.",
        severity: Low,
        check: Check::Container(check),
        peers: &[
            "kube-linter:no-read-only-root-fs",
            "kube-score:container-security-context-readonlyrootfilesystem",
            "polaris:notReadOnlyRootFilesystem",
            "kubesec:ReadOnlyRootFilesystem",
            "checkov:CKV_K8S_22",
            "trivy:KSV-0014",
            "kubescape:C-0017",
            "kics:root_container_not_mounted_as_read_only",
            "kubeaudit:ReadOnlyRootFilesystemFalse",
            "kubeaudit:ReadOnlyRootFilesystemNil",
        ],
        security: true,
        cwe: &[732],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let written = container.security("readOnlyRootFilesystem");
    let is_written = written.and_then(|node| node.as_bool()) == Some(true);
    if !is_written && (written.is_some() || is_whole(container)) && !container.pod.is_windows() {
        let message = format!("{} can write to its root filesystem", container.display());
        let finding = out.report(written.map_or(container.name_span, |node| node.span()), message);
        finding.field("securityContext.readOnlyRootFilesystem");
        fix::security(finding, container, "readOnlyRootFilesystem", true, Safety::Unsafe);
    }
}
