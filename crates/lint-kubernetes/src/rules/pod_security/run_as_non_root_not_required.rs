use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::pss::has_user_namespace;
use crate::usage::{is_whole, windows_user};

rule! {
    /// A `runAsUser` other than 0 keeps a container from running as root as long as it stands
    /// there; `runAsNonRoot: true` makes the kubelet refuse the container when it is lost. The
    /// restricted Pod Security Standard asks for `runAsNonRoot: true` whatever the user is, also on
    /// Windows.
    ///
    /// This rule is off by default and belongs to the profile of that standard. Containers that may
    /// run as root are reported by `run-as-non-root-missing`.
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
    /// #         ^^^ container `web` in Pod `shop/api` does not insist on a user other than root
    ///     image: registry.example.com/web:1.4.0
    ///     securityContext:
    ///       runAsUser: 20000
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
    ///       runAsUser: 20000
    ///       runAsNonRoot: true
    /// ```
    pub(crate) static RULE: Check = {
        id: "run-as-non-root-not-required",
        summary: "container does not insist on a user other than root",
        remedy: "Set `runAsNonRoot: true` in the securityContext of the pod or the container.",
        severity: Info,
        check: Check::Container(check),
        peers: &["pss:runAsNonRoot", "trivy:KSV-0012"],
        security: true,
        default: false,
        cwe: &[250],
        controls: &[control::IMAGE_NON_ROOT],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
    }
}

fn check(container: Container<'_>, context: &Context, out: &mut Sink<'_>) {
    let written = container.effective_security("runAsNonRoot");
    if written.is_some_and(|written| written.value.as_bool() == Some(true))
        || (written.is_none() && !is_whole(container))
        || has_user_namespace(container.pod, context.kubernetes)
        || (container.effective_run_as_user().is_none() && windows_user(container).is_none())
    {
        return;
    }
    let span = written.map_or(container.name_span, |written| written.node.span());
    let message = format!("{} does not insist on a user other than root", container.display());
    out.report(span, message).field("securityContext.runAsNonRoot");
}
