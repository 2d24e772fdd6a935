use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::pss::allowed::is_volume_source;

rule! {
    /// The restricted Pod Security Standard allows a pod the volumes that are harmless by
    /// themselves: ConfigMaps, Secrets, scratch space, claims, CSI, and images from Kubernetes
    /// 1.33. Everything else belongs behind a PersistentVolume, so that an administrator decides
    /// which server or disk a pod may reach; `gitRepo` runs programs of the repository on the node.
    ///
    /// An NFS share in the pod itself is common and works, so this rule is off by default.
    /// `hostPath` has rules of its own.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   volumes:
    ///   - name: data
    ///     nfs: {server: nas.example.com, path: /data}
    /// #   ^^^ volume `data` of Pod `shop/api` is of the type `nfs`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   volumes:
    ///   - name: data
    ///     persistentVolumeClaim: {claimName: data}
    /// ```
    pub(crate) static RULE: Check = {
        id: "volume-type-not-allowed",
        summary: "volume is of a type that the restricted standard does not allow",
        remedy: "Use a PersistentVolumeClaim.",
        severity: Low,
        check: Check::Pod(check),
        peers: &["trivy:KSV-0028", "pss:restrictedVolumes"],
        security: true,
        fragments: true,
        default: false,
        cwe: &[668],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
    }
}

fn check(pod: PodTemplate<'_>, context: &Context, out: &mut Sink<'_>) {
    for volume in pod.volumes() {
        let Some((source, value)) = volume.source else { continue };
        if source == "hostPath" || is_volume_source(source, context.kubernetes) {
            continue;
        }
        let entry = volume.node.entry(source);
        let span = entry.map_or_else(|| value.span(), |entry| entry.key.span());
        let (name, source) = (cut(volume.name), cut(source));
        let object = pod.object.display();
        let message = format!("volume `{name}` of {object} is of the type `{source}`");
        out.report(span, message).field("spec.volumes").evidence(source);
    }
}
