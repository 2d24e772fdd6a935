use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use crate::Check;
use crate::relations::is_complete;

rule! {
    /// A team that hardens its pods by a template wants every field of it in every pod: `fsGroup`,
    /// `fsGroupChangePolicy`, `supplementalGroups`, on Windows `windowsOptions.runAsUserName`.
    /// Which fields is told by the option `fields`; without it the rule says nothing.
    ///
    /// ```config
    /// rules: {security-context-incomplete: {fields: [fsGroup, fsGroupChangePolicy]}}
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    /// ^^^^ Pod `shop/api` lacks `fsGroupChangePolicy` in its `securityContext`
    ///   securityContext: {fsGroup: 2000}
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    /// ```config
    /// rules: {security-context-incomplete: {fields: [fsGroup, fsGroupChangePolicy]}}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   securityContext:
    ///     fsGroup: 2000
    ///     fsGroupChangePolicy: OnRootMismatch
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "security-context-incomplete",
        summary: "securityContext of the pod lacks a field",
        remedy: "Set the field in the securityContext of the pod.",
        severity: Info,
        check: Check::Pod(check),
        peers: &["kubescape:C-0211"],
        security: true,
        default: false,
        options: &[
            RuleOption {
                name: "fields",
                kind: OptionKind::Words,
                summary: "Fields of `securityContext` that every pod sets, with dots between the keys; without it the rule says nothing.",
            },
        ],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
    }
}

fn check(pod: PodTemplate<'_>, context: &Context, out: &mut Sink<'_>) {
    let wanted = context.options.words(RULE.meta.id, "fields");
    if wanted.is_empty() || !is_complete(pod) {
        return;
    }
    let security = pod.security_context();
    let has = |name: &&String| {
        let mut keys = name.split('.');
        security.and_then(|node| keys.try_fold(node, |node, key| field(node, key))).is_some()
    };
    let lacking: Vec<_> =
        wanted.iter().filter(|name| !has(name)).map(|name| format!("`{name}`")).collect();
    if !lacking.is_empty() {
        let lacking = lacking.join(", ");
        let message = format!("{} lacks {lacking} in its `securityContext`", pod.object.display());
        out.report(pod.spec_span(), message).field("spec.securityContext");
    }
}
