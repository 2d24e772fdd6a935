use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Severity, Sink, control, rule};

use crate::Check;
use crate::fix;
use crate::lifecycle::fate;
use crate::place::cut;

rule! {
    /// A deprecated version of an API still works, and an upgrade of the cluster to come ends it:
    /// then nothing that uses it can be applied, also not by a rollback. Moving while both
    /// versions are served is a change of text; moving afterwards is an outage.
    ///
    /// Judged is for the Kubernetes of the configuration (`kubernetes-version`), the newest one if
    /// none is given. Where no end is announced the finding is of low severity.
    ///
    /// ```config
    /// kubernetes-version: "1.28"
    /// ```
    /// ```yaml bad
    /// apiVersion: flowcontrol.apiserver.k8s.io/v1beta2
    /// #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ FlowSchema `health` uses `flowcontrol.apiserver.k8s.io/v1beta2`, which Kubernetes 1.26 deprecated and 1.29 removes: use `flowcontrol.apiserver.k8s.io/v1beta3`
    /// kind: FlowSchema
    /// metadata:
    ///   name: health
    /// spec:
    ///   priorityLevelConfiguration: {name: exempt}
    /// ```
    /// ```config
    /// kubernetes-version: "1.28"
    /// ```
    /// ```yaml good
    /// apiVersion: flowcontrol.apiserver.k8s.io/v1beta3
    /// kind: FlowSchema
    /// metadata:
    ///   name: health
    /// spec:
    ///   priorityLevelConfiguration: {name: exempt}
    /// ```
    pub(crate) static RULE: Check = {
        id: "api-version-deprecated",
        summary: "API version is deprecated",
        remedy: "Move the object to the version that replaces it while both are served.",
        severity: Medium,
        check: Check::Object(check),
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
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, context: &Context, out: &mut Sink<'_>) {
    let target = context.kubernetes;
    let Some(fate) = fate(view.api_version(), view.kind(), target) else { return };
    let Some(deprecated) = fate.deprecated.filter(|_| !fate.is_gone(target)) else { return };
    let end = fate.gone.map(|gone| format!(" and 1.{gone} removes")).unwrap_or_default();
    let instead = fate.successor.map(|version| format!(": use `{version}`")).unwrap_or_default();
    let what = if fate.is_kind {
        "is of a kind that".to_owned()
    } else {
        format!("uses `{}`, which", cut(view.api_version()))
    };
    let message = format!(
        "{} {what} {} 1.{deprecated} deprecated{end}{instead}",
        view.display(),
        fate.project,
    );
    let span = if fate.is_kind { view.kind_span() } else { view.api_version_span() };
    let finding = out.report(span, message);
    finding.field(if fate.is_kind { "kind" } else { "apiVersion" });
    if fate.gone.is_none() {
        finding.severity(Severity::Low);
    }
    fix::api_version(finding, view, fate);
}
