use careen_kube_model::{PodTemplate, field};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::host_path::{Exposure, exposure};
use crate::place::cut;

rule! {
    /// Tools of the cloud providers keep their keys in well-known places of the node: `~/.aws`,
    /// `~/.azure`, `~/.config/gcloud`, `/etc/kubernetes/azure.json`. A pod that mounts one acts as
    /// the node, or as the administrator who logged in there, on everything in the account.
    ///
    /// Workload identity gives a pod rights of its own instead.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   volumes:
    ///   - name: aws
    ///     hostPath: {path: /root/.aws}
    /// #                    ^^^^^^^^^^ Pod `shop/api` mounts `/root/.aws` of the node, which holds credentials of a cloud
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   volumes:
    ///   - name: aws
    ///     projected:
    ///       sources:
    ///       - serviceAccountToken: {path: token, audience: sts.amazonaws.com}
    /// ```
    pub(crate) static RULE: Check = {
        id: "host-path-cloud-credentials",
        summary: "pod mounts the credentials of a cloud from the node",
        remedy: "Remove the mount and give the ServiceAccount an identity of the cloud.",
        severity: High,
        check: Check::Pod(check),
        peers: &["kubescape:C-0020"],
        security: true,
        fragments: true,
        cwe: &[522],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/storage/volumes/#hostpath"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    for volume in pod.volumes() {
        let path = volume.source_of("hostPath").and_then(|source| field(source, "path"));
        let Some((node, text)) = path.and_then(|node| Some((node, node.text()?))) else { continue };
        if exposure(text) == Exposure::CloudCredentials {
            let message = format!(
                "{} mounts `{}` of the node, which holds credentials of a cloud",
                pod.object.display(),
                cut(text)
            );
            out.report(node.span(), message).field("spec.volumes.hostPath.path").evidence(text);
        }
    }
}
