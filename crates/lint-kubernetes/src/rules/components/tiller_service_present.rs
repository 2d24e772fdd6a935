use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A Service of Tiller gives every pod of the cluster a name under which to reach what installs
    /// software with all rights. Helm 3 and later have no use for it.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: tiller-deploy
    /// #       ^^^^^^^^^^^^^ Service `ops/tiller-deploy` leads to Tiller
    ///   namespace: ops
    /// spec:
    ///   selector: {app: helm, name: tiller}
    ///   ports: [{port: 44134}]
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Service
    /// metadata:
    ///   name: web
    ///   namespace: ops
    /// spec:
    ///   selector: {app: web}
    ///   ports: [{port: 80, targetPort: http}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "tiller-service-present",
        summary: "Service leads to Tiller",
        remedy: "Move to Helm 3 or later and delete the Service.",
        severity: High,
        check: Check::Kind(&["Service"], check),
        security: true,
        peers: &["checkov:CKV_K8S_44", "kics:tiller_service_is_not_deleted"],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &["https://helm.sh/docs/faq/changes_since_helm2/"],
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let selects = |key: &str, value: &str| {
        view.at(&["spec", "selector", key]).and_then(|node| node.text()) == Some(value)
    };
    let tiller = view.name() == "tiller-deploy" || selects("name", "tiller");
    if view.group().is_empty() && tiller {
        out.report(view.name_span(), format!("{} leads to Tiller", view.display()));
    }
}
