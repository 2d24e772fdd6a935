use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::fix;
use crate::usage::is_whole;

rule! {
    /// Runtimes give every container a dozen capabilities that hardly any program needs: to
    /// change the owner of any file, to forge packets, to become any user. Dropping all of them
    /// takes away what most ways out of a container begin with.
    ///
    /// Drop `ALL` first and add back the few that are used; `NET_BIND_SERVICE` is the usual one.
    /// A privileged container has all capabilities whatever it drops and is reported as such;
    /// pods on Windows have none. `all` in small letters works at run time, but the restricted Pod
    /// Security Standard refuses it.
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
    /// #         ^^^ container `web` in Pod `shop/api` does not drop all capabilities
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
    ///       capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}
    /// ```
    pub(crate) static RULE: Check = {
        id: "capabilities-not-dropped-all",
        summary: "container keeps the default capabilities",
        remedy: "Set `capabilities: {drop: [ALL]}` and add back what is needed.",
        severity: Medium,
        check: Check::Container(check),
        aliases: &["capabilities-no-drop", "capability-net-raw-not-dropped"],
        peers: &[
            "kube-linter:drop-net-raw-capability",
            "polaris:insecureCapabilities",
            "kubesec:CapDropAll",
            "kubesec:CapDropAny",
            "checkov:CKV_K8S_37",
            "checkov:CKV_K8S_28",
            "trivy:KSV-0003",
            "trivy:KSV-0106",
            "trivy:KSV-0004",
            "kubescape:C-0211",
            "kics:no_drop_capabilities_for_containers",
            "kics:net_raw_capabilities_not_being_dropped",
            "kubeaudit:CapabilityShouldDropAll",
            "kubeaudit:CapabilityOrSecurityContextMissing",
            "pss:capabilities_restricted",
        ],
        security: true,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
            "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    if container.capabilities("drop").any(|(written, _)| written == "ALL")
        || !is_whole(container)
        || container.privileged().is_some()
        || container.pod.is_windows()
    {
        return;
    }
    let mut dropped = container.capabilities("drop");
    match dropped.find(|(written, _)| written.eq_ignore_ascii_case("all")) {
        // Runtimes take it for `ALL`, admission does not.
        Some((written, node)) => {
            let message =
                format!("{} drops `{written}`, which admission does not read", container.display());
            let finding = out.report(node.span(), message);
            finding.severity(Severity::Low).field("securityContext.capabilities.drop");
        }
        None => {
            let message = format!("{} does not drop all capabilities", container.display());
            let finding = out.report(container.name_span, message);
            finding.field("securityContext.capabilities.drop");
            fix::drop_all(finding, container);
        }
    }
}
