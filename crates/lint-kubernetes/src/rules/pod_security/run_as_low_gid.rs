use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use crate::Check;
use crate::pss::has_user_namespace;
use crate::usage::{is_whole, origin};

rule! {
    /// Small numbers are the groups of the node and of its other programs. Without user namespaces,
    /// whoever breaks out of a container that runs as group 1000 is group 1000 of the node, with
    /// all that belongs to it. A number above 10000 that nothing else has belongs to nobody. Where
    /// the manifest does not name a group, the image decides.
    ///
    /// It is fine in a pod with user namespaces (`hostUsers: false`, from Kubernetes 1.35), which
    /// is left out, as is group 0, which `root-group` reports. Many images insist on their own
    /// group, so this rule is off by default.
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
    ///       runAsGroup: 1000
    /// #                 ^^^^ container `web` in Pod `shop/api` runs as group 1000, below 10001
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
    ///       runAsGroup: 20000
    /// ```
    /// ```config
    /// rules: {run-as-low-gid: {least: 1000}}
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
    ///       runAsGroup: 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "run-as-low-gid",
        summary: "container may run as a group of the node",
        remedy: "Set `runAsGroup` to a number above 10000 that nothing else has.",
        severity: Low,
        check: Check::Container(check),
        peers: &[
            "kube-score:container-security-context-user-group-id",
            "kubesec:RunAsGroup",
            "trivy:KSV-0021",
        ],
        security: true,
        default: false,
        cwe: &[250],
        options: &[
            RuleOption {
                name: "least",
                kind: OptionKind::Number,
                summary: "The least number that is accepted; 10001 without it.",
            },
        ],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
    }
}

fn check(container: Container<'_>, context: &Context, out: &mut Sink<'_>) {
    if !is_whole(container)
        || container.pod.is_windows()
        || has_user_namespace(container.pod, context.kubernetes)
    {
        return;
    }
    let least = context.options.number(RULE.meta.id, "least").unwrap_or(LEAST);
    let (span, message) = match container.effective_run_as_group() {
        Some(group) if group.value == 0 || group.value >= least => return,
        Some(group) => {
            let (number, from) = (group.value, origin(&group));
            let message =
                format!("{} runs as group {number}, below {least}{from}", container.display());
            (group.node.span(), message)
        }
        None if container.effective_security("runAsGroup").is_some() => return,
        None => {
            let message = format!("{} does not say which group it runs as", container.display());
            (container.name_span, message)
        }
    };
    out.report(span, message).field("securityContext.runAsGroup");
}

/// The least number that counts as nobody's.
const LEAST: i64 = 10_001;
