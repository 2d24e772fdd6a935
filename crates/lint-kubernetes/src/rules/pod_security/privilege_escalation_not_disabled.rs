use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Safety, Sink, control, rule};

use crate::Check;
use crate::fix;
use crate::usage::{adds_sys_admin, is_whole};

rule! {
    /// Unless it is switched off, a process may gain rights that its parent did not have, through
    /// a `setuid` program such as `su`. An attacker who runs code as a plain user then becomes
    /// root in the container.
    ///
    /// It must stay on only for software that changes users itself. Privileged containers and
    /// those with `SYS_ADMIN` are left out, because Kubernetes does not let them switch it off
    /// and other rules report them; so are pods on Windows, which has no such switch.
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
    /// #         ^^^ container `web` in Pod `shop/api` does not disable privilege escalation
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
    ///       allowPrivilegeEscalation: false
    /// ```
    pub(crate) static RULE: Check = {
        id: "privilege-escalation-not-disabled",
        summary: "container does not disable privilege escalation",
        remedy: "Set `securityContext.allowPrivilegeEscalation: false`.",
        severity: Medium,
        check: Check::Container(check),
        aliases: &["privilege-escalation-explicit"],
        peers: &[
            "kube-linter:privilege-escalation-container",
            "polaris:privilegeEscalationAllowed",
            "kubesec:AllowPrivilegeEscalation",
            "checkov:CKV_K8S_20",
            "trivy:KSV-0001",
            "kubescape:C-0016",
            "kics:privilege_escalation_allowed",
            "kubeaudit:AllowPrivilegeEscalationNil",
            "kubeaudit:AllowPrivilegeEscalationTrue",
            "pss:allowPrivilegeEscalation",
        ],
        security: true,
        cwe: &[269],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
            "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
        ],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let written = container.security("allowPrivilegeEscalation");
    if written.is_some_and(|node| node.as_bool() == Some(false))
        || (written.is_none() && !is_whole(container))
        || container.pod.is_windows()
        || container.privileged().is_some()
        || adds_sys_admin(container)
    {
        return;
    }
    let what = if written.is_some() { "allows" } else { "does not disable" };
    let message = format!("{} {what} privilege escalation", container.display());
    let finding = out.report(written.map_or(container.name_span, |node| node.span()), message);
    finding.field("securityContext.allowPrivilegeEscalation");
    // Where it is written, somebody may need it.
    let safety = if written.is_some() { Safety::Unsafe } else { Safety::Safe };
    fix::security(finding, container, "allowPrivilegeEscalation", false, safety);
}
