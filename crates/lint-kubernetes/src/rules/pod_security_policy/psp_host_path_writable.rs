use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::relations::short_span;

rule! {
    /// A `hostPath` volume that can be written lets a pod change the node: its programs, its
    /// kubelet, its keys. Where a policy allows `hostPath` volumes, every allowed path should be
    /// read-only.
    ///
    /// PodSecurityPolicy was removed in Kubernetes 1.25, so the rule is for what is left of older
    /// clusters and off unless it is asked for; Pod Security admission took its place.
    ///
    /// ```yaml bad
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    /// spec:
    ///   volumes: [configMap, hostPath]
    /// #                      ^^^^^^^^ PodSecurityPolicy `restricted` lets pods write to paths of the node
    /// ```
    /// ```yaml bad
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    /// spec:
    ///   volumes: [hostPath]
    ///   allowedHostPaths:
    ///   - pathPrefix: /var/log
    /// #   ^^^^^^^^^^^^^^^^^^^^ PodSecurityPolicy `restricted` lets pods write to paths of the node
    /// ```
    /// ```yaml good
    /// apiVersion: policy/v1beta1
    /// kind: PodSecurityPolicy
    /// metadata:
    ///   name: restricted
    /// spec:
    ///   volumes: [hostPath]
    ///   allowedHostPaths:
    ///   - pathPrefix: /var/log
    ///     readOnly: true
    /// ```
    pub(crate) static RULE: Check = {
        id: "psp-host-path-writable",
        summary: "policy allows writable paths of the node",
        remedy: "Remove `hostPath` from `volumes`, or set `readOnly: true` for every entry of `allowedHostPaths`.",
        severity: High,
        check: Check::Kind(&["PodSecurityPolicy"], check),
        peers: &["kics:psp_with_unrestricted_access_to_host_path"],
        security: true,
        cwe: &[668],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-policy/"],
        default: false,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let volumes = view.at(&["spec", "volumes"]);
    let mut kinds = volumes.iter().flat_map(Node::items);
    let allowed = kinds.find(|kind| matches!(kind.text(), Some("hostPath" | "*")));
    let paths = view.at(&["spec", "allowedHostPaths"]);
    let mut entries = paths.iter().flat_map(Node::items).peekable();
    // No list means every path.
    let span = match (allowed, entries.peek()) {
        (None, _) => return,
        (Some(allowed), None) => allowed.span(),
        (Some(_), Some(_)) => {
            let read_only = |entry: &Node<'_>| {
                field(*entry, "readOnly").and_then(|node| node.as_bool()) == Some(true)
            };
            match entries.find(|entry| !read_only(entry)) {
                Some(entry) => short_span(entry),
                None => return,
            }
        }
    };
    out.report(span, format!("{} lets pods write to paths of the node", view.display()))
        .field("spec.allowedHostPaths");
}
