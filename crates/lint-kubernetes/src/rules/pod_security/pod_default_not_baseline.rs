use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::pss::Level;
use crate::pss::defaults::overridden;
use crate::relations::is_complete;

rule! {
    /// What a pod says in its own `securityContext` holds for every container that does not say
    /// otherwise, also for one that is added later: a sidecar that a webhook brings, a container of
    /// `kubectl debug`. The baseline Pod Security Standard therefore refuses a pod for a
    /// HostProcess, another AppArmor or seccomp profile than one that confines, options of SELinux
    /// even if all containers in the manifest say better.
    ///
    /// This rule is off by default and belongs to the profile of that standard. Where a container
    /// takes the value over, the finding is about the container.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   securityContext:
    ///     seccompProfile: {type: Unconfined}
    /// #                          ^^^^^^^^^^ Pod `shop/api` has `seccompProfile.type: Unconfined` for containers that do not say otherwise
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     securityContext:
    ///       seccompProfile: {type: RuntimeDefault}
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
    ///       seccompProfile: {type: RuntimeDefault}
    /// ```
    pub(crate) static RULE: Check = {
        id: "pod-default-not-baseline",
        summary: "pod has a default that the baseline standard refuses",
        remedy: "Remove the value from the securityContext of the pod.",
        severity: Low,
        check: Check::Pod(check),
        security: true,
        default: false,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
    }
}

fn check(pod: PodTemplate<'_>, context: &Context, out: &mut Sink<'_>) {
    for default in overridden(pod, Level::Baseline, context.kubernetes) {
        if !is_complete(pod) {
            return;
        }
        let (name, value) = (default.field, cut(default.value));
        let object = pod.object.display();
        let message =
            format!("{object} has `{name}: {value}` for containers that do not say otherwise");
        out.report(default.node.span(), message).field(format!("spec.securityContext.{name}"));
    }
}
