use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Safety, Sink, control, rule};

use crate::Check;
use crate::fix;
use crate::pss::has_user_namespace;
use crate::usage::{is_whole, windows_user};

rule! {
    /// Unless the manifest forbids it, a container runs as whatever user its image names, and
    /// most images name root. Root in a container is root on the node for every file that is
    /// mounted and for every flaw of the kernel.
    ///
    /// A `runAsUser` other than 0 is enough, as are user namespaces (`hostUsers: false`) from
    /// Kubernetes 1.35. On Windows a `runAsUserName` other than `ContainerAdministrator` is. An
    /// explicit `runAsUser: 0` is reported by `run-as-user-root` instead, and what the restricted
    /// Pod Security Standard asks for beyond this by `run-as-non-root-not-required`.
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
    /// #         ^^^ container `web` in Pod `shop/api` may run as root
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
    ///       runAsNonRoot: true
    /// ```
    pub(crate) static RULE: Check = {
        id: "run-as-non-root-missing",
        summary: "container may run as root",
        remedy: "Set `runAsNonRoot: true` in the securityContext of the pod or the container.",
        severity: Medium,
        check: Check::Container(check),
        peers: &[
            "kube-linter:run-as-non-root",
            "polaris:runAsRootAllowed",
            "kubesec:RunAsNonRoot",
            "checkov:CKV_K8S_23",
            "trivy:KSV-0012",
            "kubescape:C-0013",
            "kics:containers_running_as_root",
            "kubeaudit:RunAsNonRootCSCFalse",
            "kubeaudit:RunAsNonRootPSCNilCSCNil",
            "kubeaudit:RunAsNonRootPSCFalseCSCNil",
            "popeye:302",
            "popeye:306",
            "pss:runAsNonRoot",
        ],
        security: true,
        cwe: &[250],
        controls: &[control::IMAGE_NON_ROOT],
        references: &[
            "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
            "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
        ],
    }
}

fn check(container: Container<'_>, context: &Context, out: &mut Sink<'_>) {
    let non_root = container.effective_run_as_non_root();
    if non_root.is_some_and(|effective| effective.value)
        || (non_root.is_none() && !is_whole(container))
        || container.effective_run_as_user().is_some()
        || has_user_namespace(container.pod, context.kubernetes)
        || windows_user(container).is_some_and(|user| user != "ContainerAdministrator")
    {
        return;
    }
    let span = non_root.map_or(container.name_span, |effective| effective.node.span());
    let message = format!("{} may run as root", container.display());
    let finding = out.report(span, message);
    finding.field("securityContext.runAsNonRoot");
    fix::security(finding, container, "runAsNonRoot", true, Safety::Unsafe);
}
