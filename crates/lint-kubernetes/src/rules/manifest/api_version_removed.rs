use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::fix;
use crate::removed::removed;

rule! {
    /// Kubernetes serves a version of an API for some releases after its successor appears, and
    /// then no longer. An object of a removed version cannot be applied to a current cluster, and
    /// a rollback or a disaster recovery finds that out at the worst moment.
    ///
    /// The versions are those of the Kubernetes deprecation guide. It is fine only in a
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
        fragments: true,
        aliases: &["api-version-deprecated"],
        peers: &[
            "kube-linter:no-extensions-v1beta",
            "kube-score:stable-version",
            "trivy:KSV-0107",
            "kics:object_is_using_a_deprecated_api_version",
            "kubeaudit:DeprecatedAPIUsed",
            "popeye:403",
        ],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/reference/using-api/deprecation-guide/"],
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(row) = removed(view.api_version(), view.kind()) else { return };
    let instead = row
        .successor
        .map_or_else(|| " without a successor".to_owned(), |version| format!(": use `{version}`"));
    let message = format!(
        "{} uses `{}`, which Kubernetes 1.{} removed{instead}",
        view.display(),
        row.api_version,
        row.gone
    );
    let finding = out.report(view.api_version_span(), message);
    finding.field("apiVersion");
    fix::api_version(finding, view, row);
}
