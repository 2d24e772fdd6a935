use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// git-sync runs the program that `GITSYNC_GIT` or `--git` names, in place of `git`, with its
    /// credentials. Whoever can set the variable, by a ConfigMap or a value of a chart, runs code
    /// in the pod that fetches what others execute.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: sync
    ///     image: registry.k8s.io/git-sync/git-sync:v4.4.0
    ///     env:
    ///     - name: GITSYNC_REPO
    ///       value: https://git.example.com/shop
    ///     - name: GITSYNC_GIT
    /// #           ^^^^^^^^^^^ container `sync` in Pod `shop/api` lets git-sync run another program than `git`
    ///       value: /data/git
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: sync
    ///     image: registry.k8s.io/git-sync/git-sync:v4.4.0
    ///     env:
    ///     - name: GITSYNC_REPO
    ///       value: https://git.example.com/shop
    /// ```
    pub(crate) static RULE: Check = {
        id: "git-sync-arbitrary-command",
        summary: "git-sync runs another program than git",
        remedy: "Remove `GITSYNC_GIT` and `--git`.",
        severity: High,
        check: Check::Container(check),
        peers: &["checkov:CKV_K8S_159"],
        security: true,
        fragments: true,
        cwe: &[78],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://github.com/kubernetes/git-sync"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let image = container.image().and_then(|image| image.text());
    if !image.is_some_and(|image| image.contains("git-sync")) {
        return;
    }
    let variables = container.env().filter(|variable| {
        variable.name == "GITSYNC_GIT"
            && variable.value.and_then(|value| value.text()) != Some("git")
    });
    let variables = variables.filter_map(|variable| field(variable.node, "name"));
    let flags = container.words().filter(|(word, _)| {
        let flag = word.strip_prefix("--").or_else(|| word.strip_prefix('-'));
        flag.is_some_and(|flag| flag == "git" || (flag.starts_with("git=") && flag != "git=git"))
    });
    for node in variables.chain(flags.map(|(_, node)| node)) {
        let message =
            format!("{} lets git-sync run another program than `git`", container.display());
        out.report(node.span(), message);
    }
}
