use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::program::runs;

rule! {
    /// Tiller is the part of Helm 2 that ran in the cluster, with all rights, for everybody who
    /// could reach its port. Helm 2 has had no fixes since November 2020. Helm 3 and later need
    /// nothing in the cluster.
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
    ///     image: ghcr.io/helm/tiller:v2.17.0
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^ container `tiller` in Pod `ops/tiller` runs Tiller
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: tiller
    ///   namespace: ops
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "tiller-deployed",
        summary: "container runs Tiller",
        remedy: "Move to Helm 3 or later and remove Tiller.",
        severity: High,
        check: Check::Container(check),
        security: true,
        cwe: &[1104],
        peers: &["checkov:CKV_K8S_34", "trivy:KSV-0102", "kics:tiller_is_deployed"],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &["https://helm.sh/docs/faq/changes_since_helm2/"],
        fragments: true,
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    if let Some((image, span)) = runs(container, &["tiller"]) {
        let message = format!("{} runs Tiller: `{}`", container.display(), cut(image));
        out.report(span, message).field("image");
    }
}
