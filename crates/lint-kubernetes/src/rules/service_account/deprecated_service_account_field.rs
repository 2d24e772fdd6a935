use careen_kube_model::{PodTemplate, present};
use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, control, rule};
use careen_yaml::Style;

use crate::Check;

rule! {
    /// The field `serviceAccount` is an old name of `serviceAccountName` that is kept for old
    /// manifests. Tools and policies look at the new one only and take such a pod to run as the
    /// default account.
    ///
    /// A manifest that was read back from a cluster has both with the same value; that is fine.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   serviceAccount: agent
    /// # ^^^^^^^^^^^^^^ Pod `ops/agent` names its service account in the deprecated field `serviceAccount`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: agent
    ///   namespace: ops
    /// spec:
    ///   serviceAccountName: agent
    /// ```
    pub(crate) static RULE: Check = {
        id: "deprecated-service-account-field",
        summary: "pod names its service account in the deprecated field",
        remedy: "Rename `serviceAccount` to `serviceAccountName`.",
        severity: Low,
        check: Check::Pod(check),
        fragments: true,
        peers: &[
            "kube-linter:deprecated-service-account-field",
            "kubescape:C-0294",
            "kubeaudit:AutomountServiceAccountTokenDeprecated",
        ],
        controls: &[control::SERVICE_ACCOUNT],
        references: &[
            "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
        ],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(old) = pod.spec.entry("serviceAccount") else { return };
    let named = present(old.value).and_then(|node| node.text());
    let Some(named) = named.filter(|name| !name.is_empty()) else { return };
    let new = pod.field("serviceAccountName").and_then(|node| node.text()).unwrap_or_default();
    if new == named {
        return;
    }
    let message = format!(
        "{} names its service account in the deprecated field `serviceAccount`",
        pod.object.display()
    );
    let is_plain = old.key.style() == Style::Plain && !old.key.is_alias();
    let finding = out.report(old.key.span(), message);
    finding.field("spec.serviceAccount");
    if is_plain && new.is_empty() {
        let edit = Edit { span: old.key.span(), text: "serviceAccountName".to_owned() };
        finding.fix("rename the field", Safety::Safe, vec![edit]);
    }
}
