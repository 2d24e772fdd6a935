use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::fix;
use crate::lifecycle::fate;
use crate::place::cut;

rule! {
    /// Kubernetes serves a version of an API for some releases after its successor appears, and
    /// then no longer. An object of a removed version cannot be applied to a current cluster, and
    /// a rollback or a disaster recovery finds that out at the worst moment.
    ///
    /// Judged is for the Kubernetes of the configuration (`kubernetes-version`), the newest one if
    /// none is given. Old versions of cert-manager and Istio are known too. It is fine only in a
    /// repository for clusters that are older than the removal.
    ///
    /// ```yaml bad
    /// apiVersion: networking.k8s.io/v1beta1
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^ Ingress `shop/api` uses `networking.k8s.io/v1beta1`, which Kubernetes 1.22 removed: use `networking.k8s.io/v1`
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// ```
    /// ```yaml good
    /// apiVersion: networking.k8s.io/v1
    /// kind: Ingress
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// ```
    pub(crate) static RULE: Check = {
        id: "api-version-removed",
        summary: "API version is no longer served",
        remedy: "Move the object to the version that replaces it.",
        severity: High,
        check: Check::Object(check),
        peers: &["kube-linter:no-extensions-v1beta"],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/reference/using-api/deprecation-guide/"],
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, context: &Context, out: &mut Sink<'_>) {
    let target = context.kubernetes;
    let Some(fate) = fate(view.api_version(), view.kind(), target) else { return };
    let Some(gone) = fate.gone.filter(|_| fate.is_gone(target)) else { return };
    let instead = fate
        .successor
        .map_or_else(|| " without a successor".to_owned(), |version| format!(": use `{version}`"));
    let message = format!(
        "{} uses `{}`, which {} 1.{gone} removed{instead}",
        view.display(),
        cut(view.api_version()),
        fate.project,
    );
    let finding = out.report(view.api_version_span(), message);
    finding.field("apiVersion");
    fix::api_version(finding, view, fate);
}
