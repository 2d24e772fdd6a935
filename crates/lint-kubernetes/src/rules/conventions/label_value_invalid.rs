use careen_kube_model::{Label, Labels, ObjectView};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::label_value::{problem_of_key, problem_of_value};
use crate::place::cut;
use crate::placeholder::is_placeholder;

rule! {
    /// The API server refuses an object whose labels do not keep the syntax: at most 63 letters,
    /// digits, `-`, `_` and `.`, with a letter or digit at both ends; a key may have a DNS name and
    /// a slash in front. Git branches, e-mail addresses and host lists are the usual culprits. Put
    /// them into annotations, which may hold any text.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: limits
    ///   namespace: shop
    ///   labels:
    ///     owner: team@example.com
    /// #          ^^^^^^^^^^^^^^^^ label `owner` of ConfigMap `shop/limits` has the value `team@example.com`, which holds something else
    /// data: {rate: "10"}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: limits
    ///   namespace: shop
    ///   labels:
    ///     owner: team-shop
    ///   annotations:
    ///     example.com/contact: team@example.com
    /// data: {rate: "10"}
    /// ```
    pub(crate) static RULE: Check = {
        id: "label-value-invalid",
        summary: "label has a key or value that the API server refuses",
        remedy: "Keep to 63 letters, digits, `-`, `_` and `.`, or use an annotation.",
        severity: High,
        check: Check::Object(check),
        peers: &["kube-score:label-values", "kics:metadata_label_is_invalid"],
        controls: &[control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set",
        ],
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    judge(view, "", view.labels(), out);
    let template = view.pod_template().filter(|pod| !pod.path_prefix().is_empty());
    if let Some(pod) = template {
        judge(view, "pod ", pod.labels(), out);
    }
}

fn judge(view: ObjectView<'_>, whose: &str, labels: Labels<'_>, out: &mut Sink<'_>) {
    for Label { key, value, key_node, value_node } in labels.iter() {
        if let Some(problem) = problem_of_key(key).filter(|_| !is_placeholder(key)) {
            let key = cut(key);
            let message = format!("{whose}label `{key}` of {} {problem}", view.display());
            out.report(key_node.span(), message).evidence(key);
        } else if let Some(problem) = problem_of_value(value).filter(|_| !is_placeholder(value)) {
            let (name, value) = (cut(key), cut(value));
            let message = format!(
                "{whose}label `{name}` of {} has the value `{value}`, which {problem}",
                view.display()
            );
            out.report(value_node.span(), message).evidence(name);
        }
    }
}
