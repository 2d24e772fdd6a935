use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::program::runs;

rule! {
    /// Tiller asks nobody who they are. Unless it listens on `localhost` only, every pod of the
    /// cluster can install what it likes with Tiller's rights.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: tiller
    ///   namespace: ops
    /// spec:
    ///   containers:
    ///   - name: tiller
    /// #         ^^^^^^ container `tiller` in Pod `ops/tiller` runs Tiller, which every pod of the cluster can reach
    ///     image: ghcr.io/helm/tiller:v2.17.0
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: tiller
    ///   namespace: ops
    /// spec:
    ///   containers:
    ///   - name: tiller
    ///     image: ghcr.io/helm/tiller:v2.17.0
    ///     command: [/tiller]
    ///     args: ["--listen=localhost:44134"]
    /// ```
    pub(crate) static RULE: Check = {
        id: "tiller-listens-in-cluster",
        summary: "Tiller can be reached from the whole cluster",
        remedy: "Start Tiller with `--listen=localhost:44134`, or better remove it.",
        severity: Critical,
        check: Check::Container(check),
        security: true,
        cwe: &[306],
        peers: &[
            "checkov:CKV_K8S_45",
            "kics:tiller_deployment_is_accessible_from_within_the_cluster",
        ],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &["https://helm.sh/docs/faq/changes_since_helm2/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    if runs(container, &["tiller"]).is_none() {
        return;
    }
    let mut after_listen = false;
    let mut listens_at_home = false;
    for (word, _) in container.words() {
        let address = word.strip_prefix("--listen=").or_else(|| word.strip_prefix("-listen="));
        let address = address.or(after_listen.then_some(word));
        listens_at_home |= address.is_some_and(|address| {
            ["localhost", "127.0.0.1", "[::1]"].iter().any(|home| address.starts_with(home))
        });
        after_listen = matches!(word, "--listen" | "-listen");
    }
    if !listens_at_home {
        let message = format!(
            "{} runs Tiller, which every pod of the cluster can reach",
            container.display()
        );
        out.report(container.name_span, message).field("args");
    }
}
