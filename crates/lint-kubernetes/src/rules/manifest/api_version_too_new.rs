use careen_kube_model::{ObjectView, schema};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::lifecycle::best;

rule! {
    /// The cluster does not know this version of the API yet and refuses the object. It works on
    /// a developer's newer cluster and fails where it counts.
    ///
    /// Judged is for the Kubernetes of the configuration (`kubernetes-version`); without one it is
    /// the newest, for which nothing is too new.
    ///
    /// ```config
    /// kubernetes-version: "1.28"
    /// ```
    /// ```yaml bad
    /// apiVersion: flowcontrol.apiserver.k8s.io/v1
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ FlowSchema `health` uses `flowcontrol.apiserver.k8s.io/v1`, which Kubernetes 1.29 brought, but 1.28 is what it is for: use `flowcontrol.apiserver.k8s.io/v1beta3`
    /// kind: FlowSchema
    /// metadata:
    ///   name: health
    /// spec:
    ///   priorityLevelConfiguration: {name: exempt}
    /// ```
    /// ```config
    /// kubernetes-version: "1.29"
    /// ```
    /// ```yaml good
    /// apiVersion: flowcontrol.apiserver.k8s.io/v1
    /// kind: FlowSchema
    /// metadata:
    ///   name: health
    /// spec:
    ///   priorityLevelConfiguration: {name: exempt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "api-version-too-new",
        summary: "API version is newer than the cluster",
        remedy: "Use a version that the cluster serves, or upgrade the cluster first.",
        severity: High,
        check: Check::Object(check),
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/reference/using-api/#api-versioning"],
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, context: &Context, out: &mut Sink<'_>) {
    let target = context.kubernetes;
    let Some(life) = schema::lifetime(view.api_version(), view.kind()) else { return };
    if life.since <= target {
        return;
    }
    let older = best(view.group(), view.kind(), target);
    let instead = older.map(|version| format!(": use `{version}`")).unwrap_or_default();
    let message = format!(
        "{} uses `{}`, which Kubernetes {} brought, but {target} is what it is for{instead}",
        view.display(),
        view.api_version(),
        life.since,
    );
    out.report(view.api_version_span(), message).field("apiVersion");
}
