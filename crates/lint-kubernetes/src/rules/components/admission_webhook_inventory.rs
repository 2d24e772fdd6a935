use careen_kube_model::{ObjectView, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::place::cut;

rule! {
    /// Lists every admission webhook, for a person who reviews what may change or refuse objects
    /// of the cluster. An inventory, so it must be asked for.
    ///
    /// ```yaml bad
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata:
    ///   name: policy
    /// webhooks:
    /// - name: check.policy.example.com
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^ ValidatingWebhookConfiguration `policy` calls the webhook `check.policy.example.com`
    ///   admissionReviewVersions: [v1]
    ///   sideEffects: None
    ///   clientConfig:
    ///     service: {name: policy, namespace: policy}
    /// ```
    /// ```yaml good
    /// apiVersion: admissionregistration.k8s.io/v1
    /// kind: ValidatingWebhookConfiguration
    /// metadata:
    ///   name: policy
    /// webhooks: []
    /// ```
    pub(crate) static RULE: Check = {
        id: "admission-webhook-inventory",
        summary: "admission webhook is configured",
        remedy: "Review what the webhook may change or refuse, and what happens while it is down.",
        severity: Info,
        check: Check::Kind(
            &["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"],
            check,
        ),
        peers: &["kubescape:C-0036", "kubescape:C-0039"],
        controls: &[control::RBAC_LEAST_PRIVILEGE],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/",
        ],
        default: false,
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    let webhooks = view.at(&["webhooks"]);
    for name in webhooks.iter().flat_map(Node::items).filter_map(|item| field(item, "name")) {
        let text = cut(name.text().unwrap_or_default());
        let message = format!("{} calls the webhook `{text}`", view.display());
        out.report(name.span(), message).evidence(text);
    }
}
