use careen_kube_model::{Container, PodTemplate, field, path};
use careen_model::{Context, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};

use crate::Check;
use crate::place::path_of;
use crate::relations::{Workloads, text};
use crate::usage::does_work;
use crate::variables::{Origin, Variable, Variables};

rule! {
    /// A key of a cloud account that a container is given works from everywhere, until somebody
    /// revokes it. The clouds give pods an identity of their own, with keys that live for an hour:
    /// roles for service accounts and Pod Identity of EKS, Workload Identity of GKE and Azure. A key
    /// in the environment also wins over such a role, which then is without effect.
    ///
    /// `GOOGLE_APPLICATION_CREDENTIALS` is told where it names a file of a Secret; a configuration of
    /// Workload Identity Federation in a ConfigMap is no key. It is fine to give a key for a store
    /// that only speaks the cloud's language, such as MinIO: containers with an `…ENDPOINT…` variable
    /// that leads elsewhere are left out. Must be asked for: outside of the cloud there may be no
    /// other way.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       serviceAccountName: web
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         env:
    ///         - name: AWS_ACCESS_KEY_ID
    /// #               ^^^^^^^^^^^^^^^^^ container `web` in Deployment `shop/web` is given a key of an AWS account in `AWS_ACCESS_KEY_ID`
    ///           valueFrom: {secretKeyRef: {name: aws, key: id}}
    ///         - name: AWS_SECRET_ACCESS_KEY
    ///           valueFrom: {secretKeyRef: {name: aws, key: secret}}
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ServiceAccount
    /// metadata:
    ///   name: web
    ///   namespace: shop
    ///   annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/web"}
    /// ---
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       serviceAccountName: web
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         env: [{name: AWS_REGION, value: eu-central-1}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "cloud-key-in-env",
        summary: "container is given a key of a cloud account",
        remedy: "Give its ServiceAccount a role of the cloud, and revoke the key.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        default: false,
        security: true,
        cwe: &[798],
        controls: &[control::CLOUD_IAM],
        references: &[
            "https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html",
            "https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity",
            "https://azure.github.io/azure-workload-identity/docs/",
        ],
    }
}

/// Variables with keys, and the cloud.
const KEYS: [(&str, &str); 13] = [
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "an Alibaba Cloud"),
    ("ARM_CLIENT_SECRET", "an Azure"),
    ("AWS_ACCESS_KEY_ID", "an AWS"),
    ("AWS_SECRET_ACCESS_KEY", "an AWS"),
    ("AZURE_CLIENT_CERTIFICATE_PATH", "an Azure"),
    ("AZURE_CLIENT_SECRET", "an Azure"),
    ("AZURE_STORAGE_CONNECTION_STRING", "an Azure"),
    ("AZURE_STORAGE_KEY", "an Azure"),
    ("GCP_SA_KEY", "a Google Cloud"),
    ("GCP_SERVICE_ACCOUNT_KEY", "a Google Cloud"),
    ("GOOGLE_APPLICATION_CREDENTIALS", "a Google Cloud"),
    ("GOOGLE_APPLICATION_CREDENTIALS_JSON", "a Google Cloud"),
    ("GOOGLE_CREDENTIALS", "a Google Cloud"),
];

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let variables = Variables::of(snapshot);
    for workload in Workloads::of(snapshot).iter() {
        for container in workload.pod.containers().filter(|container| does_work(*container)) {
            let all = variables.of_container(container);
            let mut keys = all.iter().filter_map(|variable| Some((variable, cloud(variable)?)));
            let key = keys.find(|(variable, cloud)| is_key(container, variable, cloud, &all));
            let Some((variable, cloud)) = key else { continue };
            let name = &*variable.name;
            let message =
                format!("{} is given a key of {cloud} account in `{name}`", container.display());
            out.report(workload.object.source(), variable.at, message)
                .object(path_of(workload.object.view, Some(container)))
                .evidence(name);
        }
    }
}

fn cloud(variable: &Variable<'_>) -> Option<&'static str> {
    let known = KEYS.iter().find(|(name, _)| *name == variable.name);
    known.map(|(_, cloud)| *cloud)
}

fn is_key(
    container: Container<'_>,
    variable: &Variable<'_>,
    cloud: &str,
    all: &[Variable<'_>],
) -> bool {
    if variable.origin == Origin::Pod || variable.text().is_some_and(str::is_empty) {
        return false;
    }
    if variable.name == "GOOGLE_APPLICATION_CREDENTIALS" {
        return variable.text().is_none_or(|path| is_of_secret(container, path));
    }
    cloud != "an AWS" || !speaks_to_another(all)
}

/// Whether the keys are for a store that only speaks Amazon's language.
fn speaks_to_another(all: &[Variable<'_>]) -> bool {
    all.iter().any(|variable| {
        variable.name.contains("ENDPOINT")
            && variable
                .text()
                .is_some_and(|text| !text.is_empty() && !text.contains("amazonaws.com"))
    })
}

/// Whether a file of a container comes from a Secret: by the longest mount around it.
fn is_of_secret(container: Container<'_>, file: &str) -> bool {
    let mounts = container.volume_mounts().filter_map(|mount| {
        let at = text(mount, "mountPath")?.trim_end_matches('/');
        let is_around =
            file.strip_prefix(at).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        is_around.then_some((at.len(), text(mount, "name")?))
    });
    let Some((_, name)) = mounts.max() else { return false };
    holds_secret(container.pod, name)
}

fn holds_secret(pod: PodTemplate<'_>, name: &str) -> bool {
    let Some(volume) = pod.volumes().find(|volume| volume.name == name) else { return false };
    if volume.source_of("secret").is_some() {
        return true;
    }
    let projected = volume.source_of("projected").and_then(|node| path(node, &["sources"]));
    let mut sources = projected.into_iter().flat_map(|list| list.items());
    // A projected token together with its configuration is Workload Identity Federation.
    let has = |key: &'static str| move |source: careen_yaml::Node<'_>| field(source, key).is_some();
    sources.clone().any(has("secret")) && !sources.any(has("serviceAccountToken"))
}
