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
    /// `kubectl debug`. The restricted Pod Security Standard therefore refuses a pod for
    /// `runAsNonRoot: false`, `runAsUser: 0` even if all containers in the manifest say better.
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
    ///     runAsUser: 0
    /// #              ^ Pod `shop/api` has `runAsUser: 0` for containers that do not say otherwise
    ///   containers:
    ///   - name: web
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
    /// ```
    pub(crate) static RULE: Check = {
        id: "pod-default-not-restricted",
        summary: "pod has a default that the restricted standard refuses",
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
    for default in overridden(pod, Level::Restricted, context.kubernetes) {
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
